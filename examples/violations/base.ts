import * as aws from "@pulumi/aws";

export const tags = {
  Project: "violations",
  Environment: "prod",
  Owner: "platform",
  CostCenter: "CC-1000",
  ManagedBy: "pulumi",
  DataClass: "internal",
};

export const provider = new aws.Provider("aws", {
  region: "ap-northeast-1",
  allowedAccountIds: ["333333333333"],
  defaultTags: { tags },
});
export const opts = { provider };
export const kept = { provider, protect: true };

/** A statement that refuses what does not come over TLS. */
export function overTls(action: string, resource: aws.iam.PolicyStatement["Resource"]): aws.iam.PolicyStatement {
  return {
    Effect: "Deny",
    Principal: "*",
    Action: action,
    Resource: resource,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}

/** A document in which a service, or whoever is named, may take a role. */
export function assumedBy(Principal: aws.iam.Principal, Condition?: object): aws.iam.PolicyDocument {
  const statement = { Effect: "Allow" as const, Principal, Action: "sts:AssumeRole", ...(Condition && { Condition }) };
  return { Version: "2012-10-17", Statement: [statement] };
}

export const key = new aws.kms.Key("key", { enableKeyRotation: true, deletionWindowInDays: 30 }, kept);
