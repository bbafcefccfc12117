import type { Plan } from "../../plan/run";
import { type Amount, concurrencyOf, fargateOf, type InputsOf, text } from "./capacity";

/** What a plan wants of its account. */
export interface Wants {
  /** vCPU on Fargate, while a deployment has the old tasks and the new ones. */
  readonly fargate: { readonly onDemand: Amount; readonly spot: Amount };
  /** Functions that run at the same time. */
  readonly concurrency: Amount;
  /** Receivers of mail, each by the region of its topic. */
  readonly receivers: readonly { readonly address: string; readonly region: string }[];
  /** Domains that mail is sent from. */
  readonly senders: readonly string[];
  /** Whether models of Bedrock are invoked, paid by the token. */
  readonly invokes: boolean;
  /** ARNs of the account's monitors of spending. */
  readonly monitors: readonly string[];
}

export function wantsOf({ resources }: Pick<Plan, "resources">): Wants {
  const inputs: InputsOf = (type) => resources.filter((each) => each.type === type).map((each) => each.inputs);
  const monitors = inputs("aws:costexplorer/anomalySubscription:AnomalySubscription").flatMap(({ monitorArnLists }) =>
    Array.isArray(monitorArnLists) ? monitorArnLists.map(text) : [],
  );
  return {
    fargate: fargateOf(inputs),
    concurrency: concurrencyOf(inputs),
    receivers: inputs("aws:sns/topicSubscription:TopicSubscription")
      .filter(({ protocol }) => protocol === "email")
      .map(({ endpoint, region }) => ({ address: text(endpoint), region: text(region) })),
    senders: inputs("aws:sesv2/emailIdentity:EmailIdentity").map(({ emailIdentity }) => text(emailIdentity)),
    invokes: inputs("aws:bedrock/inferenceProfile:InferenceProfile").length > 0,
    monitors: [...new Set(monitors)],
  };
}
