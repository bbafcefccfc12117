import { types } from "../../../policy/lib/types";
import {
  cognitoClient,
  cognitoMfa,
  cognitoNoGuest,
  cognitoPassword,
  cognitoThreat,
} from "../../../policy/rules/cognito";
import { dbAdminNameIam, dbManagedPassword } from "../../../policy/rules/database";
import { iamAdmin, iamManagedAdmin, iamTrust, iamWildcards } from "../../../policy/rules/iam";
import { envPlaintextSecret, secretRotation } from "../../../policy/rules/secrets";
import {
  type Break,
  type Case,
  EMPTIED,
  type Proof,
  atLeast,
  atMostOrUnset,
  given,
  isTrue,
  noneOf,
  notFalse,
  notTrue,
  one,
  oneOf,
  proof,
  values,
} from "../proof";

const bucket = "arn:aws:s3:::data/*";
const statement = { Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: [bucket] };
const document = (one: object) => JSON.stringify({ Version: "2012-10-17", Statement: [one] });
/** The same breaks in each place that a policy can stand in. */
const inPolicies = (one_: object, breaks: (at: string) => Break[]): Case[] => [
  one(types.policy, { policy: document(one_) }, breaks("policy")),
  one(types.role, { inlinePolicies: [{ name: "inline", policy: document(one_) }] }, breaks("inlinePolicies[0].policy")),
];
const admins = ["AdministratorAccess", "PowerUserAccess", "IAMFullAccess", "job-function/SystemAdministrator"].map(
  (name) => `arn:aws:iam::aws:policy/${name}`,
);
const ordinary = ["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::111111111111:policy/AdministratorAccess"];

const trusted = (principal: object, condition?: object) => ({
  Effect: "Allow",
  Principal: principal,
  Action: "sts:AssumeRole",
  ...(condition !== undefined && { Condition: condition }),
});
const trust = (one: object) => ({ assumeRolePolicy: document(one) });
const inTrust = "assumeRolePolicy>Statement[0]";

const aws = "AKIA" + "ABCDEFGHIJKLMNOP";
const secrets = ["hunter2", "s3cr3t"];
/** As long and as disordered as a key is; not written as one word, since scanners would take it for one. */
const random = ["wJ4xUtnFE9mIbK7M", "aENGpPxRfiCYq3Zh", "Ld8Vs0Ty"].join("");
const orderly = [
  "0123456789abcdef0123456789abcdef01234567",
  "4f1c9a52-6b0e-4b1d-9e7a-2d5c8f0a3b61",
  "ap-northeast-1_ShopUsers-ProductionPool-Callback1",
  "arn:aws:dynamodb:ap-northeast-1:111111111111:table/orders-1a2b3c4",
  Buffer.from('{"level":"Info","sample":0.25,"Zone":"ap-northeast-1"}').toString("base64"),
];

