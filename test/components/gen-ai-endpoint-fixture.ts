import * as pulumi from "@pulumi/pulumi";

import { GenAiEndpoint, type GenAiEndpointArgs } from "../../components/gen-ai-endpoint/gen-ai-endpoint";
import type { BedrockEngine } from "../../components/gen-ai-endpoint/types";
import { type Run, run } from "../harness";

export const account = "111111111111";
export const keyArn = `arn:aws:kms:ap-northeast-1:${account}:key/00000000-0000-0000-0000-000000000000`;
export const alarmTopicArn = `arn:aws:sns:ap-northeast-1:${account}:alarms`;

export const haiku = "anthropic.claude-haiku-4-5-20251001-v1:0";
export const onDemand: BedrockEngine = {
  model: `jp.${haiku}`,
  ceiling: { usdPerHour: 5, tokensPerMinute: 1_000_000 },
};
export const nova = "amazon.nova-pro-v1:0:24k";
export const reserved: BedrockEngine = {
  model: nova,
  capacity: {
    provisioned: { units: 2, commitment: "oneMonth", unitUsdPerHour: 10, acknowledge: `2 x ${nova}, oneMonth` },
  },
};

export const least: GenAiEndpointArgs = {
  engine: "bedrock",
  region: "ap-northeast-1",
  bedrock: onDemand,
  keyArn,
  alarmTopicArn,
  logRetentionDays: 30,
  keep: false,
};

export const make = (bedrock: Partial<BedrockEngine> = {}, args: Partial<GenAiEndpointArgs> = {}): Promise<Run> =>
  run(() => void new GenAiEndpoint("ai", { ...least, bedrock: { ...onDemand, ...bedrock }, ...args }));

/** Provisioned capacity, in the region that sells it. */
export const makeReserved = (args: Partial<GenAiEndpointArgs> = {}): Promise<Run> =>
  run(() => void new GenAiEndpoint("ai", { ...least, region: "us-east-1", bedrock: reserved, ...args }), {
    region: "us-east-1",
  });

/** What a function makes of an endpoint, with its outputs known. */
export async function of<T>(
  read: (made: GenAiEndpoint) => T,
  args: Partial<GenAiEndpointArgs> = {},
): Promise<{ value: unknown; result: Run }> {
  let value: unknown;
  const result = await run(
    async () => {
      const made = new GenAiEndpoint("ai", { ...least, ...args });
      value = await new Promise((resolve) => pulumi.output(read(made)).apply(resolve));
    },
    { region: args.region ?? least.region },
  );
  if (result.error !== undefined) throw result.error;
  return { value, result };
}
