import { Faults } from "../shared/check";
import { isLogRetention } from "../shared/log-retention";
import { checkCapacity } from "./capacity";
import { checkGuardrail, type SettledGuardrail, settleGuardrail } from "./guardrail-rules";
import { checkModel } from "./check-model";
import type { GenAiEndpointArgs } from "./gen-ai-endpoint";
import { type SettledKnowledge, settleKnowledge } from "./knowledge-rules";
import { type Model, parseModel } from "./models";
import { type SettledSageMaker, settleSageMaker } from "./sagemaker-rules";
import { checkCeiling, type SettledCeiling, settleCeiling } from "./spend";
import type { BedrockEngine, BedrockPlace, GenAiAlarmThresholds, ProvisionedCapacity } from "./types";

/** What both engines have: checked, with every plain default filled in; values as they were given. */
export interface SettledCommon {
  readonly name: string;
  readonly args: GenAiEndpointArgs;
  readonly alarms: Required<GenAiAlarmThresholds>;
}

/** The arguments of an endpoint on Bedrock. */
export type Settled = SettledCommon & SettledEngine;

/** What is asked of Bedrock. */
interface SettledEngine {
  readonly bedrock: BedrockEngine;
  readonly model: Model;
  /** Regions that a cross-region profile routes to; undefined: all of them, or no such profile. */
  readonly destinations: readonly string[] | undefined;
  /** Undefined: paid by the token. */
  readonly provisioned: ProvisionedCapacity | undefined;
  /** Undefined with provisioned capacity, whose price is fixed. */
  readonly ceiling: SettledCeiling | undefined;
  readonly guardrail: SettledGuardrail | undefined;
  readonly knowledge: SettledKnowledge | undefined;
}

/** Settles and checks the arguments; throws one error with every fault. */
export function settle(name: string, args: GenAiEndpointArgs): Settled | SettledSageMaker {
  const faults = new Faults("GenAiEndpoint", name);
  const common = settleCommon(name, args, faults);
  const { bedrock, sagemaker } = args;
  if (args.engine === "bedrock" && bedrock !== undefined && sagemaker === undefined) {
    return settleBedrock(common, bedrock, faults);
  }
  if (args.engine === "sagemaker" && sagemaker !== undefined && bedrock === undefined) {
    const settled = { ...common, sagemaker: settleSageMaker(sagemaker, faults) };
    faults.raise();
    return settled;
  }
  const given = Object.entries({ bedrock, sagemaker }).flatMap(([key, value]) => (value === undefined ? [] : [key]));
  const allowed = '"bedrock" with bedrock alone, or "sagemaker" with sagemaker alone';
  const cure = `set the engine, and the arguments of that name (there are: ${given.join(", ") || "none"})`;
  faults.add("engine", args.engine, allowed, cure);
  faults.raise();
  throw new Error("unreachable: there is a fault");
}

function settleCommon(name: string, args: GenAiEndpointArgs, faults: Faults): SettledCommon {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    faults.add("name", name, "kebab-case, such as assistant", "rename the component");
  }
  // A guardrail's name has 50 characters at most, and auto-naming adds 8 to `<name>-guardrail`.
  if (name.length > 32) faults.add("name", name, "up to 32 characters", "shorten the component's name");
  if (!/^[a-z]{2}(-[a-z]+)+-\d+$/.test(args.region)) {
    faults.add("region", args.region, "an AWS region, such as ap-northeast-1", "set the stack's region");
  }
  if (!isLogRetention(args.logRetentionDays)) {
    faults.add("logRetentionDays", args.logRetentionDays, "a retention of CloudWatch Logs", "set 30, 90 or 365");
  }
  if (args.alarms === false && args.engine === "sagemaker") {
    faults.add("alarms", false, "thresholds with engine sagemaker", "remove it: an update goes back when they go off");
  }
  const given = args.alarms === false ? {} : args.alarms;
  const alarms = {
    throttles: given?.throttles ?? 10,
    errors: given?.errors ?? 5,
    latencySeconds: given?.latencySeconds ?? 60,
  };
  faults.integer("alarms.throttles", alarms.throttles, 1, 1_000_000);
  faults.integer("alarms.errors", alarms.errors, 1, 1_000_000);
  faults.integer("alarms.latencySeconds", alarms.latencySeconds, 1, 3600);

  return { name, args, alarms };
}

function settleBedrock(common: SettledCommon, bedrock: BedrockEngine, faults: Faults): Settled {
  const engine = settleEngine({ region: common.args.region, bedrock }, faults);
  faults.raise();
  if (engine === undefined) throw new Error("unreachable: a model that cannot be read is a fault");
  return { ...common, ...engine };
}

/** Settles and checks what is asked of Bedrock in a region; undefined when the model's id is none. */
export function settleEngine(place: BedrockPlace, faults: Faults): SettledEngine | undefined {
  const { bedrock, region } = place;
  const model = parseModel(bedrock.model);
  const destinations = checkModel(place, model, faults);
  const provisioned = checkCapacity(place, faults);
  checkCeiling(place, model, provisioned !== undefined, faults);
  const guardrail = settleGuardrail(bedrock.guardrail);
  checkGuardrail(guardrail, region, faults);
  const knowledge = settleKnowledge(bedrock.knowledge, faults);
  if (model === undefined) return undefined;
  return { bedrock, model, destinations, provisioned, ceiling: settleCeiling(place, model), guardrail, knowledge };
}
