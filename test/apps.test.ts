import * as assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";

import { type AppOptions, appOf } from "../apps/api/app";
import { migrate } from "../apps/api/migrations";
import { type Order, ordersIn as customersOrders } from "../apps/api/orders";
import { ordersIn as allOrders } from "../apps/worker/orders";
import { work } from "../apps/worker/work";
import { images } from "../scripts/release/images";

const root = join(__dirname, "..");
const sha = "0123456789abcdef0123456789abcdef01234567";

async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** DynamoDB's HTTP interface with what it answers, by operation; notes what it was asked. */
async function fakeTable(answers: Record<string, unknown[]>) {
  const asked: [string, Record<string, unknown>][] = [];
  const server = createServer((request, response) => {
    void textOf(request).then((text) => {
      const operation = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
      asked.push([operation, JSON.parse(text) as Record<string, unknown>]);
      const answer = answers[operation]?.shift() ?? {};
      const failed = typeof answer === "object" && answer !== null && "__type" in answer;
      response.writeHead(failed ? 400 : 200, { "Content-Type": "application/x-amz-json-1.0" });
      response.end(JSON.stringify(answer));
    });
  });
  const endpoint = await listen(server);
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const client = new DynamoDBClient({ endpoint, region: "ap-northeast-1", credentials, maxAttempts: 1 });
  const close = (): void => {
    client.destroy();
    server.closeAllConnections();
    server.close();
  };
  return { endpoint, client, asked, close };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of request) text += String(part);
  return text;
}

