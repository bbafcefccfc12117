/** Rows of the picture, from the people who come in to what they come for. */
export const tiers = ["front", "way-in", "programs", "data", "pipelines", "lake", "insight", "foundations"] as const;
export type Tier = (typeof tiers)[number];

/** What each row is called in a picture. */
export const tierTitles: Readonly<Record<Tier, string>> = {
  front: "Front",
  "way-in": "Way in",
  programs: "Programs",
  data: "Identity, data, AI",
  pipelines: "Pipelines",
  lake: "Lake and warehouse",
  insight: "Insight",
  foundations: "Foundations",
};

/** What says most about a component, first: a service that has a listener rule is still a program. */
const marks: readonly (readonly [mark: RegExp, tier: Tier])[] = [
  [/^aws:ec2\/vpc:/, "foundations"],
  [/^aws:cloudfront\/distribution:/, "front"],
  [/^aws:quicksight\//, "insight"],
  [/^aws:(ecs\/(service|taskDefinition)|apprunner\/service|ec2\/instance|autoscaling\/group):/, "programs"],
  [/^aws:(lb|alb)\/loadBalancer:|^aws:apigatewayv2?\/(restApi|api):/, "way-in"],
  [/^aws:(bedrock|bedrockmodel|sagemaker)\//, "data"],
  [/^aws:(cognito\/userPool|rds\/(cluster|instance)|dynamodb\/table|elasticache\/\w+):/, "data"],
  [/^aws:(glue\/job|sfn\/stateMachine|kinesis\/\w+):/, "pipelines"],
  [/^aws:(redshift|redshiftserverless|athena|lakeformation)\/|^aws:glue\/catalog/, "lake"],
  [/^aws:lambda\/function:/, "programs"],
  [/^aws:s3\/bucket(V2)?:/, "data"],
];

/** The row of what holds resources of these types; foundations where nothing says otherwise. */
export function tierOf(types: readonly string[]): Tier {
  return marks.find(([mark]) => types.some((type) => mark.test(type)))?.[1] ?? "foundations";
}
