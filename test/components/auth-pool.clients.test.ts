import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { isRedirect } from "../../components/auth-pool/check-clients";
import type { PoolProvider, PoolTriggers } from "../../components/auth-pool/types";
import { children, resource, run } from "../harness";
import { AuthPool, type AuthPoolArgs } from "../../components/auth-pool/auth-pool";
import {
  args,
  keyArn,
  lambda,
  machine,
  resourceServers,
  runPool,
  secretArn,
  server,
  spa,
  types,
} from "./auth-pool-fixture";

async function client(more: Partial<AuthPoolArgs>, key = "app") {
  const result = await runPool(more);
  assert.equal(result.error, undefined);
  return resource(result, types.client, `users-client-${key}`);
}

const secretMark = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

describe("AuthPool clients", () => {
  const common = {
    allowedOauthFlowsUserPoolClient: true,
    preventUserExistenceErrors: "ENABLED",
    enableTokenRevocation: true,
    accessTokenValidity: 15,
    idTokenValidity: 15,
    refreshTokenValidity: 30,
    tokenValidityUnits: { accessToken: "minutes", idToken: "minutes", refreshToken: "days" },
  };
  const user = {
    ...common,
    allowedOauthFlows: ["code"],
    allowedOauthScopes: ["openid", "email", "profile"],
    callbackUrls: ["https://example.com/in"],
    logoutUrls: [],
    supportedIdentityProviders: ["COGNITO"],
    explicitAuthFlows: ["ALLOW_USER_AUTH"],
    refreshTokenRotation: { feature: "ENABLED", retryGracePeriodSeconds: 10 },
  };

  for (const [preset, given, expected] of [
    ["spa", spa, { ...user, generateSecret: false }],
    ["server", server, { ...user, generateSecret: true }],
    [
      "machine",
      machine,
      {
        ...common,
        generateSecret: true,
        allowedOauthFlows: ["client_credentials"],
        allowedOauthScopes: ["orders/read"],
        explicitAuthFlows: ["ALLOW_REFRESH_TOKEN_AUTH"],
      },
    ],
  ] as const) {
    it(`are exactly this as ${preset}`, async () => {
      const { inputs } = await client({ resourceServers, clients: { app: given } });
      const { userPoolId, ...rest } = inputs;
      assert.match(userPoolId as string, /^ap-northeast-1_/);
      assert.deepEqual(rest, expected);
    });
  }

  it("never have the implicit flow or one that sends a password in the clear", async () => {
    const result = await runPool({ resourceServers, clients: { a: spa, b: server, c: machine } });
    for (const { inputs } of result.resources.filter((r) => r.type === types.client)) {
      assert.ok(!(inputs["allowedOauthFlows"] as string[]).includes("implicit"));
      assert.ok(!(inputs["explicitAuthFlows"] as string[]).some((flow) => flow.includes("PASSWORD")));
    }
  });

  it("take lifetimes, scopes, URLs and providers of their own", async () => {
    const { inputs } = await client({
      resourceServers,
      providers: { google: { type: "google", clientId: "g", clientSecretArn: secretArn("google") } },
      clients: {
        app: {
          preset: "spa",
          callbackUrls: ["http://localhost:5173/in", "myapp://in"],
          logoutUrls: ["https://example.com/"],
          scopes: ["openid", "orders/read"],
          providers: ["google"],
          accessTokenMinutes: 5,
          idTokenMinutes: 60,
          refreshTokenDays: 1,
        },
      },
    });
    assert.deepEqual(inputs["callbackUrls"], ["http://localhost:5173/in", "myapp://in"]);
    assert.deepEqual(inputs["logoutUrls"], ["https://example.com/"]);
    assert.deepEqual(inputs["allowedOauthScopes"], ["openid", "orders/read"]);
    assert.deepEqual(inputs["supportedIdentityProviders"], ["Google"]);
    assert.equal(inputs["accessTokenValidity"], 5);
    assert.equal(inputs["idTokenValidity"], 60);
    assert.equal(inputs["refreshTokenValidity"], 1);
  });

  it("rotate nothing with tier LITE, which cannot, and renew by the flow that it has", async () => {
    const { inputs } = await client({ tier: "LITE", clients: { app: spa } });
    assert.equal(inputs["refreshTokenRotation"], undefined);
    assert.deepEqual(inputs["explicitAuthFlows"], ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]);
  });

  it("wait for the providers and scopes that they name", async () => {
    const result = await runPool({
      resourceServers,
      providers: { google: { type: "google", clientId: "g", clientSecretArn: secretArn("google") } },
      clients: { app: spa },
    });
    const { dependencies } = resource(result, types.client, "users-client-app");
    assert.ok(dependencies.includes(resource(result, types.provider, "users-provider-google").urn));
    assert.ok(dependencies.includes(resource(result, types.server, "users-server-orders").urn));
  });

  it("keep their secret in Secrets Manager, under the key", async () => {
    for (const keep of [true, false]) {
      const result = await runPool({ keep, clients: { app: server } });
      assert.deepEqual(resource(result, types.secret, "users-client-app-secret").inputs, {
        description: "Secret of the app client users-client-app",
        kmsKeyId: keyArn,
        recoveryWindowInDays: keep ? 30 : 0,
      });
      assert.equal(resource(result, types.secret, "users-client-app-secret").options["protect"], keep);
      const { inputs } = resource(result, types.secretVersion, "users-client-app-secret-value");
      assert.deepEqual(
        inputs["secretString"],
        resource(result, types.client, "users-client-app").outputs["clientSecret"],
      );
      assert.deepEqual({ ...(inputs["secretString"] as object), ...secretMark }, inputs["secretString"]);
    }
  });

  it("have none as spa", async () => {
    const found = children(await runPool({ clients: { app: spa } }), "users");
    assert.ok(!found.some((child) => child.startsWith("aws:secretsmanager/")));
  });

  it("show Cognito's own style, or the branding; machines and tier LITE show none", async () => {
    const clients = { app: spa, job: machine };
    const own = await runPool({ clients, resourceServers });
    const { id } = resource(own, types.client, "users-client-app");
    const userPoolId = resource(own, types.pool, "users-pool").id;
    assert.deepEqual(resource(own, types.branding, "users-client-app-branding").inputs, {
      userPoolId,
      clientId: id,
      useCognitoProvidedValues: true,
    });
    assert.ok(!children(own, "users").includes(`${types.branding} users-client-job-branding`));
    const lite = await runPool({ tier: "LITE", clients, resourceServers });
    assert.ok(!children(lite, "users").some((child) => child.startsWith(types.branding)));

    const assets = [{ category: "FORM_LOGO", colorMode: "LIGHT", extension: "SVG", bytes: "PHN2Zy8+" }];
    const branded = await runPool({ clients: { app: spa }, branding: { settings: { a: { b: 1 } }, assets } });
    assert.deepEqual(resource(branded, types.branding, "users-client-app-branding").inputs, {
      userPoolId,
      clientId: id,
      settings: '{"a":{"b":1}}',
      assets,
    });
  });

  it("read custom attributes and write none but those that a provider fills in", async () => {
    const attributes = {
      team: { type: "string", minLength: 0, maxLength: 64 },
      plan: { type: "string", minLength: 0, maxLength: 64 },
    } as const;
    const providers = {
      corp: {
        type: "oidc",
        issuer: "https://corp.example.com",
        clientId: "c",
        clientSecretArn: secretArn("corp"),
        attributes: { "custom:team": "team" },
      },
    } as const;
    const clients = { all: spa, own: { ...spa, providers: ["cognito"] } };
    const custom = (list: unknown) => (list as string[]).filter((name) => name.startsWith("custom:"));
    for (const [key, written] of [
      ["all", ["custom:team"]],
      ["own", []],
    ] as const) {
      const { inputs } = await client({ attributes, providers, clients }, key);
      assert.deepEqual(custom(inputs["readAttributes"]), ["custom:team", "custom:plan"]);
      assert.deepEqual(custom(inputs["writeAttributes"]), written);
      assert.equal((inputs["writeAttributes"] as string[]).length, 17 + written.length);
      assert.ok((inputs["readAttributes"] as string[]).includes("email_verified"));
      assert.ok(!(inputs["writeAttributes"] as string[]).includes("email_verified"));
    }
    const { inputs } = await client({ clients: { app: spa } });
    assert.equal(inputs["readAttributes"], undefined);
    assert.equal(inputs["writeAttributes"], undefined);
  });

  for (const [url, spaToo, serverToo] of [
    ["https://example.com/in", true, true],
    ["http://localhost:3000/in", true, true],
    ["http://127.0.0.1/in", true, true],
    ["http://[::1]:3000/in", true, true],
    ["myapp://in", true, false],
    ["http://example.com/in", false, false],
    ["http://localhost.example.com/in", false, false],
    ["http://localhost@example.com/in", false, false],
    ["https://example.com/in#token", false, false],
    ["javascript://x", false, false],
    ["mailto:a@example.com", false, false],
    ["example.com", false, false],
    ["", false, false],
  ] as const) {
    it(`${spaToo ? "may" : "may not"} return to ${JSON.stringify(url)}`, () => {
      assert.equal(isRedirect(url, true), spaToo);
      assert.equal(isRedirect(url, false), serverToo);
    });
  }

  it("return to a URL that is known later, which is checked then", async () => {
    const make = (url: string) =>
      run(() => new AuthPool("users", args({ clients: { app: { ...spa, callbackUrls: [pulumi.output(url)] } } })));
    const good = await make("https://d1.cloudfront.net/in");
    assert.equal(good.error, undefined);
    const { inputs } = resource(good, types.client, "users-client-app");
    assert.deepEqual(inputs["callbackUrls"], ["https://d1.cloudfront.net/in"]);
    const bad = await make("http://d1.cloudfront.net/in");
    assert.match(
      bad.error?.message ?? "",
      /AuthPool "users": clients\.app\.callbackUrls: was "http:\/\/d1\.cloudfront/,
    );
  });
});

