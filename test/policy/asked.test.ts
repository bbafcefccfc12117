import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { setImmediate as turn } from "node:timers/promises";

import type { Policies, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import * as messages from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import { answering, concerning } from "../../policy/lib/asked";
import { urnOf } from "./harness";

type Rpc<T> = (
  call: { request: T },
  callback: (error: Error | null | undefined, response?: messages.AnalyzeResponse) => void,
) => Promise<void>;
type Make<T> = (pack: string, version: string, level: string, policies: Policies) => Rpc<T>;

// The SDK's own server, without its port. Its typings leave it out.
const { makeAnalyzeRpcFun, makeAnalyzeStackRpcFun } = createRequire(__filename)("@pulumi/policy/server") as {
  makeAnalyzeRpcFun: Make<messages.AnalyzeRequest>;
  makeAnalyzeStackRpcFun: Make<messages.AnalyzeStackRequest>;
};

const queue = "aws:sqs/queue:Queue";
const topic = "aws:sns/topic:Topic";
const bucket = "aws:s3/bucket:Bucket";

function filled<T extends messages.AnalyzeRequest | messages.AnalyzerResource>(to: T, type: string, name = "it"): T {
  to.setType(type);
  to.setName(name);
  to.setUrn(urnOf(type, name));
  to.setProperties(Struct.fromJavaScript({ name, deep: { list: [1, "2"] } }));
  to.setOptions(new messages.AnalyzerResourceOptions());
  return to;
}

const asks = (type: string, name?: string) => filled(new messages.AnalyzeRequest(), type, name);
const asksOfStack = (...types: string[]) => {
  const request = new messages.AnalyzeStackRequest();
  request.setResourcesList(types.map((type) => filled(new messages.AnalyzerResource(), type)));
  return request;
};

/** Rules that note whom they are called for, each after it has let others run. */
class Log {
  readonly calls: string[] = [];

  readonly resource = (name: string, ...types: string[]): ResourceValidationPolicy => ({
    name,
    description: name,
    enforcementLevel: "mandatory",
    validateResource: concerning(types, async (args) => {
      await turn();
      this.calls.push(`${name} ${args.type} ${args.name}`);
    }),
  });

  readonly stack = (name: string, ...types: string[]): StackValidationPolicy => ({
    name,
    description: name,
    enforcementLevel: "mandatory",
    validateStack: concerning(types, async ({ resources }) => {
      await turn();
      this.calls.push(`${name} ${resources.map((resource) => JSON.stringify(resource.props)).join()}`);
    }),
  });
}

const skipped = (response: messages.AnalyzeResponse): string[] =>
  response.getNotApplicableList().map((answer) => `${answer.getPolicyName()}: ${answer.getReason()}`);

function send<T>(rpc: Rpc<T>, request: T): Promise<messages.AnalyzeResponse> {
  return new Promise((resolve, reject) => {
    void rpc({ request }, (error, response) => {
      if (response === undefined) reject(error ?? new Error("no answer"));
      else resolve(response);
    });
  });
}

describe("calls about resources", () => {
  const log = new Log();
  const policies = [
    log.resource("first", queue, topic),
    log.resource("both", topic, bucket),
    log.resource("one", queue),
  ];
  const rpc = makeAnalyzeRpcFun("kiban", "0.0.0", "mandatory", policies);
  const ask = (request: messages.AnalyzeRequest) => answering([request], () => send(rpc, request));

  beforeEach(() => log.calls.splice(0));

  it("reach the rules that concern the type alone", async () => {
    assert.deepEqual(skipped(await ask(asks(bucket))), [
      `first: Policy only applies to resources of type '${queue}'`,
      `one: Policy only applies to resources of type '${queue}'`,
    ]);
    assert.deepEqual(log.calls, [`both ${bucket} it`]);
  });

  it("keep to their own type while others run between", async () => {
    const answers = await Promise.all([ask(asks(queue, "a")), ask(asks(topic, "b")), ask(asks(bucket, "c"))]);
    assert.deepEqual(
      [...log.calls].sort(),
      [`both ${topic} b`, `both ${bucket} c`, `first ${queue} a`, `first ${topic} b`, `one ${queue} a`].sort(),
    );
    assert.deepEqual(
      answers.map((answer) => skipped(answer).length),
      [1, 1, 2],
    );
  });

  it("skip nothing where the server does not say what it asks about", async () => {
    await send(rpc, asks(bucket));
    assert.deepEqual(log.calls, [`first ${bucket} it`, `both ${bucket} it`, `one ${bucket} it`]);
  });
});

describe("a call about a stack", () => {
  it("reaches the rules that concern a resource in it, which see the same and cannot change it for the next", async () => {
    const log = new Log();
    const spoil: StackValidationPolicy = {
      ...log.stack("spoil", queue),
      validateStack: concerning([queue], ({ resources }) => {
        for (const { props } of resources) {
          props["name"] = "spoilt";
          (props["deep"] as { list: unknown[] }).list.push("spoilt");
        }
      }),
    };
    const policies = [spoil, log.stack("many", bucket, topic), log.stack("other", bucket)];
    const rpc = makeAnalyzeStackRpcFun("kiban", "0.0.0", "mandatory", policies);
    const request = asksOfStack(queue, topic);
    const response = await answering(request.getResourcesList(), () => send(rpc, request));
    const props = JSON.stringify({ deep: { list: [1, "2"] }, name: "it" });
    assert.deepEqual(log.calls, [`many ${props},${props}`]);
    assert.deepEqual(skipped(response), [`other: Policy only applies to resources of type '${bucket}'`]);
  });
});
