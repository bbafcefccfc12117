import type * as aws from "@pulumi/aws";
import { interpolate, type Output } from "@pulumi/pulumi";

import type { Access } from "../shared/access";
import { guardrailGeography } from "./guardrail-rules";
import type { ModelArns } from "./model";
import type { ModelNodes } from "./nodes";
import type { Settled } from "./settle";

type Actions =
  "bedrock:InvokeModelWithResponseStream" | ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"];
type Condition = Record<string, Record<string, Output<string> | Output<string>[] | string>>;

/** What requests name as the model: our profile, or the throughput. */
export function modelArn({ profile, throughput }: ModelNodes): Output<string> {
  const arn = profile?.arn ?? throughput?.provisionedModelArn;
  if (arn === undefined) throw new Error("unreachable: an endpoint has a profile or a throughput");
  return arn;
}

/** The right to invoke this model through this endpoint, its guardrail applied, and nothing else of Bedrock. */
export function invokeAccess(s: Settled, arns: ModelArns, made: ModelNodes, action: Actions): Access {
  const { guardrail, guardrailVersion } = made;
  return {
    name: s.name,
    env: {
      MODEL_ID: modelArn(made),
      ...(guardrail !== undefined && { GUARDRAIL_ID: guardrail.guardrailId }),
      ...(guardrailVersion !== undefined && { GUARDRAIL_VERSION: guardrailVersion.version }),
    },
    statements: [...invokeStatements(s, arns, made, action), ...guardrailStatements(s, arns, guardrail)],
  };
}

function invokeStatements(s: Settled, arns: ModelArns, made: ModelNodes, action: Actions): aws.iam.PolicyStatement[] {
  const guarded: Condition =
    made.guardrail === undefined
      ? {}
      : // AWS: "Enforce the use of specific guardrails": any numbered version; DRAFT has an ARN without a version.
        { ArnLike: { "bedrock:GuardrailIdentifier": interpolate`${made.guardrail.guardrailArn}:*` } };
  const allow = (
    resource: Output<string> | Output<string>[],
    { ArnLike, ...others }: Condition = {},
  ): aws.iam.PolicyStatement => {
    const arnLike = { ...guarded["ArnLike"], ...ArnLike };
    const condition = { ...(Object.keys(arnLike).length > 0 && { ArnLike: arnLike }), ...others };
    return {
      Effect: "Allow",
      Action: action,
      Resource: resource,
      ...(Object.keys(condition).length > 0 && { Condition: condition }),
    };
  };
  const profile = modelArn(made);
  if (s.provisioned !== undefined) return [allow(profile)];

  // Behind our profile IAM asks for the right on what it is a copy of, too: given through the profile alone, so that no
  // request goes past the tags that tell its cost.
  const throughOurs: Condition = { ArnLike: { "bedrock:InferenceProfileArn": profile } };
  const { systemProfile, foundation } = arns;
  if (systemProfile === undefined) return [allow(profile), allow(foundation(s.args.region), throughOurs)];
  const through: Condition = { ArnLike: { "bedrock:InferenceProfileArn": [profile, systemProfile] } };
  const common = [allow(profile), allow(systemProfile, throughOurs)];
  if (s.destinations !== undefined) {
    const regions = [...new Set([s.args.region, ...s.destinations])];
    return [
      ...common,
      allow(
        regions.map((region) => foundation(region)),
        through,
      ),
    ];
  }
  // AWS: Bedrock user guide, "Global cross-Region inference": the source region's model, and one without a region.
  const requested = (region: string): Condition => ({
    ...through,
    StringEquals: { "aws:RequestedRegion": region },
  });
  return [
    ...common,
    allow(foundation(s.args.region), requested(s.args.region)),
    allow(foundation(), requested("unspecified")),
  ];
}

/** AWS: Bedrock user guide, "Set up permissions to use Guardrails": the caller applies it and reads with its key. */
function guardrailStatements(
  { args, guardrail: rules }: Settled,
  { partition, account }: ModelArns,
  guardrail: aws.bedrock.Guardrail | undefined,
): aws.iam.PolicyStatement[] {
  if (guardrail === undefined || rules === undefined) return [];
  const geography = guardrailGeography(args.region);
  // The standard tier evaluates in whichever region of the geography has room.
  const everywhere = interpolate`arn:${partition}:bedrock:*:${account}:guardrail-profile/${geography}.guardrail.v1:0`;
  return [
    {
      Effect: "Allow",
      Action: "bedrock:ApplyGuardrail",
      Resource: rules.tier === "standard" ? [guardrail.guardrailArn, everywhere] : guardrail.guardrailArn,
    },
    {
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: args.keyArn,
      Condition: { StringEquals: { "kms:ViaService": `bedrock.${args.region}.amazonaws.com` } },
    },
  ];
}
