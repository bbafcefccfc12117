import { letters } from "./identity";
import { shapeOf } from "./schema/schema";
import { type Values } from "./values";

/** How the provider makes up a physical name. Source: pulumi/pulumi-aws, `provider/resource_overrides.go`, v7. */
export interface NameRule {
  readonly property: string;
  /** Longest name that the provider lets through. */
  readonly max: number;
  readonly separator: string;
  /** Random characters after the separator; 0 takes the resource's name as it is. */
  readonly random: number;
  readonly alphabet: string;
  readonly lower: boolean;
  /** Last change to the name that was made, from the inputs. */
  readonly finish?: (name: string, inputs: Values) => string;
}

const hexadecimal = "0123456789abcdef";
const plain = { separator: "-", random: 7, alphabet: hexadecimal, lower: false };

function named(property: string, max: number, more: Partial<NameRule> = {}): NameRule {
  return { property, max, ...plain, ...more };
}

function fifo(flag: string): NonNullable<NameRule["finish"]> {
  return (name, inputs) => (inputs[flag] === true ? `${name}.fifo` : name);
}

const catalog = { separator: "_", random: 8, alphabet: "abcdefghijklmnopqrstuvwxyz", lower: true };
const whole = { separator: "", random: 0 };

const rules: Readonly<Record<string, NameRule>> = {
  "alb/loadBalancer": named("name", 32),
  "alb/targetGroup": named("name", 32),
  "athena/database": named("name", 255, { separator: "_" }),
  "backup/restoreTestingPlan": named("name", 255, { separator: "_" }),
  "cloudwatch/eventRule": named("name", 64),
  "cloudwatch/eventTarget": named("targetId", 255),
  "codedeploy/deploymentConfig": named("deploymentConfigName", 100, { separator: "_" }),
  "ec2/keyPair": named("keyName", 255),
  "efs/fileSystem": named("creationToken", 255),
  "eks/fargateProfile": named("fargateProfileName", 255),
  "eks/nodeGroup": named("nodeGroupName", 255),
  "elasticache/cluster": named("clusterId", 50, { lower: true }),
  "elasticache/replicationGroup": named("replicationGroupId", 40, { lower: true }),
  "elasticbeanstalk/environment": named("name", 40),
  "elasticsearch/domain": named("domainName", 28, { lower: true }),
  "glue/catalogDatabase": named("name", 0, catalog),
  "glue/catalogTable": named("name", 0, catalog),
  "iam/role": named("name", 64),
  "iot/topicRule": named("name", 0, { separator: "_", random: 0 }),
  "kms/alias": named("name", 238, { finish: (name) => (name.startsWith("alias/") ? name : `alias/${name}`) }),
  "lambda/function": named("name", 64),
  "lambda/permission": named("statementId", 100),
  "lb/loadBalancer": named("name", 32),
  "lb/targetGroup": named("name", 32),
  "mq/broker": named("brokerName", 55),
  "msk/cluster": named("clusterName", 255),
  "msk/serverlessCluster": named("clusterName", 255),
  "opensearch/domain": named("domainName", 255),
  "rds/instance": named("identifier", 255, { separator: "" }),
  "s3/bucket": named("bucket", 63, { lower: true }),
  "s3/bucketObject": named("key", 0, whole),
  "s3/bucketObjectv2": named("key", 0, whole),
  "s3/bucketV2": named("bucket", 63, { lower: true }),
  "sns/topic": named("name", 80, { finish: fifo("fifoTopic") }),
  "sqs/queue": named("name", 80, { finish: fifo("fifoQueue") }),
};

/** `name` is filled for every type that takes it, but where it is something else: a record's is its domain name. */
export function nameRule(type: string): NameRule | undefined {
  const rule = rules[type.split(":")[1] ?? ""];
  return rule ?? (shapeOf(type)?.takesName === true ? named("name", 255) : undefined);
}

/** A name that is too long is refused with the provider's words (pulumi/pulumi, `NewUniqueName`). */
export class NameTooLong extends Error {}

/** The name that the provider would make up, undefined where the inputs name the resource or a prefix for it. */
export function autoName(type: string, urn: string, inputs: Values): { property: string; name: string } | undefined {
  const rule = nameRule(type);
  if (rule === undefined || inputs[rule.property] !== undefined || inputs[`${rule.property}Prefix`] !== undefined) {
    return undefined;
  }
  const resource = urn.slice(urn.lastIndexOf("::") + 2);
  const prefix = (rule.lower ? resource.toLowerCase() : resource) + rule.separator;
  if (rule.max > 0 && prefix.length + rule.random > rule.max) {
    throw new NameTooLong(
      `name '${prefix}' plus ${rule.random} random chars is longer than maximum length ${rule.max}`,
    );
  }
  const made = rule.random === 0 ? resource : prefix + letters(urn, rule.random, rule.alphabet, "name");
  return { property: rule.property, name: rule.finish?.(made, inputs) ?? made };
}
