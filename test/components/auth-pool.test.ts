import assert from "node:assert/strict";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { AuthPool, type AuthPoolArgs, type AuthPoolTransform } from "../../components/auth-pool/auth-pool";
import { children, resource, run } from "../harness";
import {
  args,
  component,
  domain,
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

/** A pool with one of everything. */
const everything: Partial<AuthPoolArgs> = {
  domain,
  tier: "PLUS",
  threatProtection: "enforced",
  clients: { site: spa, admin: server, batch: machine },
  resourceServers,
  groups: { staff: {} },
  providers: { google: { type: "google", clientId: "g", clientSecretArn: secretArn("google") } },
  triggers: { preSignUp: lambda("sign-up") },
};

const everyChild = [
  `${types.branding} users-client-admin-branding`,
  `${types.branding} users-client-site-branding`,
  `${types.certificate} users-certificate`,
  `${types.client} users-client-admin`,
  `${types.client} users-client-batch`,
  `${types.client} users-client-site`,
  `${types.domain} users-domain`,
  `${types.group} users-group-staff`,
  `${types.identity} users-identity`,
  `${types.permission} users-trigger-pre-sign-up`,
  `${types.pool} users-pool`,
  `${types.provider} users-provider-google`,
  `${types.record} users-certificate-prove-auth.example.com`,
  `${types.record} users-dkim-0`,
  `${types.record} users-dkim-1`,
  `${types.record} users-dkim-2`,
  `${types.record} users-domain-record`,
  `${types.risk} users-risk`,
  `${types.secret} users-client-admin-secret`,
  `${types.secret} users-client-batch-secret`,
  `${types.secretVersion} users-client-admin-secret-value`,
  `${types.secretVersion} users-client-batch-secret-value`,
  `${types.server} users-server-orders`,
  `${types.verification} users-identity-verified`,
  "aws:acm/certificate:Certificate users-certificate-acm",
  "aws:acm/certificateValidation:CertificateValidation users-certificate-issued",
].toSorted();

async function pool(more: Partial<AuthPoolArgs> = {}) {
  return resource(await runPool(more), types.pool, "users-pool");
}

describe("AuthPool", () => {
  describe("children", () => {
    it("are a pool and its address at the least", async () => {
      assert.deepEqual(children(await runPool(), "users"), [
        `${types.pool} users-pool`,
        `${types.domain} users-domain`,
      ]);
    });

    it("are one of everything at the most", async () => {
      const result = await runPool(everything);
      assert.equal(result.error, undefined);
      assert.deepEqual(children(result, "users"), everyChild);
    });

    it("are the same in a first preview, when the cloud's values are unknown", async () => {
      const result = await runPool(everything, { preview: true });
      assert.equal(result.error, undefined);
      assert.deepEqual(children(result, "users"), everyChild);
    });

    it("live beside those of another pool", async () => {
      const result = await run(() => {
        for (const name of ["users", "partners"]) new AuthPool(name, args(everything));
      });
      assert.equal(result.error, undefined);
      assert.equal(new Set(result.resources.map((r) => r.urn)).size, result.resources.length);
      assert.equal(children(result, "partners").length, everyChild.length);
    });
  });

  describe("pool", () => {
    it("signs in by e-mail in whatever case, invites, and proves addresses", async () => {
      const { inputs } = await pool();
      assert.deepEqual(inputs["usernameAttributes"], ["email"]);
      assert.deepEqual(inputs["usernameConfiguration"], { caseSensitive: false });
      assert.deepEqual(inputs["autoVerifiedAttributes"], ["email"]);
      assert.deepEqual(inputs["userAttributeUpdateSettings"], {
        attributesRequireVerificationBeforeUpdates: ["email"],
      });
      assert.deepEqual(inputs["accountRecoverySetting"], {
        recoveryMechanisms: [{ name: "verified_email", priority: 1 }],
      });
      assert.deepEqual(inputs["adminCreateUserConfig"], { allowAdminCreateUserOnly: true });
    });

    it("lets anybody sign up, and tells cases apart, when asked to", async () => {
      const { inputs } = await pool({ selfSignUp: true, caseSensitive: true });
      assert.deepEqual(inputs["adminCreateUserConfig"], { allowAdminCreateUserOnly: false });
      assert.deepEqual(inputs["usernameConfiguration"], { caseSensitive: true });
    });

    for (const [what, more, expected] of [
      [
        "by default",
        {},
        {
          minimumLength: 12,
          requireLowercase: true,
          requireUppercase: true,
          requireNumbers: true,
          requireSymbols: true,
          temporaryPasswordValidityDays: 7,
          passwordHistorySize: 5,
        },
      ],
      [
        "as asked",
        { password: { minimumLength: 20, mixedCharacters: false, history: 24, temporaryDays: 1 } },
        {
          minimumLength: 20,
          requireLowercase: false,
          requireUppercase: false,
          requireNumbers: false,
          requireSymbols: false,
          temporaryPasswordValidityDays: 1,
          passwordHistorySize: 24,
        },
      ],
      [
        "with tier LITE, without history",
        { tier: "LITE" },
        {
          minimumLength: 12,
          requireLowercase: true,
          requireUppercase: true,
          requireNumbers: true,
          requireSymbols: true,
          temporaryPasswordValidityDays: 7,
        },
      ],
    ] as const) {
      it(`has its password policy, ${what}`, async () => {
        assert.deepEqual((await pool(more)).inputs["passwordPolicy"], expected);
      });
    }

    for (const [mfa, configuration, totp] of [
      [undefined, "OPTIONAL", { enabled: true }],
      ["optional", "OPTIONAL", { enabled: true }],
      ["required", "ON", { enabled: true }],
      ["off", "OFF", undefined],
    ] as const) {
      it(`takes a second factor by TOTP: mfa ${mfa ?? "left out"}`, async () => {
        const { inputs } = await pool(mfa === undefined ? {} : { mfa });
        assert.equal(inputs["mfaConfiguration"], configuration);
        assert.deepEqual(inputs["softwareTokenMfaConfiguration"], totp);
        assert.equal(inputs["smsConfiguration"], undefined);
      });
    }

    for (const [what, more, factors, webAuthn] of [
      ["off without a domain", {}, ["PASSWORD"], undefined],
      [
        "on with one, bound to it",
        { domain },
        ["PASSWORD", "WEB_AUTHN"],
        { relyingPartyId: "auth.example.com", userVerification: "required" },
      ],
      ["off with one when asked to", { domain, passkeys: false }, ["PASSWORD"], undefined],
      ["unknown to tier LITE", { tier: "LITE" }, undefined, undefined],
    ] as const) {
      it(`has passkeys ${what}`, async () => {
        const { inputs } = await pool(more);
        const expected = factors === undefined ? undefined : { allowedFirstAuthFactors: factors };
        assert.deepEqual(inputs["signInPolicy"], expected);
        assert.deepEqual(inputs["webAuthnConfiguration"], webAuthn);
      });
    }

    for (const [what, more, tier, addOns, risk] of [
      ["by default", {}, "ESSENTIALS", undefined, false],
      ["with LITE", { tier: "LITE" }, "LITE", undefined, false],
      ["with PLUS", { tier: "PLUS" }, "PLUS", { advancedSecurityMode: "AUDIT" }, false],
      [
        "with PLUS, enforced",
        { tier: "PLUS", threatProtection: "enforced" },
        "PLUS",
        { advancedSecurityMode: "ENFORCED" },
        true,
      ],
      ["with PLUS, off", { tier: "PLUS", threatProtection: "off" }, "PLUS", { advancedSecurityMode: "OFF" }, false],
    ] as const) {
      it(`has the threat protection of its tier ${what}`, async () => {
        const result = await runPool(more);
        const { inputs } = resource(result, types.pool, "users-pool");
        assert.equal(inputs["userPoolTier"], tier);
        assert.deepEqual(inputs["userPoolAddOns"], addOns);
        assert.equal(children(result, "users").includes(`${types.risk} users-risk`), risk);
      });
    }

    it("acts on risks when threat protection is enforced", async () => {
      const result = await runPool({ tier: "PLUS", threatProtection: "enforced" });
      assert.deepEqual(resource(result, types.risk, "users-risk").inputs, {
        userPoolId: resource(result, types.pool, "users-pool").id,
        compromisedCredentialsRiskConfiguration: { actions: { eventAction: "BLOCK" } },
        accountTakeoverRiskConfiguration: {
          actions: {
            highAction: { eventAction: "BLOCK", notify: false },
            mediumAction: { eventAction: "MFA_IF_CONFIGURED", notify: false },
            lowAction: { eventAction: "NO_ACTION", notify: false },
          },
        },
      });
    });

    it("says each attribute's type and bounds, the address first", async () => {
      const { inputs } = await pool({
        attributes: {
          plan: { type: "string", minLength: 0, maxLength: 32 },
          seats: { type: "number", min: 1, max: 500, mutable: false },
          beta: { type: "boolean" },
          since: { type: "dateTime", mutable: false },
        },
      });
      const own = { developerOnlyAttribute: false, required: false };
      assert.deepEqual(inputs["schemas"], [
        {
          name: "email",
          attributeDataType: "String",
          developerOnlyAttribute: false,
          mutable: true,
          required: true,
          stringAttributeConstraints: { minLength: "0", maxLength: "2048" },
        },
        {
          ...own,
          name: "plan",
          attributeDataType: "String",
          mutable: true,
          stringAttributeConstraints: { minLength: "0", maxLength: "32" },
        },
        {
          ...own,
          name: "seats",
          attributeDataType: "Number",
          mutable: false,
          numberAttributeConstraints: { minValue: "1", maxValue: "500" },
        },
        { ...own, name: "beta", attributeDataType: "Boolean", mutable: true },
        { ...own, name: "since", attributeDataType: "DateTime", mutable: false },
      ]);
    });

    for (const keep of [true, false]) {
      it(`with keep ${keep} is ${keep ? "" : "not "}protected, from another passkey domain too`, async () => {
        const own = await pool({ keep, domain });
        assert.equal(own.options["protect"], keep);
        assert.equal(own.inputs["deletionProtection"], keep ? "ACTIVE" : "INACTIVE");
        assert.deepEqual(own.options["replaceOnChanges"], keep ? ["webAuthnConfiguration.relyingPartyId"] : []);
      });
    }
  });

  describe("address", () => {
    it("is a prefix of project, stack, name and account", async () => {
      for (const stack of ["dev", "prod"]) {
        const result = await runPool({}, { stack, accountId: "222222222222" });
        const own = resource(result, types.domain, "users-domain");
        assert.deepEqual(own.inputs, {
          userPoolId: resource(result, types.pool, "users-pool").id,
          domain: `kiban-${stack}-users-222222222222`,
          managedLoginVersion: 2,
        });
        const url = `https://kiban-${stack}-users-222222222222.auth.ap-northeast-1.amazoncognito.com`;
        assert.equal(component(result).outputs["loginUrl"], url);
      }
    });

    it("has the prefix that was asked for, and the account still", async () => {
      const own = resource(await runPool({ loginPrefix: "acme" }), types.domain, "users-domain");
      assert.equal(own.inputs["domain"], "acme-111111111111");
    });

    it("shows the classic pages with tier LITE", async () => {
      const own = resource(await runPool({ tier: "LITE" }), types.domain, "users-domain");
      assert.equal(own.inputs["managedLoginVersion"], 1);
    });

    it("is a name of one's own, with a certificate in us-east-1 and a record", async () => {
      const result = await runPool({ domain });
      const certificate = resource(result, "aws:acm/certificate:Certificate", "users-certificate-acm");
      assert.equal(certificate.inputs["domainName"], "auth.example.com");
      assert.equal(certificate.inputs["region"], "us-east-1");
      const own = resource(result, types.domain, "users-domain");
      assert.deepEqual(own.inputs, {
        userPoolId: resource(result, types.pool, "users-pool").id,
        domain: "auth.example.com",
        certificateArn: certificate.outputs["arn"],
        managedLoginVersion: 2,
      });
      const { inputs } = resource(result, types.record, "users-domain-record");
      assert.equal(inputs["name"], "auth.example.com");
      assert.equal(inputs["type"], "A");
      assert.equal(inputs["zoneId"], domain.zoneId);
      assert.deepEqual(inputs["aliases"], [
        { name: own.outputs["cloudfrontDistribution"], zoneId: "Z2FDTNDATAQYW2", evaluateTargetHealth: false },
      ]);
      assert.equal(component(result).outputs["loginUrl"], "https://auth.example.com");
    });

    it("waits for the parent's records", async () => {
      const result = await run(() => {
        const parent = new aws.route53.Record("parent", { zoneId: "Z1", name: "example.com", type: "A" });
        new AuthPool("users", args({ domain: { ...domain, parentRecords: [parent] } }));
      });
      const parent = resource(result, types.record, "parent");
      assert.ok(resource(result, types.domain, "users-domain").dependencies.includes(parent.urn));
      assert.ok(!resource(result, types.pool, "users-pool").dependencies.includes(parent.urn));
    });
  });

  describe("mails", () => {
    it("come from Cognito without a domain, or when asked to", async () => {
      for (const more of [{}, { domain, email: "cognito" }] as const) {
        const result = await runPool(more);
        const { inputs } = resource(result, types.pool, "users-pool");
        assert.deepEqual(inputs["emailConfiguration"], { emailSendingAccount: "COGNITO_DEFAULT" });
        assert.ok(!children(result, "users").some((child) => child.startsWith(types.identity)));
      }
    });

    it("come from the domain through SES, once SES has proven it", async () => {
      const result = await runPool({ domain });
      const identity = resource(result, types.identity, "users-identity");
      assert.deepEqual(identity.inputs, { emailIdentity: "auth.example.com" });
      const { tokens } = identity.outputs["dkimSigningAttributes"] as { tokens: string[] };
      const records = [0, 1, 2].map((index) => resource(result, types.record, `users-dkim-${index}`));
      for (const [index, record] of records.entries()) {
        assert.deepEqual(record.inputs, {
          zoneId: domain.zoneId,
          name: `${tokens[index]}._domainkey.auth.example.com`,
          type: "CNAME",
          records: [`${tokens[index]}.dkim.amazonses.com`],
          ttl: 300,
        });
      }
      const verification = resource(result, types.verification, "users-identity-verified");
      assert.equal(verification.inputs["domain"], "auth.example.com");
      for (const { urn } of records) assert.ok(verification.dependencies.includes(urn));
      const own = resource(result, types.pool, "users-pool");
      assert.ok(own.dependencies.includes(verification.urn));
      assert.deepEqual(own.inputs["emailConfiguration"], {
        emailSendingAccount: "DEVELOPER",
        fromEmailAddress: "no-reply@auth.example.com",
        sourceArn: "arn:aws:ses:ap-northeast-1:111111111111:identity/auth.example.com",
      });
    });

    it("come from another identity", async () => {
      const identityArn = "arn:aws:ses:ap-northeast-1:111111111111:identity/example.com";
      const result = await runPool({
        email: { from: "Example <hello@example.com>", replyTo: "help@example.com", identityArn },
      });
      assert.ok(!children(result, "users").some((child) => child.startsWith(types.identity)));
      assert.deepEqual(resource(result, types.pool, "users-pool").inputs["emailConfiguration"], {
        emailSendingAccount: "DEVELOPER",
        fromEmailAddress: "Example <hello@example.com>",
        sourceArn: identityArn,
        replyToEmailAddress: "help@example.com",
      });
    });

    it("come from a name at the domain", async () => {
      const own = await pool({ domain, email: { from: "Example <hello@auth.example.com>" } });
      const configuration = own.inputs["emailConfiguration"] as Record<string, unknown>;
      assert.equal(configuration["fromEmailAddress"], "Example <hello@auth.example.com>");
      assert.equal(configuration["sourceArn"], "arn:aws:ses:ap-northeast-1:111111111111:identity/auth.example.com");
    });
  });

  describe("outputs", () => {
    it("say where tokens come from and for whom they are", async () => {
      const result = await runPool({ clients: { site: spa, admin: server } });
      const id = resource(result, types.pool, "users-pool").id;
      const ids = ["site", "admin"].map((key) => resource(result, types.client, `users-client-${key}`).id);
      const { outputs } = component(result);
      const issuer = `https://cognito-idp.ap-northeast-1.amazonaws.com/${id}`;
      assert.equal(outputs["userPoolId"], id);
      assert.equal(outputs["userPoolArn"], `arn:aws:cognito-idp:ap-northeast-1:111111111111:userpool/${id}`);
      assert.deepEqual(outputs["jwt"], { issuer, jwksUrl: `${issuer}/.well-known/jwks.json`, audience: ids });
      assert.deepEqual(outputs["clientIds"], { site: ids[0], admin: ids[1] });
    });

    it("hold the record, which a pool of the same arguments accepts", async () => {
      const attributes = { plan: { type: "string", minLength: 0, maxLength: 32 } } as const;
      const { record } = component(await runPool({ domain, attributes })).outputs;
      assert.deepEqual(record, {
        signInAttributes: ["email"],
        caseSensitive: false,
        relyingPartyId: "auth.example.com",
        attributes,
      });
      const recorded = JSON.parse(JSON.stringify(record)) as NonNullable<AuthPoolArgs["recorded"]>;
      const again = await runPool({ domain, attributes, recorded });
      assert.equal(again.error, undefined);
    });
  });

  describe("accesses", () => {
    const admin = [
      "cognito-idp:AdminAddUserToGroup",
      "cognito-idp:AdminCreateUser",
      "cognito-idp:AdminDeleteUser",
      "cognito-idp:AdminDeleteUserAttributes",
      "cognito-idp:AdminDisableUser",
      "cognito-idp:AdminEnableUser",
      "cognito-idp:AdminGetUser",
      "cognito-idp:AdminListGroupsForUser",
      "cognito-idp:AdminListUserAuthEvents",
      "cognito-idp:AdminRemoveUserFromGroup",
      "cognito-idp:AdminResetUserPassword",
      "cognito-idp:AdminSetUserMFAPreference",
      "cognito-idp:AdminUpdateUserAttributes",
      "cognito-idp:AdminUserGlobalSignOut",
      "cognito-idp:ListGroups",
      "cognito-idp:ListUsers",
      "cognito-idp:ListUsersInGroup",
    ];

    it("are these, and no more", async () => {
      let accesses: unknown;
      const result = await run(async () => {
        const users = new AuthPool(
          "users",
          args({ resourceServers, clients: { site: spa, admin: server, batch: machine } }),
        );
        const given = pulumi.output([users.admin, users.verify, users.clients]);
        accesses = await new Promise((resolve) => given.apply(resolve));
      });
      const { id, outputs } = resource(result, types.pool, "users-pool");
      const issuer = `https://cognito-idp.ap-northeast-1.amazonaws.com/${id}`;
      const client = (key: string, secret: boolean) => ({
        name: `users-${key}`,
        env: {
          CLIENT_ID: resource(result, types.client, `users-client-${key}`).id,
          ISSUER: issuer,
          LOGIN_URL: "https://kiban-dev-users-111111111111.auth.ap-northeast-1.amazoncognito.com",
        },
        ...(secret && {
          secrets: {
            CLIENT_SECRET: {
              arn: resource(result, types.secret, `users-client-${key}-secret`).outputs["arn"],
              keyArn,
            },
          },
        }),
        statements: [],
      });
      const audience = ["site", "admin", "batch"].map((key) => client(key, false).env.CLIENT_ID).join(",");
      assert.deepEqual(accesses, [
        {
          name: "users",
          env: { USER_POOL_ID: id },
          statements: [{ Effect: "Allow", Action: admin, Resource: outputs["arn"] }],
        },
        {
          name: "users",
          env: { ISSUER: issuer, JWKS_URL: `${issuer}/.well-known/jwks.json`, AUDIENCE: audience },
          statements: [],
        },
        { site: client("site", false), admin: client("admin", true), batch: client("batch", true) },
      ]);
    });
  });

  it("gives each transform its child", async () => {
    const marks: { [K in keyof AuthPoolTransform]-?: [names: string[], type: string, property: string] } = {
      identity: [["users-identity"], types.identity, "configurationSetName"],
      dkimRecords: [["users-dkim-0", "users-dkim-1", "users-dkim-2"], types.record, "setIdentifier"],
      identityVerification: [["users-identity-verified"], types.verification, "domain"],
      pool: [["users-pool"], types.pool, "name"],
      riskConfiguration: [["users-risk"], types.risk, "clientId"],
      triggerPermissions: [["users-trigger-pre-sign-up"], types.permission, "statementId"],
      certificate: [["users-certificate-acm"], "aws:acm/certificate:Certificate", "keyAlgorithm"],
      domain: [["users-domain"], types.domain, "domain"],
      domainRecord: [["users-domain-record"], types.record, "setIdentifier"],
      groups: [["users-group-staff"], types.group, "description"],
      resourceServers: [["users-server-orders"], types.server, "name"],
      providers: [["users-provider-google"], types.provider, "providerName"],
      clients: [["users-client-site", "users-client-admin", "users-client-batch"], types.client, "name"],
      clientSecrets: [["users-client-admin-secret", "users-client-batch-secret"], types.secret, "description"],
      clientSecretValues: [["users-client-admin-secret-value"], types.secretVersion, "secretId"],
      brandings: [["users-client-site-branding", "users-client-admin-branding"], types.branding, "settings"],
    };
    const change = (key: string, property: string) =>
      key === "certificate" ? { certificate: { [property]: "changed" } } : { [property]: "changed" };
    const transform = Object.fromEntries(
      Object.entries(marks).map(([key, [, , property]]) => [key, change(key, property)]),
    ) as AuthPoolTransform;
    const result = await runPool({ ...everything, transform });
    for (const [key, [names, type, property]] of Object.entries(marks)) {
      for (const name of names) {
        assert.equal(resource(result, type, name).inputs[property], "changed", `${key}: ${name}`);
      }
    }
  });
});
