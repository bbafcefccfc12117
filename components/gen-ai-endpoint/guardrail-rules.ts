import type * as aws from "@pulumi/aws";

import type { Faults } from "../shared/check";
import { type FilterStrength, type GuardrailRules, piiTypes } from "./types";

/** Rules with every default filled in. */
export type SettledGuardrail = Required<GuardrailRules>;

/**
 * Personal data that answers hardly ever need and that hurts when it leaks. Names and addresses are left in: most
 * conversations are about them.
 */
const masked = [
  ...["CREDIT_DEBIT_CARD_CVV", "CREDIT_DEBIT_CARD_EXPIRY", "CREDIT_DEBIT_CARD_NUMBER", "EMAIL"],
  ...["INTERNATIONAL_BANK_ACCOUNT_NUMBER", "PASSWORD", "PHONE", "PIN", "US_SOCIAL_SECURITY_NUMBER"],
];

export function settleGuardrail(rules: GuardrailRules | false | undefined): SettledGuardrail | undefined {
  if (rules === false) return undefined;
  return {
    content: "high",
    promptAttack: "high",
    mask: masked,
    block: ["AWS_ACCESS_KEY", "AWS_SECRET_KEY"],
    patterns: {},
    topics: {},
    words: [],
    profanity: true,
    tier: "classic",
    refusedPrompt: "This request is not allowed.",
    refusedAnswer: "This answer is not allowed.",
    ...rules,
  };
}

/** AWS: Bedrock API reference, CreateGuardrail. */
export function checkGuardrail(rules: SettledGuardrail | undefined, region: string, faults: Faults): void {
  if (rules === undefined) return;
  const path = "bedrock.guardrail";
  const strengths: readonly FilterStrength[] = ["low", "medium", "high"];
  for (const filter of ["content", "promptAttack"] as const) {
    if (strengths.includes(rules[filter])) continue;
    faults.add(`${path}.${filter}`, rules[filter], strengths.join(", "), "set one of them");
  }
  if (!["classic", "standard"].includes(rules.tier)) {
    faults.add(`${path}.tier`, rules.tier, "classic, standard", "set one of them");
  } else if (rules.tier === "standard" && guardrailGeography(region) === undefined) {
    faults.add(`${path}.tier`, rules.tier, `"classic" in ${region}`, "no guardrail profile is known for the region");
  }
  for (const kind of [...rules.mask, ...rules.block]) {
    if (piiTypes.includes(kind)) continue;
    faults.add(`${path}.mask`, kind, piiTypes.join(", "), "take a name from that list");
  }
  for (const kind of rules.mask.filter((one) => rules.block.includes(one))) {
    faults.add(`${path}.mask`, kind, "each kind in mask or in block", "leave it out of one of them");
  }
  const few = (part: "patterns" | "topics", most: number): void => {
    const count = Object.keys(rules[part]).length;
    if (count > most) faults.add(`${path}.${part}`, `${count} of them`, `at most ${most}`, "leave some out");
  };
  few("patterns", 10);
  few("topics", 30);
  for (const [name, { definition, examples = [] }] of Object.entries(rules.topics)) {
    if (!/^[0-9a-zA-Z-_ !?.]{1,100}$/.test(name)) {
      faults.add(`${path}.topics`, name, "1 to 100 letters, digits and -_ !?.", "rename the topic");
    }
    // AWS: quotas of guardrails, characters of a definition by tier.
    const most = rules.tier === "standard" ? 1000 : 200;
    length(`${path}.topics.${name}.definition`, definition, most, faults);
    for (const example of examples) length(`${path}.topics.${name}.examples`, example, 100, faults);
  }
  for (const word of rules.words) length(`${path}.words`, word, 100, faults);
  length(`${path}.refusedPrompt`, rules.refusedPrompt, 500, faults);
  length(`${path}.refusedAnswer`, rules.refusedAnswer, 500, faults);
}

function length(path: string, text: string, most: number, faults: Faults): void {
  if (text.length >= 1 && text.length <= most) return;
  faults.add(path, text, `1 to ${most} characters`, "shorten it");
}

/** Geography of the guardrail profile that the standard tier needs: `apac` of `apac.guardrail.v1:0`. */
export function guardrailGeography(region: string): string | undefined {
  const [first = "", second = ""] = region.split("-");
  if (second === "gov") return "us-gov";
  return { us: "us", eu: "eu", ap: "apac" }[first];
}

/** The rules in Bedrock's form. */
export function guardrailRules(rules: SettledGuardrail): Partial<aws.bedrock.GuardrailArgs> {
  const tierConfigs = rules.tier === "standard" ? { tierConfigs: [{ tierName: "STANDARD" }] } : {};
  const content = rules.content.toUpperCase();
  const topics = Object.entries(rules.topics).map(([name, { definition, examples }]) => ({
    name,
    definition,
    type: "DENY",
    ...(examples !== undefined && { examples }),
  }));
  const pii = [
    ...rules.mask.map((type) => ({ type, action: "ANONYMIZE" })),
    ...rules.block.map((type) => ({ type, action: "BLOCK" })),
  ];
  const patterns = Object.entries(rules.patterns).map(([name, { pattern, action }]) => ({
    name,
    pattern,
    action: action === "mask" ? "ANONYMIZE" : "BLOCK",
  }));
  return {
    blockedInputMessaging: rules.refusedPrompt,
    blockedOutputsMessaging: rules.refusedAnswer,
    contentPolicyConfig: {
      filtersConfigs: [
        ...["HATE", "INSULTS", "SEXUAL", "VIOLENCE", "MISCONDUCT"].map((type) => ({
          type,
          inputStrength: content,
          outputStrength: content,
        })),
        // AWS: an answer cannot attack, so its strength has to be NONE.
        { type: "PROMPT_ATTACK", inputStrength: rules.promptAttack.toUpperCase(), outputStrength: "NONE" },
      ],
      ...tierConfigs,
    },
    ...(pii.length + patterns.length > 0 && {
      sensitiveInformationPolicyConfig: {
        ...(pii.length > 0 && { piiEntitiesConfigs: pii }),
        ...(patterns.length > 0 && { regexesConfigs: patterns }),
      },
    }),
    ...(topics.length > 0 && { topicPolicyConfig: { topicsConfigs: topics, ...tierConfigs } }),
    ...((rules.profanity || rules.words.length > 0) && {
      wordPolicyConfig: {
        ...(rules.profanity && { managedWordListsConfigs: [{ type: "PROFANITY" }] }),
        ...(rules.words.length > 0 && { wordsConfigs: rules.words.map((text) => ({ text })) }),
      },
    }),
  };
}