describe("AuthPool groups and resource servers", () => {
  it("carry the names that tokens carry", async () => {
    const roleArn = "arn:aws:iam::111111111111:role/staff";
    const result = await runPool({
      groups: { Staff: { description: "All of us", precedence: 1, roleArn }, guests: {} },
      resourceServers: {
        orders: { identifier: "https://api.example.com/orders", scopes: { read: "Read", write: "Write" } },
      },
      clients: { job: { preset: "machine", scopes: ["https://api.example.com/orders/write"], accessTokenMinutes: 60 } },
    });
    assert.equal(result.error, undefined);
    const userPoolId = resource(result, types.pool, "users-pool").id;
    assert.deepEqual(resource(result, types.group, "users-group-Staff").inputs, {
      userPoolId,
      name: "Staff",
      description: "All of us",
      precedence: 1,
      roleArn,
    });
    assert.deepEqual(resource(result, types.group, "users-group-guests").inputs, { userPoolId, name: "guests" });
    assert.deepEqual(resource(result, types.server, "users-server-orders").inputs, {
      userPoolId,
      name: "orders",
      identifier: "https://api.example.com/orders",
      scopes: [
        { scopeName: "read", scopeDescription: "Read" },
        { scopeName: "write", scopeDescription: "Write" },
      ],
    });
    const { inputs } = resource(result, types.client, "users-client-job");
    assert.deepEqual(inputs["allowedOauthScopes"], ["https://api.example.com/orders/write"]);
    assert.equal(inputs["accessTokenValidity"], 60);
  });
});

