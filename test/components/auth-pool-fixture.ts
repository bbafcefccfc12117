import { AuthPool, type AuthPoolArgs } from "../../components/auth-pool/auth-pool";
import { type Registration, type Run, run, type RunOptions } from "../harness";

export const types = {
  pool: "aws:cognito/userPool:UserPool",
  domain: "aws:cognito/userPoolDomain:UserPoolDomain",
  client: "aws:cognito/userPoolClient:UserPoolClient",
  branding: "aws:cognito/managedLoginBranding:ManagedLoginBranding",
  group: "aws:cognito/userGroup:UserGroup",
  server: "aws:cognito/resourceServer:ResourceServer",
  provider: "aws:cognito/identityProvider:IdentityProvider",
  risk: "aws:cognito/riskConfiguration:RiskConfiguration",
  permission: "aws:lambda/permission:Permission",
  secret: "aws:secretsmanager/secret:Secret",
  secretVersion: "aws:secretsmanager/secretVersion:SecretVersion",
  identity: "aws:sesv2/emailIdentity:EmailIdentity",
  verification: "aws:ses/domainIdentityVerification:DomainIdentityVerification",
  record: "aws:route53/record:Record",
  certificate: "kiban:index:Certificate",
} as const;

export const keyArn = "arn:aws:kms:ap-northeast-1:111111111111:key/00000000-0000-0000-0000-000000000000";
export const domain = { name: "auth.example.com", zoneId: "Z0000000EXAMPLE" };
export const spa = { preset: "spa", callbackUrls: ["https://example.com/in"] } as const;
export const server = { preset: "server", callbackUrls: ["https://example.com/in"] } as const;
export const machine = { preset: "machine", scopes: ["orders/read"] } as const;
export const resourceServers = { orders: { scopes: { read: "Read orders" } } };

export function lambda(name: string): string {
  return `arn:aws:lambda:ap-northeast-1:111111111111:function:${name}`;
}

export function secretArn(name: string): string {
  return `arn:aws:secretsmanager:ap-northeast-1:111111111111:secret:${name}-AbCdEf`;
}

/** The least that a pool needs. */
export function args(more: Partial<AuthPoolArgs> = {}): AuthPoolArgs {
  return { keep: false, keyArn, clients: {}, ...more };
}

/** One AuthPool in a program of its own. */
export function runPool(more: Partial<AuthPoolArgs> = {}, options?: RunOptions, name = "users"): Promise<Run> {
  return run(() => new AuthPool(name, args(more)), options);
}

/** The component itself, of a run. */
export function component(result: Run): Registration {
  const found = result.resources.find((r) => r.type === "kiban:index:AuthPool");
  if (found === undefined) throw new Error(`no AuthPool: ${result.error?.message ?? ""}`);
  return found;
}
