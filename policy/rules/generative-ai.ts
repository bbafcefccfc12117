import type * as aws from "@pulumi/aws";

import { onAllowed } from "../lib/allowed";
import { list } from "../lib/documents";
import { lacksCustomerKey } from "../lib/keys";
import { allowsAction, covers, modelName, partOf, residentPrefixes } from "../lib/models";
import { type Subject, on, rule, stackRule } from "../lib/rule";
import { types } from "../lib/types";
import type { Value } from "../lib/value";

const invoking = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"];
const generating = ["bedrock:RetrieveAndGenerate", "bedrock:RetrieveAndGenerateStream"];

export const bedrockGuardrail = rule(
  {
    name: "bedrock-guardrail",
    description: "Models are asked under a numbered version of a guardrail that filters content and personal data",
    severity: "high",
    levels: "A/M/M",
    url: "https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-permissions-id.html",
    remediationSteps:
      "Give agents guardrailConfigurations, guardrails both policies, and rights to invoke the condition " +
      "bedrock:GuardrailIdentifier with the guardrail's ARN and `:*`.",
  },
  on<aws.bedrock.AgentAgentArgs>(types.bedrockAgent, ({ props, report }) => {
    const guardrails = props.at("guardrailConfigurations");
    if (guardrails.isEmpty()) report(guardrails, "is not set", "name a guardrail and its version");
    for (const guardrail of guardrails.items()) {
      const identifier = guardrail.at("guardrailIdentifier");
      if (identifier.isEmpty()) report(identifier, "is not set", "set it to the guardrail's id");
      const version = guardrail.at("guardrailVersion");
      if (version.isEmpty() || version.is("DRAFT")) {
        report(version, "changes whenever someone edits the guardrail", "set it to a numbered version");
      }
    }
  }),
  on<aws.bedrock.GuardrailArgs>(types.bedrockGuardrail, ({ props, report }) => {
    const filters = props.at("contentPolicyConfig").at("filtersConfigs");
    if (filters.isEmpty()) report(filters, "is not set", "filter harmful content and PROMPT_ATTACK");
    const types = filters.items().map((filter) => filter.at("type"));
    const attacks = filters.items().find((filter) => filter.at("type").is("PROMPT_ATTACK"));
    if (attacks === undefined && types.length > 0 && types.every((type) => !type.unknown)) {
      report(filters, "lets attacks in prompts pass", "add a filter of type PROMPT_ATTACK");
    }
    const strength = attacks?.at("inputStrength");
    if (strength?.is("NONE") === true) report(strength, "lets attacks in prompts pass", "set it to HIGH");
    const personal = props.at("sensitiveInformationPolicyConfig");
    const parts = [personal.at("piiEntitiesConfigs"), personal.at("regexesConfigs")];
    if (parts.every((part) => part.isEmpty())) report(personal, "is not set", "mask or block personal data");
  }),
  ...onAllowed((statement, { report }) => {
    if (allowsAction(statement, generating)) {
      report(
        statement,
        "allows to retrieve and generate, which no condition on a guardrail covers",
        "allow bedrock:Retrieve",
      );
    }
    if (!allowsAction(statement, invoking) || isEmbedding(statement.dig("Resource"))) return;
    const identifiers = guardrailsOf(statement.dig("Condition"));
    if (identifiers === undefined) return;
    if (identifiers.length === 0) {
      const cure = "add ArnLike on bedrock:GuardrailIdentifier with the guardrail's ARN and `:*`";
      report(statement, "allows to invoke a model without a guardrail", cure);
    }
    for (const identifier of identifiers) {
      // A draft has an ARN without a version; `*` in place of the version is what every number matches.
      if (identifier.unknown || /:guardrail\/[^:*]+:(\*|\d+)$/.test(identifier.text ?? "")) continue;
      report(identifier, "admits drafts or any guardrail", "name one guardrail's ARN, and `:*` or a version behind it");
    }
  }),
);

/** Whether only models are named that return numbers and know no guardrail. */
function isEmbedding(resource: Value): boolean {
  const names = list(resource);
  return names.length > 0 && names.every((name) => /:foundation-model\/[^/]*\b(embed|rerank)/.test(name.text ?? ""));
}

