import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Access } from "../shared/access";
import { placeOf } from "./rights";
import type { Settled } from "./settle";

/** Start a run from a program. Sets `STATE_MACHINE_ARN`. */
export function runAccess(s: Settled, machine: aws.sfn.StateMachine): Access {
  return {
    name: s.name,
    env: { STATE_MACHINE_ARN: machine.arn },
    statements: [{ Effect: "Allow", Action: "states:StartExecution", Resource: machine.arn }],
  };
}

/** Starts one run with the defaults of now. */
export function runCommand(s: Settled, machine: aws.sfn.StateMachine): pulumi.Output<string> {
  return pulumi.interpolate`aws stepfunctions start-execution --region ${placeOf(s).region} --state-machine-arn ${machine.arn} --input '{}'`;
}

/** Runs every day from `$from` to `$to` one after the other, and stops at the first that fails. Needs GNU date. */
export function backfillCommand(s: Settled, machine: aws.sfn.StateMachine): pulumi.Output<string> | undefined {
  const parameter = Object.entries(s.parameters).find(([, { type }]) => type === "date")?.[0];
  if (parameter === undefined) return undefined;
  return pulumi
    .all([placeOf(s).region, machine.arn])
    .apply(([region, arn]) =>
      [
        'day="${from:?set the first day, as 2026-01-01}"; last="${to:?set the last day, as 2026-01-31}";',
        'until [[ "$day" > "$last" ]]; do',
        `run=$(aws stepfunctions start-execution --region ${region} --state-machine-arn ${arn}`,
        `--input "{\\"${parameter}\\":\\"$day\\"}" --query executionArn --output text) || exit 1;`,
        'state=RUNNING; while [ "$state" = RUNNING ]; do sleep "${pause:-10}";',
        `state=$(aws stepfunctions describe-execution --region ${region} --execution-arn "$run" --query status --output text) || exit 1; done;`,
        'echo "$day $state"; [ "$state" = SUCCEEDED ] || exit 1;',
        'day=$(date -u -d "$day + 1 day" +%F); done',
      ].join(" "),
    );
}
