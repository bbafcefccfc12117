import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import type { LogRetentionDays } from "../shared/log-retention";
import { override, type Override } from "../shared/override";
import { edgeRegion } from "./region";

/** A web application firewall in front of the distribution. */
export interface EdgeWaf {
  /** Key for its log, in us-east-1 and usable by `logs.us-east-1.amazonaws.com`: a key serves its own region alone. */
  readonly logKeyArn: pulumi.Input<string>;
  /** Requests that one address may make in five minutes, 10 to 2 000 000 000. @default 2000 */
  readonly rateLimit?: number;
  /** `count` blocks nothing and only logs, for the first weeks. @default "block" */
  readonly mode?: "block" | "count";
  /** Days that its log is kept. @default 30 */
  readonly retentionDays?: LogRetentionDays;
  /** Whether AWS and Pulumi refuse to delete its log. @default false */
  readonly keep?: boolean;
}

/** `EdgeWaf` with every default in place. */
export type SettledWaf = Required<EdgeWaf>;

export interface Waf {
  readonly webAcl: aws.wafv2.WebAcl;
  readonly webAclLogGroup: aws.cloudwatch.LogGroup;
  readonly webAclLogging: aws.wafv2.WebAclLoggingConfiguration;
}

export interface WafTransform {
  readonly webAcl?: Override<aws.wafv2.WebAclArgs>;
  readonly webAclLogGroup?: Override<aws.cloudwatch.LogGroupArgs>;
  readonly webAclLogging?: Override<aws.wafv2.WebAclLoggingConfigurationArgs>;
}

type Rule = aws.types.input.wafv2.WebAclRule;

export function settleWaf(waf: EdgeWaf): SettledWaf {
  return {
    logKeyArn: waf.logKeyArn,
    rateLimit: waf.rateLimit ?? 2000,
    mode: waf.mode ?? "block",
    retentionDays: waf.retentionDays ?? 30,
    keep: waf.keep ?? false,
  };
}

/** The rules in the order in which they are asked: the cheap and certain ones first. */
export function wafRules(waf: SettledWaf): Rule[] {
  const count = waf.mode === "count";
  const visibility = (metricName: string): Rule["visibilityConfig"] => ({
    metricName,
    cloudwatchMetricsEnabled: true,
    sampledRequestsEnabled: true,
  });
  const managed = (name: string, priority: number, group: string, counted: readonly string[] = []): Rule => ({
    name,
    priority,
    overrideAction: count ? { count: {} } : { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: "AWS",
        name: group,
        ...(counted.length > 0 && {
          ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
        }),
      },
    },
    visibilityConfig: visibility(name),
  });
  return [
    managed("ip-reputation", 0, "AWSManagedRulesAmazonIpReputationList"),
    {
      name: "rate-limit",
      priority: 1,
      action: count ? { count: {} } : { block: {} },
      statement: { rateBasedStatement: { limit: waf.rateLimit, evaluationWindowSec: 300, aggregateKeyType: "IP" } },
      visibilityConfig: visibility("rate-limit"),
    },
    managed("known-bad-inputs", 2, "AWSManagedRulesKnownBadInputsRuleSet"),
    // It turns away every body of more than 8 KB: an upload, or a long form, is no attack.
    managed("common", 3, "AWSManagedRulesCommonRuleSet", ["SizeRestrictions_BODY"]),
  ];
}

/** The web ACL and its log: what was blocked or counted, without the headers that carry credentials. */
export function createWaf(parent: pulumi.Resource, name: string, waf: SettledWaf, transform: WafTransform): Waf {
  const opts = { parent };
  const webAcl = new aws.wafv2.WebAcl(
    `${name}-waf`,
    override<aws.wafv2.WebAclArgs>(
      {
        region: edgeRegion,
        scope: "CLOUDFRONT",
        defaultAction: { allow: {} },
        rules: wafRules(waf),
        visibilityConfig: { metricName: `${name}-waf`, cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true },
      },
      transform.webAcl,
    ),
    opts,
  );
  const webAclLogGroup = new aws.cloudwatch.LogGroup(
    `${name}-waf-log`,
    override<aws.cloudwatch.LogGroupArgs>(
      {
        region: edgeRegion,
        // WAF delivers to names that begin so, and to no other.
        namePrefix: `aws-waf-logs-${name}-`,
        kmsKeyId: waf.logKeyArn,
        retentionInDays: waf.retentionDays,
        deletionProtectionEnabled: waf.keep,
      },
      transform.webAclLogGroup,
    ),
    { ...opts, protect: waf.keep },
  );
  const webAclLogging = new aws.wafv2.WebAclLoggingConfiguration(
    `${name}-waf-logging`,
    override<aws.wafv2.WebAclLoggingConfigurationArgs>(
      {
        region: edgeRegion,
        resourceArn: webAcl.arn,
        logDestinationConfigs: [webAclLogGroup.arn],
        redactedFields: [{ singleHeader: { name: "authorization" } }, { singleHeader: { name: "cookie" } }],
        loggingFilter: {
          defaultBehavior: "DROP",
          filters: [
            {
              behavior: "KEEP",
              requirement: "MEETS_ANY",
              conditions: [{ actionCondition: { action: "BLOCK" } }, { actionCondition: { action: "COUNT" } }],
            },
          ],
        },
      },
      transform.webAclLogging,
    ),
    opts,
  );
  return { webAcl, webAclLogGroup, webAclLogging };
}
