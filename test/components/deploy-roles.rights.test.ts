import * as assert from "node:assert/strict";

import { DeployRoles, type Purpose } from "../../components/deploy-roles/deploy-roles";
import { resource, run } from "../harness";
import { mayDo, readOnlyAccess, type Rights, rulingsOf } from "../iam/evaluate";
import { account, bucketArn, keyArn, least } from "./deploy-roles-fixture";

const region = "ap-northeast-1";
const of = (service: string, what: string): string => `arn:aws:${service}:${region}:${account}:${what}`;

/** All that decides about a role, as it is registered: its inline policy, what is attached to it, its boundary. */
async function rightsOf(purpose: Purpose): Promise<Rights> {
  const result = await run(() => void new DeployRoles("github", least));
  assert.equal(result.error, undefined);
  const policy = (type: string, name: string): unknown => resource(result, type, name).checked["policy"];
  const attached = result.resources
    .filter(({ type }) => type === "aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    .filter(({ inputs }) => inputs["role"] === `kiban-${purpose}`)
    .flatMap(({ inputs }) => {
      const arn = inputs["policyArn"] as string;
      if (arn === "arn:aws:iam::aws:policy/ReadOnlyAccess") return readOnlyAccess();
      const own = result.resources.find(({ type, outputs }) => type.endsWith(":Policy") && outputs["arn"] === arn);
      return rulingsOf(own?.checked["policy"]);
    });
  return {
    policies: [...rulingsOf(policy("aws:iam/rolePolicy:RolePolicy", `github-${purpose}-rights`)), ...attached],
    boundary: rulingsOf(policy("aws:iam/policy:Policy", "github-boundary")),
  };
}

type Case = readonly [action: string, on?: string];
const name = ([action, on]: Case): string =>
  on === undefined ? action : `${action} of ${on.split(":").slice(5).join(":")}`;
const state = `${bucketArn}/.pulumi/stacks/kiban/stg.json`;
const otherKey = keyArn.replace(/.$/, "6");

describe("what the roles of DeployRoles may do, by all their policies and the boundary", () => {
  const mayPreview: readonly Case[] = [
    ["s3:ListBucket", bucketArn],
    ["s3:GetObject", state],
    ["kms:Decrypt", keyArn],
    ["secretsmanager:DescribeSecret", of("secretsmanager", "secret:main-AbCdEf")],
    // A plain parameter is configuration; a SecureString takes kms:Decrypt of the caller.
    ["ssm:GetParameter", of("ssm", "parameter/plain")],
    ["dynamodb:DescribeTable", of("dynamodb", "table/orders")],
    ["lambda:GetFunction", of("lambda", "function:hook")],
    ["s3:GetBucketPolicy", "arn:aws:s3:::data"],
    ["logs:DescribeLogGroups"],
    ["rds:DescribeDBClusters"],
    ["autoscaling:DescribeAutoScalingGroups"],
    ["bedrock:GetGuardrail", of("bedrock", "guardrail/1")],
    ["bedrock:ListTagsForResource", of("bedrock", "guardrail/1")],
    ["quicksight:DescribeDataSet", of("quicksight", "dataset/orders")],
    ["cloudfront-keyvaluestore:GetKey", `arn:aws:cloudfront::${account}:key-value-store/1`],
    ["sts:GetCallerIdentity"],
  ];
  it("lets a preview read the state, and how everything is set up", async () => {
    const rights = await rightsOf("preview");
    assert.deepEqual(mayPreview.filter((each) => !mayDo(rights, ...each)).map(name), []);
  });

  const mayNotPreview: Readonly<Record<string, readonly Case[]>> = {
    "a secret's value": [
      ["secretsmanager:GetSecretValue", of("secretsmanager", "secret:main-AbCdEf")],
      ["secretsmanager:BatchGetSecretValue"],
      ["cognito-idp:ListUserPoolClientSecrets"],
    ],
    "a decrypted parameter, or whatever else another key has encrypted": [
      ["kms:Decrypt", otherKey],
      ["kms:ReEncryptFrom", otherKey],
      ["kms:GenerateDataKey", otherKey],
    ],
    "an object outside the state bucket": [
      ["s3:GetObject", "arn:aws:s3:::data/a"],
      ["s3:GetObjectVersion", "arn:aws:s3:::data/a"],
      ["s3:GetObjectAttributes", "arn:aws:s3:::data/a"],
      ["s3:GetObjectTorrent", "arn:aws:s3:::data/a"],
      // A bucket whose name goes on where the state's ends.
      ["s3:GetObject", `${bucketArn}-other/a`],
    ],
    "a table's items": ["GetItem", "BatchGetItem", "Query", "Scan", "PartiQLSelect", "SearchVectors", "GetRecords"].map(
      (action) => [`dynamodb:${action}`, of("dynamodb", "table/orders")],
    ),
    "rows of a database or warehouse": [
      ["rds-data:ExecuteStatement"],
      ["rds-data:BatchExecuteStatement"],
      ["redshift-data:GetStatementResult"],
      ["athena:GetQueryResults"],
      ["athena:GetQueryResultsStream"],
      ["glue:GetStatement"],
    ],
    "log events": [
      ...["GetLogEvents", "FilterLogEvents", "StartQuery", "GetQueryResults", "GetLogRecord", "StartLiveTail"].map(
        (action): Case => [`logs:${action}`, of("logs", "log-group:api:*")],
      ),
      ["logs:ListAnomalies"],
      ["rds:DownloadDBLogFilePortion"],
      ["rds:DownloadCompleteDBLogFile"],
      ["cloudtrail:LookupEvents"],
      ["ec2:GetConsoleOutput"],
    ],
    "messages, users and what programs were given": [
      ["kinesis:GetRecords"],
      ["sqs:ReceiveMessage"],
      ["cognito-idp:ListUsers"],
      ["cognito-idp:AdminGetUser"],
      ["states:DescribeExecution"],
      ["states:GetExecutionHistory"],
      ["xray:BatchGetTraces"],
      ["wafv2:GetSampledRequests"],
      ["ssm:GetCommandInvocation"],
    ],
    "documents of a knowledge base, and a model's answers": [
      ["s3vectors:GetVectors"],
      ["s3vectors:QueryVectors"],
      ["bedrock:GetKnowledgeBaseDocuments"],
      ["bedrock:AgenticRetrieveStream"],
      ["bedrock:InvokeModel"],
    ],
    "an image's layers": [["ecr:BatchGetImage"], ["ecr:GetDownloadUrlForLayer"]],
    "a service that the platform does not use": [["codecommit:GetFile"], ["codebuild:BatchGetProjects"]],
    "a change of anything": [
      ["s3:PutObject", state],
      ["s3:DeleteObject", state],
      ["kms:Encrypt", keyArn],
      ["iam:PassRole"],
      ["ec2:RunInstances"],
      ["lambda:InvokeFunction"],
      ["sts:AssumeRole", `arn:aws:iam::${account}:role/kiban-deploy`],
    ],
  };
  for (const [what, cases] of Object.entries(mayNotPreview)) {
    it(`shows a preview no ${what.replace(/^an? /, "")}`, async () => {
      const rights = await rightsOf("preview");
      assert.deepEqual(cases.filter((each) => mayDo(rights, ...each)).map(name), []);
    });
  }

  it("would show much of that by ReadOnlyAccess alone: it is the denials that keep it away", async () => {
    const { policies, boundary } = await rightsOf("preview");
    const withoutDenials = { policies: policies.filter(({ Effect }) => Effect === "Allow"), boundary };
    const shown = Object.values(mayNotPreview)
      .flat()
      .filter((each) => mayDo(withoutDenials, ...each))
      .map(([action]) => action);
    for (const action of ["s3:GetObject", "dynamodb:Scan", "logs:GetLogEvents", "rds:DownloadDBLogFilePortion"]) {
      assert.ok(shown.includes(action), action);
    }
  });

  it("lets a deployment set up the platform and read it, and make no way around its boundary", async () => {
    const rights = await rightsOf("deploy");
    const may: readonly Case[] = [
      ["s3:PutObject", state],
      ["ecs:UpdateService"],
      ["autoscaling:CreateAutoScalingGroup"],
      ["autoscaling:DescribeAutoScalingGroups"],
      ["ec2:CreateLaunchTemplateVersion"],
      ["ec2:RunInstances", of("ec2", "instance/*")],
      ["ec2:RunInstances", `arn:aws:ec2:${region}::image/ami-1`],
      ["quicksight:CreateDataSet", of("quicksight", "dataset/orders")],
      ["quicksight:DescribeDataSet", of("quicksight", "dataset/orders")],
      ["quicksight:PassDataSource", of("quicksight", "datasource/lake")],
      ["secretsmanager:GetSecretValue", of("secretsmanager", "secret:main-AbCdEf")],
    ];
    assert.deepEqual(may.filter((each) => !mayDo(rights, ...each)).map(name), []);
    const mayNot: readonly Case[] = [
      ["iam:CreateUser"],
      ["iam:CreateOpenIDConnectProvider"],
      ["iam:UpdateAssumeRolePolicy", `arn:aws:iam::${account}:role/kiban-deploy`],
      ["iam:PutRolePolicy", `arn:aws:iam::${account}:role/kiban-preview`],
      ["s3:DeleteBucket", bucketArn],
      ["s3:DeleteObjectVersion", state],
      ["kms:ScheduleKeyDeletion", keyArn],
      ["cloudtrail:StopLogging"],
      ["ecr:PutImage", of("ecr", "repository/api")],
      ["bedrock:InvokeModel"],
      ["dynamodb:PutItem", of("dynamodb", "table/orders")],
      ["organizations:LeaveOrganization"],
    ];
    assert.deepEqual(mayNot.filter((each) => mayDo(rights, ...each)).map(name), []);
  });

  it("launches instances by a template of the account alone", async () => {
    const { policies } = await rightsOf("deploy");
    const launching = policies.filter((each) => [each.Action].flat().includes("ec2:RunInstances"));
    assert.deepEqual(
      launching.map(({ Condition }) => Condition),
      [{ ArnLike: { "ec2:LaunchTemplate": of("ec2", "launch-template/*") } }],
    );
  });

  it("lets push touch images alone, and site the sites' files and pointers alone", async () => {
    const everything: readonly Case[] = [
      ["ecr:PutImage", of("ecr", "repository/api")],
      ["ecr:GetAuthorizationToken"],
      ["ecr:BatchDeleteImage", of("ecr", "repository/api")],
      ["ecr:SetRepositoryPolicy", of("ecr", "repository/api")],
      ["s3:PutObject", "arn:aws:s3:::site-bucket-1a2b3c4/releases/1/index.html"],
      ["s3:PutObject", "arn:aws:s3:::site-bucket-1a2b3c4/index.html"],
      ["s3:PutObject", state],
      ["s3:GetObject", state],
      ["kms:Decrypt", keyArn],
      ["cloudfront-keyvaluestore:UpdateKeys", `arn:aws:cloudfront::${account}:key-value-store/1`],
      ["cloudfront:UpdateDistribution"],
      ["ecs:UpdateService"],
      ["secretsmanager:GetSecretValue", of("secretsmanager", "secret:main-AbCdEf")],
      ["iam:PassRole", `arn:aws:iam::${account}:role/api-task-role`],
      ["sts:AssumeRole", `arn:aws:iam::${account}:role/kiban-deploy`],
    ];
    const left = async (purpose: Purpose): Promise<string[]> => {
      const rights = await rightsOf(purpose);
      return everything.filter((each) => mayDo(rights, ...each)).map(name);
    };
    assert.deepEqual(await left("push"), ["ecr:PutImage of repository/api", "ecr:GetAuthorizationToken"]);
    assert.deepEqual(await left("site"), [
      "s3:PutObject of site-bucket-1a2b3c4/releases/1/index.html",
      // By a key whose context is a site's bucket: a condition, which is left aside here and held exactly elsewhere.
      `kms:Decrypt of ${keyArn.split(":")[5]}`,
      "cloudfront-keyvaluestore:UpdateKeys of key-value-store/1",
    ]);
  });
});
