import type { Faults } from "../shared/check";
import { checkKey } from "./check-clients";
import { standardAttributes } from "./schema";
import type { Settled } from "./settle";
import type { PoolProvider } from "./types";

/** Cognito's own names of the social providers, which are their types too. */
const socialNames = {
  google: "Google",
  facebook: "Facebook",
  amazon: "LoginWithAmazon",
  apple: "SignInWithApple",
} as const;

/** What Cognito calls the provider; an OIDC or SAML provider is called by its key. */
export function providerName(key: string, provider: PoolProvider): string {
  return provider.type === "oidc" || provider.type === "saml" ? key : socialNames[provider.type];
}

/** Its kind, as Cognito calls it. */
export function providerType(provider: PoolProvider): string {
  return provider.type === "oidc" || provider.type === "saml"
    ? provider.type.toUpperCase()
    : providerName("", provider);
}

export function checkProviders(s: Settled, faults: Faults): void {
  const seen = new Set<string>();
  for (const [key, provider] of Object.entries(s.args.providers ?? {})) {
    const path = `providers.${key}`;
    const name = s.providerNames[key] ?? key;
    checkKey(faults, path, key);
    if (key === "cognito") {
      faults.add(path, key, "any other key", "rename it: cognito stands for the pool's own users");
    } else if (name.length < 3 || name.length > 32) {
      faults.add(path, key, "3 to 32 characters (Cognito)", "rename it: users of it carry the name");
    }
    if (seen.has(name)) faults.add(path, provider.type, "one provider of that type", "remove the second one");
    seen.add(name);
    if (provider.type === "oidc") https(faults, `${path}.issuer`, provider.issuer);
    if (provider.type === "saml") {
      if ((provider.metadataUrl === undefined) === (provider.metadataXml === undefined)) {
        faults.add(`${path}.metadataUrl`, provider.metadataUrl, "either metadataUrl or metadataXml", "set one of them");
      }
      if (provider.metadataUrl !== undefined) https(faults, `${path}.metadataUrl`, provider.metadataUrl);
    }
    checkMapping(s, faults, `${path}.attributes`, Object.keys(provider.attributes ?? {}));
  }
}

function checkMapping(s: Settled, faults: Faults, path: string, targets: readonly string[]): void {
  const own = s.record.attributes;
  const custom = Object.keys(own).map((name) => `custom:${name}`);
  for (const target of targets) {
    if (custom.includes(target)) {
      if (own[target.slice("custom:".length)]?.mutable !== false) continue;
      const cure = "Cognito writes it at each sign-in, and fails when it cannot: map another one";
      faults.add(path, target, "mutable attributes", cure);
    } else if (![...standardAttributes, "username", "email_verified"].includes(target)) {
      const allowed = `Cognito's own attributes${custom.length > 0 ? `, ${custom.join(", ")}` : ""}`;
      faults.add(path, target, allowed, "declare it under attributes, and map custom:<name>");
    }
  }
}

function https(faults: Faults, path: string, url: string): void {
  if (URL.canParse(url) && new URL(url).protocol === "https:") return;
  faults.add(path, url, "an https:// URL", "set the provider's own");
}
