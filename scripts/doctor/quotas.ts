import { parseModel } from "../../components/gen-ai-endpoint/models";
import type { Amount } from "./capacity";
import { type Finding, ok, open, unchecked, wrong } from "./finding";
import type { Check, Patient } from "./patient";

/** AWS: Service Quotas, services `fargate` and `lambda`. */
const codes = { onDemand: "L-3032A538", spot: "L-36FBB829", concurrency: "L-B99A9384" };

/** New accounts begin with small quotas, some with none: an update then waits for tasks that never start. */
export const quotas: Check = {
  name: "quotas",
  looksAt: "whether the quotas of Fargate, Lambda and Bedrock have room for what the plan wants",
  needs: { account: true, plan: true },
  run: async (patient) => {
    const { fargate, concurrency } = patient.wants;
    return [
      ...(await compare(patient, "vCPU of Fargate on demand", "fargate", codes.onDemand, fargate.onDemand)),
      ...(await compare(patient, "vCPU of Fargate Spot", "fargate", codes.spot, fargate.spot)),
      ...(await compare(patient, "concurrent executions of Lambda", "lambda", codes.concurrency, concurrency)),
      ...(await tokens(patient)),
    ];
  },
};

async function compare(
  { aws, place }: Patient,
  what: string,
  service: string,
  code: string,
  { least, most }: Amount,
): Promise<Finding[]> {
  if (most === 0) return [];
  const quota = await aws.quota(service, ({ QuotaCode }) => QuotaCode === code);
  const cure = `ask for ${Math.ceil(most)}: Service Quotas, ${service}, ${code}, in ${place.region}`;
  if (quota === undefined) return [unchecked(`${what}: AWS names no quota`, cure)];
  const wanted = least === most ? `${most}` : `${least} to ${most}`;
  const line = `${what}: ${quota}, wanted are ${wanted}`;
  if (quota < least) return [wrong(line, cure)];
  return [quota < most ? open(line, cure) : ok(line)];
}

/** What the quota of a model's tokens a minute is called: there is no list of codes by model. */
export function tokenQuotaName(modelId: string): { readonly kind: string; readonly model: string } | undefined {
  const model = parseModel(modelId);
  if (model === undefined) return undefined;
  const kinds: Readonly<Record<string, string>> = { global: "Global cross-region", none: "On-demand" };
  return {
    kind: `${kinds[model.prefix ?? "none"] ?? "Cross-region"} model inference tokens per minute for `,
    model: plain(model.foundation.replace(/-\d{8}/, "")),
  };
}

/** Without marks and version: `anthropic.claude-haiku-4-5-v1:0` and `Anthropic Claude Haiku 4.5` are one. */
function plain(name: string): string {
  const words = name.toLowerCase().split(/[^a-z0-9]+/);
  const version = words.findIndex((word) => /^v\d+$/.test(word));
  return words.slice(0, version === -1 ? undefined : version).join(" ");
}

/**
 * The stack file says the account's quota of tokens, from which the most follows that is lost before the spend stop acts:
 * another number makes that one wrong.
 */
async function tokens({ aws, wants, file }: Patient): Promise<Finding[]> {
  const ai = (file.value(["config", "kiban:ai"]) ?? {}) as { model?: string; ceiling?: { tokensPerMinute?: number } };
  const said = ai.ceiling?.tokensPerMinute;
  if (!wants.invokes || ai.model === undefined || said === undefined) return [];
  const name = tokenQuotaName(ai.model);
  const quota =
    name &&
    (await aws.quota("bedrock", ({ QuotaName = "" }) => {
      return QuotaName.startsWith(name.kind) && plain(QuotaName.slice(name.kind.length)) === name.model;
    }));
  const setting = "kiban:ai.ceiling.tokensPerMinute";
  if (quota === undefined) {
    const cure = `find the model's tokens per minute in Service Quotas, bedrock, and set ${setting} to it`;
    return [unchecked(`tokens a minute of ${ai.model}: no quota of its name`, cure)];
  }
  const line = `tokens a minute of ${ai.model}: ${quota}, ${setting} says ${said}`;
  if (quota === 0) return [wrong(line, "ask for more: Service Quotas, bedrock; without it no call is answered")];
  return [quota === said ? ok(line) : open(line, `set ${setting} to ${quota}, or ask for ${said}`)];
}