/** Guardrails that a condition asks for; undefined where a part of it is unknown. An `...IfExists` asks for none. */
function guardrailsOf(condition: Value): Value[] | undefined {
  const found: Value[] = [];
  if (condition.unknown) return undefined;
  for (const operator of condition.keys()) {
    if (!/^(ForAnyValue:)?(Arn|String)(Like|Equals)$/i.test(operator)) continue;
    const keys = condition.dig(operator);
    if (keys.unknown) return undefined;
    const name = keys.keys().find((key) => key.toLowerCase() === "bedrock:guardrailidentifier");
    if (name !== undefined) found.push(...orUnknown(keys.dig(name)));
  }
  return found;
}

const orUnknown = (value: Value): Value[] => (value.unknown ? [value] : list(value));

export const bedrockModelAllowList = rule(
  {
    name: "bedrock-model-allow-list",
    description: "Models are of makers that were chosen, and answer in the stack's country or part of the world",
    severity: "high",
    levels: "A/M/M",
    url: "https://docs.aws.amazon.com/bedrock/latest/userguide/cross-region-inference.html",
    remediationSteps:
      "Take a model of the list, without a prefix or with that of a profile that stays in the region's geography; add to " +
      "`models` or `prefixes` of the rule's configuration what was decided otherwise.",
    config: {
      models: {
        type: "array",
        items: { type: "string" },
        default: ["amazon.*", "anthropic.*"],
        description: "models by id, `*` for any text",
      },
      prefixes: {
        type: "array",
        items: { type: "string" },
        default: [],
        description:
          "prefixes of cross-region profiles, in place of those of the region's country and part of the world",
      },
    },
  },
  on<aws.bedrock.AgentAgentArgs>(types.bedrockAgent, ({ props, ...subject }) => {
    judge({ ...subject, region: props.at("region") }, props.at("foundationModel"));
  }),
  on<aws.bedrock.InferenceProfileArgs>(types.bedrockProfile, ({ props, ...subject }) => {
    judge({ ...subject, region: props.at("region") }, props.at("modelSource").at("copyFrom"));
  }),
  on<aws.bedrock.CustomModelArgs>(types.bedrockCustomModel, ({ props, ...subject }) => {
    judge({ ...subject, region: props.at("region") }, props.at("baseModelIdentifier"));
  }),
  on<aws.bedrock.ProvisionedModelThroughputArgs>(types.bedrockThroughput, ({ props, ...subject }) => {
    judge({ ...subject, region: props.at("region") }, props.at("modelArn"));
  }),
  on<aws.bedrock.AgentKnowledgeBaseArgs>(types.bedrockKnowledgeBase, ({ props, ...subject }) => {
    const configuration = props.at("knowledgeBaseConfiguration").at("vectorKnowledgeBaseConfiguration");
    judge({ ...subject, region: props.at("region") }, configuration.at("embeddingModelArn"));
  }),
  ...onAllowed((statement, subject) => {
    if (!allowsAction(statement, invoking)) return;
    for (const resource of list(statement.dig("Resource"))) {
      const name = resource.text ?? "";
      if (name === "*" || /:(foundation-model|inference-profile)\/\*?$/.test(name)) {
        subject.report(resource, "lets every model be invoked", "name the models");
      } else {
        judge(subject, resource);
      }
    }
  }),
);

/** What a model is judged by: the resource that names it, and its region unless that is its provider's. */
type Asked = Pick<Subject<unknown>, "provider" | "config" | "report"> & { readonly region?: Value };

/** Reports a model that is not on the list, or that takes data out of the region's geography. */
function judge({ region: own, provider, config, report }: Asked, model: Value): void {
  const name = model.text === undefined || model.isEmpty() ? undefined : modelName(model.text);
  if (name === undefined) return;
  const allowed = config["models"] as readonly string[];
  if (!allowed.some((pattern) => covers(pattern, name.foundation))) {
    report(model, "is not on the list of models", `take one of ${allowed.join(", ")}, or add it to the configuration`);
  }
  const region = (own?.isEmpty() === false ? own : provider.dig("region")).text;
  if (region === undefined) return;
  const given = config["prefixes"] as readonly string[];
  const prefixes = given.length > 0 ? given : residentPrefixes(region);
  const stays = `take a model of ${region}, without a prefix or with one of: ${prefixes.join(", ") || "none"}`;
  // A model without region is what rights on a global profile are about.
  const prefix = name.prefix ?? (/^arn:[^:]+:bedrock::/.test(model.text ?? "") ? "global" : undefined);
  if (prefix !== undefined && !prefixes.includes(prefix)) {
    report(model, "answers outside the region's geography", stays);
  } else if (name.region !== undefined && partOf(name.region) !== partOf(region)) {
    report(model, "is in another part of the world", stays);
  }
}

