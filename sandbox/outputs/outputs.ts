import { type ProviderSettings } from "../provider";
import { shapeOf } from "../schema/schema";
import { hasUnknown, secret, unknown, type Values } from "../values";
import { access } from "./access";
import { account } from "./account";
import { balancing } from "./balancing";
import { bedrock } from "./bedrock";
import { cognito } from "./cognito";
import { containers } from "./containers";
import { Context, type Makers } from "./context";
import { edge } from "./edge";
import { fillOutputs, generic } from "./generic";
import { network } from "./network";
import { operations } from "./operations";
import { quicksight } from "./quicksight";
import { redshift } from "./redshift";
import { sagemaker } from "./sagemaker";
import { sfn } from "./sfn";
import { storage } from "./storage";
import { mergedTags } from "../check";

const makers: Makers = {
  ...access,
  ...account,
  ...balancing,
  ...bedrock,
  ...cognito,
  ...containers,
  ...edge,
  ...network,
  ...operations,
  ...quicksight,
  ...redshift,
  ...sagemaker,
  ...sfn,
  ...storage,
};

/** What is known of a resource once it exists; `id` is empty where a preview cannot know it. */
export interface Created {
  readonly id: string;
  readonly outputs: Values;
}

function echoed(inputs: Values): Values {
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => key !== "__defaults"));
}

function withSecrets(type: string, outputs: Values): Values {
  for (const property of shapeOf(type)?.secretOutputs ?? []) {
    const value = outputs[property];
    if (value !== undefined) outputs[property] = secret(value);
  }
  return outputs;
}

/** The engine's preview: the inputs come back, what the cloud computes is unknown. */
export function previewed(type: string, inputs: Values): Created {
  const outputs = echoed(inputs);
  const shape = shapeOf(type);
  for (const [property] of shape?.outputs ?? []) outputs[property] ??= unknown;
  for (const [property] of shape?.filled ?? []) outputs[property] ??= unknown;
  if (shape?.hasTagsAll === true) outputs["tagsAll"] ??= unknown;
  return { id: "", outputs: withSecrets(type, outputs) };
}

/** A create: the inputs, and stand-ins in AWS's real formats for what the cloud computes. */
export function created(type: string, urn: string, inputs: Values, provider: ProviderSettings): Created {
  const context = new Context(type, urn, inputs, provider);
  const { id, outputs } = (makers[type.split(":")[1] ?? ""] ?? generic)(context);
  const all = { ...fillOutputs(context, outputs), ...echoed(inputs) };
  // A computed value that the program also gave as unknown (it cannot be, outside a preview) stays computed.
  for (const [key, value] of Object.entries(outputs)) if (hasUnknown(all[key])) all[key] = value;
  if (shapeOf(type)?.hasTagsAll === true) all["tagsAll"] ??= mergedTags(inputs["tags"], provider);
  return { id, outputs: withSecrets(type, all) };
}

export const typesWithOutputs: readonly string[] = Object.keys(makers);
