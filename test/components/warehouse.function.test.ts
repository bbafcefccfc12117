import * as assert from "node:assert/strict";
import { createHash } from "node:crypto";

type Input = Record<string, unknown>;
type Send = (name: string, input: Input) => Promise<Input>;

interface Aws {
  data: Send;
  secrets: Send;
  sleep: (seconds: number) => Promise<void>;
  env: Record<string, string>;
  rotation: unknown;
}

/* eslint-disable @typescript-eslint/no-require-imports -- the function is plain JavaScript, as Lambda runs it */
const { createHandler } = require("../../components/warehouse/function/handler.js") as {
  createHandler: (aws: Aws) => (event: Input) => Promise<unknown>;
};
const { digest } = require("../../components/warehouse/function/redshift.js") as {
  digest: (password: string, salt: Buffer) => string;
};
const rotation: unknown = require("../../components/aurora-cluster/function/rotation.js");
/* eslint-enable @typescript-eslint/no-require-imports */

const roleArn = "arn:aws:iam::111111111111:role/lake";
const curated = { name: "lake_curated", database: "glue_curated", roleArn };
const tableau = { name: "tableau", secretArn: "secret-tableau", host: "dw.example" };
const options = (arn: string) => JSON.stringify({ IAM_ROLE: arn });

/** A stand-in for the services: answers queries by what they contain, keeps secrets, and records what was sent. */
class Fake {
  readonly sql: string[] = [];
  readonly inputs: Input[] = [];
  readonly values = new Map<string, string>();
  slept = 0;
  /** What a statement's state is each time that it is asked for, the last one for good. */
  states = ["FINISHED"];
  private asked = 0;
  private passwords = 0;

  constructor(private readonly answers: Record<string, string[][]> = {}) {}

  run(event: Input): Promise<unknown> {
    return createHandler({
      data: (name, input) => Promise.resolve(this.data(name, input)),
      secrets: (name, input) => this.secrets(name, input),
      sleep: (seconds) => {
        this.slept += seconds;
        return Promise.resolve();
      },
      env: { WORKGROUP: "dw", ADMIN_ARN: "admin", DATABASE: "warehouse", PORT: "5439", ROTATED_USERS: "tableau" },
      rotation,
    })(event);
  }

  /** Runs the lists and returns the statements that change something. */
  async setUp(schemas: Input[], users: Input[] = []): Promise<string[]> {
    await this.run({ schemas, users });
    return this.sql.filter((statement) => !statement.startsWith("SELECT"));
  }

  private data(name: string, input: Input): Input {
    if (name === "ExecuteStatement") {
      this.inputs.push(input);
      this.sql.push(input["Sql"] as string);
      this.asked = 0;
      return { Id: String(this.sql.length - 1) };
    }
    const sql = this.sql[Number(input["Id"])] ?? "";
    const rows = Object.entries(this.answers).find(([part]) => sql.includes(part))?.[1];
    if (name === "DescribeStatement") {
      const state = this.states[Math.min(this.asked++, this.states.length - 1)];
      return { Status: state, Error: "syntax error", HasResultSet: rows !== undefined };
    }
    assert.equal(name, "GetStatementResult");
    // One row a page.
    const at = Number(input["NextToken"] ?? 0);
    const record = rows?.[at];
    return {
      Records: record === undefined ? [] : [record.map((value) => ({ stringValue: value }))],
      ...(at + 1 < (rows?.length ?? 0) && { NextToken: String(at + 1) }),
    };
  }

  private secrets(name: string, input: Input): Promise<Input> {
    const [stage] = (input["VersionStages"] as string[] | undefined) ?? [input["VersionStage"] as string | undefined];
    const key = `${input["SecretId"] as string} ${stage ?? "AWSCURRENT"}`;
    if (name === "GetRandomPassword") return Promise.resolve({ RandomPassword: `Password${++this.passwords}` });
    if (name === "PutSecretValue") {
      this.values.set(key, input["SecretString"] as string);
      return Promise.resolve({});
    }
    const value = this.values.get(key);
    if (value !== undefined) return Promise.resolve({ SecretString: value });
    const missing = new Error("missing");
    missing.name = "ResourceNotFoundException";
    return Promise.reject(missing);
  }
}

const rights = [
  "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
  "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC",
];
const created = `CREATE EXTERNAL SCHEMA "lake_curated" FROM DATA CATALOG DATABASE 'glue_curated' IAM_ROLE '${roleArn}'`;
const granted = 'GRANT USAGE ON SCHEMA "lake_curated" TO PUBLIC';