describe("AuthPool providers", () => {
  const plain = { clientId: "id", clientSecretArn: secretArn("provider") };
  const value = "stand-in for provider-AbCdEf";
  const rows: [key: string, provider: PoolProvider, name: string, type: string, details: object, mapping: object][] = [
    [
      "corp",
      { ...plain, type: "oidc", issuer: "https://corp.example.com" },
      "corp",
      "OIDC",
      {
        client_id: "id",
        client_secret: value,
        oidc_issuer: "https://corp.example.com",
        attributes_request_method: "GET",
        authorize_scopes: "openid email profile",
      },
      { email: "email", username: "sub" },
    ],
    [
      "google",
      { ...plain, type: "google", attributes: { given_name: "given_name" } },
      "Google",
      "Google",
      { client_id: "id", client_secret: value, authorize_scopes: "openid email profile" },
      { email: "email", username: "sub", given_name: "given_name" },
    ],
    [
      "facebook",
      { ...plain, type: "facebook" },
      "Facebook",
      "Facebook",
      { client_id: "id", client_secret: value, authorize_scopes: "public_profile, email" },
      { email: "email", username: "id" },
    ],
    [
      "amazon",
      { ...plain, type: "amazon", scopes: ["profile", "postal_code"] },
      "LoginWithAmazon",
      "LoginWithAmazon",
      { client_id: "id", client_secret: value, authorize_scopes: "profile postal_code" },
      { email: "email", username: "user_id" },
    ],
    [
      "apple",
      { type: "apple", clientId: "id", teamId: "T1", keyId: "K1", privateKeySecretArn: secretArn("provider") },
      "SignInWithApple",
      "SignInWithApple",
      { client_id: "id", team_id: "T1", key_id: "K1", private_key: value, authorize_scopes: "email name" },
      { email: "email", username: "sub" },
    ],
  ];
  for (const [key, provider, name, type, details, mapping] of rows) {
    it(`have their secret as a secret alone: ${key}`, async () => {
      const result = await runPool({ providers: { [key]: provider }, clients: { app: spa } });
      assert.equal(result.error, undefined);
      const own = resource(result, types.provider, `users-provider-${key}`);
      assert.equal(own.inputs["providerName"], name);
      assert.equal(own.inputs["providerType"], type);
      assert.deepEqual(own.inputs["attributeMapping"], mapping);
      assert.deepEqual(own.inputs["providerDetails"], { ...secretMark, value: details });
      assert.deepEqual(own.options["additionalSecretOutputs"], ["providerDetails"]);
      // Nothing but the secret may hold the value.
      const open = JSON.stringify({ ...own.inputs, providerDetails: null });
      assert.ok(!open.includes(value));
      assert.deepEqual(resource(result, types.client, "users-client-app").inputs["supportedIdentityProviders"], [
        "COGNITO",
        name,
      ]);
    });
  }

  it("follow the metadata of SAML, or have it", async () => {
    const result = await runPool({
      providers: {
        corp: { type: "saml", metadataUrl: "https://corp.example.com/metadata", identifiers: ["corp.example.com"] },
        old: { type: "saml", metadataXml: "<x/>", signOut: true },
      },
    });
    const corp = resource(result, types.provider, "users-provider-corp").inputs;
    assert.equal(corp["providerType"], "SAML");
    assert.deepEqual(corp["idpIdentifiers"], ["corp.example.com"]);
    assert.deepEqual(corp["providerDetails"], {
      MetadataURL: "https://corp.example.com/metadata",
      IDPSignout: "false",
      RequestSigningAlgorithm: "rsa-sha256",
    });
    assert.deepEqual(corp["attributeMapping"], {
      email: "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
    });
    const old = resource(result, types.provider, "users-provider-old").inputs;
    assert.equal(old["idpIdentifiers"], undefined);
    assert.deepEqual(old["providerDetails"], {
      MetadataFile: "<x/>",
      IDPSignout: "true",
      RequestSigningAlgorithm: "rsa-sha256",
    });
  });
});

