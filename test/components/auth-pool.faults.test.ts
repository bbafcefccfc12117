import assert from "node:assert/strict";

import type { AuthPoolArgs, PoolAttribute, PoolRecord } from "../../components/auth-pool/auth-pool";
import { parseSender } from "../../components/auth-pool/check-domain";
import { domain, lambda, machine, resourceServers, runPool, secretArn, server, spa } from "./auth-pool-fixture";

/** Every line of the one error, without its head; nothing may have been registered. */
async function faults(more: Partial<AuthPoolArgs>, name = "users"): Promise<string[]> {
  const result = await runPool(more, {}, name);
  assert.deepEqual(result.resources, []);
  assert.ok(result.error, "an error");
  assert.equal((result.error as { __pulumiRunError?: boolean }).__pulumiRunError, true);
  const [head, ...lines] = result.error.message.split("\n");
  assert.equal(head, `AuthPool "${name}":`);
  return lines.map((line) => line.trim());
}

const range = (path: string, was: unknown, from: number, to: number) =>
  `${path}: was ${JSON.stringify(was)}; allowed: a whole number from ${from} to ${to}; set one in that range`;
const essentials = 'set tier: "ESSENTIALS", or leave it out';
const redirects = "https://, or http:// on localhost, 127.0.0.1 or [::1], without a fragment";
const url = (path: string, was: string) =>
  `${path}: was "${was}"; allowed: ${redirects}; codes and tokens travel over it: set one of these`;
const kebab = (path: string, was: string) =>
  `${path}: was "${was}"; allowed: kebab-case keys; rename it: resources are named by it`;
const google = { type: "google", clientId: "g", clientSecretArn: secretArn("g") } as const;
const plan: PoolAttribute = { type: "string", minLength: 0, maxLength: 32 };
const recorded: PoolRecord = {
  signInAttributes: ["email"],
  caseSensitive: false,
  relyingPartyId: "auth.example.com",
  attributes: { plan, seats: { type: "number", min: 1, max: 9 }, beta: { type: "boolean", mutable: false } },
};
const kept = { domain, attributes: recorded.attributes, recorded };

