import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";

import { isMap, plainForms, type Value, type Values } from "../../sandbox/values";
import { type Registration } from "../registration";
import { toStruct } from "../requests";
import { providerUrn } from "../urn";

/** Finds a registration by its URN. */
export type Find = (urn: string) => Registration | undefined;

/** Without the provider's own marks (`__defaults`), which the engine does not show to policies. */
function withoutMarks(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutMarks);
  if (!isMap(value)) return value;
  const shown = Object.entries(value).filter(([key]) => !key.startsWith("__"));
  return Object.fromEntries(shown.map(([key, item]) => [key, withoutMarks(item)]));
}

function properties(values: Values): ReturnType<typeof toStruct> {
  return toStruct(withoutMarks(plainForms(values)) as Values);
}

function seconds(duration: unknown): number {
  const units: Record<string, number> = { h: 3600, m: 60, s: 1 };
  const parts = typeof duration === "string" ? [...duration.matchAll(/(\d+(?:\.\d+)?)(h|m|s)/g)] : [];
  return parts.reduce((sum, part) => sum + Number(part[1]) * (units[part[2] ?? "s"] ?? 1), 0);
}

function options(registration: Registration): analyzer.AnalyzerResourceOptions {
  const given = registration.options;
  const strings = (key: string): string[] =>
    Array.isArray(given[key]) ? given[key].filter((item): item is string => typeof item === "string") : [];
  const message = new analyzer.AnalyzerResourceOptions();
  message.setProtect(given["protect"] === true);
  message.setIgnorechangesList(strings("ignoreChanges"));
  message.setDeletebeforereplace(given["deleteBeforeReplace"] === true);
  message.setDeletebeforereplacedefined(given["deleteBeforeReplace"] === true);
  message.setAdditionalsecretoutputsList(strings("additionalSecretOutputs"));
  message.setParent(registration.parent);
  const given_ = given["customTimeouts"] as Record<string, unknown> | undefined;
  const timeouts = new analyzer.AnalyzerResourceOptions.CustomTimeouts();
  timeouts.setCreate(seconds(given_?.["create"]));
  timeouts.setUpdate(seconds(given_?.["update"]));
  timeouts.setDelete(seconds(given_?.["pb_delete"]));
  message.setCustomtimeouts(timeouts);
  return message;
}

function provider(registration: Registration, find: Find): analyzer.AnalyzerProviderResource | undefined {
  const found = registration.provider === "" ? undefined : find(providerUrn(registration.provider));
  if (found === undefined) return undefined;
  const message = new analyzer.AnalyzerProviderResource();
  message.setUrn(found.urn);
  message.setType(found.type);
  message.setName(found.name);
  message.setProperties(properties(found.checked));
  return message;
}

/** A resource as the engine shows it before it acts; a remediation sees the provider's marks too, and keeps them. */
export function analyzeRequest(registration: Registration, find: Find, marks = false): analyzer.AnalyzeRequest {
  const message = new analyzer.AnalyzeRequest();
  message.setUrn(registration.urn);
  message.setType(registration.type);
  message.setName(registration.name);
  message.setProperties(marks ? toStruct(registration.checked) : properties(registration.checked));
  message.setOptions(options(registration));
  message.setProvider(provider(registration, find));
  return message;
}

/** Outputs as the state of a bridged provider has them: the id is one of them. */
function state({ provider: reference, id, outputs }: Registration): Values {
  return reference === "" ? outputs : { id, ...outputs };
}

/** All resources with their outputs, as the engine shows them at the end. */
export function stackRequest(registrations: readonly Registration[], find: Find): analyzer.AnalyzeStackRequest {
  const request = new analyzer.AnalyzeStackRequest();
  request.setResourcesList(
    registrations.map((registration) => {
      const message = new analyzer.AnalyzerResource();
      message.setUrn(registration.urn);
      message.setType(registration.type);
      message.setName(registration.name);
      message.setProperties(properties(state(registration)));
      message.setOptions(options(registration));
      message.setProvider(provider(registration, find));
      message.setParent(registration.parent);
      message.setDependenciesList([...registration.dependencies]);
      for (const [property, urns] of Object.entries(registration.propertyDependencies)) {
        if (urns.length === 0) continue;
        const dependencies = new analyzer.AnalyzerPropertyDependencies();
        dependencies.setUrnsList([...urns]);
        message.getPropertydependenciesMap().set(property, dependencies);
      }
      return message;
    }),
  );
  return request;
}
