import { hex, lower, letters, upperAndDigits } from "./identity";
import { goJson } from "./check";
import { partitionOf, type ProviderSettings } from "./provider";
import { isMap, text, type Value, type Values } from "./values";

/** Answers of the provider's data sources, from the provider's region and account. */
type Answer = (args: Values, place: Place) => Values;

interface Place {
  readonly region: string;
  readonly account: string;
  readonly partition: string;
  readonly dnsSuffix: string;
  /** Of the provider that is asked. */
  readonly defaultTags: ProviderSettings["defaultTags"];
}

/**
 * Zones of the regions that this platform is likely to be in; Tokyo has no `b` for accounts made today.
 * Source: AWS General Reference, "AWS Regions and Availability Zones".
 */
const zoneLetters: Readonly<Record<string, string>> = {
  "ap-northeast-1": "acd",
  "us-east-1": "abcdef",
  "us-west-2": "abcd",
};

/** Ids of AWS's own prefix list of CloudFront's servers, one in each region (VPC User Guide, "AWS-managed prefix lists"). */
const cloudfrontOrigins: Readonly<Record<string, string>> = {
  "ap-northeast-1": "pl-58a04531",
  "us-east-1": "pl-3b927c52",
};

/** Accounts from which load balancers deliver logs (Elastic Load Balancing guide, "Access logs"). */
const balancerAccounts: Readonly<Record<string, string>> = {
  "ap-northeast-1": "582318560864",
  "ap-northeast-3": "383597477331",
  "ap-southeast-1": "114774131450",
  "ap-southeast-2": "783225319266",
  "eu-central-1": "054676820928",
  "eu-west-1": "156460612806",
  "us-east-1": "127311923021",
  "us-east-2": "033677994240",
  "us-west-2": "797873946194",
};

function availabilityZones(_: Values, { region }: Place): Values {
  const letters = [...(zoneLetters[region] ?? "abc")];
  return {
    id: region,
    groupNames: [region],
    names: letters.map((letter) => region + letter),
    zoneIds: letters.map((_, i) => `${region.replace(/^(..)-(.).*-(\d)$/, "$1$2$3")}-az${i + 1}`),
  };
}

function prefixList(args: Values, { region, account, partition }: Place): Values {
  const name = text(args["name"]) ?? text(args["id"]) ?? "prefix-list";
  const known = name === "com.amazonaws.global.cloudfront.origin-facing" ? cloudfrontOrigins[region] : undefined;
  const id = text(args["id"]) ?? known ?? `pl-${hex(`${region} ${name}`, 8)}`;
  const owner = name.startsWith("com.amazonaws.") ? "AWS" : account;
  const arn = `arn:${partition}:ec2:${region}:${owner.toLowerCase()}:prefix-list/${id}`;
  return { id, arn, name, addressFamily: "IPv4", ownerId: owner, maxEntries: 55, version: 1, entries: [], tags: {} };
}

function zone(args: Values, { partition }: Place): Values {
  const name = (text(args["name"]) ?? "example.com").replace(/\.$/, "");
  const zoneId = text(args["zoneId"]) ?? `Z${letters(name, 20, upperAndDigits)}`;
  const servers = ["ns-1.awsdns-01.com", "ns-2.awsdns-02.net", "ns-3.awsdns-03.org", "ns-4.awsdns-04.co.uk"];
  return {
    id: zoneId,
    arn: `arn:${partition}:route53:::hostedzone/${zoneId}`,
    zoneId,
    name,
    privateZone: args["privateZone"] ?? false,
    nameServers: servers,
    primaryNameServer: servers[0] ?? "",
    resourceRecordSetCount: 2,
  };
}

function list(value: Value | undefined): Value | undefined {
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}

function principals(value: Value | undefined): Value | undefined {
  if (!Array.isArray(value)) return undefined;
  const merged: Values = {};
  for (const entry of value) if (isMap(entry)) merged[text(entry["type"]) ?? "AWS"] = list(entry["identifiers"]) ?? [];
  return merged["*"] !== undefined ? "*" : merged;
}

function conditions(value: Value | undefined): Value | undefined {
  if (!Array.isArray(value)) return undefined;
  const merged: Record<string, Values> = {};
  for (const entry of value) {
    if (!isMap(entry)) continue;
    const operator = (merged[text(entry["test"]) ?? ""] ??= {});
    operator[text(entry["variable"]) ?? ""] = list(entry["values"]) ?? [];
  }
  return merged;
}

/** The document that the provider renders: one element alone stands without its list. */
function policyDocument(args: Values): Values {
  const given = Array.isArray(args["statements"]) ? args["statements"].filter(isMap) : [];
  const statements = given.map((s): Values => {
    const statement: Record<string, Value | undefined> = {
      Sid: s["sid"],
      Effect: s["effect"] ?? "Allow",
      Action: list(s["actions"]),
      NotAction: list(s["notActions"]),
      Resource: list(s["resources"]),
      NotResource: list(s["notResources"]),
      Principal: principals(s["principals"]),
      NotPrincipal: principals(s["notPrincipals"]),
      Condition: conditions(s["conditions"]),
    };
    return JSON.parse(JSON.stringify(statement)) as Values;
  });
  const document = { Version: args["version"] ?? "2012-10-17", Statement: statements };
  const json = JSON.stringify(JSON.parse(goJson(document)), null, 2);
  return { id: hex(json, 10), json, minifiedJson: goJson(document), ...args };
}

