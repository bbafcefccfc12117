import type { Faults } from "../shared/check";
import type { SettledCommon } from "./settle";
import { isSchedule, isTimezone } from "../task/schedule";
import type { AsyncServing, RealTimeServing, SageMakerEngine, ServerlessServing, ServingHours } from "./types";

/** The arguments of an endpoint on SageMaker, checked; one of the three ways to serve is there. */
export interface SettledSageMaker extends SettledCommon {
  readonly sagemaker: SettledEngine;
}

/** A model of one's own, with every default filled in. */
export interface SettledEngine {
  readonly given: SageMakerEngine;
  readonly serverless: ServerlessServing | undefined;
  readonly realTime: (RealTimeServing & { readonly requestsPerInstance: number }) | undefined;
  readonly async: AsyncServing | undefined;
  /** The instances, whichever way they serve; undefined with serverless. */
  readonly instances: { readonly instanceType: string; readonly min: number; readonly max: number } | undefined;
  /** `4 x ml.g5.xlarge`, acknowledged; undefined without an accelerator. */
  readonly acknowledged: string | undefined;
}

/** AWS: SageMaker instance types with a GPU, Inferentia, Trainium or Gaudi. */
const accelerated = /^ml\.(p\d|g\d|inf\d|trn\d|dl\d)/;

/** AWS: CreateEndpointConfig, `KmsKeyId`: instances with storage of their own encrypt it with a key of their own. */
const localStorage = /^ml\.(g[4-9]\w*|p3dn|p[4-9][\w-]*|trn\d\w*|dl\d\w*|[cmr]\d[a-z]*d[a-z]*)\./;

/** Whether the key may be set on the instance's storage. */
export function takesKey(instanceType: string): boolean {
  return !localStorage.test(instanceType);
}

export function settleSageMaker(given: SageMakerEngine, faults: Faults): SettledEngine {
  if (!/^[0-9a-f]{40}$/.test(given.image.tag)) {
    const cure = "build the image from a commit and set its SHA";
    faults.add("sagemaker.image.tag", given.image.tag, "a full git SHA, 40 hexadecimal digits", cure);
  }
  const artefact = given.artefact?.key;
  if (artefact !== undefined && !/^[^/].*\.tar\.gz$/.test(artefact)) {
    faults.add("sagemaker.artefact.key", artefact, "the key of a .tar.gz", "pack the model so, and name its key");
  }
  const serving: { serverless?: ServerlessServing; realTime?: RealTimeServing; async?: AsyncServing } = given.serving;
  const { serverless, realTime } = serving;
  const instances = realTime ?? (serving.async && { ...serving.async, min: 0 });
  if ([serverless, realTime, serving.async].filter((way) => way !== undefined).length !== 1) {
    const forms =
      "{ serverless: { memoryMiB, maxConcurrency } }, { realTime: { instanceType, min, max } } or " +
      "{ async: { instanceType, max, bucket } }";
    faults.add("sagemaker.serving", given.serving, forms, "set one of the three forms");
  }
  if (serverless !== undefined) checkServerless(serverless, given, faults);
  if (realTime !== undefined) checkRealTime(realTime, faults);
  if (serving.async !== undefined) checkAsync(serving.async, given, faults);
  if (given.capture !== undefined) faults.integer("sagemaker.capture.percent", given.capture.percent, 1, 100);
  return {
    given,
    serverless,
    realTime: realTime && { ...realTime, requestsPerInstance: realTime.requestsPerInstance ?? 100 },
    async: serving.async,
    instances,
    acknowledged:
      instances !== undefined && accelerated.test(instances.instanceType) ? acknowledgement(instances) : undefined,
  };
}

/** The sentence that whoever rents an accelerator has to write. */
function acknowledgement({ instanceType, max }: Pick<RealTimeServing, "instanceType" | "max">): string {
  return `${max} x ${instanceType}`;
}

/** AWS: SageMaker developer guide, "Serverless Inference": memory sizes, concurrency, and what it does not do. */
function checkServerless(serving: ServerlessServing, given: SageMakerEngine, faults: Faults): void {
  const path = "sagemaker.serving.serverless";
  const { memoryMiB, maxConcurrency } = serving;
  if (![1, 2, 3, 4, 5, 6].map((gib) => gib * 1024).includes(memoryMiB)) {
    faults.add(`${path}.memoryMiB`, memoryMiB, "1024 to 6144 in steps of 1024", "set one of those sizes");
  }
  faults.integer(`${path}.maxConcurrency`, maxConcurrency, 1, 200);
  if ("instanceType" in serving) {
    const cure = "remove it, or serve in realTime: serverless has no instances and no GPU";
    faults.add(`${path}.instanceType`, serving.instanceType, "none", cure);
  }
  if (given.capture !== undefined) {
    faults.add("sagemaker.capture", given.capture.percent, "none with serverless", "remove it, or serve in realTime");
  }
}

function checkRealTime(serving: RealTimeServing, faults: Faults): void {
  const path = "sagemaker.serving.realTime";
  const { min, requestsPerInstance } = serving;
  faults.integer(`${path}.min`, min, 1, 1000);
  checkInstances(path, serving, Math.max(1, min), faults);
  if (requestsPerInstance !== undefined) {
    faults.integer(`${path}.requestsPerInstance`, requestsPerInstance, 1, 1_000_000);
  }
  if (serving.hours !== undefined) checkHours(`${path}.hours`, serving, serving.hours, faults);
}

function checkHours(path: string, { min, max }: RealTimeServing, hours: ServingHours, faults: Faults): void {
  // AWS: SageMaker developer guide, "Delete endpoints configured for auto scaling": the target goes with the endpoint.
  if (min !== max) {
    faults.add(path, `min ${min}, max ${max}`, "one number of instances", "set max to min, or remove hours");
  }
  for (const part of ["start", "stop"] as const) {
    if (hours[part].startsWith("cron(") && isSchedule(hours[part])) continue;
    faults.add(`${path}.${part}`, hours[part], "cron(...) with six fields", "set a time of the day");
  }
  if (hours.timezone !== undefined && !isTimezone(hours.timezone)) {
    faults.add(`${path}.timezone`, hours.timezone, "an IANA time zone such as Asia/Tokyo", "correct the name");
  }
}

function checkAsync(serving: AsyncServing, given: SageMakerEngine, faults: Faults): void {
  checkInstances("sagemaker.serving.async", serving, 1, faults);
  if (given.capture !== undefined) {
    faults.add(
      "sagemaker.capture",
      given.capture.percent,
      "none with async",
      "remove it: requests and results stay in S3",
    );
  }
}

function checkInstances(
  path: string,
  { instanceType, max, acknowledge }: Pick<RealTimeServing, "instanceType" | "max" | "acknowledge">,
  least: number,
  faults: Faults,
): void {
  if (!/^ml\.[a-z0-9-]+\.[a-z0-9]+$/.test(instanceType)) {
    faults.add(`${path}.instanceType`, instanceType, "a type such as ml.m5.large", "set one that the region has");
  }
  faults.integer(`${path}.max`, max, least, 1000);
  const sentence = acknowledgement({ instanceType, max });
  if (accelerated.test(instanceType) && acknowledge !== sentence) {
    const cure = "an accelerator is rented by the hour, used or not: write exactly that";
    faults.add(`${path}.acknowledge`, acknowledge, JSON.stringify(sentence), cure);
  }
}
