import { stackRule } from "../lib/rule";
import { types } from "../lib/types";

export const wafLogs = stackRule(
  {
    name: "waf-logs",
    description: "Web application firewalls log what they refused",
    severity: "medium",
    levels: "0/A/M",
    fsbp: ["WAF.11", "AWS WAF web ACL logging should be enabled"],
    remediationSteps: "Add an aws.wafv2.WebAclLoggingConfiguration for the web ACL.",
  },
  types.webAcl,
  ({ stack, report }) => {
    for (const acl of stack.ofType(types.webAcl)) {
      if (stack.referrers(acl, "resourceArn", types.webAclLogging).length > 0) continue;
      report(acl, "log", "is missing", "add an aws.wafv2.WebAclLoggingConfiguration");
    }
  },
);

/** What watches an account, by the name that the configuration gives it. */
const watchers = {
  trail: { kinds: types.trail, what: "an aws.cloudtrail.Trail" },
  detector: { kinds: types.detector, what: "an aws.guardduty.Detector" },
  recorder: { kinds: types.recorder, what: "an aws.cfg.Recorder" },
  analyzer: { kinds: types.analyzer, what: "an aws.accessanalyzer.Analyzer" },
} as const;
type Watcher = keyof typeof watchers;

export const accountBaseline = stackRule(
  {
    name: "account-baseline",
    description: "The stack that sets up an account has it watched: a trail of all regions, threats, access",
    severity: "medium",
    levels: "0/0/A",
    fsbp: ["CloudTrail.1", "CloudTrail should be enabled and configured with at least one multi-Region trail"],
    remediationSteps: "Add what is missing; on the trail set isMultiRegionTrail, enableLogFileValidation and kmsKeyId.",
    config: {
      expects: {
        type: "array",
        items: { type: "string", enum: Object.keys(watchers) },
        // AWS Config bills each change that it records, and is often the organisation's: it is asked for by name.
        default: ["trail", "detector", "analyzer"],
        description: "what the account stack has; the rest may be the organisation's",
      },
    },
  },
  [...types.trail, ...types.detector, ...types.recorder, ...types.analyzer, ...types.accountPublicAccessBlock],
  ({ stack, config, report }) => {
    const concerned = [...Object.values(watchers).flatMap(({ kinds }) => kinds), ...types.accountPublicAccessBlock];
    const [anchor] = [...stack.ofType(types.accountPublicAccessBlock), ...stack.ofType(concerned)];
    if (anchor === undefined) return;
    for (const name of config.expects as Watcher[]) {
      const { kinds, what } = watchers[name];
      if (stack.ofType(kinds).length === 0) report(anchor, name, "is missing in the account", `add ${what}`);
    }
    for (const trail of stack.ofType(types.trail)) {
      for (const key of ["isMultiRegionTrail", "enableLogFileValidation"]) {
        const value = trail.props.dig(key);
        if (value.isNot(true)) report(trail, value, "is not on", "set it to true");
      }
      const encrypted = trail.props.dig("kmsKeyId");
      if (encrypted.isEmpty()) report(trail, encrypted, "is not set", "set it to the ARN of the account's key");
      const logging = trail.props.dig("enableLogging");
      if (logging.is(false)) report(trail, logging, "is off", "remove it");
    }
  },
);

/** Properties that keep something shut. Ignored, what somebody opened by hand stays open. */
const guarded: readonly (readonly [types: readonly string[], properties: readonly string[]])[] = [
  [types.provider, ["allowedAccountIds"]],
  [types.bucketPolicy, ["policy"]],
  [
    types.bucketPublicAccessBlock,
    ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"],
  ],
  [types.bucketEncryption, ["rules"]],
  [types.key, ["policy", "enableKeyRotation"]],
  [[...types.keyPolicy, ...types.queuePolicy, ...types.topicPolicy, ...types.repositoryPolicy], ["policy"]],
  [types.secretPolicy, ["policy", "blockPublicPolicy"]],
  [
    [...types.queue, ...types.topic],
    ["kmsMasterKeyId", "policy"],
  ],
  [types.role, ["assumeRolePolicy", "inlinePolicies", "managedPolicyArns", "permissionsBoundary"]],
  [types.policy, ["policy"]],
  [types.securityGroup, ["ingress", "egress"]],
  [types.ingressRule, ["cidrIpv4", "cidrIpv6", "fromPort", "toPort", "ipProtocol", "referencedSecurityGroupId"]],
  [types.dbCluster, ["deletionProtection", "iamDatabaseAuthenticationEnabled", "vpcSecurityGroupIds"]],
  [types.dbInstance, ["deletionProtection", "publiclyAccessible", "vpcSecurityGroupIds"]],
  [types.dbClusterInstance, ["publiclyAccessible"]],
  [types.table, ["deletionProtectionEnabled", "pointInTimeRecovery", "serverSideEncryption"]],
  [types.repository, ["imageTagMutability"]],
  [types.listener, ["certificateArn", "protocol", "sslPolicy"]],
  [types.loadBalancer, ["internal", "securityGroups"]],
  [types.distribution, ["viewerCertificate", "webAclId", "origins"]],
  [types.taskDefinition, ["containerDefinitions", "taskRoleArn"]],
  [types.service, ["networkConfiguration", "enableExecuteCommand"]],
  [types.lambda, ["environment", "kmsKeyArn", "role", "vpcConfig"]],
  [types.lambdaUrl, ["authorizationType", "cors"]],
  [types.userPool, ["mfaConfiguration", "passwordPolicy"]],
  [types.userPoolClient, ["callbackUrls", "explicitAuthFlows", "allowedOauthFlows"]],
];

export const ignoredChanges = stackRule(
  {
    name: "ignored-changes",
    description: "No change by hand is left alone where it opens something",
    severity: "medium",
    levels: "A/A/A",
    url: "https://www.pulumi.com/docs/iac/concepts/options/ignorechanges/",
    remediationSteps: "Remove the property from ignoreChanges, so that the next update sets it right.",
  },
  guarded.flatMap(([kinds]) => kinds),
  ({ stack, report }) => {
    for (const [kinds, properties] of guarded) {
      for (const node of stack.ofType(kinds)) {
        for (const path of node.resource.opts.ignoreChanges) {
          const top = path.split(/[.[]/)[0] ?? path;
          if (top !== "*" && !properties.includes(top)) continue;
          report(node, `ignoreChanges (${path})`, "leaves alone what keeps it shut", "remove it");
        }
      }
    }
  },
);
