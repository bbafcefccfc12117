import { createHash } from "node:crypto";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import { acknowledgement } from "./capacity";
import { guardrailGeography, guardrailRules } from "./guardrail-rules";
import type { ModelNodes } from "./nodes";
import type { Settled } from "./settle";
import type { BedrockEngine } from "./types";

/** ARNs that the rights and the profile are about. */
export interface ModelArns {
  readonly partition: pulumi.Output<string>;
  readonly account: pulumi.Output<string>;
  /** The cross-region profile of AWS that ours is a copy of; undefined for a model of one region. */
  readonly systemProfile: pulumi.Output<string> | undefined;
  /** ARN of the foundation model in a region; without one, the ARN that global profiles route to. */
  readonly foundation: (region?: string) => pulumi.Output<string>;
}

export function modelArns(parent: pulumi.Resource, { args, model, provisioned }: Settled): ModelArns {
  const { accountId: account } = aws.getCallerIdentityOutput({}, { parent });
  const { partition } = aws.getPartitionOutput({}, { parent });
  const crosses = model.prefix !== undefined && provisioned === undefined;
  return {
    partition,
    account,
    systemProfile: crosses
      ? pulumi.interpolate`arn:${partition}:bedrock:${args.region}:${account}:inference-profile/${model.id}`
      : undefined,
    foundation: (region = "") =>
      pulumi.interpolate`arn:${partition}:bedrock:${region}::foundation-model/${model.foundation}`,
  };
}

/** The inference profile, or the throughput in its place, and the guardrail. */
export function createModel(parent: pulumi.Resource, s: Settled, arns: ModelArns): ModelNodes {
  return {
    profile: s.provisioned === undefined ? createProfile(parent, s, arns) : undefined,
    throughput: s.provisioned === undefined ? undefined : createThroughput(parent, s, arns),
    ...createGuardrail(parent, s, arns),
    spendersQuery:
      s.bedrock.invocationLogGroup === undefined ? undefined : createQuery(parent, s, s.bedrock.invocationLogGroup),
  };
}

/** A saved query on the account's invocation log: which role spent how many tokens. */
function createQuery(
  parent: pulumi.Resource,
  { name, args }: Settled,
  logGroup: string,
): aws.cloudwatch.QueryDefinition {
  return new aws.cloudwatch.QueryDefinition(
    `${name}-spenders`,
    override<aws.cloudwatch.QueryDefinitionArgs>(
      {
        // No auto-name for humans to read: folders come from the slashes.
        name: `${pulumi.getProject()}/${pulumi.getStack()}/${name}: tokens by caller`,
        logGroupNames: [logGroup],
        queryString: [
          "fields identity.arn as caller, modelId",
          "stats count() as requests, sum(input.inputTokenCount) as inputTokens, sum(output.outputTokenCount) as outputTokens by caller, modelId",
          "sort outputTokens desc",
        ].join(" | "),
      },
      args.transform?.spendersQuery,
    ),
    { parent },
  );
}

function createProfile(parent: pulumi.Resource, s: Settled, arns: ModelArns): aws.bedrock.InferenceProfile {
  const { name, args, bedrock } = s;
  return new aws.bedrock.InferenceProfile(
    `${name}-profile`,
    override<aws.bedrock.InferenceProfileArgs>(
      {
        description: `${bedrock.model} for ${name}`,
        modelSource: { copyFrom: arns.systemProfile ?? arns.foundation(args.region) },
        // The one thing that on-demand tokens can be told apart by on the bill.
        tags: ownTags(name, bedrock),
      },
      args.transform?.profile,
    ),
    { parent },
  );
}

/** Budgets filter by them, once they are active as cost-allocation tags; the last is for the policies. */
function ownTags(name: string, { costTags, invocationLogGroup }: BedrockEngine): Record<string, string> {
  return {
    ...costTags,
    Part: "generative-ai",
    Endpoint: name,
    ...(invocationLogGroup !== undefined && { InvocationLog: invocationLogGroup }),
  };
}

function createThroughput(
  parent: pulumi.Resource,
  s: Settled,
  arns: ModelArns,
): aws.bedrock.ProvisionedModelThroughput | undefined {
  const { name, args, bedrock, provisioned } = s;
  if (provisioned === undefined) return undefined;
  const { units, commitment } = provisioned;
  const committed = commitment !== "none";
  // Two resources, not one in two forms: an update may take the protection off and replace at one go, but not delete what is
  // protected. So taking the commitment back is refused like any other change of it.
  const role = committed ? name : `${name}-hourly`;
  return new aws.bedrock.ProvisionedModelThroughput(
    `${role}-throughput`,
    override<aws.bedrock.ProvisionedModelThroughputArgs>(
      {
        // No auto-name: the property is not called `name`.
        provisionedModelName: `${pulumi.getProject()}-${pulumi.getStack()}-${role}`,
        modelArn: arns.foundation(args.region),
        modelUnits: units,
        ...(committed && { commitmentDuration: commitment === "oneMonth" ? "OneMonth" : "SixMonths" }),
        tags: {
          ...ownTags(name, bedrock),
          // For whoever finds it on the bill, and for the policies and the estimate.
          Acknowledged: acknowledgement(bedrock.model, provisioned).replace(",", ""),
          UnitUsdPerHour: String(provisioned.unitUsdPerHour),
        },
      },
      args.transform?.throughput,
    ),
    // What is committed is paid to the end of its term whether it is there or not: no update replaces it, no destroy tries
    // to delete it. AWS refuses the deletion before the term's end.
    {
      parent,
      protect: committed || args.keep,
      retainOnDelete: committed,
      // Two cannot have one name.
      deleteBeforeReplace: true,
    },
  );
}

function createGuardrail(
  parent: pulumi.Resource,
  { name, args, guardrail: rules }: Settled,
  { partition, account }: ModelArns,
): Pick<ModelNodes, "guardrail" | "guardrailVersion"> {
  if (rules === undefined) return { guardrail: undefined, guardrailVersion: undefined };
  const geography = guardrailGeography(args.region);
  const profile = pulumi.interpolate`arn:${partition}:bedrock:${args.region}:${account}:guardrail-profile/${geography}.guardrail.v1:0`;
  const final = override<aws.bedrock.GuardrailArgs>(
    {
      blockedInputMessaging: rules.refusedPrompt,
      blockedOutputsMessaging: rules.refusedAnswer,
      ...guardrailRules(rules),
      description: `What ${name} refuses and masks`,
      kmsKeyArn: args.keyArn,
      ...(rules.tier === "standard" && { crossRegionConfig: { guardrailProfileIdentifier: profile } }),
    },
    args.transform?.guardrail,
  );
  const guardrail = new aws.bedrock.Guardrail(`${name}-guardrail`, final, { parent });
  // A version is a copy of the rules as they are now: its description changes with them, and with it the version.
  const description = pulumi
    .jsonStringify(final)
    .apply((text) => `Rules ${createHash("sha256").update(text).digest("hex").slice(0, 16)}`);
  const guardrailVersion = new aws.bedrock.GuardrailVersion(
    `${name}-guardrail-version`,
    override<aws.bedrock.GuardrailVersionArgs>(
      // Running tasks, and those that a rollback brings back, name the version that they were deployed with.
      { guardrailArn: guardrail.guardrailArn, description, skipDestroy: true },
      args.transform?.guardrailVersion,
    ),
    { parent },
  );
  return { guardrail, guardrailVersion };
}
