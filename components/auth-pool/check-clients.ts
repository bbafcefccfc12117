import { type Input, output, RunError } from "@pulumi/pulumi";

import type { Faults } from "../shared/check";
import { integer, kebabCase } from "./check";
import type { Settled, SettledClient } from "./settle";

const oidcScopes = ["openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"];

const allowedUrl = "https://, or http:// on localhost, 127.0.0.1 or [::1], without a fragment";

/** Whether Cognito redirects there; `native` admits an app's own scheme (`myapp://signed-in`). */
export function isRedirect(url: string, native: boolean): boolean {
  if (!URL.canParse(url) || url.includes("#")) return false;
  const { protocol, hostname } = new URL(url);
  if (protocol === "https:") return true;
  if (protocol === "http:") return ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
  const script = ["javascript:", "data:", "blob:", "file:", "vbscript:"].includes(protocol);
  return native && !script && url.includes("://");
}

/** The URL, known now or later; one that is known later fails the deployment when it is no redirect. */
export function redirect(path: string, url: Input<string>, native: boolean): Input<string> {
  if (typeof url === "string") return url;
  return output(url).apply((known) => {
    if (isRedirect(known, native)) return known;
    throw new RunError(`${path}: was ${JSON.stringify(known)}; allowed: ${allowedUrl}; set one of these`);
  });
}

export function checkClients(s: Settled, faults: Faults): void {
  const customScopes = Object.entries(s.args.resourceServers ?? {}).flatMap(([key, server]) =>
    Object.keys(server.scopes).map((scope) => `${server.identifier ?? key}/${scope}`),
  );
  for (const [key, client] of Object.entries(s.clients)) {
    const path = `clients.${key}`;
    checkKey(faults, path, key);
    if (client.preset === "machine") checkMachine(faults, path, client, customScopes);
    else checkUserClient(faults, path, client, customScopes, Object.keys(s.providerNames));
    // AWS: API reference, TokenValidityUnitsType: 5 minutes to 1 day; a refresh token 60 minutes to 10 years.
    integer(faults, `${path}.accessTokenMinutes`, client.accessTokenMinutes, 5, 1440);
    integer(faults, `${path}.idTokenMinutes`, client.idTokenMinutes, 5, 1440);
    integer(faults, `${path}.refreshTokenDays`, client.refreshTokenDays, 1, 3650);
  }
}

function checkMachine(faults: Faults, path: string, client: SettledClient, custom: readonly string[]): void {
  if (client.scopes.length === 0) {
    faults.add(`${path}.scopes`, [], "at least one scope", "name what the program may do: <identifier>/<scope>");
  }
  for (const scope of client.scopes.filter((scope) => !custom.includes(scope))) {
    const allowed = custom.length === 0 ? "scopes of resourceServers, and there are none" : custom.join(", ");
    const cure = "a machine has no user to know of: declare the scope under resourceServers";
    faults.add(`${path}.scopes`, scope, allowed, cure);
  }
}

function checkUserClient(
  faults: Faults,
  path: string,
  client: SettledClient,
  custom: readonly string[],
  providers: readonly string[],
): void {
  if (client.callbackUrls.length === 0) {
    faults.add(`${path}.callbackUrls`, [], "at least one URL", "set where the browser returns to with the code");
  }
  for (const list of ["callbackUrls", "logoutUrls"] as const) {
    for (const url of client[list]) {
      if (typeof url !== "string" || isRedirect(url, client.preset === "spa")) continue;
      const cure = "codes and tokens travel over it: set one of these";
      faults.add(`${path}.${list}`, url, allowedUrl, cure);
    }
  }
  for (const scope of client.scopes) {
    if (oidcScopes.includes(scope) || custom.includes(scope)) continue;
    const cure = "declare the scope under resourceServers, or leave it out";
    faults.add(`${path}.scopes`, scope, [...oidcScopes, ...custom].join(", "), cure);
  }
  if (!client.scopes.includes("openid")) {
    faults.add(`${path}.scopes`, client.scopes, "openid among them", "add it: the ID token comes with it");
  }
  if (client.providers.length === 0) {
    faults.add(`${path}.providers`, [], "at least one", "leave it out for all of them");
  }
  for (const provider of client.providers) {
    if (provider === "cognito" || providers.includes(provider)) continue;
    const cure = "declare it under providers, or leave it out";
    faults.add(`${path}.providers`, provider, ["cognito", ...providers].join(", "), cure);
  }
}

export function checkGroups({ args }: Settled, faults: Faults): void {
  for (const [key, { precedence }] of Object.entries(args.groups ?? {})) {
    if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/.test(key)) {
      const allowed = "letters, digits, _, . and -, at most 128 characters";
      faults.add(`groups.${key}`, key, allowed, "rename it: it stands in every token of a member");
    }
    if (precedence !== undefined) integer(faults, `groups.${key}.precedence`, precedence, 0, 2 ** 31 - 1);
  }
}

export function checkResourceServers({ args }: Settled, faults: Faults): void {
  const identifiers = new Set<string>();
  for (const [key, server] of Object.entries(args.resourceServers ?? {})) {
    const path = `resourceServers.${key}`;
    checkKey(faults, path, key);
    const identifier = server.identifier ?? key;
    // AWS: API reference, CreateResourceServer: printable ASCII without quotes and backslash, 256 characters.
    if (!/^[\x21\x23-\x5B\x5D-\x7E]{1,256}$/.test(identifier)) {
      const allowed = "printable ASCII without spaces, quotes and backslashes, at most 256 characters";
      faults.add(`${path}.identifier`, identifier, allowed, "set a name such as orders, or the API's URL");
    } else if (identifiers.has(identifier)) {
      faults.add(`${path}.identifier`, identifier, "each identifier once", "set another one");
    }
    identifiers.add(identifier);
    const scopes = Object.keys(server.scopes);
    if (scopes.length === 0) faults.add(`${path}.scopes`, {}, "at least one scope", "name what a token may allow");
    for (const scope of scopes.filter((scope) => !/^[\x21\x23-\x2E\x30-\x5B\x5D-\x7E]{1,256}$/.test(scope))) {
      const allowed = "printable ASCII without spaces, quotes, slashes and backslashes, at most 256 characters";
      faults.add(`${path}.scopes`, scope, allowed, "set a name such as read");
    }
  }
}

export function checkKey(faults: Faults, path: string, key: string): void {
  if (!kebabCase.test(key)) faults.add(path, key, "kebab-case keys", "rename it: resources are named by it");
}
