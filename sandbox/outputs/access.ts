import { byArn, type Context, type Made, type Makers } from "./context";

// ARN formats: AWS Service Authorization Reference, "AWS Identity and Access Management", "AWS Key Management Service",
// "AWS Secrets Manager", "AWS Systems Manager"; unique ids: IAM User Guide, "IAM identifiers".

function iam(c: Context, resource: string): string {
  return c.arn("iam", resource, { region: "" });
}

function path(c: Context): string {
  return c.text("path") ?? "/";
}

function role(c: Context): Made {
  const name = c.name();
  return {
    id: name,
    outputs: {
      arn: iam(c, `role${path(c)}${name}`),
      createDate: "2026-01-01T00:00:00Z",
      uniqueId: `AROA${c.upper(17)}`,
    },
  };
}

function key(c: Context): Made {
  // A multi-Region key's id starts with `mrk-` (KMS Developer Guide, "Multi-Region keys").
  const keyId = c.inputs["multiRegion"] === true ? `mrk-${c.hex(32, "key")}` : c.uuid("key");
  return {
    id: keyId,
    outputs: { arn: c.arn("kms", `key/${keyId}`), keyId, multiRegion: c.given("multiRegion", false) },
  };
}

/** A replica has the id of its primary key. */
function replicaKey(c: Context): Made {
  const keyId = c.text("primaryKeyArn")?.split("key/")[1] ?? `mrk-${c.hex(32, "key")}`;
  const outputs = { arn: c.arn("kms", `key/${keyId}`), keyId, keyRotationEnabled: false, keySpec: "SYMMETRIC_DEFAULT" };
  return { id: keyId, outputs: { ...outputs, keyUsage: "ENCRYPT_DECRYPT" } };
}

function alias(c: Context): Made {
  const name = c.name();
  const target = c.text("targetKeyId") ?? c.uuid("key");
  const targetKeyArn = target.startsWith("arn:") ? target : c.arn("kms", `key/${target}`);
  return { id: name, outputs: { arn: c.arn("kms", name), targetKeyArn } };
}

/** Secrets Manager appends six random characters to a secret's name in its ARN. */
function managedSecret(c: Context): Made {
  return byArn(c.arn("secretsmanager", `secret:${c.name()}-${c.upper(6, "suffix")}`));
}

function secretVersion(c: Context): Made {
  const arn = c.text("secretId") ?? c.arn("secretsmanager", `secret:${c.name()}`);
  const versionId = c.uuid("version");
  return { id: `${arn}|${versionId}`, outputs: { arn, secretArn: arn, versionId, versionStages: ["AWSCURRENT"] } };
}

function parameter(c: Context): Made {
  const name = c.name();
  return {
    id: name,
    outputs: { arn: c.arn("ssm", `parameter/${name.replace(/^\//, "")}`), version: 1, tier: "Standard" },
  };
}

export const access: Makers = {
  "iam/role": role,
  "iam/rolePolicy": (c) => ({ id: `${c.name("role")}:${c.name()}`, outputs: {} }),
  "iam/rolePolicyAttachment": (c) => ({ id: `${c.name("role")}/${c.text("policyArn") ?? c.hex(8)}`, outputs: {} }),
  "iam/policy": (c) =>
    byArn(iam(c, `policy${path(c)}${c.name()}`), { policyId: `ANPA${c.upper(17)}`, attachmentCount: 0 }),
  "iam/instanceProfile": (c) => ({
    id: c.name(),
    outputs: {
      arn: iam(c, `instance-profile${path(c)}${c.name()}`),
      createDate: "2026-01-01T00:00:00Z",
      uniqueId: `AIPA${c.upper(17)}`,
    },
  }),
  "iam/openIdConnectProvider": (c) =>
    byArn(iam(c, `oidc-provider/${(c.text("url") ?? "example.com").replace("https://", "")}`)),
  "iam/user": (c) => ({
    id: c.name(),
    outputs: { arn: iam(c, `user${path(c)}${c.name()}`), uniqueId: `AIDA${c.upper(17)}` },
  }),
  "iam/group": (c) => ({
    id: c.name(),
    outputs: { arn: iam(c, `group${path(c)}${c.name()}`), uniqueId: `AGPA${c.upper(17)}` },
  }),
  "kms/key": key,
  "kms/replicaKey": replicaKey,
  "kms/alias": alias,
  "kms/keyPolicy": (c) => ({ id: c.name("keyId"), outputs: {} }),
  "secretsmanager/secret": managedSecret,
  "secretsmanager/secretVersion": secretVersion,
  "secretsmanager/secretPolicy": (c) => ({ id: c.name("secretArn"), outputs: {} }),
  "ssm/parameter": parameter,
};
