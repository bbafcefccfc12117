import { type Makers } from "./context";

// ARN formats: AWS Service Authorization Reference; host names: Redshift management guide, "Connecting to Amazon Redshift
// Serverless"; the managed secret's name: Redshift management guide, "Managing Amazon Redshift admin passwords".

export const redshift: Makers = {
  "redshiftserverless/namespace": (c) => {
    const name = c.name("namespaceName");
    const arn = c.arn("redshift-serverless", `namespace/${c.uuid()}`);
    const managed = c.inputs["manageAdminPassword"] === true;
    return {
      id: name,
      outputs: {
        arn,
        namespaceId: c.uuid(),
        ...(managed && {
          adminPasswordSecretArn: c.arn(
            "secretsmanager",
            `secret:redshift!${name}-kiban_admin-${c.lower(6, "secret")}`,
          ),
        }),
      },
    };
  },
  "redshiftserverless/workgroup": (c) => {
    const name = c.name("workgroupName");
    const address = `${name}.${c.account}.${c.region}.redshift-serverless.${c.dnsSuffix}`;
    return {
      id: name,
      outputs: {
        arn: c.arn("redshift-serverless", `workgroup/${c.uuid()}`),
        workgroupId: c.uuid(),
        port: 5439,
        endpoints: [{ address, port: 5439, vpcEndpoints: [] }],
      },
    };
  },
  "redshiftserverless/usageLimit": (c) => ({
    id: c.uuid(),
    outputs: { arn: c.arn("redshift-serverless", `usagelimit/${c.uuid()}`) },
  }),
};
