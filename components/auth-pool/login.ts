import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { Certificate } from "../certificate/certificate";
import { override } from "../shared/override";
import type { AuthPoolNodes } from "./nodes";
import type { Settled } from "./settle";

export interface Login extends Pick<AuthPoolNodes, "certificate" | "domain" | "domainRecord"> {
  /** `https://` and the login pages' name. */
  readonly url: pulumi.Output<string>;
}

/** The login pages: at a name of one's own, or at a prefix of Cognito's. */
export function createLogin(parent: pulumi.Resource, s: Settled, pool: aws.cognito.UserPool): Login {
  const { domain, transform = {} } = s.args;
  // 2 is managed login, which passkeys and branding need; LITE has the classic pages alone.
  const common = { userPoolId: pool.id, managedLoginVersion: s.tier === "LITE" ? 1 : 2 };
  if (domain === undefined) {
    // The pool's ARN has the number too, but only once the pool is there: this way a preview shows the address.
    const { accountId } = aws.getCallerIdentityOutput({}, { parent });
    const prefix = new aws.cognito.UserPoolDomain(
      `${s.name}-domain`,
      override<aws.cognito.UserPoolDomainArgs>(
        { ...common, domain: pulumi.interpolate`${s.loginPrefix}-${accountId}` },
        transform.domain,
      ),
      { parent },
    );
    const url = pulumi.interpolate`https://${prefix.domain}.auth.${pool.region}.amazoncognito.com`;
    return { certificate: undefined, domain: prefix, domainRecord: undefined, url };
  }
  const certificate = new Certificate(
    `${s.name}-certificate`,
    {
      names: [domain.name],
      zoneId: domain.zoneId,
      // AWS: Cognito serves the name through CloudFront, whose certificates are there.
      region: "us-east-1",
      ...(transform.certificate !== undefined && { transform: transform.certificate }),
    },
    { parent },
  );
  const custom = new aws.cognito.UserPoolDomain(
    `${s.name}-domain`,
    override<aws.cognito.UserPoolDomainArgs>(
      { ...common, domain: domain.name, certificateArn: certificate.arn },
      transform.domain,
    ),
    { parent, ...(domain.parentRecords !== undefined && { dependsOn: [...domain.parentRecords] }) },
  );
  const domainRecord = new aws.route53.Record(
    `${s.name}-domain-record`,
    override<aws.route53.RecordArgs>(
      {
        zoneId: domain.zoneId,
        name: domain.name,
        type: "A",
        aliases: [
          {
            name: custom.cloudfrontDistribution,
            zoneId: custom.cloudfrontDistributionZoneId,
            evaluateTargetHealth: false, // Route 53 knows no health of a distribution.
          },
        ],
      },
      transform.domainRecord,
    ),
    { parent },
  );
  return { certificate, domain: custom, domainRecord, url: pulumi.interpolate`https://${custom.domain}` };
}
