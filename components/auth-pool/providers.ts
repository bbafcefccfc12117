import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import { providerType } from "./check-providers";
import type { Settled } from "./settle";
import type { PoolProvider } from "./types";

type Details = Record<string, pulumi.Input<string>>;

/** The providers that users can come from. Their secrets are read where they are kept, and encrypted in the state. */
export function createProviders(
  parent: pulumi.Resource,
  s: Settled,
  pool: aws.cognito.UserPool,
): Record<string, aws.cognito.IdentityProvider> {
  return Object.fromEntries(
    Object.entries(s.args.providers ?? {}).map(([key, provider]) => {
      const details = { ...plainDetails(provider), ...secretDetails(parent, provider) };
      const identifiers = provider.type === "saml" ? (provider.identifiers ?? []) : [];
      const resource = new aws.cognito.IdentityProvider(
        `${s.name}-provider-${key}`,
        override<aws.cognito.IdentityProviderArgs>(
          {
            userPoolId: pool.id,
            providerName: s.providerNames[key] ?? key,
            providerType: providerType(provider),
            providerDetails: provider.type === "saml" ? details : pulumi.secret(details),
            attributeMapping: { ...ownMapping(provider), ...provider.attributes },
            ...(identifiers.length > 0 && { idpIdentifiers: [...identifiers] }),
          },
          s.args.transform?.providers,
        ),
        // Cognito gives the secret back when it is read: what comes back must be encrypted too.
        { parent, ...(provider.type !== "saml" && { additionalSecretOutputs: ["providerDetails"] }) },
      );
      return [key, resource];
    }),
  );
}

/** AWS: API reference, CreateIdentityProvider, `ProviderDetails`. */
function plainDetails(provider: PoolProvider): Details {
  switch (provider.type) {
    case "oidc":
      return {
        client_id: provider.clientId,
        oidc_issuer: provider.issuer,
        attributes_request_method: "GET",
        authorize_scopes: (provider.scopes ?? ["openid", "email", "profile"]).join(" "),
      };
    case "google":
      return {
        client_id: provider.clientId,
        authorize_scopes: (provider.scopes ?? ["openid", "email", "profile"]).join(" "),
      };
    case "facebook":
      return {
        client_id: provider.clientId,
        authorize_scopes: (provider.scopes ?? ["public_profile", "email"]).join(", "),
      };
    case "amazon":
      return { client_id: provider.clientId, authorize_scopes: (provider.scopes ?? ["profile"]).join(" ") };
    case "apple":
      return {
        client_id: provider.clientId,
        team_id: provider.teamId,
        key_id: provider.keyId,
        authorize_scopes: (provider.scopes ?? ["email", "name"]).join(" "),
      };
    case "saml":
      return {
        ...(provider.metadataUrl !== undefined && { MetadataURL: provider.metadataUrl }),
        ...(provider.metadataXml !== undefined && { MetadataFile: provider.metadataXml }),
        IDPSignout: String(provider.signOut ?? false),
        RequestSigningAlgorithm: "rsa-sha256",
      };
  }
}

function secretDetails(parent: pulumi.Resource, provider: PoolProvider): Details {
  switch (provider.type) {
    case "saml":
      return {};
    case "apple":
      return { private_key: secretValue(parent, provider.privateKeySecretArn) };
    default:
      return { client_secret: secretValue(parent, provider.clientSecretArn) };
  }
}

function secretValue(parent: pulumi.Resource, secretId: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.secret(aws.secretsmanager.getSecretVersionOutput({ secretId }, { parent }).secretString);
}

/** The address, and what the provider calls the user; SAML has the latter from its NameID. */
function ownMapping(provider: PoolProvider): Record<string, string> {
  switch (provider.type) {
    case "oidc":
    case "google":
    case "apple":
      return { email: "email", username: "sub" };
    case "facebook":
      return { email: "email", username: "id" };
    case "amazon":
      return { email: "email", username: "user_id" };
    case "saml":
      return { email: "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress" };
  }
}