export const bedrockInvocationLogs = stackRule(
  {
    name: "bedrock-invocation-logs",
    description: "Who asks which model, and how much it was, is logged once for an account and region",
    severity: "medium",
    levels: "0/A/M",
    url: "https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html",
    remediationSteps:
      "Set InvocationLoggingConfiguration in the account's own stack, and name its log group or bucket in tag InvocationLog.",
    config: {
      content: {
        type: "boolean",
        default: false,
        description: "prompts and answers have to be in the log too",
      },
    },
  },
  [...types.bedrockProfile, ...types.bedrockThroughput, ...types.bedrockAgent, ...types.bedrockLogging],
  ({ stack, config, report }) => {
    const loggings = stack.ofType(types.bedrockLogging);
    for (const logging of loggings) {
      const settings = logging.props.dig("loggingConfig");
      if (settings.dig("cloudwatchConfig").isEmpty() && settings.dig("s3Config").isEmpty()) {
        report(logging, settings, "has no destination", "set cloudwatchConfig or s3Config");
      }
      const text = settings.dig("textDataDeliveryEnabled");
      if (config["content"] === true && text.is(false)) report(logging, text, "leaves text out", "set it to true");
    }
    if (loggings.length > 0) return;
    for (const node of stack.ofType([...types.bedrockProfile, ...types.bedrockThroughput, ...types.bedrockAgent])) {
      const tag = node.props.dig("tags", "InvocationLog");
      if (!tag.isEmpty()) continue;
      const cure = "name the log of the account stack's InvocationLoggingConfiguration, or make one here";
      report(node, "tags.InvocationLog", "is not set, and the stack logs no invocations", cure);
    }
  },
);

export const bedrockKms = rule(
  {
    name: "bedrock-kms",
    description: "Guardrails, agents, custom models and vectors are encrypted with a key of the customer",
    severity: "medium",
    levels: "0/A/M",
    url: "https://docs.aws.amazon.com/bedrock/latest/userguide/data-encryption.html",
    remediationSteps: "Set the property to the ARN of the stack's key.",
  },
  on<aws.bedrock.AgentAgentArgs>(types.bedrockAgent, ({ props, report }) => {
    ours(props.at("customerEncryptionKeyArn"), report);
  }),
  on<aws.bedrock.GuardrailArgs>(types.bedrockGuardrail, ({ props, report }) => ours(props.at("kmsKeyArn"), report)),
  on<aws.bedrock.CustomModelArgs>(types.bedrockCustomModel, ({ props, report }) => {
    ours(props.at("customModelKmsKeyId"), report);
  }),
  on<aws.bedrock.AgentDataSourceArgs>(types.bedrockDataSource, ({ props, report }) => {
    ours(props.at("serverSideEncryptionConfiguration").at("kmsKeyArn"), report);
  }),
  on<aws.opensearch.ServerlessCollectionArgs>(types.searchCollection, ({ props, report }) => {
    const configs = props.at("encryptionConfigs");
    // A security policy of type encryption may give the key in place of the collection.
    for (const config of configs.items()) ours(config.at("kmsKeyArn"), report);
  }),
  on<aws.s3.VectorsVectorBucketArgs>([...types.vectorBucket, ...types.vectorIndex], ({ props, report, type }) => {
    const configs = props.at("encryptionConfigurations");
    const inherits = types.vectorIndex.includes(type as (typeof types.vectorIndex)[number]);
    if (configs.isEmpty() && !inherits) report(configs, "is not set", "set sseType aws:kms and kmsKeyArn");
    for (const config of configs.items()) ours(config.at("kmsKeyArn"), report);
  }),
);

function ours(key: Value, report: Subject<unknown>["report"]): void {
  if (lacksCustomerKey(key)) report(key, "is no key of the customer", "set it to the ARN of the stack's key");
}

const terms: Readonly<Record<string, string>> = { OneMonth: "oneMonth", SixMonths: "sixMonths" };

