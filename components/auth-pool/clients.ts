import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import { redirect } from "./check-clients";
import type { AuthPoolNodes } from "./nodes";
import { standardAttributes } from "./schema";
import type { Settled, SettledClient } from "./settle";

type ClientNodes = Pick<AuthPoolNodes, "clients" | "clientSecrets" | "clientSecretValues" | "brandings">;
type Made = Pick<AuthPoolNodes, "pool" | "providers" | "resourceServers">;

/** The app clients, the secrets of those that have one, and the look of the login pages of those that show them. */
export function createClients(parent: pulumi.Resource, s: Settled, made: Made): ClientNodes {
  const clients: Record<string, aws.cognito.UserPoolClient> = {};
  const clientSecrets: Record<string, aws.secretsmanager.Secret> = {};
  const clientSecretValues: Record<string, aws.secretsmanager.SecretVersion> = {};
  const brandings: Record<string, aws.cognito.ManagedLoginBranding> = {};
  const { transform = {} } = s.args;
  // Cognito refuses a client that names a provider or a scope before it is there.
  const dependsOn = [...Object.values(made.providers), ...Object.values(made.resourceServers)];
  for (const [key, settled] of Object.entries(s.clients)) {
    const name = `${s.name}-client-${key}`;
    const client = new aws.cognito.UserPoolClient(
      name,
      override<aws.cognito.UserPoolClientArgs>(clientArgs(s, key, settled, made.pool.id), transform.clients),
      { parent, dependsOn },
    );
    clients[key] = client;
    if (settled.preset !== "spa") {
      const secret = createSecret(parent, s, name, client);
      clientSecrets[key] = secret.secret;
      clientSecretValues[key] = secret.value;
    }
    // The API gives a client no look, and managed login shows none without (AWS: CreateUserPoolDomain).
    if (settled.preset === "machine" || s.tier === "LITE") continue;
    brandings[key] = new aws.cognito.ManagedLoginBranding(
      `${name}-branding`,
      override<aws.cognito.ManagedLoginBrandingArgs>(
        { userPoolId: made.pool.id, clientId: client.id, ...look(s) },
        transform.brandings,
      ),
      { parent },
    );
  }
  return { clients, clientSecrets, clientSecretValues, brandings };
}

function clientArgs(
  s: Settled,
  key: string,
  client: SettledClient,
  userPoolId: pulumi.Input<string>,
): aws.cognito.UserPoolClientArgs {
  const common: aws.cognito.UserPoolClientArgs = {
    userPoolId,
    generateSecret: client.preset !== "spa",
    allowedOauthFlowsUserPoolClient: true,
    allowedOauthFlows: [client.preset === "machine" ? "client_credentials" : "code"],
    allowedOauthScopes: [...client.scopes],
    preventUserExistenceErrors: "ENABLED",
    enableTokenRevocation: true,
    accessTokenValidity: client.accessTokenMinutes,
    idTokenValidity: client.idTokenMinutes,
    refreshTokenValidity: client.refreshTokenDays,
    tokenValidityUnits: { accessToken: "minutes", idToken: "minutes", refreshToken: "days" },
  };
  if (client.preset === "machine") {
    // Left out, Cognito would let users sign in by it. This one alone signs nobody in.
    return { ...common, explicitAuthFlows: ["ALLOW_REFRESH_TOKEN_AUTH"] };
  }
  const native = client.preset === "spa";
  const urls = (list: "callbackUrls" | "logoutUrls") =>
    client[list].map((url) => redirect(`AuthPool "${s.name}": clients.${key}.${list}`, url, native));
  return {
    ...common,
    callbackUrls: urls("callbackUrls"),
    logoutUrls: urls("logoutUrls"),
    supportedIdentityProviders: client.providers.map((provider) => s.providerNames[provider] ?? "COGNITO"),
    explicitAuthFlows: authFlows(s),
    // AWS: feature plan Essentials and above. 10 s: an answer that was lost on the way can be asked for again.
    ...(s.tier !== "LITE" && { refreshTokenRotation: { feature: "ENABLED", retryGracePeriodSeconds: 10 } }),
    ...attributeRights(s, client),
  };
}

/**
 * ALLOW_USER_AUTH covers passkeys and passwords by SRP, so that no flow sends a password in the clear; LITE has not got it.
 * AWS: rotation and ALLOW_REFRESH_TOKEN_AUTH exclude each other, and without rotation that flow must be there.
 */
function authFlows(s: Settled): string[] {
  const custom = s.args.triggers?.defineAuthChallenge !== undefined ? ["ALLOW_CUSTOM_AUTH"] : [];
  const own = s.tier === "LITE" ? ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] : ["ALLOW_USER_AUTH"];
  return [...own, ...custom];
}

/**
 * Custom attributes are read by every client and written by none: what a user could write about himself is no ground for
 * a right. Those that a provider fills in are the exception, since Cognito writes them as the client.
 */
function attributeRights(
  s: Settled,
  client: SettledClient,
): Pick<aws.cognito.UserPoolClientArgs, "readAttributes" | "writeAttributes"> {
  const custom = Object.keys(s.record.attributes).map((name) => `custom:${name}`);
  if (custom.length === 0) return {};
  const mapped = client.providers.flatMap((key) => Object.keys(s.args.providers?.[key]?.attributes ?? {}));
  const written = custom.filter((name) => mapped.includes(name));
  return {
    readAttributes: [...standardAttributes, "email_verified", "phone_number_verified", ...custom],
    writeAttributes: [...standardAttributes, ...written],
  };
}

function createSecret(
  parent: pulumi.Resource,
  s: Settled,
  name: string,
  client: aws.cognito.UserPoolClient,
): { secret: aws.secretsmanager.Secret; value: aws.secretsmanager.SecretVersion } {
  const { keep, keyArn, transform = {} } = s.args;
  const secret = new aws.secretsmanager.Secret(
    `${name}-secret`,
    override<aws.secretsmanager.SecretArgs>(
      {
        description: `Secret of the app client ${name}`,
        kmsKeyId: keyArn,
        recoveryWindowInDays: keep ? 30 : 0,
      },
      transform.clientSecrets,
    ),
    { parent, protect: keep },
  );
  const value = new aws.secretsmanager.SecretVersion(
    `${name}-secret-value`,
    override<aws.secretsmanager.SecretVersionArgs>(
      { secretId: secret.id, secretString: client.clientSecret },
      transform.clientSecretValues,
    ),
    { parent },
  );
  return { secret, value };
}

function look(
  s: Settled,
): Pick<aws.cognito.ManagedLoginBrandingArgs, "settings" | "assets" | "useCognitoProvidedValues"> {
  const { branding } = s.args;
  if (branding === undefined) return { useCognitoProvidedValues: true };
  return {
    settings: JSON.stringify(branding.settings),
    ...(branding.assets !== undefined && { assets: [...branding.assets] }),
  };
}