const cases: [what: string, more: Partial<AuthPoolArgs>, expected: string[]][] = [
  [
    "required MFA with passkeys",
    { domain, mfa: "required" },
    [
      'mfa: was "required"; allowed: "off" or "optional" with passkeys; ' +
        "Cognito takes both only when a passkey counts as two factors (WebAuthnConfiguration.FactorConfiguration), which " +
        '@pulumi/aws 7.48 cannot say: set passkeys: false, or mfa: "optional"',
    ],
  ],
  [
    "passkeys without a domain",
    { passkeys: true },
    [
      "passkeys: was true; allowed: false without a domain; " +
        "a passkey is bound to the name of the login pages, and would be lost when that changes: set domain",
    ],
  ],
  [
    "passkeys with tier LITE",
    { domain, tier: "LITE" },
    ['passkeys: was true; allowed: false with tier LITE; set passkeys: false, or tier: "ESSENTIALS"'],
  ],
  [
    "threat protection without PLUS",
    { threatProtection: "audit" },
    ['threatProtection: was "audit"; allowed: "off" with tier ESSENTIALS; set tier: "PLUS", which has it'],
  ],
  [
    "what LITE has not got",
    {
      tier: "LITE",
      password: { history: 1 },
      branding: { settings: {} },
      triggers: { preTokenGeneration: { functionArn: lambda("a"), version: "V2_0" } },
    },
    [
      `password.history: was 1; allowed: 0 with tier LITE; ${essentials}`,
      `branding: was "set"; allowed: none with tier LITE; ${essentials}`,
      `triggers.preTokenGeneration.version: was "V2_0"; allowed: "V1_0" with tier LITE; ${essentials}`,
    ],
  ],
  [
    "a password policy out of range",
    { password: { minimumLength: 7, history: 25, temporaryDays: 0 } },
    [
      range("password.minimumLength", 7, 8, 99),
      range("password.history", 25, 0, 24),
      range("password.temporaryDays", 0, 1, 365),
    ],
  ],
  [
    "a domain without a parent of one's own",
    { domain: { ...domain, name: "example.com" } },
    [
      'domain.name: was "example.com"; allowed: a name below a domain of yours; ' +
        "Cognito wants an A record at the parent: set one such as auth.example.com",
    ],
  ],
  [
    "a domain that is none, too long, and a prefix beside it",
    { domain: { ...domain, name: `Auth.${"a".repeat(50)}.example.com` }, loginPrefix: "x" },
    [
      `domain.name: was "Auth.${"a".repeat(50)}.example.com"; allowed: a lower-case domain name without wildcard, ` +
        "of at most 253 characters; set a name such as app.example.com",
      `domain.name: was "Auth.${"a".repeat(50)}.example.com"; allowed: at most 63 characters (Cognito); set a shorter name`,
      'loginPrefix: was "x"; allowed: none with a domain; leave it out: the domain is the address',
    ],
  ],
  [
    "a prefix with a reserved word",
    { loginPrefix: "my-aws-login" },
    ['loginPrefix: was "my-aws-login"; allowed: no aws, amazon or cognito in it; set one without them'],
  ],
  [
    "a prefix that is too long or has other characters",
    { loginPrefix: `A${"a".repeat(50)}` },
    [
      `loginPrefix: was "A${"a".repeat(50)}"; allowed: lower-case letters, digits and -, at most 50 characters; ` +
        "set a shorter one; the account's number follows it",
    ],
  ],
  [
    "a sender whose domain SES does not know",
    { domain, email: { from: "hello@example.com" } },
    [
      "email.identityArn: was not set; allowed: set, or email.from at auth.example.com; " +
        "SES sends for verified domains alone: set the ARN of the identity of the sender's domain",
    ],
  ],
  [
    "addresses that are none",
    { email: { from: "hello", replyTo: "help", identityArn: "arn" } },
    [
      'email.from: was "hello"; allowed: an address, or a name and <address>; write it as Example <no-reply@example.com>',
      'email.replyTo: was "help"; allowed: an address; write it as help@example.com',
    ],
  ],
  [
    "attributes that AWS refuses",
    {
      attributes: {
        "custom:plan": plan,
        email: plan,
        long: { type: "string", minLength: 9, maxLength: 4096 },
        odd: { type: "number", min: 2.5, max: 1 },
      },
    },
    [
      'attributes.custom:plan: was "custom:plan"; allowed: a letter, then letters, digits, _ or -, at most 20 characters, ' +
        "without custom:; rename it: Cognito itself puts custom: before it",
      'attributes.email: was "email"; allowed: names that Cognito has not itself; leave it out: every user has it',
      "attributes.long.maxLength: was 4096; allowed: a whole number from 0 to 2048; set it: it can never be changed",
      `attributes.odd.min: was 2.5; allowed: a whole number from ${-Number.MAX_SAFE_INTEGER} to ${Number.MAX_SAFE_INTEGER}; ` +
        "set it: it can never be changed",
      "attributes.odd.min: was 2.5; allowed: at most max (1); turn the two round",
    ],
  ],
  [
    "too many attributes",
    { attributes: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`a${index}`, plan])) },
    ["attributes: was 51; allowed: at most 50 (AWS: Cognito quotas); keep the rest in a table of yours"],
  ],
  [
    "an attribute removed",
    { ...kept, attributes: { plan, beta: { type: "boolean", mutable: false } } },
    [
      "attributes.seats: was not set; allowed: number from 1 to 9, as recorded; " +
        "AWS removes no attribute: put it back, unused or not",
    ],
  ],
  [
    "attributes changed: type, bounds, mutability",
    {
      ...kept,
      attributes: {
        plan: { type: "string", minLength: 0, maxLength: 33 },
        seats: { type: "string", minLength: 1, maxLength: 9 },
        beta: { type: "boolean" },
      },
    },
    [
      ["plan", "string of 0 to 33 characters", "string of 0 to 32 characters"],
      ["seats", "string of 1 to 9 characters", "number from 1 to 9"],
      ["beta", "boolean", "immutable boolean"],
    ].map(
      ([name, was, allowed]) =>
        `attributes.${name}: was "${was}"; allowed: ${allowed}, as recorded; ` +
        "AWS changes no attribute: put it back, and add one of another name",
    ),
  ],
  [
    "another case sensitivity than recorded",
    { ...kept, caseSensitive: true },
    [
      "caseSensitive: was true; allowed: false, as recorded; " +
        "users live in the pool as it was created: go back, or move them to a pool of another name",
    ],
  ],
  [
    "another passkey domain than recorded",
    { ...kept, domain: { ...domain, name: "login.example.com" } },
    [
      'domain.name: was "login.example.com"; allowed: "auth.example.com", as recorded; ' +
        "every passkey is bound to the name that it was made for: keep the domain, or set passkeys: false",
    ],
  ],
  [
    "a record of other sign-in attributes",
    { ...kept, recorded: { ...recorded, signInAttributes: ["phone_number"] } },
    [
      'recorded.signInAttributes: was ["phone_number"]; allowed: ["email"]; ' +
        "AuthPool signs in by e-mail alone: a pool that does not needs a component of its own",
    ],
  ],
  [
    "callbacks over http, but to this machine",
    {
      clients: {
        app: {
          preset: "spa",
          callbackUrls: ["http://example.com/in", "http://localhost/in", "http://localhost.example.com"],
          logoutUrls: ["http://example.com/out"],
        },
        web: { preset: "server", callbackUrls: ["myapp://in"] },
      },
    },
    [
      url("clients.app.callbackUrls", "http://example.com/in"),
      url("clients.app.callbackUrls", "http://localhost.example.com"),
      url("clients.app.logoutUrls", "http://example.com/out"),
      url("clients.web.callbackUrls", "myapp://in"),
    ],
  ],
  [
    "a client that returns nowhere, as nobody, for nothing known",
    { clients: { app: { preset: "server", callbackUrls: [], scopes: ["orders/read"], providers: [] } } },
    [
      "clients.app.callbackUrls: was []; allowed: at least one URL; set where the browser returns to with the code",
      'clients.app.scopes: was "orders/read"; allowed: openid, email, phone, profile, aws.cognito.signin.user.admin; ' +
        "declare the scope under resourceServers, or leave it out",
      'clients.app.scopes: was ["orders/read"]; allowed: openid among them; add it: the ID token comes with it',
      "clients.app.providers: was []; allowed: at least one; leave it out for all of them",
    ],
  ],
  [
    "a client of a provider that is not declared",
    { providers: { google }, clients: { app: { ...spa, providers: ["cognito", "corp"] } } },
    ['clients.app.providers: was "corp"; allowed: cognito, google; declare it under providers, or leave it out'],
  ],
  [
    "a machine without scopes, with a user's, and without resource servers",
    {
      clients: {
        none: { preset: "machine", scopes: [] },
        user: { preset: "machine", scopes: ["openid"] },
      },
    },
    [
      "clients.none.scopes: was []; allowed: at least one scope; name what the program may do: <identifier>/<scope>",
      'clients.user.scopes: was "openid"; allowed: scopes of resourceServers, and there are none; ' +
        "a machine has no user to know of: declare the scope under resourceServers",
    ],
  ],
  [
    "a machine with a scope that is not declared",
    { resourceServers, clients: { job: { ...machine, scopes: ["orders/write"] } } },
    [
      'clients.job.scopes: was "orders/write"; allowed: orders/read; ' +
        "a machine has no user to know of: declare the scope under resourceServers",
    ],
  ],
  [
    "tokens that live too short or too long",
    { clients: { app: { ...server, accessTokenMinutes: 4, idTokenMinutes: 1441, refreshTokenDays: 0 } } },
    [
      range("clients.app.accessTokenMinutes", 4, 5, 1440),
      range("clients.app.idTokenMinutes", 1441, 5, 1440),
      range("clients.app.refreshTokenDays", 0, 1, 3650),
    ],
  ],
  [
    "keys that name no resource",
    {
      clients: { My_App: spa },
      resourceServers: { Orders: { scopes: { read: "Read" } } },
      providers: { Corp: { type: "saml", metadataUrl: "https://corp.example.com" } },
      groups: { "a b": {} },
    },
    [
      'groups.a b: was "a b"; allowed: letters, digits, _, . and -, at most 128 characters; ' +
        "rename it: it stands in every token of a member",
      kebab("resourceServers.Orders", "Orders"),
      kebab("providers.Corp", "Corp"),
      kebab("clients.My_App", "My_App"),
    ],
  ],
  [
    "a precedence that is none",
    { groups: { staff: { precedence: -1 } } },
    [range("groups.staff.precedence", -1, 0, 2 ** 31 - 1)],
  ],
  [
    "resource servers that Cognito refuses",
    {
      resourceServers: {
        empty: { scopes: {} },
        spaced: { identifier: "my orders", scopes: { "read/all": "Read" } },
        one: { identifier: "same", scopes: { read: "Read" } },
        two: { identifier: "same", scopes: { read: "Read" } },
      },
    },
    [
      "resourceServers.empty.scopes: was {}; allowed: at least one scope; name what a token may allow",
      'resourceServers.spaced.identifier: was "my orders"; allowed: printable ASCII without spaces, quotes and backslashes, ' +
        "at most 256 characters; set a name such as orders, or the API's URL",
      'resourceServers.spaced.scopes: was "read/all"; allowed: printable ASCII without spaces, quotes, slashes and ' +
        "backslashes, at most 256 characters; set a name such as read",
      'resourceServers.two.identifier: was "same"; allowed: each identifier once; set another one',
    ],
  ],
  [
    "providers that Cognito refuses",
    {
      attributes: { team: { ...plan, mutable: false } },
      providers: {
        cognito: { type: "saml", metadataUrl: "https://a.example.com" },
        ab: { type: "saml", metadataUrl: "http://a.example.com", metadataXml: "<x/>" },
        none: { type: "saml" },
        oidc: { type: "oidc", issuer: "corp.example.com", clientId: "c", clientSecretArn: secretArn("c") },
        first: google,
        second: { ...google, attributes: { "custom:team": "hd", "custom:none": "x", nme: "name" } },
      },
    },
    [
      'providers.cognito: was "cognito"; allowed: any other key; rename it: cognito stands for the pool\'s own users',
      'providers.ab: was "ab"; allowed: 3 to 32 characters (Cognito); rename it: users of it carry the name',
      'providers.ab.metadataUrl: was "http://a.example.com"; allowed: either metadataUrl or metadataXml; set one of them',
      'providers.ab.metadataUrl: was "http://a.example.com"; allowed: an https:// URL; set the provider\'s own',
      "providers.none.metadataUrl: was not set; allowed: either metadataUrl or metadataXml; set one of them",
      'providers.oidc.issuer: was "corp.example.com"; allowed: an https:// URL; set the provider\'s own',
      'providers.second: was "google"; allowed: one provider of that type; remove the second one',
      'providers.second.attributes: was "custom:team"; allowed: mutable attributes; ' +
        "Cognito writes it at each sign-in, and fails when it cannot: map another one",
      'providers.second.attributes: was "custom:none"; allowed: Cognito\'s own attributes, custom:team; ' +
        "declare it under attributes, and map custom:<name>",
      'providers.second.attributes: was "nme"; allowed: Cognito\'s own attributes, custom:team; ' +
        "declare it under attributes, and map custom:<name>",
    ],
  ],
  [
    "a custom challenge by halves",
    { triggers: { defineAuthChallenge: lambda("a") } },
    ["createAuthChallenge", "verifyAuthChallengeResponse"].map(
      (trigger) =>
        `triggers.${trigger}: was not set; allowed: all three functions of a custom challenge, or none; add it`,
    ),
  ],
];

