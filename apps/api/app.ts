import { type IncomingMessage, type RequestListener } from "node:http";

import { type Log } from "./log";
import { type Orders } from "./orders";

/** Bytes of a request's body: an order is small. */
const bodyLimit = 16_384;

export interface AppOptions {
  readonly orders: Orders;
  /** Customer whom a token belongs to; throws where it is none of ours. */
  readonly customerOf: (token: string) => Promise<string>;
  /** Commit that the image was built of. */
  readonly sha: string;
  readonly log: Log;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** An answer that ends the request: thrown where going on makes no sense. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The HTTP interface: `/healthz` for the load balancer, `/api/status` for everyone, `/api/orders` for a signed-in customer,
 * each of whom sees their own.
 */
export function appOf(options: AppOptions): RequestListener {
  const { log, sha } = options;
  return (request, response) => {
    const began = performance.now();
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    void answer(request, path, options)
      .catch((error: unknown): Answer => {
        if (error instanceof Refusal) return { status: error.status, body: { error: error.message } };
        log("error", "request failed", { path, error: error instanceof Error ? error.stack : String(error) });
        return { status: 500, body: { error: "something went wrong here" } };
      })
      .then(({ status, body }) => {
        response.writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store" });
        response.end(JSON.stringify(body));
        // The load balancer asks every few seconds.
        if (path === "/healthz") return;
        const milliseconds = Math.round(performance.now() - began);
        log("info", "request", { method: request.method, path, status, milliseconds, sha });
      });
  };
}

async function answer(
  request: IncomingMessage,
  path: string,
  { orders, customerOf, sha }: AppOptions,
): Promise<Answer> {
  if (path === "/healthz" || path === "/api/status") return { status: 200, body: { status: "ok", sha } };
  const [, id] = /^\/api\/orders(?:\/([\w-]{1,64}))?$/.exec(path) ?? [undefined, null];
  if (id === null) throw new Refusal(404, "there is nothing here");
  const customer = await signedIn(request, customerOf);
  if (request.method === "GET" && id === undefined) return { status: 200, body: await orders.list(customer) };
  if (request.method === "GET" && id !== undefined) {
    const found = await orders.get(customer, id);
    if (found === undefined) throw new Refusal(404, "there is no such order");
    return { status: 200, body: found };
  }
  if (request.method === "PUT" && id !== undefined) {
    const order = { id, ...orderIn(await bodyOf(request)), status: "new" };
    return (await orders.add(customer, order))
      ? { status: 201, body: order }
      : { status: 409, body: { error: "there is an order of that id" } };
  }
  throw new Refusal(405, "GET an order or all, or PUT a new one under an id of yours");
}

async function signedIn(request: IncomingMessage, customerOf: AppOptions["customerOf"]): Promise<string> {
  const [, token] = /^Bearer ([\w.-]+)$/.exec(request.headers.authorization ?? "") ?? [];
  if (token === undefined) throw new Refusal(401, "sign in first");
  try {
    return await customerOf(token);
  } catch {
    throw new Refusal(401, "sign in again");
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > bodyLimit) throw new Refusal(413, `a body has ${bodyLimit} bytes at most`);
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString("utf8")) as unknown;
  } catch {
    throw new Refusal(400, "the body is no JSON");
  }
}

function orderIn(body: unknown): { item: string; quantity: number } {
  const { item, quantity } = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const faults: string[] = [];
  if (typeof item !== "string" || item === "" || item.length > 200) faults.push("item: 1 to 200 characters");
  if (typeof quantity !== "number" || !Number.isInteger(quantity) || quantity < 1 || quantity > 1000) {
    faults.push("quantity: a whole number from 1 to 1000");
  }
  if (faults.length > 0) throw new Refusal(400, faults.join("; "));
  return { item: item as string, quantity: quantity as number };
}