export const identity: readonly Proof[] = [
  proof(
    envPlaintextSecret,
    one(
      types.taskDefinition,
      {
        containerDefinitions: JSON.stringify([
          {
            environment: [
              { name: "MODE", value: "live" },
              { name: "DB_PASSWORD", value: "arn:aws:secretsmanager:x" },
            ],
          },
        ]),
      },
      [
        values("containerDefinitions>[0].environment[0].value", [aws, "postgres://app:pw@host/db"], [""], {
          at: "containerDefinitions[0].environment[0]",
        }),
        values("containerDefinitions>[0].environment[1].value", secrets, ["", "true"], {
          at: "containerDefinitions[0].environment[1]",
        }),
        values(
          "containerDefinitions>[0].environment[0].name",
          ["API_KEY", "DB_PASSWORD", "clientSecret"],
          ["TOKEN_URL", "SECRET_NAME"],
          { at: "containerDefinitions[0].environment[0]" },
        ),
      ],
    ),
    one(types.lambda, { environment: { variables: { MODE: "live", API_KEY: "" } } }, [
      values("environment.variables.MODE", [aws]),
      values("environment.variables.API_KEY", secrets, [undefined, "/ssm/name"]),
      values("environment.variables.MODE", [random], [...orderly]),
    ]),
    one(types.lambda, { environment: { variables: { PUBLIC_KEY: random, LIVE_ID: random } } }, []),
    one(types.sagemakerModel, { primaryContainer: { image: "a:1", environment: { MODE: "live" } } }, [
      values("primaryContainer.environment.MODE", [aws, random]),
      values("primaryContainer.environment.API_KEY", secrets, [undefined, "/ssm/name"]),
    ]),
    one(types.sagemakerModel, { containers: [{ image: "a:1", environment: { MODE: "live" } }] }, [
      values("containers[0].environment.MODE", [aws, random]),
    ]),
  ),
  proof(
    secretRotation,
    one(types.secretRotation, { rotationRules: { automaticallyAfterDays: 90 } }, [
      values("rotationRules.automaticallyAfterDays", [91, 365], [1]),
    ]),
    one(types.secretRotation, { rotationRules: { scheduleExpression: "rate(30 days)" } }, [
      values("rotationRules.scheduleExpression", ["rate(91 days)"], ["rate(90 days)", "rate(1 day)"]),
    ]),
    {
      resources: {
        login: { type: types.secret, inputs: {} },
        version: {
          type: types.secretVersion,
          inputs: { secretString: JSON.stringify({ engine: "postgres", password: "x" }) },
          links: { secretId: "login" },
        },
        rotation: {
          type: types.secretRotation,
          inputs: { rotationRules: { automaticallyAfterDays: 30 } },
          links: { secretId: "login" },
          needed: { on: "login", at: "rotation" },
        },
      },
    },
    {
      resources: {
        login: { type: types.secret, inputs: {} },
        version: {
          type: types.secretVersion,
          inputs: { secretString: JSON.stringify({ password: "x" }) },
          links: { secretId: "login" },
          breaks: [
            values("secretString>engine", ["postgres"], [], { on: "login", at: "rotation" }),
            values("secretString>host", ["db"], [], { on: "login", at: "rotation" }),
          ],
        },
      },
    },
  ),
  proof(
    dbManagedPassword,
    one(types.dbCluster, { masterUsername: "owner", manageMasterUserPassword: true }, [
      isTrue("manageMasterUserPassword"),
      values("masterPassword", secrets, [undefined, ""], { evenUnknown: true }),
    ]),
    one(types.dbInstance, { username: "owner", manageMasterUserPassword: true }, [
      isTrue("manageMasterUserPassword"),
      values("password", secrets, [undefined, ""], { evenUnknown: true }),
    ]),
    one(types.warehouseNamespace, { adminUsername: "owner", manageAdminPassword: true }, [
      isTrue("manageAdminPassword"),
      values("adminUserPassword", secrets, [undefined, ""], { evenUnknown: true }),
    ]),
    // A write-only password is neither in the state nor in the plan.
    ...(
      [
        [types.warehouseNamespace, "adminUsername", "adminUserPasswordWo", "manageAdminPassword"],
        [types.dbCluster, "masterUsername", "masterPasswordWo", "manageMasterUserPassword"],
        [types.dbInstance, "username", "passwordWo", "manageMasterUserPassword"],
      ] as const
    ).map(([type, user, password, at]) =>
      one(type, { [user]: "owner", [password]: "hunter2" }, [given(password, { at })]),
    ),
    one(types.warehouseCluster, { masterUsername: "owner", manageMasterPassword: true }, [
      isTrue("manageMasterPassword"),
      values("masterPassword", secrets, [undefined, ""], { evenUnknown: true }),
    ]),
  ),
  proof(
    dbAdminNameIam,
    ...[
      [types.dbCluster, "aurora-postgresql", "masterUsername"] as const,
      [types.dbInstance, "mysql", "username"] as const,
    ].map(([type, engine, user]) =>
      one(type, { engine, [user]: "shopowner", iamDatabaseAuthenticationEnabled: true }, [
        noneOf(user, ["admin", "Admin", "root", "postgres", "awsuser", "administrator", "master"]),
        isTrue("iamDatabaseAuthenticationEnabled"),
      ]),
    ),
    one(types.warehouseNamespace, { adminUsername: "shopowner" }, [noneOf("adminUsername", ["admin", "awsuser"])]),
    one(types.warehouseCluster, { masterUsername: "shopowner" }, [noneOf("masterUsername", ["admin", "awsuser"])]),
  ),
  proof(
    iamAdmin,
    ...inPolicies({ ...statement, Action: "*" }, (at) => [
      values(`${at}>Statement[0].Resource`, ["*", ["*"], [bucket, "*"]], [[bucket]], { at: `${at}.Statement[0]` }),
    ]),
    ...inPolicies({ ...statement, Resource: "*" }, (at) => [
      values(`${at}>Statement[0].Action`, ["*", "*:*", ["s3:GetObject", "*"]], ["s3:*"], { at: `${at}.Statement[0]` }),
    ]),
    ...inPolicies({ Effect: "Deny", Action: "*", Resource: "*" }, (at) => [
      oneOf(`${at}>Statement[0].Effect`, ["Deny"], [], { at: `${at}.Statement[0]` }),
    ]).map((one) => withBroken(one, ["Allow"])),
  ),
  proof(
    iamWildcards,
    ...inPolicies(statement, (at) => [
      values(`${at}>Statement[0].Action[0]`, ["s3:*", "*", "iam:*"], ["s3:Get*", "s3:ListBucket"]),
      values(`${at}>Statement[0].Resource[0]`, ["*"], [], { at: `${at}.Statement[0].Action[1]` }),
      values(`${at}>Statement[0].NotAction`, ["iam:*", ["iam:*"]], [undefined]),
    ]),
    ...inPolicies({ ...statement, Action: ["logs:DescribeLogGroups"], Resource: "*" }, (at) => [
      values(
        `${at}>Statement[0].Action[0]`,
        ["kms:Decrypt", "iam:PassRole", "secretsmanager:GetSecretValue", "sts:AssumeRole", "dynamodb:PutItem"],
        ["ec2:DescribeInstances", "cloudwatch:PutMetricData"],
      ),
    ]),
    ...inPolicies(
      { ...statement, Condition: { StringEquals: { "aws:ResourceTag/App": "shop" } }, Resource: "*" },
      (at) => [
        values(`${at}>Statement[0].Condition`, [undefined, {}], [], { at: `${at}.Statement[0].Action[1]` }),
        values(`${at}>Statement[0].Action[0]`, ["iam:PassRole"]),
      ],
    ),
  ),
  proof(
    iamManagedAdmin,
    one(types.policyAttachment, { policyArn: ordinary[0] }, [values("policyArn", admins, ordinary)]),
    one(types.policyAttachments, { policyArns: [ordinary[0]] }, [values("policyArns[0]", admins, ordinary)]),
    one(types.role, { managedPolicyArns: [ordinary[0]] }, [values("managedPolicyArns[0]", admins, ordinary)]),
  ),
  proof(
    iamTrust,
    one(types.role, trust(trusted({ Service: "lambda.amazonaws.com" })), [
      values(`${inTrust}.Principal`, ["*", { AWS: "*" }], [], { at: "assumeRolePolicy.Statement[0]" }),
      values(
        `${inTrust}.Principal.Service`,
        ["ecs-tasks.amazonaws.com", "scheduler.amazonaws.com"],
        ["ec2.amazonaws.com"],
      ),
    ]),
    one(
      types.role,
      trust(trusted({ AWS: "arn:aws:iam::222222222222:root" }, { StringEquals: { "sts:ExternalId": "x" } })),
      [
        values(`${inTrust}.Condition`, [undefined, {}, { Bool: { "aws:MultiFactorAuthPresent": "true" } }], [], {
          at: "assumeRolePolicy.Statement[0].Principal.AWS",
        }),
        values(`${inTrust}.Principal.AWS`, [], ["111111111111", "arn:aws:iam::111111111111:root"]),
      ],
      { provider: { allowedAccountIds: '["111111111111"]' } },
    ),
  ),
  proof(
    cognitoPassword,
    one(
      types.userPool,
      {
        passwordPolicy: {
          minimumLength: 12,
          requireLowercase: true,
          requireUppercase: true,
          requireNumbers: true,
          requireSymbols: true,
          temporaryPasswordValidityDays: 7,
          passwordHistorySize: 5,
        },
      },
      [
        atLeast("passwordPolicy.minimumLength", 8),
        ...["requireLowercase", "requireUppercase", "requireNumbers", "requireSymbols"].map((key) =>
          isTrue(`passwordPolicy.${key}`),
        ),
        atMostOrUnset("passwordPolicy.temporaryPasswordValidityDays", 7),
        atLeast("passwordPolicy.passwordHistorySize", 1),
        values("passwordPolicy", [undefined, EMPTIED], [], { findings: 6 }),
      ],
    ),
  ),
  proof(
    cognitoMfa,
    one(types.userPool, { mfaConfiguration: "OPTIONAL", softwareTokenMfaConfiguration: { enabled: true } }, [
      oneOf("mfaConfiguration", ["ON", "OPTIONAL"], ["OFF"]),
      isTrue("softwareTokenMfaConfiguration.enabled"),
      values("softwareTokenMfaConfiguration", [undefined]),
    ]),
    one(
      types.userPool,
      {
        signInPolicy: { allowedFirstAuthFactors: ["PASSWORD", "WEB_AUTHN"] },
        webAuthnConfiguration: { relyingPartyId: "x" },
      },
      [
        values("signInPolicy.allowedFirstAuthFactors[1]", [undefined, "SMS_OTP"], [], { at: "mfaConfiguration" }),
        values("webAuthnConfiguration", [undefined, EMPTIED], [], { at: "mfaConfiguration", needs: ["signInPolicy"] }),
      ],
    ),
  ),
  proof(
    cognitoThreat,
    one(types.userPool, { userPoolAddOns: { advancedSecurityMode: "ENFORCED" }, userPoolTier: "PLUS" }, [
      oneOf("userPoolAddOns.advancedSecurityMode", ["ENFORCED"], ["AUDIT", "OFF"]),
      oneOf("userPoolTier", ["PLUS"], ["LITE", "ESSENTIALS"], { needs: ["userPoolAddOns"] }),
    ]),
  ),
  proof(
    cognitoClient,
    one(
      types.userPoolClient,
      {
        preventUserExistenceErrors: "ENABLED",
        allowedOauthFlows: ["code"],
        explicitAuthFlows: ["ALLOW_USER_SRP_AUTH"],
        callbackUrls: ["https://example.com/in"],
        logoutUrls: ["https://example.com/"],
        defaultRedirectUri: "https://example.com/in",
        enableTokenRevocation: true,
        accessTokenValidity: 60,
        idTokenValidity: 60,
        refreshTokenValidity: 30,
        tokenValidityUnits: { accessToken: "minutes", idToken: "minutes", refreshToken: "days" },
      },
      [
        oneOf("preventUserExistenceErrors", ["ENABLED"], ["LEGACY"]),
        values("allowedOauthFlows[0]", ["implicit"], ["client_credentials"]),
        values("explicitAuthFlows[0]", ["ALLOW_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH"], ["ALLOW_USER_AUTH"]),
        ...["callbackUrls[0]", "logoutUrls[0]", "defaultRedirectUri"].map((path) =>
          values(path, ["http://example.com/in"], ["http://localhost:3000/in", "shop://in"]),
        ),
        notFalse("enableTokenRevocation"),
        values("accessTokenValidity", [61, 1440], [undefined, 5], { needs: ["tokenValidityUnits"] }),
        values("idTokenValidity", [61, 1440], [undefined, 5], { needs: ["tokenValidityUnits"] }),
        values("refreshTokenValidity", [366, 3650], [undefined, 365], { needs: ["tokenValidityUnits"] }),
        values("tokenValidityUnits.accessToken", [undefined, "hours", "days"], ["seconds"], {
          at: "accessTokenValidity",
          needs: ["accessTokenValidity"],
        }),
      ],
    ),
  ),
  proof(
    cognitoNoGuest,
    one(types.identityPool, { allowUnauthenticatedIdentities: false, allowClassicFlow: false }, [
      notTrue("allowUnauthenticatedIdentities"),
      notTrue("allowClassicFlow"),
    ]),
  ),
];

function withBroken(one: Case, broken: unknown[]): Case {
  const resources = Object.entries(one.resources).map(([name, resource]) => [
    name,
    { ...resource, breaks: (resource.breaks ?? []).map((at) => ({ ...at, broken })) },
  ]);
  return { ...one, resources: Object.fromEntries(resources) as Case["resources"] };
}