describe("the function of Warehouse", () => {
  it("signs in as the administrator through the Data API", async () => {
    const fake = new Fake();
    await fake.setUp([]);
    const { Sql: _, ...how } = fake.inputs[0] ?? {};
    assert.deepEqual(how, { WorkgroupName: "dw", SecretArn: "admin", Database: "warehouse" });
  });

  it("makes a schema, and lets whoever signs in read and make nothing", async () => {
    assert.deepEqual(await new Fake().setUp([curated]), [created, granted, ...rights, "CREATE GROUP kiban_users"]);
  });

  for (const [what, row, statements] of [
    ["leaves a schema alone that is right", ["lake_curated", "glue_curated", options(roleArn)], [granted]],
    [
      "makes a schema anew for another role",
      ["lake_curated", "glue_curated", options("old")],
      ['DROP SCHEMA "lake_curated"', created, granted],
    ],
    [
      "makes a schema anew for another database",
      ["lake_curated", "old", options(roleArn)],
      ['DROP SCHEMA "lake_curated"', created, granted],
    ],
    [
      "drops a schema that left, and its catalog not",
      ["lake_raw", "glue_raw", options(roleArn)],
      [created, granted, 'DROP SCHEMA "lake_raw"'],
    ],
  ] as [string, string[], string[]][]) {
    it(what, async () => {
      const fake = new Fake({ svv_external_schemas: [row], "FROM pg_group": [["kiban_users"]] });
      assert.deepEqual(await fake.setUp([curated]), [...statements, ...rights]);
    });
  }

  it("reads every page of an answer", async () => {
    const found = ["one", "two", "three"].map((name) => [`lake_${name}`, "old", options(roleArn)]);
    const sql = await new Fake({ svv_external_schemas: found }).setUp([]);
    assert.deepEqual(
      sql.filter((statement) => statement.startsWith("DROP")),
      ['DROP SCHEMA "lake_one"', 'DROP SCHEMA "lake_two"', 'DROP SCHEMA "lake_three"'],
    );
  });

  it("makes a user whose password no statement has, and fills its secret", async () => {
    const fake = new Fake();
    const sql = await fake.setUp([], [tableau]);
    assert.deepEqual(sql.slice(0, -1), [
      ...rights,
      "CREATE GROUP kiban_users",
      'CREATE USER "tableau" PASSWORD DISABLE IN GROUP kiban_users',
    ]);
    assert.match(sql.at(-1) ?? "", /^ALTER USER "tableau" PASSWORD 'sha256\|[0-9a-f]{64}\|[0-9a-f]{64}'$/);
    assert.deepEqual(JSON.parse(fake.values.get("secret-tableau AWSCURRENT") ?? ""), {
      engine: "redshift",
      host: "dw.example",
      port: 5439,
      dbname: "warehouse",
      username: "tableau",
      password: "Password1",
    });
    assert.ok(!fake.sql.join("\n").includes("Password1"));
  });

  it("keeps the password of a user that is there, and writes the new address", async () => {
    const fake = new Fake({ "FROM pg_user": [["tableau"]] });
    fake.values.set(
      "secret-tableau AWSCURRENT",
      JSON.stringify({ username: "tableau", password: "old", host: "before" }),
    );
    assert.ok((await fake.setUp([], [tableau])).every((statement) => !statement.includes("USER")));
    const value = JSON.parse(fake.values.get("secret-tableau AWSCURRENT") ?? "") as Record<string, unknown>;
    assert.deepEqual([value["password"], value["host"]], ["old", "dw.example"]);
  });

  it("drops users that left, of its own group alone", async () => {
    const fake = new Fake({ grolist: [["looker"]], "FROM pg_user": [["looker"], ["somebody"]] });
    const sql = await fake.setUp([]);
    assert.deepEqual(
      sql.filter((statement) => statement.includes("USER")),
      ['DROP USER "looker"'],
    );
  });

  it("hashes over the salt's bytes", () => {
    const salt = Buffer.from("00ff".repeat(16), "hex");
    const hash = createHash("sha256")
      .update(Buffer.concat([Buffer.from("secret"), salt]))
      .digest("hex");
    assert.equal(digest("secret", salt), `sha256|${hash}|${"00ff".repeat(16)}`);
  });

  it("waits for a statement, and stops at one that failed without showing its text", async () => {
    const slow = new Fake();
    slow.states = ["SUBMITTED", "STARTED", "FINISHED"];
    await slow.setUp([]);
    assert.equal(slow.slept, slow.sql.length * 2);
    for (const state of ["FAILED", "ABORTED"]) {
      const failing = new Fake();
      failing.states = [state];
      await assert.rejects(failing.setUp([]), { message: `Redshift: ${state}: syntax error` });
      assert.equal(failing.sql.length, 1);
    }
  });

  it("rotates the password of its own users alone", async () => {
    const fake = new Fake();
    const value = (username: string) => JSON.stringify({ username, password: "next" });
    fake.values.set("secret-tableau AWSPENDING", value("tableau"));
    await fake.run({ Step: "setSecret", SecretId: "secret-tableau", ClientRequestToken: "new" });
    assert.match(fake.sql.at(-1) ?? "", /^ALTER USER "tableau" PASSWORD 'sha256\|/);
    fake.values.set("secret-tableau AWSPENDING", value("kiban_admin"));
    await assert.rejects(fake.run({ Step: "setSecret", SecretId: "secret-tableau", ClientRequestToken: "new" }), {
      message: "kiban_admin is no password user",
    });
  });
});
