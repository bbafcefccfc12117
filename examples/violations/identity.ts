import * as aws from "@pulumi/aws";

import { assumedBy, kept, key, opts } from "./base";

// no-iam-users
new aws.iam.User("robot", {}, opts);

// iam-admin
const everything = { Effect: "Allow" as const, Action: "*", Resource: "*" };
new aws.iam.Policy("everything", { policy: { Version: "2012-10-17", Statement: [everything] } }, opts);

// iam-wildcards
const anyAction = { Effect: "Allow" as const, Action: "s3:*", Resource: "arn:aws:s3:::shop/*" };
new aws.iam.Policy("any-action", { policy: { Version: "2012-10-17", Statement: [anyAction] } }, opts);

// iam-trust, ignored-changes
new aws.iam.Role(
  "anyone",
  { assumeRolePolicy: assumedBy({ AWS: "*" }) },
  { ...opts, ignoreChanges: ["assumeRolePolicy"] },
);

// iam-managed-admin
const lambda = assumedBy({ Service: "lambda.amazonaws.com" });
const admin = new aws.iam.Role("admin", { assumeRolePolicy: lambda }, opts);
new aws.iam.RolePolicyAttachment(
  "admin",
  { role: admin.name, policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
  opts,
);

// iam-role-conflict
const readQueue = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sqs:ReceiveMessage", Resource: "arn:aws:sqs:*:*:shop" }],
});
const twice = new aws.iam.Role(
  "twice",
  { assumeRolePolicy: lambda, inlinePolicies: [{ name: "inside", policy: readQueue }] },
  opts,
);
new aws.iam.RolePolicy("beside", { role: twice.name, policy: readQueue }, opts);

const github = new aws.iam.OpenIdConnectProvider(
  "github",
  { url: "https://token.actions.githubusercontent.com", clientIdLists: ["sts.amazonaws.com"] },
  opts,
);
function fromGithub(sub: string) {
  return {
    Version: "2012-10-17" as const,
    Statement: [
      {
        Effect: "Allow" as const,
        Principal: { Federated: github.arn },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
          StringLike: { "token.actions.githubusercontent.com:sub": sub },
        },
      },
    ],
  };
}

// iam-github-oidc
new aws.iam.Role(
  "any-repository",
  {
    assumeRolePolicy: fromGithub("repo:acme/*"),
    permissionsBoundary: "arn:aws:iam::333333333333:policy/boundary",
  },
  opts,
);

// iam-boundary
new aws.iam.Role("unbounded", { assumeRolePolicy: fromGithub("repo:acme/shop:environment:prod") }, opts);

// cognito-password, cognito-mfa, cognito-threat
const pool = new aws.cognito.UserPool(
  "users",
  {
    passwordPolicy: {
      minimumLength: 6,
      requireLowercase: true,
      requireUppercase: true,
      requireNumbers: true,
      requireSymbols: true,
      temporaryPasswordValidityDays: 7,
      passwordHistorySize: 5,
    },
    deletionProtection: "ACTIVE",
  },
  kept,
);

// cognito-client
new aws.cognito.UserPoolClient(
  "site",
  {
    userPoolId: pool.id,
    preventUserExistenceErrors: "ENABLED",
    allowedOauthFlows: ["implicit"],
    callbackUrls: ["https://example.com/"],
  },
  opts,
);

// cognito-no-guest
new aws.cognito.IdentityPool("guests", { identityPoolName: "guests", allowUnauthenticatedIdentities: true }, opts);

// ssm-secure
new aws.ssm.Parameter("password", { name: "/shop/db_password", type: "String", value: "not-a-real-password" }, opts);

// secret-cmk, no-force-destroy
new aws.secretsmanager.Secret("partner", { recoveryWindowInDays: 0 }, kept);

// secret-rotation
const login = new aws.secretsmanager.Secret("login", { kmsKeyId: key.arn }, kept);
new aws.secretsmanager.SecretRotation(
  "login",
  {
    secretId: login.id,
    rotationLambdaArn: "arn:aws:lambda:ap-northeast-1:333333333333:function:rotation",
    rotationRules: { automaticallyAfterDays: 365 },
  },
  opts,
);
