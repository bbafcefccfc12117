import { z } from "zod";

import { settleSageMaker } from "../components/gen-ai-endpoint/sagemaker-rules";
import type { ModelBucket, SageMakerEngine } from "../components/gen-ai-endpoint/types";
import { Faults } from "../components/shared/check";
import { group, pinned, text } from "./builders";

const number = (allowed: string) => z.number({ error: allowed });
const words = z.string({ error: "text" });
// Sizes, types and hours are the component's to check: `sageMakerFaults` puts its words beside those of the schema.
const instances = {
  instanceType: words,
  max: number("instances"),
  acknowledge: words.exactOptional(),
};
const serving = group({
  serverless: group({ memoryMiB: number("MiB"), maxConcurrency: number("requests at one time") }).exactOptional(),
  realTime: group({
    ...instances,
    min: number("instances"),
    requestsPerInstance: number("requests a minute").exactOptional(),
    hours: group({ start: words, stop: words, timezone: words.exactOptional() }).exactOptional(),
  }).exactOptional(),
  async: group({
    ...instances,
    topicArn: text(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:.+$/, "an SNS topic's ARN").exactOptional(),
  }).exactOptional(),
}).refine((ways) => Object.keys(ways).length === 1, {
  error: "one of serverless, realTime and async",
  // A way that there is not is told by its name.
  when: ({ issues }) => issues.length === 0,
});

/** The model of one's own that the stack may invoke. */
export const ownModel = {
  engine: z.literal("sagemaker"),
  image: pinned,
  artefact: words.exactOptional(),
  environment: z.record(z.string(), words, { error: "variables" }).exactOptional(),
  serving: serving.exactOptional(),
  capture: group({ percent: number("a percentage") }).exactOptional(),
};
type OwnModel = Omit<z.infer<z.ZodObject<typeof ownModel>>, "engine">;

/** What serves the model of a stack that keeps nothing, unless it says otherwise: nothing is paid between requests. */
const atNoCost = { serverless: { memoryMiB: 2048, maxConcurrency: 5 } };

/** Where the image, the model's data, and what is asked and answered lie. */
interface Places {
  readonly repository: SageMakerEngine["image"]["repository"];
  /** Has the artefact. */
  readonly curated: ModelBucket;
  /** Takes asynchronous requests and results, and what is captured: its files expire. */
  readonly raw: ModelBucket;
}

/** What the stack file asks for, as the component takes it. */
export function sageMakerEngine(settings: OwnModel, { repository, curated, raw }: Places): SageMakerEngine {
  const { image = "0".repeat(40), artefact, environment, serving, capture } = settings;
  return {
    image: { repository, tag: image },
    ...(artefact !== undefined && { artefact: { ...curated, key: artefact } }),
    ...(environment !== undefined && { environment }),
    serving: servingIn(raw, serving),
    ...(capture !== undefined && { capture: { ...raw, ...capture } }),
  };
}

function servingIn(bucket: ModelBucket, given: z.infer<typeof serving> = atNoCost): SageMakerEngine["serving"] {
  if (given.async !== undefined) return { async: { ...given.async, bucket } };
  return given.realTime === undefined
    ? { serverless: given.serverless ?? atNoCost.serverless }
    : { realTime: given.realTime };
}

/** Stands for what is made later, whatever the stack file says. */
const later = { bucketName: "", bucketArn: "" };
const places: Places = {
  repository: { url: "", pull: { name: "", env: {}, statements: [] } },
  curated: later,
  raw: later,
};

/** What the component would say of the model, in terms of the stack file. */
export function sageMakerFaults(keep: boolean, settings: OwnModel): string[] {
  const faults = new Faults("GenAiEndpoint", "ai");
  settleSageMaker(sageMakerEngine(settings, places), faults);
  if (keep && settings.serving === undefined) {
    const cure = "say what answers: serverless, as a stack has it that keeps nothing, has cold starts";
    faults.add("sagemaker.serving", undefined, "one of serverless, realTime and async while kiban:keep is true", cure);
  }
  return faults.all.map((line) =>
    line.replace(/^sagemaker\.(artefact\.key)?/, (_, key) => `kiban:ai.${key ? "artefact" : ""}`),
  );
}