describe("AuthPool faults", () => {
  for (const [what, more, expected] of cases) {
    it(`refuses ${what}`, async () => assert.deepEqual(await faults(more), expected));
  }

  it("refuses a name that makes no variable", async () => {
    assert.deepEqual(await faults({}, "Users_1"), [
      'name: was "Users_1"; allowed: kebab-case, such as users; rename the component',
    ]);
  });

  it("refuses a prefix of its own that is too long, or has a reserved word", async () => {
    const name = `customers-of-aws-${"x".repeat(30)}`;
    const prefix = `kiban-dev-${name}`;
    assert.deepEqual(await faults({}, name), [
      `loginPrefix: was "${prefix}"; allowed: lower-case letters, digits and -, at most 50 characters ` +
        "(made of project, stack and name); set a shorter one; the account's number follows it",
      `loginPrefix: was "${prefix}"; allowed: no aws, amazon or cognito in it (made of project, stack and name); ` +
        "set one without them",
    ]);
  });

  it("reports all at once", async () => {
    assert.equal((await faults({ passkeys: true, threatProtection: "audit", clients: { A: spa } })).length, 3);
  });

  describe("with a record, accept", () => {
    for (const [what, more] of [
      ["the same", kept],
      ["one attribute more", { ...kept, attributes: { ...recorded.attributes, extra: plan } }],
      ["passkeys that go", { ...kept, passkeys: false }],
      [
        "passkeys that come",
        { ...kept, recorded: { ...recorded, relyingPartyId: undefined } as unknown as PoolRecord },
      ],
      [
        "mutability said and left out",
        { ...kept, attributes: { ...recorded.attributes, plan: { ...plan, mutable: true } } },
      ],
    ] as const) {
      it(what, async () => assert.equal((await runPool(more)).error, undefined));
    }
  });

  for (const [text, address] of [
    ["a@example.com", "a@example.com"],
    ["Example <a@Example.com>", "a@Example.com"],
    ["<a@example.com>", undefined],
    ["a@localhost", undefined],
    ["a b@example.com", undefined],
    ["Example a@example.com", undefined],
    ["a@example.com>", undefined],
    ["", undefined],
  ] as const) {
    it(`${address === undefined ? "refuses" : "takes"} the sender ${JSON.stringify(text)}`, () => {
      assert.equal(parseSender(text)?.address, address);
    });
  }
});
