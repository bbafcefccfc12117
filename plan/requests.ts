import type * as resproto from "@pulumi/pulumi/proto/resource_pb";
import * as struct from "google-protobuf/google/protobuf/struct_pb";

import { type Values } from "../sandbox/values";
import { type Goal } from "./registration";

export function toStruct(values: Values): struct.Struct {
  return struct.Struct.fromJavaScript(values);
}

export function fromStruct(message: struct.Struct | undefined): Values {
  return message?.toJavaScript() ?? {};
}

/** A registration request in our own terms. */
export function goalOf(req: resproto.RegisterResourceRequest): Goal {
  const propertyDependencies: Record<string, readonly string[]> = {};
  req.getPropertydependenciesMap().forEach((deps, key) => (propertyDependencies[key] = deps.getUrnsList()));
  const providers: Record<string, string> = {};
  req.getProvidersMap().forEach((reference, pkg) => (providers[pkg] = reference));
  return {
    type: req.getType(),
    name: req.getName(),
    custom: req.getCustom(),
    parent: req.getParent(),
    inputs: fromStruct(req.getObject()),
    provider: req.getProvider(),
    providers,
    version: req.getVersion(),
    protect: req.hasProtect() ? req.getProtect() : undefined,
    retainOnDelete: req.hasRetainondelete() ? req.getRetainondelete() : undefined,
    options: {
      ignoreChanges: req.getIgnorechangesList(),
      deleteBeforeReplace: req.getDeletebeforereplace(),
      replaceOnChanges: req.getReplaceonchangesList(),
      aliases: req.getAliasesList().map((a) => a.toObject()),
      customTimeouts: req.getCustomtimeouts()?.toObject() ?? {},
      additionalSecretOutputs: req.getAdditionalsecretoutputsList(),
      deletedWith: req.getDeletedwith(),
      import: req.getImportid(),
    },
    additionalSecretOutputs: req.getAdditionalsecretoutputsList(),
    dependencies: req.getDependenciesList(),
    propertyDependencies,
  };
}
