import * as pulumi from "@pulumi/pulumi";

import type { Access } from "../shared/access";
import { invokeAccess, modelArn } from "./access";
import { createBedrockAlarms } from "./alarms";
import { bill, termEnd } from "./capacity";
import { createKnowledge } from "./knowledge";
import { createModel, modelArns } from "./model";
import type { GenAiEndpointNodes } from "./nodes";
import type { Settled } from "./settle";
import { createStop, liftCommand } from "./stop";

/** What an engine makes of the arguments. */
export interface Made {
  readonly invoke: Access;
  readonly invokeStream: Access | undefined;
  readonly retrieve: Access | undefined;
  readonly ingestCommand: pulumi.Output<string> | undefined;
  readonly modelArn: pulumi.Output<string>;
  readonly liftCommand: pulumi.Output<string> | undefined;
  readonly mostLostUsd: number | undefined;
  readonly nodes: GenAiEndpointNodes;
}

/** A model of Bedrock with its guardrail, its alarms, and what stops it at the ceiling. */
export function createBedrock(parent: pulumi.Resource, s: Settled): Made {
  announce(parent, s);
  const arns = modelArns(parent, s);
  const model = createModel(parent, s, arns);
  const alarms = s.args.alarms === false ? undefined : createBedrockAlarms(parent, s, model);
  const knowledge = s.knowledge && createKnowledge(parent, s, arns, s.knowledge);
  const stop = s.ceiling && createStop(parent, s, s.ceiling, arns, model);
  return {
    invoke: invokeAccess(s, arns, model, ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]),
    invokeStream: invokeAccess(s, arns, model, "bedrock:InvokeModelWithResponseStream"),
    retrieve: knowledge?.retrieve,
    ingestCommand: knowledge?.ingestCommand,
    modelArn: modelArn(model),
    liftCommand: stop && liftCommand(s, stop),
    mostLostUsd: s.ceiling?.mostLostUsd,
    nodes: { ...model, ...alarms, ...knowledge?.nodes, ...stop },
  };
}

/** Says in every plan what the endpoint may cost. */
function announce(resource: pulumi.Resource, { name, bedrock, provisioned, ceiling }: Settled): void {
  if (provisioned !== undefined) {
    const end = termEnd(provisioned, new Date());
    const term = end === undefined ? "until it is deleted" : `and cannot be given back before ${end}`;
    const text = `${name}: ${provisioned.units} x ${bedrock.model} are reserved, ${bill(provisioned)}, ${term}.`;
    void pulumi.log.warn(text, resource);
    return;
  }
  if (ceiling === undefined) return;
  const { usdPerHour, mostLostUsd, minutesToStop } = ceiling;
  void pulumi.log.info(
    `${name}: invoking stops at ${usdPerHour} USD of tokens within an hour. The stop acts within ${minutesToStop} minutes, ` +
      `in which the quota allows for more: at most ${mostLostUsd} USD in all.`,
    resource,
  );
}