export const provisionedThroughputAck = rule(
  {
    name: "provisioned-throughput-ack",
    description: "Throughput that is paid whether it is used or not was bought by someone who said what it is",
    severity: "high",
    levels: "M/M/M",
    url: "https://docs.aws.amazon.com/bedrock/latest/userguide/prov-throughput.html",
    remediationSteps:
      "Set tag Acknowledged to `<units> x <model> <none, oneMonth or sixMonths>`, and protect what has a commitment; or " +
      "enter an exemption with an owner and an end.",
  },
  on<aws.bedrock.ProvisionedModelThroughputArgs>(types.bedrockThroughput, ({ props, protect, report }) => {
    const [units, arn, term] = [props.at("modelUnits"), props.at("modelArn"), props.at("commitmentDuration")];
    const committed = !term.unknown && !term.isEmpty();
    if (committed && !protect) {
      report("protect", "is off, and the term is paid to its end", "set the resource option to true");
    }
    if (units.unknown || arn.unknown || term.unknown) return;
    const model = arn.text?.slice(arn.text.lastIndexOf("/") + 1) ?? "";
    const sentence = `${units.known ?? 1} x ${model} ${terms[term.text ?? ""] ?? "none"}`;
    const tag = props.dig("tags", "Acknowledged");
    if (tag.isNot(sentence)) report(tag, "does not say what is bought", `set it to "${sentence}"`);
  }),
);

/** Instances with a GPU, Inferentia, Trainium or Gaudi, as SageMaker (`ml.`) and EC2 name them. */
const accelerated = /^(ml\.)?(p\d|g\d|inf\d|trn\d|dl\d|vt\d)[a-z0-9-]*\./;

export const gpuInstanceAck = rule(
  {
    name: "gpu-instance-ack",
    description: "Instances with an accelerator were rented by someone who said how many of which",
    severity: "high",
    levels: "M/M/M",
    url: "https://docs.aws.amazon.com/sagemaker/latest/dg/inference-cost-optimization.html",
    remediationSteps: "Set tag Acknowledged to `<most instances> x <instance type>`, several with ` + ` between them.",
  },
  on<aws.sagemaker.EndpointConfigurationArgs>(types.endpointConfiguration, ({ props, report }) => {
    const variants = [...props.at("productionVariants").items(), ...props.at("shadowProductionVariants").items()];
    for (const variant of variants) {
      const count = variant.at("initialInstanceCount");
      acknowledged(props, variant.at("instanceType"), count.unknown ? 1 : (count.known ?? 1), report);
    }
  }),
  on<{ instanceType: string }>([...types.notebook, ...types.instance], ({ props, report }) => {
    acknowledged(props, props.at("instanceType"), 1, report);
  }),
  on<aws.ec2.LaunchTemplateArgs>(types.launchTemplate, ({ props, report }) => {
    acknowledged(props, props.at("instanceType"), 1, report);
  }),
);

function acknowledged(props: Value, instanceType: Value, least: number, report: Subject<unknown>["report"]): void {
  const name = instanceType.text ?? "";
  if (!accelerated.test(name)) return;
  const tag = props.dig("tags", "Acknowledged");
  if (tag.unknown) return;
  const parts = (tag.text ?? "").split(" + ").map((part) => /^(\d+) x (.+)$/.exec(part));
  if (parts.some((part) => part?.[2] === name && Number(part[1]) >= least)) return;
  report(
    instanceType,
    "has an accelerator, which is paid whether it is used or not",
    `set tag Acknowledged to "${least} x ${name}" or more`,
  );
}

/** What costs money by its use, or by the hour for as long as it is there. */
const spending = [
  ...[...types.bedrockProfile, ...types.bedrockThroughput, ...types.bedrockAgent, ...types.endpointConfiguration],
  ...[...types.service, ...types.dbCluster, ...types.natGateway],
];

export const budgetPresent = stackRule(
  {
    name: "budget-present",
    description: "A stack that spends by use or by the hour has a budget, and someone is told of it",
    severity: "medium",
    levels: "A/A/A",
    url: "https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html",
    remediationSteps: "Make a budget with notifications that have subscribers, here or in the account's own stack.",
  },
  [...types.budget, ...spending],
  ({ stack, report }) => {
    const budgets = stack.ofType(types.budget);
    for (const budget of budgets) {
      const notifications = budget.props.dig("notifications");
      if (notifications.unknown) continue;
      const told = notifications.items().some((notification) => {
        const receivers = [notification.dig("subscriberEmailAddresses"), notification.dig("subscriberSnsTopicArns")];
        return notification.unknown || receivers.some((receiver) => !receiver.isEmpty());
      });
      if (!told) report(budget, notifications, "tell nobody", "give a notification subscribers");
    }
    if (budgets.length > 0) return;
    const [first] = stack.ofType(spending);
    if (first !== undefined) report(first, "stack", "has no budget", "make one, or exempt it with the account's own");
  },
);
