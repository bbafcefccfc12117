import * as grpc from "@grpc/grpc-js";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import { type Values } from "../values";
import { type Target } from "./cloud";
import { construct } from "./construct";
import { type Changes } from "./diff";
import { type Provider } from "./provider";
import { fromStruct, toStruct } from "./wire";

/** One call: the request in, the answer out, an error becomes the call's. */
function call<Q, A>(answer: (request: Q) => A | Promise<A>): grpc.handleUnaryCall<Q, A> {
  return ({ request }, respond) => {
    Promise.resolve()
      .then(() => answer(request))
      .then(
        (response) => respond(null, response),
        (error: unknown) => {
          const message = error instanceof Error ? error.message : String(error);
          respond({ code: grpc.status.UNKNOWN, details: message });
        },
      );
  };
}

function targetOf(request: { getUrn(): string }): Target {
  const urn = request.getUrn();
  const qualified = urn.split("::")[2] ?? "";
  return { urn, type: qualified.slice(qualified.lastIndexOf("$") + 1) };
}

/** Providers written in Node take secrets, references and outputs as such; those that bridge Terraform do not. */
function configured(name: string): proto.ConfigureResponse {
  const isNode = name === "awsx";
  return new proto.ConfigureResponse()
    .setSupportspreview(true)
    .setAcceptsecrets(isNode)
    .setAcceptresources(isNode)
    .setAcceptoutputs(isNode);
}

function diffResponse(changes: Changes, deleteFirst = false): proto.DiffResponse {
  const { Kind } = proto.PropertyDiff;
  const kinds = {
    add: [Kind.ADD, Kind.ADD_REPLACE],
    delete: [Kind.DELETE, Kind.DELETE_REPLACE],
    update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
  } as const;
  const response = new proto.DiffResponse().setHasdetaileddiff(true).setDeletebeforereplace(deleteFirst);
  const top = (path: string): string => /^[^.[]+/.exec(path)?.[0] ?? path;
  for (const [path, { kind, replace }] of changes) {
    const entry = new proto.PropertyDiff().setInputdiff(true).setKind(kinds[kind][replace ? 1 : 0]);
    response.getDetaileddiffMap().set(path, entry);
  }
  response.setDiffsList([...new Set([...changes.keys()].map(top))]);
  response.setReplacesList([
    ...new Set([...changes].filter(([, change]) => change.replace).map(([path]) => top(path))),
  ]);
  const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges;
  return response.setChanges(changes.size === 0 ? DIFF_NONE : DIFF_SOME);
}

function checkResponse(
  inputs: Values,
  failures: readonly { property: string; reason: string }[] = [],
): proto.CheckResponse {
  const list = failures.map(({ property, reason }) => new proto.CheckFailure().setProperty(property).setReason(reason));
  return new proto.CheckResponse().setInputs(toStruct(inputs)).setFailuresList(list);
}

function schemaOf(name: string, version: string): proto.GetSchemaResponse {
  return new proto.GetSchemaResponse().setSchema(JSON.stringify({ name, version, resources: {}, functions: {} }));
}

/** The engine's protocol over the provider; what is left out here the engine takes as not supported. */
export function serve(
  provider: Provider,
  { name, version }: { name: string; version: string },
): grpc.UntypedServiceImplementation {
  const empty = (): Empty => new Empty();
  return {
    getPluginInfo: call(() => new plugin.PluginInfo().setVersion(version)),
    getSchema: call(() => schemaOf(name, version)),
    attach: call(empty),
    cancel: call(empty),
    checkConfig: call((q: proto.CheckRequest) => checkResponse(fromStruct(q.getNews()))),
    diffConfig: call((q: proto.DiffRequest) => {
      const target = { urn: q.getUrn(), type: `pulumi:providers:${name}` };
      return diffResponse(provider.diff(target, fromStruct(q.getOldInputs()), fromStruct(q.getNews())));
    }),
    configure: call((q: proto.ConfigureRequest) => {
      if (name === "aws") provider.configure(fromStruct(q.getArgs()));
      return configured(name);
    }),
    invoke: call((q: proto.InvokeRequest) => {
      return new proto.InvokeResponse().setReturn(toStruct(provider.invoke(q.getTok(), fromStruct(q.getArgs()))));
    }),
    check: call((q: proto.CheckRequest) => {
      const { inputs, failures } = provider.check(targetOf(q), fromStruct(q.getOlds()), fromStruct(q.getNews()));
      return checkResponse(inputs, failures);
    }),
    diff: call((q: proto.DiffRequest) => {
      const [target, olds, news] = [targetOf(q), fromStruct(q.getOldInputs()), fromStruct(q.getNews())];
      return diffResponse(provider.diff(target, olds, news), provider.deletesFirst(target, olds, news));
    }),
    create: call(async (q: proto.CreateRequest) => {
      const made = await provider.create(targetOf(q), fromStruct(q.getProperties()), q.getPreview());
      return new proto.CreateResponse().setId(made.id).setProperties(toStruct(made.outputs));
    }),
    read: call((q: proto.ReadRequest) => {
      const held = provider.read(targetOf(q), q.getId(), fromStruct(q.getProperties()));
      // An empty answer says that nothing exists under the id.
      if (held === undefined) return new proto.ReadResponse();
      const response = new proto.ReadResponse().setId(held.id);
      return response.setProperties(toStruct(held.outputs)).setInputs(toStruct(held.inputs));
    }),
    update: call(async (q: proto.UpdateRequest) => {
      const [olds, news] = [fromStruct(q.getOlds()), fromStruct(q.getNews())];
      const outputs = await provider.update(targetOf(q), q.getId(), olds, news, q.getPreview());
      return new proto.UpdateResponse().setProperties(toStruct(outputs));
    }),
    delete: call(async (q: proto.DeleteRequest) => {
      await provider.delete(targetOf(q), q.getId(), fromStruct(q.getProperties()));
      return new Empty();
    }),
    construct: call((q: proto.ConstructRequest) => construct(q)),
  };
}
