import assert from "node:assert/strict";

import * as rules from "../../policy/rules/cognito";
import { type Break, UNKNOWN, analyse, testRule } from "./harness";

const pool = "aws:cognito/userPool:UserPool";
const client = "aws:cognito/userPoolClient:UserPoolClient";
const identityPool = "aws:cognito/identityPool:IdentityPool";

describe("cognito-password", () => {
  const policy = {
    minimumLength: 8,
    requireLowercase: true,
    requireUppercase: true,
    requireNumbers: true,
    requireSymbols: true,
    temporaryPasswordValidityDays: 7,
    passwordHistorySize: 1,
  };
  const length = "passwordPolicy.minimumLength is not set to 8 or more: set it to 8 or more";
  const history = "passwordPolicy.passwordHistorySize is not set: set it to 5, or to what the organisation asks for";
  testRule(rules.cognitoPassword, pool, { passwordPolicy: policy }, [
    ["passwordPolicy.minimumLength", undefined, length],
    ["passwordPolicy.minimumLength", 7, length],
    ...["requireLowercase", "requireUppercase", "requireNumbers", "requireSymbols"].flatMap((key) =>
      [undefined, false].map((value): Break => {
        const path = `passwordPolicy.${key}`;
        return [path, value, `${path} is not on: set it to true`];
      }),
    ),
    [
      "passwordPolicy.temporaryPasswordValidityDays",
      8,
      "passwordPolicy.temporaryPasswordValidityDays is more than a week: set it to 7 or less",
    ],
    ["passwordPolicy.passwordHistorySize", undefined, history],
    ["passwordPolicy.passwordHistorySize", 0, history],
  ]);
  it("knows that the tier LITE has no history", () => {
    const { passwordHistorySize: _, ...rest } = policy;
    assert.deepEqual(analyse(rules.cognitoPassword, pool, { userPoolTier: "LITE", passwordPolicy: rest }), []);
  });
  it("reports a pool without a policy", () => {
    assert.equal(analyse(rules.cognitoPassword, pool, {}).length, 6);
  });
  it("takes the least length from its configuration", () => {
    const findings = analyse(rules.cognitoPassword, pool, { passwordPolicy: policy }, { config: { length: 14 } });
    assert.equal(findings.length, 1);
  });
});

describe("cognito-mfa", () => {
  const alone = "mfaConfiguration leaves the password alone: set it to OPTIONAL or ON";
  const app = "softwareTokenMfaConfiguration.enabled is not on: set it to true: codes by SMS can be stolen";
  for (const mfaConfiguration of ["OPTIONAL", "ON"]) {
    testRule(rules.cognitoMfa, pool, { mfaConfiguration, softwareTokenMfaConfiguration: { enabled: true } }, [
      ["mfaConfiguration", undefined, alone],
      ["mfaConfiguration", "OFF", alone],
      ["softwareTokenMfaConfiguration.enabled", false, app],
      ["softwareTokenMfaConfiguration", undefined, app],
    ]);
  }
  testRule(
    rules.cognitoMfa,
    pool,
    {
      signInPolicy: { allowedFirstAuthFactors: ["PASSWORD", "WEB_AUTHN"] },
      webAuthnConfiguration: { relyingPartyId: "example.com" },
    },
    [
      ["signInPolicy.allowedFirstAuthFactors", ["PASSWORD"], alone],
      ["webAuthnConfiguration", undefined, alone],
    ],
  );
});

describe("cognito-threat", () => {
  const enforced = "userPoolAddOns.advancedSecurityMode is not ENFORCED: set it, with userPoolTier PLUS";
  testRule(rules.cognitoThreat, pool, { userPoolTier: "PLUS", userPoolAddOns: { advancedSecurityMode: "ENFORCED" } }, [
    ["userPoolAddOns.advancedSecurityMode", "AUDIT", enforced],
    ["userPoolAddOns", undefined, enforced],
    ["userPoolTier", undefined, "userPoolTier has no threat protection: set it to PLUS"],
    ["userPoolTier", "ESSENTIALS", "userPoolTier has no threat protection: set it to PLUS"],
  ]);
});

describe("cognito-client", () => {
  const plain = (path: string, url: string): Break => [path, url, `${path} is plain HTTP: use https://`];
  const long = (path: string, value: number, words: string): Break => [
    path,
    value,
    `${path} is longer than ${words}: set it to ${words} or less`,
  ];
  const good = {
    preventUserExistenceErrors: "ENABLED",
    allowedOauthFlows: ["code"],
    explicitAuthFlows: ["ALLOW_USER_SRP_AUTH"],
    callbackUrls: ["https://example.com/in", "http://localhost:3000/in", "myapp://in"],
    logoutUrls: ["https://example.com/"],
    defaultRedirectUri: "https://example.com/in",
    enableTokenRevocation: true,
    accessTokenValidity: 60,
    idTokenValidity: 60,
    refreshTokenValidity: 365,
    tokenValidityUnits: { accessToken: "minutes", idToken: "minutes", refreshToken: "days" },
  };
  testRule(rules.cognitoClient, client, good, [
    ...[undefined, "LEGACY"].map((value): Break => [
      "preventUserExistenceErrors",
      value,
      "preventUserExistenceErrors tells who has an account: set it to ENABLED",
    ]),
    ["allowedOauthFlows[0]", "implicit", 'allowedOauthFlows[0] shows tokens in URLs: use "code"'],
    ...["ALLOW_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH"].map((flow): Break => [
      "explicitAuthFlows[0]",
      flow,
      "explicitAuthFlows[0] sends passwords to the API: use ALLOW_USER_SRP_AUTH or ALLOW_USER_AUTH",
    ]),
    plain("callbackUrls[1]", "http://example.com/in"),
    plain("callbackUrls[1]", "http://localhost.example.com/in"),
    plain("logoutUrls[0]", "HTTP://example.com/"),
    plain("defaultRedirectUri", "http://example.com/"),
    ["enableTokenRevocation", false, "enableTokenRevocation is off: set it to true"],
    long("accessTokenValidity", 61, "an hour"),
    long("idTokenValidity", 61, "an hour"),
    long("refreshTokenValidity", 366, "a year"),
  ]);
  it("counts in hours, and days for refresh tokens, where no unit is given", () => {
    const { tokenValidityUnits: _, ...rest } = good;
    const props = { ...rest, accessTokenValidity: 1, idTokenValidity: 2, refreshTokenValidity: 366 };
    const findings = analyse(rules.cognitoClient, client, props);
    assert.ok(typeof findings !== "string");
    assert.deepEqual(
      findings.map(({ message }) => message.split(" ")[0]),
      ["idTokenValidity", "refreshTokenValidity"],
    );
    const unknown = { ...props, tokenValidityUnits: UNKNOWN };
    assert.deepEqual(analyse(rules.cognitoClient, client, unknown), []);
  });
  it("takes a client that says no more than it must", () => {
    assert.deepEqual(analyse(rules.cognitoClient, client, { preventUserExistenceErrors: "ENABLED" }), []);
  });
});

testRule(rules.cognitoNoGuest, identityPool, { allowUnauthenticatedIdentities: false, allowClassicFlow: false }, [
  [
    "allowUnauthenticatedIdentities",
    true,
    "allowUnauthenticatedIdentities gives everyone credentials: set it to false",
  ],
  ["allowClassicFlow", true, "allowClassicFlow lets clients choose their role's session: set it to false"],
]);