function identity(_: Values, { account, partition }: Place): Values {
  const arn = `arn:${partition}:iam::${account}:root`;
  return { id: account, accountId: account, arn, userId: account };
}

const answers: Readonly<Record<string, Answer>> = {
  "index/getArn": (args) => {
    const [, partition = "", service = "", region = "", account = "", ...rest] = (text(args["arn"]) ?? "").split(":");
    return { id: text(args["arn"]) ?? "", partition, service, region, account, resource: rest.join(":") };
  },
  "index/getAvailabilityZones": availabilityZones,
  "index/getCallerIdentity": identity,
  "index/getDefaultTags": (_, { defaultTags }) => ({ id: "default", tags: defaultTags }),
  "index/getPartition": (_, p) => ({
    id: p.partition,
    partition: p.partition,
    dnsSuffix: p.dnsSuffix,
    reverseDnsPrefix: p.dnsSuffix.split(".").reverse().join("."),
  }),
  "index/getRegion": (args, p) => {
    const region = text(args["region"]) ?? p.region;
    return { id: region, region, name: region, description: region, endpoint: `ec2.${region}.${p.dnsSuffix}` };
  },
  "index/getServicePrincipal": (args, p) => {
    const name = `${text(args["serviceName"]) ?? ""}.${p.dnsSuffix}`;
    return { id: name, name, serviceName: text(args["serviceName"]) ?? "", suffix: p.dnsSuffix, region: p.region };
  },
  "cloudfront/getCachePolicy": (args) => ({ id: hex(text(args["name"]) ?? "", 32), etag: "E1", ...args }),
  "cloudfront/getOriginRequestPolicy": (args) => ({ id: hex(text(args["name"]) ?? "", 32), etag: "E1", ...args }),
  "ec2/getManagedPrefixList": prefixList,
  "ec2/getPrefixList": prefixList,
  "elb/getServiceAccount": (_, p) => {
    const account = balancerAccounts[p.region] ?? "127311923021";
    return { id: account, arn: `arn:${p.partition}:iam::${account}:root` };
  },
  "iam/getPolicyDocument": policyDocument,
  "kms/getAlias": (args, p) => {
    const name = text(args["name"]) ?? "alias/stand-in";
    const targetKeyId = hex(name, 32);
    const place = `arn:${p.partition}:kms:${p.region}:${p.account}`;
    return {
      id: `${place}:${name}`,
      arn: `${place}:${name}`,
      name,
      targetKeyId,
      targetKeyArn: `${place}:key/${targetKeyId}`,
    };
  },
  "route53/getZone": zone,
  "secretsmanager/getSecret": (args, p) => {
    const name = text(args["name"]) ?? text(args["arn"])?.split(":secret:")[1]?.slice(0, -7) ?? "stand-in";
    const suffix = letters(name, 6, lower);
    const arn =
      text(args["arn"]) ?? `arn:${p.partition}:secretsmanager:${p.region}:${p.account}:secret:${name}-${suffix}`;
    return { id: arn, arn, name, description: "", kmsKeyId: "", policy: "", tags: {} };
  },
  // What a secret holds is not to be known here; a program that takes it apart must bear with this.
  "secretsmanager/getSecretVersion": (args, p) => {
    const secretId = text(args["secretId"]) ?? "stand-in";
    const name = secretId.split(":secret:")[1] ?? secretId;
    const arn = secretId.startsWith("arn:")
      ? secretId
      : `arn:${p.partition}:secretsmanager:${p.region}:${p.account}:secret:${name}-${letters(name, 6, lower)}`;
    const versionId = `${hex(arn, 8)}-0000-4000-8000-${hex(arn, 12)}`;
    const secretString = `stand-in for ${name}`;
    return { id: `${arn}|AWSCURRENT`, arn, secretId, secretString, versionId, versionStage: "AWSCURRENT" };
  },
  "ssm/getParameter": (args, p) => {
    const name = text(args["name"]) ?? "/stand-in";
    const arn = `arn:${p.partition}:ssm:${p.region}:${p.account}:parameter/${name.replace(/^\//, "")}`;
    const value = `stand-in for ${name}`;
    return { id: name, arn, name, type: "String", value, insecureValue: value, version: 1, withDecryption: true };
  },
};

/** The stand-in has no answer for this data source: better to stop than to go on with a made-up one. */
export class UnknownInvoke extends Error {}

/** Answers `aws:<module>/<function>:<function>`. */
export function invoke(token: string, args: Values, provider: ProviderSettings): Values {
  const answer = answers[token.split(":")[1] ?? ""];
  if (!token.startsWith("aws:") || answer === undefined) {
    throw new UnknownInvoke(
      `the stand-in for AWS has no answer to ${token}; add one to sandbox/invoke.ts, or use an output of a resource instead`,
    );
  }
  const region = text(args["region"]) ?? provider.region;
  const { accountId: account, defaultTags } = provider;
  const place = { region, account, defaultTags, ...partitionOf(region) };
  return { region, ...answer(args, place) };
}

export const invokesWithAnswers: readonly string[] = Object.keys(answers);