describe("apps/api", () => {
  const order: Order = { id: "o-1", item: "tea", quantity: 2, status: "new" };
  let server: Server | undefined;
  let logged: unknown[] = [];
  afterEach(() => server?.close());

  async function start(more: Partial<AppOptions> = {}): Promise<string> {
    logged = [];
    const options: AppOptions = {
      orders: {
        list: (customer) => Promise.resolve(customer === "ann" ? [order] : []),
        get: (customer, id) => Promise.resolve(customer === "ann" && id === order.id ? order : undefined),
        add: (_, { id }) => Promise.resolve(id !== order.id),
      },
      customerOf: (token) => (token === "t.ann" ? Promise.resolve("ann") : Promise.reject(new Error("expired"))),
      sha,
      log: (...event) => void logged.push(event),
      ...more,
    };
    server = createServer(appOf(options));
    return listen(server);
  }
  async function ask(url: string, path: string, init: RequestInit = {}): Promise<[number, unknown]> {
    const response = await fetch(url + path, { ...init, headers: { Connection: "close", ...init.headers } });
    return [response.status, await response.json()];
  }
  const ann = { headers: { Authorization: "Bearer t.ann" } };
  const put = (body: string): RequestInit => ({ ...ann, method: "PUT", body });

  it("says which commit it is, to everyone", async () => {
    const url = await start();
    assert.deepEqual(await ask(url, "/healthz"), [200, { status: "ok", sha }]);
    assert.deepEqual(await ask(url, "/api/status"), [200, { status: "ok", sha }]);
    assert.equal(logged.length, 1, "the load balancer's questions are not logged");
  });

  it("shows customers their own orders, and takes new ones once", async () => {
    const url = await start();
    assert.deepEqual(await ask(url, "/api/orders", ann), [200, [order]]);
    assert.deepEqual(await ask(url, "/api/orders/o-1", ann), [200, order]);
    assert.equal((await ask(url, "/api/orders/o-2", ann))[0], 404);
    const tea = '{"item":"tea","quantity":1}';
    assert.deepEqual(await ask(url, "/api/orders/o-2", put(tea)), [
      201,
      { id: "o-2", item: "tea", quantity: 1, status: "new" },
    ]);
    assert.equal((await ask(url, "/api/orders/o-1", put(tea)))[0], 409);
  });

  it("shows nothing to who is not signed in", async () => {
    const url = await start({ orders: { list: assert.fail, get: assert.fail, add: assert.fail } });
    for (const headers of [{}, { Authorization: "Bearer t.eve" }, { Authorization: "Basic YTpi" }]) {
      assert.equal((await ask(url, "/api/orders", { headers }))[0], 401);
      assert.equal((await ask(url, "/api/orders/o-1", { method: "PUT", body: "{}", headers }))[0], 401);
    }
  });

  it("refuses what it cannot take, and says why", async () => {
    const url = await start();
    assert.deepEqual(await ask(url, "/api/orders/o-3", put('{"item":"","quantity":1.5}')), [
      400,
      { error: "item: 1 to 200 characters; quantity: a whole number from 1 to 1000" },
    ]);
    assert.equal((await ask(url, "/api/orders/o-3", put("no json")))[0], 400);
    assert.equal((await ask(url, "/api/orders/o-3", put("x".repeat(20_000))))[0], 413);
    assert.equal((await ask(url, "/api/orders/o-3", { ...ann, method: "DELETE" }))[0], 405);
    assert.equal((await ask(url, "/api/orders/a/b", ann))[0], 404);
    assert.equal((await ask(url, "/", ann))[0], 404);
  });

  it("keeps what went wrong in the log, and out of the answer", async () => {
    const list = (): Promise<never> => Promise.reject(new Error("the table is gone"));
    const url = await start({ orders: { list, get: list, add: list } });
    assert.deepEqual(await ask(url, "/api/orders", ann), [500, { error: "something went wrong here" }]);
    assert.match(JSON.stringify(logged[0]), /"error","request failed".*the table is gone/);
  });

  it("keeps orders in the table by customer and order", async () => {
    const item = { order: { S: "o-1" }, item: { S: "tea" }, quantity: { N: "2" }, status: { S: "new" } };
    const table = await fakeTable({
      Query: [{ Items: [item] }],
      GetItem: [{ Item: item }, {}],
      PutItem: [{}, { __type: "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException" }],
    });
    const orders = customersOrders(table.client, "orders-table");
    assert.deepEqual(await orders.list("ann"), [order]);
    assert.deepEqual([await orders.get("ann", "o-1"), await orders.get("ann", "o-2")], [order, undefined]);
    assert.deepEqual([await orders.add("ann", order), await orders.add("ann", order)], [true, false]);
    const keys = table.asked.map(([operation, input]) => [
      operation,
      input["TableName"],
      input["Key"] ?? input["Item"],
    ]);
    assert.deepEqual(keys, [
      ["Query", "orders-table", undefined],
      ["GetItem", "orders-table", { customer: { S: "ann" }, order: { S: "o-1" } }],
      ["GetItem", "orders-table", { customer: { S: "ann" }, order: { S: "o-2" } }],
      ["PutItem", "orders-table", { customer: { S: "ann" }, ...item }],
      ["PutItem", "orders-table", { customer: { S: "ann" }, ...item }],
    ]);
    table.close();
  });

  it("starts from the task's variables, and on SIGTERM finishes what is under way", async function () {
    this.timeout(60_000);
    const table = await fakeTable({});
    const child = spawn(process.execPath, ["-r", "ts-node/register/transpile-only", join(root, "apps/api/server.ts")], {
      cwd: root,
      env: {
        ...process.env,
        PORT: "0",
        GIT_SHA: sha,
        ORDERS_NAME: "orders-table",
        AWS_REGION: "ap-northeast-1",
        USERS_ISSUER: "https://cognito-idp.ap-northeast-1.amazonaws.com/ap-northeast-1_AbCdEfGhI",
        USERS_AUDIENCE: "client",
        AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
      },
    });
    let output = "";
    const port = await new Promise<number>((resolve, reject) => {
      child.stdout.on("data", (data: Buffer) => {
        output += data.toString();
        const found = /"port":(\d+)/.exec(output)?.[1];
        if (found !== undefined) resolve(Number(found));
      });
      child.stderr.on("data", (data: Buffer) => (output += data.toString()));
      child.on("exit", () => reject(new Error(output)));
    });
    const exit = once(child, "exit");
    // A request that has begun when the signal comes, and ends after it.
    const request = connect(port, "127.0.0.1").setEncoding("utf8");
    request.write("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n");
    assert.equal((await fetch(`http://127.0.0.1:${port}/healthz`, { headers: { Connection: "close" } })).status, 200);
    child.kill("SIGTERM");
    while (!output.includes("stopping")) await once(child.stdout, "data");
    await assert.rejects(fetch(`http://127.0.0.1:${port}/healthz`), "no new connection");
    request.write("\r\n");
    const [response] = (await once(request, "data")) as [string];
    assert.match(response, new RegExp(`^HTTP/1.1 200 OK\r\n[^]*{"status":"ok","sha":"${sha}"}`));
    assert.deepEqual(await exit, [0, null]);
    assert.match(output, /"message":"stopping".*\n.*"message":"stopped"/);
    table.close();
  });

  it("ends at once where a variable is missing", function () {
    this.timeout(60_000);
    const env = { ...process.env, USERS_ISSUER: "" };
    const { status, stderr } = spawnSync(
      process.execPath,
      ["-r", "ts-node/register/transpile-only", join(root, "apps/api/server.ts")],
      { cwd: root, env, encoding: "utf8" },
    );
    assert.equal(status, 1);
    assert.match(stderr, /USERS_ISSUER is not set/);
  });

  describe("its migrations", () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "kiban-migrations-"));
      for (const file of ["002-b.sql", "001-a.sql", "notes.txt"]) writeFileSync(join(folder, file), `do ${file}`);
    });
    afterEach(() => rmSync(folder, { recursive: true }));
    async function run(done: string[], broken?: string) {
      const asked: string[] = [];
      const query = (text: string, values: unknown[] = []) => {
        asked.push([text, ...values].join(" "));
        if (text === broken) return Promise.reject(new Error("syntax error"));
        return Promise.resolve({ rows: text.startsWith("SELECT name") ? done.map((name) => ({ name })) : [] });
      };
      const result = await migrate({ query }, folder).catch((error: unknown) => (error as Error).message);
      return { result, asked };
    }
    const lock = "SELECT pg_advisory_lock($1) 4217001";
    const unlock = "SELECT pg_advisory_unlock($1) 4217001";
    const table = "CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, at timestamptz DEFAULT now())";
    const one = (file: string) => [
      "BEGIN",
      `do ${file}`,
      `INSERT INTO migrations (name) VALUES ($1) ${file}`,
      "COMMIT",
    ];

    it("run in order, each once, each in a transaction, under a lock", async () => {
      assert.deepEqual(await run([]), {
        result: ["001-a.sql", "002-b.sql"],
        asked: [lock, table, "SELECT name FROM migrations", ...one("001-a.sql"), ...one("002-b.sql"), unlock],
      });
      assert.deepEqual((await run(["001-a.sql"])).result, ["002-b.sql"]);
    });

    it("do nothing where nothing is to do", async () => {
      const { result, asked } = await run(["001-a.sql", "002-b.sql"]);
      assert.deepEqual([result, asked], [[], [lock, table, "SELECT name FROM migrations", unlock]]);
    });

    it("undo the one that fails, name it, and let go of the lock", async () => {
      const { result, asked } = await run([], "do 002-b.sql");
      assert.equal(result, "002-b.sql: syntax error");
      assert.deepEqual(asked.slice(-4), ["BEGIN", "do 002-b.sql", "ROLLBACK", unlock]);
    });
  });
});

