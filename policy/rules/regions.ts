import type * as aws from "@pulumi/aws";

import { type Subject, on, rule } from "../lib/rule";
import { taggableTypes, untaggedRegionalTypes } from "../lib/tags";
import { types } from "../lib/types";
import type { Value } from "../lib/value";

/** Services whose parts for CloudFront exist in us-east-1 alone: certificates, firewalls, their alarms, keys and logs. */
const edgeServices = /^aws:(acm|wafv2|cloudwatch|cloudfront|sns|kms|chatbot|route53|lambda|iam|ecrpublic)\//;

const withReplicas: readonly string[] = [...types.table, ...types.secret];

export const regionAllowList = rule(
  {
    name: "region-allow-list",
    description:
      "Resources are in the regions that are named; without names in the provider's, the edge's parts in us-east-1",
    severity: "high",
    levels: "M/M/M",
    url: "https://docs.aws.amazon.com/controltower/latest/userguide/region-deny.html",
    remediationSteps: "Remove region from the resource, or name the region in the rule's regions.",
    config: {
      regions: {
        type: "array",
        items: { type: "string" },
        default: [],
        description: "regions that may be used; the provider's own while there is none",
      },
    },
  },
  on<aws.ProviderArgs>(types.provider, ({ props, config, report }) => {
    const regions = config.regions as string[];
    const region = props.at("region");
    if (regions.length > 0 && region.text !== undefined && !region.isEmpty() && !regions.includes(region.text)) {
      report(region, "is not among the stack's regions", `set it to ${regions.join(" or ")}`);
    }
  }),
  on<{ region?: string }>(
    [...taggableTypes, ...untaggedRegionalTypes].filter((type) => !withReplicas.includes(type)),
    (subject) => placed(subject, subject.props.at("region")),
  ),
  on<aws.dynamodb.TableArgs>(types.table, (subject) => {
    placed(subject, subject.props.at("region"));
    for (const replica of subject.props.at("replicas").items()) placed(subject, replica.at("regionName"));
  }),
  on<aws.secretsmanager.SecretArgs>(types.secret, (subject) => {
    placed(subject, subject.props.at("region"));
    for (const replica of subject.props.at("replicas").items()) placed(subject, replica.at("region"));
  }),
);

type Placed = Pick<Subject<unknown>, "type" | "provider" | "config" | "report">;

function placed({ type, provider, config, report }: Placed, region: Value): void {
  const named = config.regions as string[];
  const home = provider.dig("region").text;
  const allowed = named.length > 0 ? named : home === undefined ? [] : [home];
  if (region.text === undefined || region.isEmpty() || allowed.length === 0 || allowed.includes(region.text)) return;
  if (region.is("us-east-1") && edgeServices.test(type)) return;
  report(region, "is not among the stack's regions", `set it to ${allowed.join(" or ")}, or remove it`);
}