describe("AuthPool triggers", () => {
  const simple = [
    "preSignUp",
    "postConfirmation",
    "preAuthentication",
    "postAuthentication",
    "customMessage",
    "userMigration",
    "defineAuthChallenge",
    "createAuthChallenge",
    "verifyAuthChallengeResponse",
  ] as const;
  const kebab = (trigger: string) => trigger.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

  it("are configured, and may be called by this pool alone", async () => {
    const triggers: PoolTriggers = {
      ...Object.fromEntries(simple.map((trigger) => [trigger, lambda(trigger)])),
      preTokenGeneration: { functionArn: lambda("preTokenGeneration") },
      customEmailSender: lambda("customEmailSender"),
    };
    const result = await runPool({ triggers });
    const pool = resource(result, types.pool, "users-pool");
    assert.deepEqual(pool.inputs["lambdaConfig"], {
      ...Object.fromEntries(simple.map((trigger) => [trigger, lambda(trigger)])),
      preTokenGenerationConfig: { lambdaArn: lambda("preTokenGeneration"), lambdaVersion: "V2_0" },
      customEmailSender: { lambdaArn: lambda("customEmailSender"), lambdaVersion: "V1_0" },
      kmsKeyId: keyArn,
    });
    for (const trigger of [...simple, "preTokenGeneration", "customEmailSender"]) {
      assert.deepEqual(resource(result, types.permission, `users-trigger-${kebab(trigger)}`).inputs, {
        function: lambda(trigger),
        action: "lambda:InvokeFunction",
        principal: "cognito-idp.amazonaws.com",
        sourceArn: pool.outputs["arn"],
      });
    }
    assert.equal(result.resources.filter((r) => r.type === types.permission).length, 11);
  });

  it("are none without", async () => {
    const result = await runPool();
    assert.equal(resource(result, types.pool, "users-pool").inputs["lambdaConfig"], undefined);
  });

  for (const [tier, version, expected] of [
    ["LITE", undefined, "V1_0"],
    ["ESSENTIALS", undefined, "V2_0"],
    ["ESSENTIALS", "V3_0", "V3_0"],
  ] as const) {
    it(`change tokens by ${expected} with ${tier}, version ${version ?? "left out"}`, async () => {
      const preTokenGeneration = { functionArn: lambda("claims"), ...(version !== undefined && { version }) };
      const result = await runPool({ tier, triggers: { preTokenGeneration } });
      assert.deepEqual(resource(result, types.pool, "users-pool").inputs["lambdaConfig"], {
        preTokenGenerationConfig: { lambdaArn: lambda("claims"), lambdaVersion: expected },
      });
    });
  }

  it("open the custom flow to the clients, watched with PLUS", async () => {
    const challenge = { defineAuthChallenge: "a", createAuthChallenge: "b", verifyAuthChallengeResponse: "c" };
    const triggers = Object.fromEntries(Object.entries(challenge).map(([key, name]) => [key, lambda(name)]));
    const result = await runPool({ tier: "PLUS", triggers, clients: { app: spa } });
    const { inputs } = resource(result, types.client, "users-client-app");
    assert.deepEqual(inputs["explicitAuthFlows"], ["ALLOW_USER_AUTH", "ALLOW_CUSTOM_AUTH"]);
    assert.deepEqual(resource(result, types.pool, "users-pool").inputs["userPoolAddOns"], {
      advancedSecurityMode: "AUDIT",
      advancedSecurityAdditionalFlows: { customAuthMode: "AUDIT" },
    });
  });
});