describe("apps/worker", () => {
  const key = (order: string) => ({ customer: "ann", order });
  const silent = (): void => undefined;

  it("takes up what is new, round after round, until it is told to stop", async () => {
    const stop = new AbortController();
    const accepted: string[] = [];
    const rounds = [[key("1"), key("2")], [], [key("3")]];
    await work(
      {
        fresh: () => Promise.resolve(rounds.shift() ?? []),
        accept: ({ order }) => {
          accepted.push(order);
          if (order === "3") stop.abort();
          return Promise.resolve(true);
        },
        counts: assert.fail,
      },
      { log: silent, pauseSeconds: 0, stop: stop.signal },
    );
    assert.deepEqual(accepted, ["1", "2", "3"]);
  });

  it("stops after the order in hand, and does not wait for the pause to end", async () => {
    const stop = new AbortController();
    const accepted: string[] = [];
    const accept = ({ order }: { order: string }): Promise<boolean> => {
      accepted.push(order);
      stop.abort();
      return Promise.resolve(true);
    };
    const fresh = () => Promise.resolve([key("1"), key("2")]);
    await work({ fresh, accept, counts: assert.fail }, { log: silent, pauseSeconds: 3600, stop: stop.signal });
    assert.deepEqual(accepted, ["1"]);
  });

  it("tries again after a round that failed, and logs why", async () => {
    const stop = new AbortController();
    const logged: string[] = [];
    let round = 0;
    const fresh = () => {
      round += 1;
      if (round === 1) return Promise.reject(new Error("throttled"));
      stop.abort();
      return Promise.resolve([]);
    };
    const log = (_: string, message: string): void => void logged.push(message);
    const accept = (): Promise<boolean> => assert.fail();
    await work({ fresh, accept, counts: assert.fail }, { log, pauseSeconds: 0, stop: stop.signal });
    assert.deepEqual([round, logged], [2, ["round failed"]]);
  });

  it("reads all pages of the table, and takes up an order that is still new", async () => {
    const next = { customer: { S: "ann" }, order: { S: "1" } };
    const table = await fakeTable({
      Scan: [
        { Items: [next], LastEvaluatedKey: next },
        { Items: [{ customer: { S: "bob" }, order: { S: "2" } }] },
        { Items: [{ status: { S: "new" } }, { status: { S: "accepted" } }], LastEvaluatedKey: next },
        { Items: [{ status: { S: "new" } }] },
      ],
      UpdateItem: [{}, { __type: "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException" }],
    });
    const orders = allOrders(table.client, "orders-table");
    assert.deepEqual(await orders.fresh(), [key("1"), { customer: "bob", order: "2" }]);
    assert.deepEqual([await orders.accept(key("1")), await orders.accept(key("1"))], [true, false]);
    assert.deepEqual(await orders.counts(), { new: 2, accepted: 1 });
    assert.deepEqual(table.asked[1]?.[1]["ExclusiveStartKey"], next);
    assert.equal(table.asked[2]?.[1]["ConditionExpression"], "#status = :new");
    table.close();
  });
});

