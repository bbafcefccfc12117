import type * as aws from "@pulumi/aws";

import { lacksCustomerKey } from "../lib/keys";
import { on, rule, stackRule } from "../lib/rule";
import { types } from "../lib/types";
import type { Value } from "../lib/value";

const own = "is not a customer-managed key";

export const redshiftCmk = rule(
  {
    name: "redshift-cmk",
    description: "Warehouses encrypt their data and their administrator's secret with a customer-managed key",
    severity: "high",
    levels: "A/M/M",
    fsbp: ["Redshift.10", "Redshift clusters should be encrypted at rest"],
    remediationSteps: "Set kmsKeyId and adminPasswordSecretKmsKeyId to the stack's key.",
  },
  on<aws.redshiftserverless.NamespaceArgs>(types.warehouseNamespace, ({ props, report }) => {
    const key = props.at("kmsKeyId");
    if (lacksCustomerKey(key)) report(key, own, "set it to the ARN of the stack's key");
    const secret = props.at("adminPasswordSecretKmsKeyId");
    if (props.at("manageAdminPassword").is(true) && lacksCustomerKey(secret)) {
      report(secret, own, "set it to the ARN of the stack's key");
    }
  }),
  on<aws.redshift.ClusterArgs>(types.warehouseCluster, ({ props, report }) => {
    // The provider takes it as text. AWS encrypts where nothing is said, with its own key.
    const encrypted = props.at("encrypted");
    if (encrypted.is("false", false)) report(encrypted, "is off", "set it to true, with kmsKeyId, the stack's key");
    else if (lacksCustomerKey(props.at("kmsKeyId"))) {
      report(props.at("kmsKeyId"), own, "set it to the ARN of the stack's key");
    }
  }),
);

export const redshiftSsl = rule(
  {
    name: "redshift-ssl",
    description: "Warehouses answer over TLS alone",
    severity: "high",
    levels: "A/M/M",
    fsbp: ["RedshiftServerless.2", "Connections to Redshift Serverless workgroups should be required to use SSL"],
    remediationSteps: "Add the parameter require_ssl with the value true.",
  },
  on<aws.redshiftserverless.WorkgroupArgs>(types.warehouseWorkgroup, ({ props, report }) => {
    requireSsl(props.at("configParameters"), ["parameterKey", "parameterValue"], report);
  }),
  on<aws.redshift.ParameterGroupArgs>(types.warehouseParameterGroup, ({ props, report }) => {
    requireSsl(props.at("parameters"), ["name", "value"], report);
  }),
);

function requireSsl(
  parameters: Value,
  [name, value]: readonly [name: string, value: string],
  report: (at: Value, wrong: string, set: string) => void,
): void {
  const possible = parameters.items().filter((one) => !one.dig(name).isNot("require_ssl"));
  const asked = possible.some((one) => !one.dig(value).isNot("true", true));
  if (!parameters.unknown && !asked) report(parameters, "do not require TLS", "add require_ssl with the value true");
}

export const redshiftNotPublic = rule(
  {
    name: "redshift-not-public",
    description: "Warehouses have no public address, and reach S3 through the network that they stand in",
    severity: "critical",
    levels: "M/M/M",
    fsbp: ["RedshiftServerless.3", "Redshift Serverless workgroups should prohibit public access"],
    remediationSteps: "Set publiclyAccessible to false and enhancedVpcRouting to true.",
  },
  on<aws.redshiftserverless.WorkgroupArgs>(
    [...types.warehouseWorkgroup, ...types.warehouseCluster],
    ({ props, report }) => {
      const open = props.at("publiclyAccessible");
      if (open.is(true)) report(open, "is on", "set it to false");
      const routing = props.at("enhancedVpcRouting");
      if (routing.isNot(true)) report(routing, "is not on", "set it to true: its traffic goes over the internet else");
    },
  ),
);

const logs = ["connectionlog", "useractivitylog", "userlog"];

export const redshiftLogExports = rule(
  {
    name: "redshift-log-exports",
    description: "Warehouses export who signed in, who was changed, and what was asked",
    severity: "medium",
    levels: "A/M/M",
    fsbp: ["RedshiftServerless.6", "Redshift Serverless namespaces should export logs to CloudWatch Logs"],
    remediationSteps: "Set logExports to connectionlog, useractivitylog and userlog.",
  },
  on<aws.redshiftserverless.NamespaceArgs>(types.warehouseNamespace, ({ props, report }) => {
    const exported = props.at("logExports");
    const listed = exported.items();
    const missing = logs.filter((log) => listed.every((one) => one.isNot(log)));
    if (!exported.unknown && missing.length > 0) report(exported, `lacks ${missing.join(", ")}`, "add what is missing");
  }),
);

export const redshiftUsageLimit = stackRule(
  {
    name: "redshift-usage-limit",
    description: "What a warehouse may use has a bound; in dev it stops there",
    severity: "medium",
    levels: "A/A/M",
    url: "https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-workgroup-max-rpu.html",
    remediationSteps: "Add a redshiftserverless.UsageLimit for the workgroup; in dev with breachAction deactivate.",
  },
  types.warehouseWorkgroup,
  ({ stack, environment, report }) => {
    for (const workgroup of stack.ofType(types.warehouseWorkgroup)) {
      const limits = stack.referrers(workgroup, "resourceArn", types.warehouseUsageLimit);
      const stops = limits.some((limit) => !limit.props.dig("breachAction").isNot("deactivate"));
      if (limits.length === 0) report(workgroup, "usage", "has no limit", "add a UsageLimit with the workgroup's ARN");
      else if (environment === "dev" && !stops) {
        report(workgroup, "usage", "goes on beyond every limit", "set breachAction of one to deactivate");
      }
    }
  },
);
