import * as pulumi from "@pulumi/pulumi";

import type { Access } from "../shared/access";
import { adminAccess, clientAccesses, jwtOf, verifyAccess } from "./access";
import { createClients } from "./clients";
import { createDirectory } from "./directory";
import { createLogin } from "./login";
import { createMail } from "./mail";
import type { AuthPoolNodes, AuthPoolTransform } from "./nodes";
import { createPool } from "./pool";
import { createProviders } from "./providers";
import { settle } from "./settle";
import type {
  JwtConfiguration,
  LoginBranding,
  LoginDomain,
  PasswordPolicy,
  PoolAttribute,
  PoolClient,
  PoolEmail,
  PoolGroup,
  PoolProvider,
  PoolRecord,
  PoolTier,
  PoolTriggers,
  ResourceServer,
} from "./types";

export type * from "./nodes";
export type * from "./types";

/** What an AuthPool is made from. */
export interface AuthPoolArgs {
  /** Protects the pool from deletion and replacement, in Pulumi and in AWS. Without it, destroying the stack deletes every user. */
  readonly keep: boolean;
  /** ARN of the stack's KMS key, which encrypts the clients' secrets. */
  readonly keyArn: pulumi.Input<string>;
  /** The apps that users sign in to, by a key in kebab-case. */
  readonly clients: Readonly<Record<string, PoolClient>>;
  /** The login pages' own name; passkeys are bound to it. @default none: a prefix of Cognito's */
  readonly domain?: LoginDomain;
  /** First part of the address without a domain; the account's number follows. @default "<project>-<stack>-<name>" */
  readonly loginPrefix?: string;
  /** Who sends the mails: an identity of SES, or `"cognito"`, which sends 50 a day. @default SES with a domain, otherwise "cognito" */
  readonly email?: "cognito" | PoolEmail;
  /** Cognito's feature plan. @default "ESSENTIALS" */
  readonly tier?: PoolTier;
  /** Whether users may sign in with a passkey in place of the password. @default true with a domain, otherwise false */
  readonly passkeys?: boolean;
  /** A second factor by an authenticator app (TOTP). @default "optional" */
  readonly mfa?: "off" | "optional" | "required";
  /** What a password must be. @default see PasswordPolicy */
  readonly password?: PasswordPolicy;
  /** Whether risky sign-ins are watched, or acted on too; PLUS alone. @default "audit" with PLUS, otherwise "off" */
  readonly threatProtection?: "off" | "audit" | "enforced";
  /** Whether anybody may sign up; otherwise administrators invite. @default false */
  readonly selfSignUp?: boolean;
  /** Whether `A@example.com` and `a@example.com` are two users. Decided at creation. @default false */
  readonly caseSensitive?: boolean;
  /** Custom attributes, by name without `custom:`. Append only: AWS neither changes nor removes one. @default none */
  readonly attributes?: Readonly<Record<string, PoolAttribute>>;
  /** The output `record` of the deployed pool, committed: what contradicts it is a fault. @default none: nothing is compared */
  readonly recorded?: PoolRecord;
  /** Groups by name, which tokens carry. @default none */
  readonly groups?: Readonly<Record<string, PoolGroup>>;
  /** APIs whose scopes tokens can carry, by a key in kebab-case. @default none */
  readonly resourceServers?: Readonly<Record<string, ResourceServer>>;
  /** Whom else users can sign in with, by a key in kebab-case. @default none */
  readonly providers?: Readonly<Record<string, PoolProvider>>;
  /** Lambda functions that Cognito calls. @default none */
  readonly triggers?: PoolTriggers;
  /** How the login pages look. @default Cognito's own style */
  readonly branding?: LoginBranding;
  /** Last word on the arguments of each child. @default none */
  readonly transform?: AuthPoolTransform;
}

/**
 * Sign-in for users and programs: a Cognito user pool with e-mail addresses, passwords and passkeys, its login pages,
 * its apps, and what an API needs to check their tokens.
 */
export class AuthPool extends pulumi.ComponentResource {
  /** ID of the user pool. */
  public readonly userPoolId: pulumi.Output<string>;
  /** ARN of the user pool. */
  public readonly userPoolArn: pulumi.Output<string>;
  /** Where the login pages and the OAuth endpoints are, `https://`. */
  public readonly loginUrl: pulumi.Output<string>;
  /** IDs of the clients, by key. */
  public readonly clientIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** What an API needs to check a token: issuer, keys, audience. */
  public readonly jwt: JwtConfiguration;
  /** What was decided at creation, plain: commit it, and give it back as `recorded`. */
  public readonly record: PoolRecord;
  /** Run the user directory: invite, disable, groups, attributes. Sets `USER_POOL_ID`. */
  public readonly admin: Access;
  /** Check tokens; no rights in AWS. Sets `ISSUER`, `JWKS_URL` and `AUDIENCE` (comma-separated). */
  public readonly verify: Access;
  /** Be a client, by key. Sets `CLIENT_ID`, `ISSUER`, `LOGIN_URL` and, but for `spa`, the secret `CLIENT_SECRET`. */
  public readonly clients: Readonly<Record<string, Access>>;
  /** The raw children. */
  public readonly nodes: AuthPoolNodes;

  constructor(name: string, args: AuthPoolArgs, opts?: pulumi.ComponentResourceOptions) {
    const settled = settle(name, args);
    super("kiban:index:AuthPool", name, {}, opts);

    const { identityArn, ...mail } = createMail(this, settled);
    const pool = createPool(this, settled, identityArn);
    const { url, ...login } = createLogin(this, settled, pool.pool);
    const directory = createDirectory(this, settled, pool.pool);
    const providers = createProviders(this, settled, pool.pool);
    const clients = createClients(this, settled, { ...pool, ...directory, providers });

    this.nodes = { ...mail, ...pool, ...login, ...directory, providers, ...clients };
    this.userPoolId = pool.pool.id;
    this.userPoolArn = pool.pool.arn;
    this.loginUrl = url;
    this.clientIds = Object.fromEntries(Object.entries(clients.clients).map(([key, client]) => [key, client.id]));
    this.jwt = jwtOf(this.nodes);
    this.record = settled.record;
    this.admin = adminAccess(settled, pool.pool);
    this.verify = verifyAccess(settled, this.jwt);
    this.clients = clientAccesses(settled, this.nodes, this.jwt, url);
    this.registerOutputs({
      userPoolId: this.userPoolId,
      userPoolArn: this.userPoolArn,
      loginUrl: this.loginUrl,
      clientIds: this.clientIds,
      jwt: this.jwt,
      record: this.record,
    });
  }
}
