import * as pulumi from "@pulumi/pulumi";

import type { Access } from "../shared/access";
import type { LogRetentionDays } from "../shared/log-retention";
import { createBedrock } from "./bedrock";
import type { GenAiEndpointNodes, GenAiEndpointTransform } from "./nodes";
import { createSageMaker } from "./sagemaker";
import { settle } from "./settle";
import type { BedrockEngine, GenAiAlarmThresholds, SageMakerEngine } from "./types";

export type * from "./nodes";
export type * from "./types";

/** What a GenAiEndpoint is made of. */
export interface GenAiEndpointArgs {
  /** What answers: a model of Bedrock, or one of your own on SageMaker. */
  engine: "bedrock" | "sagemaker";
  /** The stack's region: models, profiles and prices differ between regions. */
  region: string;
  /** The model, how it is paid and what it refuses; with engine `bedrock`. */
  bedrock?: BedrockEngine;
  /** The model, and what answers with it; with engine `sagemaker`. */
  sagemaker?: SageMakerEngine;
  /** ARN of the stack's KMS key, which encrypts guardrail, logs and failures; its policy admits `logs`, with `knowledge` also `s3vectors`. */
  keyArn: pulumi.Input<string>;
  /** ARN of the SNS topic that the alarms tell. */
  alarmTopicArn: pulumi.Input<string>;
  /** How long the log of stops stays, in days. */
  logRetentionDays: LogRetentionDays;
  /** Protects the log, and provisioned throughput; throughput with a commitment is protected without it too. */
  keep: boolean;
  /** When the alarms go off; `false` for none, with engine `bedrock` alone. @default see GenAiAlarmThresholds */
  alarms?: GenAiAlarmThresholds | false;
  /** Last say on each child's arguments. */
  transform?: GenAiEndpointTransform;
}

/**
 * A model that the stack's programs may invoke: of Bedrock, through an inference profile of its own that tells its cost, under
 * a guardrail, and up to a ceiling on what its tokens cost within an hour; or one of your own on SageMaker.
 */
export class GenAiEndpoint extends pulumi.ComponentResource {
  /**
   * Invoke the model, at once or as a stream. Sets `MODEL_ID`, `GUARDRAIL_ID` and `GUARDRAIL_VERSION`; with SageMaker
   * `ENDPOINT_NAME`, and with `async` `REQUESTS`, where the program puts them.
   */
  public readonly invoke: Access;
  /** Invoke the model as a stream alone; undefined with `async`. Sets the same variables. */
  public readonly invokeStream: Access | undefined;
  /** Look up the documents of `knowledge`; undefined without. Sets `KNOWLEDGE_BASE_ID`. */
  public readonly retrieve: Access | undefined;
  /** Imports what changed among the documents: a command for the AWS CLI; undefined without `knowledge`. */
  public readonly ingestCommand: pulumi.Output<string> | undefined;
  /** ARN that requests name as the model; of the endpoint with SageMaker. */
  public readonly modelArn: pulumi.Output<string>;
  /** Id of the guardrail; undefined without one. */
  public readonly guardrailId: pulumi.Output<string> | undefined;
  /** Newest version of the guardrail; undefined without one. */
  public readonly guardrailVersion: pulumi.Output<string> | undefined;
  /** ARN of the policy that stops a role, for a budget's action; undefined without a ceiling. */
  public readonly stopPolicyArn: pulumi.Output<string> | undefined;
  /** Lifts the stop: a command for the AWS CLI; undefined without a ceiling. */
  public readonly liftCommand: pulumi.Output<string> | undefined;
  /** The most that an hour may cost until the stop acts, in USD at list price; undefined without a ceiling. */
  public readonly mostLostUsd: number | undefined;
  /** The resources themselves. */
  public readonly nodes: GenAiEndpointNodes;

  constructor(name: string, args: GenAiEndpointArgs, opts?: pulumi.ComponentResourceOptions) {
    const settled = settle(name, args);
    super("kiban:index:GenAiEndpoint", name, {}, opts);
    const made = "bedrock" in settled ? createBedrock(this, settled) : createSageMaker(this, settled);

    this.invoke = made.invoke;
    this.invokeStream = made.invokeStream;
    this.retrieve = made.retrieve;
    this.ingestCommand = made.ingestCommand;
    this.modelArn = made.modelArn;
    this.guardrailId = made.nodes.guardrail?.guardrailId;
    this.guardrailVersion = made.nodes.guardrailVersion?.version;
    this.stopPolicyArn = made.nodes.stopPolicy?.arn;
    this.liftCommand = made.liftCommand;
    this.mostLostUsd = made.mostLostUsd;
    this.nodes = made.nodes;
    this.registerOutputs({
      modelArn: this.modelArn,
      ...(this.liftCommand !== undefined && { liftCommand: this.liftCommand }),
      ...(this.mostLostUsd !== undefined && { mostLostUsd: this.mostLostUsd }),
    });
  }
}
