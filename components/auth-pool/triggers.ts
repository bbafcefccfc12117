import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import type { Settled } from "./settle";

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

type Trigger = (typeof simple)[number] | "preTokenGeneration" | "customEmailSender";

/** The functions that are called, by trigger. */
function functions({ args: { triggers = {} } }: Settled): readonly (readonly [Trigger, pulumi.Input<string>])[] {
  const all: [Trigger, pulumi.Input<string> | undefined][] = [
    ...simple.map((trigger): [Trigger, pulumi.Input<string> | undefined] => [trigger, triggers[trigger]]),
    ["preTokenGeneration", triggers.preTokenGeneration?.functionArn],
    ["customEmailSender", triggers.customEmailSender],
  ];
  return all.flatMap(([trigger, arn]) => (arn === undefined ? [] : [[trigger, arn] as const]));
}

/** The pool's side of the triggers; undefined without any. */
export function lambdaConfig(s: Settled): aws.types.input.cognito.UserPoolLambdaConfig | undefined {
  const { triggers = {}, keyArn } = s.args;
  const given = functions(s);
  if (given.length === 0) return undefined;
  const { preTokenGeneration, customEmailSender } = triggers;
  return {
    ...Object.fromEntries(given.filter(([trigger]) => (simple as readonly string[]).includes(trigger))),
    ...(preTokenGeneration !== undefined && {
      preTokenGenerationConfig: {
        lambdaArn: preTokenGeneration.functionArn,
        lambdaVersion: preTokenGeneration.version ?? (s.tier === "LITE" ? "V1_0" : "V2_0"),
      },
    }),
    ...(customEmailSender !== undefined && {
      customEmailSender: { lambdaArn: customEmailSender, lambdaVersion: "V1_0" },
      kmsKeyId: keyArn,
    }),
  };
}

/** Lets this pool, and no other, call each function. */
export function createPermissions(
  parent: pulumi.Resource,
  s: Settled,
  pool: aws.cognito.UserPool,
): Record<string, aws.lambda.Permission> {
  return Object.fromEntries(
    functions(s).map(([trigger, arn]) => [
      trigger,
      new aws.lambda.Permission(
        `${s.name}-trigger-${trigger.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
        override<aws.lambda.PermissionArgs>(
          {
            function: arn,
            action: "lambda:InvokeFunction",
            principal: "cognito-idp.amazonaws.com",
            sourceArn: pool.arn,
          },
          s.args.transform?.triggerPermissions,
        ),
        { parent },
      ),
    ]),
  );
}