describe("apps/web", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "kiban-web-"))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const build = (source: string): { status: number | null; stderr: string } => {
    const script = `import("${join(root, "apps/web/build.mjs")}").then((b) => b.build(process.argv[1], process.argv[2]))`;
    return spawnSync(process.execPath, ["-e", script, source, join(folder, "dist")], { encoding: "utf8" });
  };

  it("is built with its assets under names of their content, to which the page refers", () => {
    const { status, stderr } = build(join(root, "apps/web/src"));
    assert.equal(status, 0, stderr);
    const assets = readdirSync(join(folder, "dist", "assets"));
    assert.equal(assets.length, 2);
    const page = readFileSync(join(folder, "dist", "index.html"), "utf8");
    for (const asset of assets) {
      assert.match(asset, /^(app\.[0-9a-f]{12}\.js|style\.[0-9a-f]{12}\.css)$/);
      assert.ok(page.includes(`/assets/${asset}`), asset);
    }
    build(join(root, "apps/web/src"));
    assert.deepEqual(readdirSync(join(folder, "dist", "assets")), assets, "the same source has the same names");
  });

  it("is not built where a page refers to what is not there", () => {
    mkdirSync(join(folder, "src", "assets"), { recursive: true });
    writeFileSync(join(folder, "src", "index.html"), '<script src="/assets/gone.js"></script>');
    const { status, stderr } = build(join(folder, "src"));
    assert.notEqual(status, 0);
    assert.match(stderr, /index\.html refers to \/assets\/gone\.js, which is not there/);
  });
});

describe("the images", () => {
  for (const image of Object.keys(images)) {
    const folder = join(root, "apps", image);
    const dockerfile = readFileSync(join(folder, "Dockerfile"), "utf8");

    it(`apps/${image} runs as nobody in particular, and starts files that the build makes`, () => {
      assert.match(dockerfile, /^USER 1000:1000$/m);
      const [, file = ""] = /^CMD \["node", "(\w+)\.js"\]$/m.exec(dockerfile) ?? [];
      assert.ok(readdirSync(folder).includes(`${file}.ts`));
      assert.match(dockerfile, /^ENV GIT_SHA=\$GIT_SHA$/m);
    });

    it(`apps/${image} has a lock file of its own that fits its package.json, and names no registry`, () => {
      const read = (file: string) => JSON.parse(readFileSync(join(folder, file), "utf8")) as Record<string, unknown>;
      const lock = read("package-lock.json") as {
        packages: Record<string, { resolved?: string; dependencies?: unknown }>;
      };
      assert.deepEqual(lock.packages[""]?.dependencies, read("package.json")["dependencies"]);
      assert.ok(Object.values(lock.packages).every(({ resolved }) => resolved === undefined));
    });
  }

  it("share their log's form", () => {
    const [api, worker] = ["api", "worker"].map((image) => readFileSync(join(root, "apps", image, "log.ts"), "utf8"));
    assert.equal(api, worker);
  });
});
