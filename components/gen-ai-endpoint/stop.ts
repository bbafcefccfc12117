import { readFileSync } from "node:fs";
import { join } from "node:path";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { createFailureQueue, createQueue, failureQueueStatements } from "../shared/failure-queue";
import { override } from "../shared/override";
import { assumableBy } from "../shared/policy-document";
import { modelArn } from "./access";
import type { ModelArns } from "./model";
import type { ModelNodes, StopNodes } from "./nodes";
import type { Settled } from "./settle";
import type { SettledCeiling } from "./spend";
import { createWatch, lookingOf } from "./watch";

/** The function's source. Its SDK is the runtime's. */
const sources = ["index.js", "handler.js", "spending.js", "statements.js"].map(
  (file) => [file, readFileSync(join(__dirname, "function", file), "utf8")] as const,
);

/** The function that denies every role that may invoke, and what calls it. */
export function createStop(
  parent: pulumi.Resource,
  s: Settled,
  ceiling: SettledCeiling,
  arns: ModelArns,
  made: ModelNodes,
): StopNodes {
  const { name, args } = s;
  const { transform = {} } = args;
  const opts = { parent };
  const document = (statements: aws.iam.PolicyStatement[]): aws.iam.PolicyDocument => ({
    Version: "2012-10-17",
    Statement: statements,
  });
  const stopPolicy = new aws.iam.Policy(
    `${name}-stop`,
    override<aws.iam.PolicyArgs>(
      {
        description: `Attached to a role, it may not invoke ${name}: the spend ceiling was reached`,
        policy: document([
          {
            Effect: "Deny",
            Action: ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
            Resource: modelArn(made),
          },
        ]),
      },
      transform.stopPolicy,
    ),
    opts,
  );
  const queue = createFailures(parent, s, ceiling);
  const looking = lookingOf(s, ceiling);
  const stopLogGroup = new aws.cloudwatch.LogGroup(
    `${name}-stop-logs`,
    override<aws.cloudwatch.LogGroupArgs>(
      { kmsKeyId: args.keyArn, retentionInDays: args.logRetentionDays, deletionProtectionEnabled: args.keep },
      transform.stopLogGroup,
    ),
    { ...opts, protect: args.keep },
  );
  const stopRole = new aws.iam.Role(
    `${name}-stop-role`,
    override<aws.iam.RoleArgs>(
      {
        description: `${name}: stops invoking at the spend ceiling`,
        assumeRolePolicy: assumableBy("lambda.amazonaws.com"),
      },
      transform.stopRole,
    ),
    opts,
  );
  const stopRights = new aws.iam.RolePolicy(
    `${name}-stop-rights`,
    override<aws.iam.RolePolicyArgs>(
      {
        role: stopRole.name,
        policy: document([
          ...rights(arns, stopPolicy, stopLogGroup, args.keyArn, args.region),
          ...failureQueueStatements(queue.failureQueue.arn, args.keyArn),
          ...looking.statements,
        ]),
      },
      transform.stopRights,
    ),
    opts,
  );
  const stopFunction = new aws.lambda.Function(
    `${name}-stop-function`,
    override<aws.lambda.FunctionArgs>(
      {
        description: `Denies the roles that invoke ${name} once its spend ceiling is reached`,
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        handler: "index.handler",
        code: new pulumi.asset.AssetArchive(
          Object.fromEntries(sources.map(([file, text]) => [file, new pulumi.asset.StringAsset(text)])),
        ),
        role: stopRole.arn,
        // IAM answers a page of roles in a second or two, and throttles changes.
        timeout: 120,
        memorySize: 256,
        loggingConfig: { logFormat: "JSON", logGroup: stopLogGroup.name },
        deadLetterConfig: { targetArn: queue.failureQueue.arn },
        kmsKeyArn: args.keyArn,
        environment: {
          variables: { MODEL_ARN: modelArn(made), DENY_POLICY_ARN: stopPolicy.arn, ...looking.variables },
        },
      },
      transform.stopFunction,
    ),
    { ...opts, dependsOn: [stopRights] },
  );
  const watch = createWatch(parent, s, ceiling, made, { stopFunction, stopRole });
  return { stopPolicy, ...queue, stopLogGroup, stopRole, stopRights, stopFunction, ...watch };
}

/** Events on which the function failed. Where calls are watched it tells the topic itself: an alarm would cost at rest. */
function createFailures(
  parent: pulumi.Resource,
  { name, args }: Settled,
  { watch }: SettledCeiling,
): Pick<StopNodes, "failureQueue" | "failureQueuePolicy" | "failuresAlarm"> {
  const { keyArn, alarmTopicArn, transform = {} } = args;
  if (watch === "calls") return createQueue(name, { keyArn, transform }, { parent });
  const description =
    `${name}: the spend ceiling was reached and invoking could NOT be stopped. Attach the policy of output ` +
    "stopPolicyArn to the invoking roles by hand, now; the function's log says why, then delete the message.";
  return createFailureQueue(name, { keyArn, alarmTopicArn, description, transform }, { parent });
}

function rights(
  { partition, account }: ModelArns,
  stopPolicy: aws.iam.Policy,
  logGroup: aws.cloudwatch.LogGroup,
  keyArn: pulumi.Input<string>,
  region: string,
): aws.iam.PolicyStatement[] {
  return [
    {
      Effect: "Allow",
      Action: "iam:GetAccountAuthorizationDetails",
      Resource: "*", // The action knows no resources.
    },
    { Effect: "Allow", Action: "iam:ListEntitiesForPolicy", Resource: stopPolicy.arn },
    {
      Effect: "Allow",
      Action: ["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
      Resource: pulumi.interpolate`arn:${partition}:iam::${account}:role/*`,
      // No policy but the one that denies: the right gives nobody anything.
      Condition: { ArnEquals: { "iam:PolicyARN": stopPolicy.arn } },
    },
    {
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: pulumi.interpolate`${logGroup.arn}:*`,
    },
    {
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: keyArn,
      Condition: { StringEquals: { "kms:ViaService": `lambda.${region}.amazonaws.com` } },
    },
  ];
}

/** Takes the deny policy off all roles again. */
export function liftCommand({ args }: Settled, { stopFunction, spendAlarm }: StopNodes): pulumi.Output<string> {
  const payload = pulumi.jsonStringify({ lift: spendAlarm?.name ?? true });
  return pulumi.interpolate`aws lambda invoke --region ${args.region} --function-name ${stopFunction.name} --cli-binary-format raw-in-base64-out --payload '${payload}' /dev/stdout`;
}
