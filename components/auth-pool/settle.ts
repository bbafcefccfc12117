import * as pulumi from "@pulumi/pulumi";

import { Faults } from "../shared/check";
import type { AuthPoolArgs } from "./auth-pool";
import { checkName, checkPasskeys, checkPassword, checkTier, checkTriggers } from "./check";
import { checkClients, checkGroups, checkResourceServers } from "./check-clients";
import { checkEmail, checkLogin, parseSender } from "./check-domain";
import { checkProviders, providerName } from "./check-providers";
import { checkAttributes, checkRecorded, signInAttributes } from "./schema";
import type { LoginDomain, PasswordPolicy, PoolClient, PoolRecord, PoolTier } from "./types";

/** Where the mails come from; `ownIdentity` is the SES domain to make, when none was given. */
export interface SettledEmail {
  readonly from: string;
  readonly replyTo: string | undefined;
  readonly identityArn: pulumi.Input<string> | undefined;
  readonly ownIdentity: LoginDomain | undefined;
}

/** A client with every plain default filled in. */
export interface SettledClient {
  readonly preset: PoolClient["preset"];
  readonly callbackUrls: readonly pulumi.Input<string>[];
  readonly logoutUrls: readonly pulumi.Input<string>[];
  readonly scopes: readonly string[];
  /** Keys of `providers`, and `cognito`. */
  readonly providers: readonly string[];
  readonly accessTokenMinutes: number;
  readonly idTokenMinutes: number;
  readonly refreshTokenDays: number;
}

/** The arguments of one pool: checked, with every plain default filled in; values as they were given. */
export interface Settled {
  readonly name: string;
  readonly args: AuthPoolArgs;
  readonly tier: PoolTier;
  readonly passkeys: boolean;
  readonly mfa: "off" | "optional" | "required";
  readonly password: Required<PasswordPolicy>;
  readonly threatProtection: "off" | "audit" | "enforced";
  readonly selfSignUp: boolean;
  /** Undefined: Cognito's own mailer. */
  readonly email: SettledEmail | undefined;
  /** All of the login prefix but the account's number; undefined with a domain. */
  readonly loginPrefix: string | undefined;
  readonly clients: Readonly<Record<string, SettledClient>>;
  /** What Cognito calls a provider, by its key. */
  readonly providerNames: Readonly<Record<string, string>>;
  readonly record: PoolRecord;
}

/** Settles and checks the arguments; throws one error with every fault. */
export function settle(name: string, args: AuthPoolArgs): Settled {
  const tier = args.tier ?? "ESSENTIALS";
  const passkeys = args.passkeys ?? args.domain !== undefined;
  const providers = Object.entries(args.providers ?? {});
  const settled: Settled = {
    name,
    args,
    tier,
    passkeys,
    mfa: args.mfa ?? "optional",
    password: {
      minimumLength: args.password?.minimumLength ?? 12,
      mixedCharacters: args.password?.mixedCharacters ?? true,
      history: args.password?.history ?? (tier === "LITE" ? 0 : 5),
      temporaryDays: args.password?.temporaryDays ?? 7,
    },
    threatProtection: args.threatProtection ?? (tier === "PLUS" ? "audit" : "off"),
    selfSignUp: args.selfSignUp ?? false,
    email: settleEmail(args),
    loginPrefix: args.domain === undefined ? (args.loginPrefix ?? ownPrefix(name)) : undefined,
    clients: Object.fromEntries(
      Object.entries(args.clients).map(([key, client]) => [key, settleClient(client, providers)]),
    ),
    providerNames: Object.fromEntries(providers.map(([key, provider]) => [key, providerName(key, provider)])),
    record: {
      signInAttributes,
      caseSensitive: args.caseSensitive ?? false,
      ...(passkeys && args.domain !== undefined && { relyingPartyId: args.domain.name }),
      attributes: args.attributes ?? {},
    },
  };
  const faults = new Faults("AuthPool", name);
  checkName(settled, faults);
  checkTier(settled, faults);
  checkPasskeys(settled, faults);
  checkPassword(settled, faults);
  checkLogin(settled, faults);
  checkEmail(settled, faults);
  checkAttributes(faults, settled.record.attributes);
  if (args.recorded !== undefined) checkRecorded(faults, args.recorded, settled.record);
  checkGroups(settled, faults);
  checkResourceServers(settled, faults);
  checkProviders(settled, faults);
  checkClients(settled, faults);
  checkTriggers(settled, faults);
  faults.raise();
  return settled;
}

function settleEmail(args: AuthPoolArgs): SettledEmail | undefined {
  if (args.email === "cognito") return undefined;
  if (args.email === undefined && args.domain === undefined) return undefined;
  const { from, replyTo, identityArn } = args.email ?? {};
  const sender = from ?? `no-reply@${args.domain?.name ?? ""}`;
  const own = identityArn === undefined && parseSender(sender)?.domain === args.domain?.name;
  return { from: sender, replyTo, identityArn, ownIdentity: own ? args.domain : undefined };
}

function settleClient(client: PoolClient, providers: readonly (readonly [string, unknown])[]): SettledClient {
  const user = client.preset === "machine" ? undefined : client;
  return {
    preset: client.preset,
    callbackUrls: user?.callbackUrls ?? [],
    logoutUrls: user?.logoutUrls ?? [],
    scopes: client.scopes ?? ["openid", "email", "profile"],
    providers: user === undefined ? [] : (user.providers ?? ["cognito", ...providers.map(([key]) => key)]),
    accessTokenMinutes: client.accessTokenMinutes ?? 15,
    idTokenMinutes: user?.idTokenMinutes ?? 15,
    refreshTokenDays: user?.refreshTokenDays ?? 30,
  };
}

/** Login prefixes are taken by whoever comes first in a region, over all accounts: the account's number is added later. */
function ownPrefix(name: string): string {
  return [pulumi.getProject(), pulumi.getStack(), name]
    .map((part) => part.toLowerCase().replace(/[^a-z0-9]+/g, "-"))
    .join("-")
    .replace(/^-+/, "");
}
