import assert from "node:assert/strict";
import { createHmac, pbkdf2Sync } from "node:crypto";

type Input = Record<string, unknown>;
type Send = (name: string, input: Input) => Promise<Input>;
type Row = Record<string, unknown>[];

interface Aws {
  data: Send;
  secrets: Send;
  rds: Send;
  sleep: (seconds: number) => Promise<void>;
  env: Record<string, string>;
}

/* eslint-disable @typescript-eslint/no-require-imports -- the function is plain JavaScript, as Lambda runs it */
const { createHandler } = require("../../components/aurora-cluster/function/handler.js") as {
  createHandler: (aws: Aws) => (event: Input) => Promise<unknown>;
};
const { verifier } = require("../../components/aurora-cluster/function/postgresql.js") as {
  verifier: (password: string, salt: Buffer) => string;
};
/* eslint-enable @typescript-eslint/no-require-imports */

class AwsError extends Error {
  constructor(override readonly name: string) {
    super(name);
  }
}

const text = (value: string): Row => [{ stringValue: value }];
const app = { name: "app", level: "readWrite", signIn: "iam" };
const reader = { name: "reader", level: "read", signIn: "iam" };
const migrator = { name: "migrator", level: "owner", signIn: "iam" };
const secretArn = "arn:aws:secretsmanager:ap-northeast-1:111111111111:secret:tableau";
const tableau = { name: "tableau", level: "read", signIn: "password", secretArn, host: "readers.example" };

/** A stand-in for the services: answers queries by what they contain, keeps secrets, and records what was sent. */
class Fake {
  readonly sql: string[] = [];
  readonly calls: [string, Input][] = [];
  readonly values = new Map<string, string>();
  /** How the next statements fail; undefined for one that does not. */
  readonly failures: (Error | undefined)[] = [];
  slept = 0;
  private passwords = 0;

  constructor(
    private readonly engine: "postgresql" | "mysql",
    private readonly answers: Record<string, Row[]> = {},
  ) {}

  run(event: Input): Promise<unknown> {
    return createHandler({
      data: (name, input) => this.data(name, input),
      secrets: (name, input) => this.secrets(name, input),
      rds: (name, input) => Promise.resolve(this.record(name, input)),
      sleep: (seconds) => {
        this.slept += seconds;
        return Promise.resolve();
      },
      env: {
        CLUSTER_ARN: "cluster",
        MASTER_ARN: "master",
        ENGINE: this.engine,
        DATABASE: "shop_db",
        PORT: "5432",
        ROTATED_USERS: "looker,tableau",
      },
    })(event);
  }

  /** Runs the list of users and returns the statements that change something. */
  async make(users: Input[], extensions: string[] = []): Promise<string[]> {
    await this.run({ restored: false, extensions, users });
    return this.sql.filter((statement) => !statement.startsWith("SELECT"));
  }

  private record(name: string, input: Input): Input {
    this.calls.push([name, input]);
    return {};
  }

  private data(name: string, input: Input): Promise<Input> {
    this.record(name, input);
    if (name === "BeginTransaction") return Promise.resolve({ transactionId: "tx" });
    if (name !== "ExecuteStatement") return Promise.resolve({});
    const failure = this.failures.shift();
    if (failure !== undefined) return Promise.reject(failure);
    const sql = input["sql"] as string;
    this.sql.push(sql);
    const answer = Object.entries(this.answers).find(([part]) => sql.includes(part));
    return Promise.resolve({ records: answer?.[1] ?? [] });
  }

  private secrets(name: string, input: Input): Promise<Input> {
    this.record(name, input);
    const stages = (input["VersionStages"] as string[] | undefined) ?? ["AWSCURRENT"];
    switch (name) {
      case "GetRandomPassword":
        return Promise.resolve({ RandomPassword: `Password${++this.passwords}` });
      case "PutSecretValue":
        for (const stage of stages) this.values.set(stage, input["SecretString"] as string);
        return Promise.resolve({});
      case "GetSecretValue": {
        const value = this.values.get(input["VersionStage"] as string);
        return value === undefined
          ? Promise.reject(new AwsError("ResourceNotFoundException"))
          : Promise.resolve({ SecretString: value });
      }
      case "DescribeSecret":
        return Promise.resolve({ VersionIdsToStages: { old: ["AWSCURRENT"], new: ["AWSPENDING"] } });
      default:
        return Promise.resolve({});
    }
  }
}

const roles = {
  read: '"shop_db_read"',
  readWrite: '"shop_db_write"',
  owner: '"shop_db_owner"',
};
const rights = [
  `GRANT ${roles.read} TO ${roles.readWrite}`,
  `GRANT ${roles.readWrite} TO ${roles.owner}`,
  `GRANT ${roles.owner} TO CURRENT_USER`,
  'REVOKE ALL ON DATABASE "shop_db" FROM PUBLIC',
  `GRANT CONNECT ON DATABASE "shop_db" TO ${roles.read}`,
  `GRANT TEMPORARY ON DATABASE "shop_db" TO ${roles.readWrite}`,
  `GRANT CREATE ON DATABASE "shop_db" TO ${roles.owner}`,
  `GRANT USAGE ON SCHEMA public TO ${roles.read}`,
  `GRANT CREATE ON SCHEMA public TO ${roles.owner}`,
  ...[
    `USAGE ON SCHEMAS TO ${roles.read}`,
    `SELECT ON TABLES TO ${roles.read}`,
    `SELECT ON SEQUENCES TO ${roles.read}`,
    `INSERT, UPDATE, DELETE ON TABLES TO ${roles.readWrite}`,
    `USAGE, UPDATE ON SEQUENCES TO ${roles.readWrite}`,
  ].map((right) => `ALTER DEFAULT PRIVILEGES FOR ROLE ${roles.owner} GRANT ${right}`),
];

describe("the function of AuroraCluster, PostgreSQL", () => {
  it("makes roles, default privileges, extensions and users, in one transaction", async () => {
    const fake = new Fake("postgresql");
    assert.deepEqual(await fake.make([app, reader, migrator], ["pg_trgm", "uuid-ossp"]), [
      ...Object.values(roles).map((role) => `CREATE ROLE ${role} NOLOGIN`),
      ...rights,
      'CREATE EXTENSION IF NOT EXISTS "pg_trgm" CASCADE',
      'CREATE EXTENSION IF NOT EXISTS "uuid-ossp" CASCADE',
      'CREATE ROLE "app" LOGIN',
      `COMMENT ON ROLE "app" IS 'kiban'`,
      `REVOKE ${roles.read}, ${roles.owner} FROM "app"`,
      `GRANT ${roles.readWrite} TO "app"`,
      'GRANT rds_iam TO "app"',
      'ALTER ROLE "app" RESET role',
      'ALTER ROLE "app" RESET default_transaction_read_only',
      'CREATE ROLE "reader" LOGIN',
      `COMMENT ON ROLE "reader" IS 'kiban'`,
      `REVOKE ${roles.readWrite}, ${roles.owner} FROM "reader"`,
      `GRANT ${roles.read} TO "reader"`,
      'GRANT rds_iam TO "reader"',
      'ALTER ROLE "reader" RESET role',
      'ALTER ROLE "reader" SET default_transaction_read_only = on',
      'CREATE ROLE "migrator" LOGIN',
      `COMMENT ON ROLE "migrator" IS 'kiban'`,
      `REVOKE ${roles.read}, ${roles.readWrite} FROM "migrator"`,
      `GRANT ${roles.owner} TO "migrator"`,
      'GRANT rds_iam TO "migrator"',
      `ALTER ROLE "migrator" SET role = ${roles.owner}`,
      'ALTER ROLE "migrator" RESET default_transaction_read_only',
    ]);
    const names = fake.calls.map(([name]) => name);
    assert.equal(names.filter((name) => name === "BeginTransaction").length, 1);
    assert.equal(names.at(-1), "CommitTransaction");
    for (const [name, input] of fake.calls.slice(2)) assert.equal(input["transactionId"], "tx", name);
    for (const [, input] of fake.calls) assert.equal(input["secretArn"], "master");
  });

  it("alters what is there, and makes nothing twice", async () => {
    const fake = new Fake("postgresql", {
      "SELECT rolname FROM pg_roles WHERE": [text("app")],
      "SELECT rolname FROM pg_roles": ["app", "shop_db_read", "shop_db_write", "shop_db_owner"].map(text),
    });
    const statements = await fake.make([app]);
    assert.deepEqual(statements.slice(0, rights.length), rights);
    assert.equal(statements[rights.length], 'ALTER ROLE "app" LOGIN');
    assert.ok(!statements.some((statement) => statement.startsWith("CREATE")));
  });

  it("drops the users that it made and that left the list, and passes on what they own", async () => {
    const fake = new Fake("postgresql", { shobj_description: [text("app"), text("former")] });
    const statements = await fake.make([app]);
    assert.deepEqual(statements.slice(-5), [
      'REVOKE rds_iam FROM "former"',
      'GRANT "former" TO CURRENT_USER',
      `REASSIGN OWNED BY "former" TO ${roles.owner}`,
      'DROP OWNED BY "former"',
      'DROP ROLE "former"',
    ]);
    assert.ok(!statements.some((statement) => statement.startsWith("DROP") && statement.includes('"app"')));
    const question = fake.calls.find(([, input]) => String(input["sql"]).includes("shobj_description"))?.[1];
    assert.deepEqual(question?.["parameters"], [{ name: "mark", value: { stringValue: "kiban" } }]);
  });

  it("never makes the master user a member of a user that signs in by IAM", async () => {
    const fake = new Fake("postgresql", { shobj_description: [text("former")] });
    const statements = await fake.make([app, reader, migrator]);
    const joins = statements.flatMap((statement) => /^GRANT (.+) TO CURRENT_USER$/.exec(statement)?.[1] ?? []);
    assert.deepEqual(joins, [roles.owner, '"former"']);
    assert.ok(
      statements.indexOf('REVOKE rds_iam FROM "former"') < statements.indexOf('GRANT "former" TO CURRENT_USER'),
    );
    assert.ok(
      !statements.some((statement) => statement.startsWith("GRANT rds_iam TO") && statement.includes("shop_db_")),
    );
  });

  it("quotes every name", async () => {
    const statements = await new Fake("postgresql").make([{ ...app, name: 'a"; DROP ROLE x; --' }], ['e"x']);
    assert.ok(statements.includes('CREATE ROLE "a""; DROP ROLE x; --" LOGIN'));
    assert.ok(statements.includes('CREATE EXTENSION IF NOT EXISTS "e""x" CASCADE'));
  });

  it("rolls back when a statement fails, and says why", async () => {
    const fake = new Fake("postgresql");
    const failure = new AwsError("DatabaseErrorException");
    // The first statement wakes the cluster.
    fake.failures.push(undefined, failure);
    await assert.rejects(fake.run({ restored: false, extensions: [], users: [app] }), failure);
    assert.equal(fake.calls.at(-1)?.[0], "RollbackTransaction");
  });

  it("gives a new password user a password that only the database's verifier and the secret know", async () => {
    const fake = new Fake("postgresql");
    const result = await fake.run({ restored: false, extensions: [], users: [tableau] });
    assert.deepEqual(result, { users: ["tableau"], created: ["tableau"], dropped: [] });
    assert.ok(fake.sql.includes('REVOKE rds_iam FROM "tableau"'));
    assert.deepEqual(JSON.parse(fake.values.get("AWSCURRENT") ?? ""), {
      engine: "postgres",
      host: "readers.example",
      port: 5432,
      dbname: "shop_db",
      username: "tableau",
      password: "Password1",
    });
    assert.deepEqual(fake.sql.slice(-2), [
      "SELECT set_config('kiban.verifier', :verifier, true)",
      "DO $do$ BEGIN EXECUTE format('ALTER ROLE %I PASSWORD %L', 'tableau', current_setting('kiban.verifier')); END $do$",
    ]);
    const sent = fake.calls.filter(([name]) => name === "ExecuteStatement").map(([, input]) => JSON.stringify(input));
    assert.ok(!sent.some((input) => input.includes("Password1")));
    assert.ok(sent.some((input) => input.includes("SCRAM-SHA-256$4096:")));
  });

  it("leaves a password that is there, and gives it to a user that is new", async () => {
    const current = { engine: "postgres", host: tableau.host, port: 5432, dbname: "shop_db", username: "tableau" };
    const known = { "SELECT rolname FROM pg_roles": [text("tableau")] };
    for (const [answers, changes] of [
      [known, 0],
      [{}, 1],
    ] as [Record<string, Row[]>, number][]) {
      const fake = new Fake("postgresql", answers);
      fake.values.set("AWSCURRENT", JSON.stringify({ ...current, password: "kept" }));
      await fake.make([tableau]);
      assert.equal(fake.sql.filter((statement) => statement.startsWith("DO ")).length, changes);
      assert.ok(!fake.calls.some(([name]) => name === "PutSecretValue" || name === "GetRandomPassword"));
    }
  });

  it("writes a new address to the secret, with the same password", async () => {
    const fake = new Fake("postgresql", { "SELECT rolname FROM pg_roles": [text("tableau")] });
    fake.values.set("AWSCURRENT", JSON.stringify({ host: "before", username: "tableau", password: "kept" }));
    await fake.make([tableau]);
    const value = JSON.parse(fake.values.get("AWSCURRENT") ?? "") as Input;
    assert.equal(value["host"], "readers.example");
    assert.equal(value["password"], "kept");
  });

  it("computes verifiers as RFC 7677 shows them", () => {
    const salt = Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64");
    const [head, keys] = verifier("pencil", salt).split("$").slice(1) as [string, string];
    assert.equal(head, `4096:${salt.toString("base64")}`);
    // The server's signature of the RFC's exchange, from the server key alone.
    const message =
      "n=user,r=rOprNGfwEbeRWgbNEkqO,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0," +
      "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    const serverKey = Buffer.from(keys.split(":")[1] ?? "", "base64");
    const signature = createHmac("sha256", serverKey).update(message).digest("base64");
    assert.equal(signature, "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    const salted = pbkdf2Sync("pencil", salt, 4096, 32, "sha256");
    assert.deepEqual(serverKey, createHmac("sha256", salted).update("Server Key").digest());
  });
});

describe("the function of AuroraCluster, MySQL", () => {
  const everything = "`shop\\_db`.*";
  const more = "CREATE, ALTER, DROP, INDEX, REFERENCES, CREATE VIEW, CREATE ROUTINE, ALTER ROUTINE, EVENT, TRIGGER";
  const changes = "INSERT, UPDATE, DELETE, CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE";
  const byIam = "IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL COMMENT 'kiban'";

  it("makes users with their rights on the database, and over TLS alone", async () => {
    assert.deepEqual(await new Fake("mysql").make([app, reader, migrator]), [
      `CREATE USER 'app'@'%' ${byIam}`,
      `GRANT SELECT, SHOW VIEW, ${changes} ON ${everything} TO 'app'@'%'`,
      `REVOKE ${more} ON ${everything} FROM 'app'@'%'`,
      `CREATE USER 'reader'@'%' ${byIam}`,
      `GRANT SELECT, SHOW VIEW ON ${everything} TO 'reader'@'%'`,
      `REVOKE ${changes}, ${more} ON ${everything} FROM 'reader'@'%'`,
      `CREATE USER 'migrator'@'%' ${byIam}`,
      `GRANT SELECT, SHOW VIEW, ${changes}, ${more} ON ${everything} TO 'migrator'@'%'`,
    ]);
  });

  it("takes what is there, and drops the users that it made and that left the list", async () => {
    const fake = new Fake("mysql", {
      "FROM mysql.user": [[{ stringValue: "app" }, { stringValue: "AWSAuthenticationPlugin" }]],
      "information_schema.user_attributes": [text("app"), text("former")],
    });
    const statements = await fake.make([app]);
    assert.ok(!statements.some((statement) => statement.startsWith("CREATE")));
    assert.equal(statements.at(-1), "DROP USER 'former'@'%'");
    assert.equal(statements.filter((statement) => statement.startsWith("DROP")).length, 1);
  });

  it("makes a user anew that moves between IAM and a password", async () => {
    const plugin = (name: string) => ({
      "FROM mysql.user": [[{ stringValue: "tableau" }, { stringValue: name }]],
    });
    const moved = await new Fake("mysql", plugin("AWSAuthenticationPlugin")).make([tableau]);
    assert.deepEqual(moved.slice(0, 2), [
      "DROP USER 'tableau'@'%'",
      "CREATE USER 'tableau'@'%' IDENTIFIED BY RANDOM PASSWORD REQUIRE SSL COMMENT 'kiban'",
    ]);
    assert.equal(moved.at(-1), "ALTER USER 'tableau'@'%' IDENTIFIED BY 'Password1'");
    const stays = await new Fake("mysql", plugin("caching_sha2_password")).make([tableau]);
    assert.ok(!stays.some((statement) => /^(DROP|CREATE)/.test(statement)));
  });

  it("never makes a user with an empty password", async () => {
    const statements = await new Fake("mysql").make([app, tableau]);
    for (const statement of statements.filter((each) => each.startsWith("CREATE USER"))) {
      assert.match(statement, / IDENTIFIED (WITH AWSAuthenticationPlugin|BY RANDOM PASSWORD) /);
    }
  });

  it("quotes every name", async () => {
    const statements = await new Fake("mysql").make([{ ...app, name: "a'\\b" }]);
    assert.match(statements[0] ?? "", /^CREATE USER 'a\\'\\\\b'@'%' /);
  });

  it("says which engine a secret is for", async () => {
    const fake = new Fake("mysql");
    await fake.make([tableau]);
    assert.equal((JSON.parse(fake.values.get("AWSCURRENT") ?? "") as Input)["engine"], "mysql");
  });
});

describe("the function of AuroraCluster, waiting", () => {
  const event = { restored: false, extensions: [], users: [] };

  for (const name of ["DatabaseResumingException", "DatabaseUnavailableException", "HttpEndpointNotEnabledException"]) {
    it(`waits three minutes for ${name} to pass`, async () => {
      const fake = new Fake("postgresql");
      fake.failures.push(new AwsError(name), new AwsError(name));
      await fake.run(event);
      assert.equal(fake.slept, 10);

      const stuck = new Fake("postgresql");
      stuck.failures.push(...Array.from({ length: 100 }, () => new AwsError(name)));
      await assert.rejects(stuck.run(event), { name });
      assert.equal(stuck.slept, 180);
    });
  }

  it("gives a policy half a minute to be known", async () => {
    const fake = new Fake("postgresql");
    fake.failures.push(...Array.from({ length: 100 }, () => new AwsError("AccessDeniedException")));
    await assert.rejects(fake.run(event), { name: "AccessDeniedException" });
    assert.equal(fake.slept, 30);
  });

  it("does not wait for what does not pass", async () => {
    const fake = new Fake("postgresql");
    fake.failures.push(new AwsError("BadRequestException"));
    await assert.rejects(fake.run(event), { name: "BadRequestException" });
    assert.equal(fake.slept, 0);
  });

  it("turns the Data API on after a restore, and only then", async () => {
    const restored = new Fake("postgresql");
    await restored.run({ ...event, restored: true });
    assert.deepEqual(restored.calls[0], ["EnableHttpEndpoint", { ResourceArn: "cluster" }]);
    const fresh = new Fake("postgresql");
    await fresh.run(event);
    assert.ok(!fresh.calls.some(([name]) => name === "EnableHttpEndpoint"));
  });
});

describe("the function of AuroraCluster, rotating", () => {
  const step = (Step: string) => ({ Step, SecretId: secretArn, ClientRequestToken: "new" });
  const value = (password: string, username = "tableau") =>
    JSON.stringify({ host: "readers.example", username, password });

  it("makes a password and keeps all else", async () => {
    const fake = new Fake("postgresql");
    fake.values.set("AWSCURRENT", value("old"));
    await fake.run(step("createSecret"));
    assert.equal(fake.values.get("AWSPENDING"), value("Password1"));
    assert.equal(fake.values.get("AWSCURRENT"), value("old"));
    const put = fake.calls.find(([name]) => name === "PutSecretValue")?.[1];
    assert.equal(put?.["ClientRequestToken"], "new");
    assert.deepEqual(put["VersionStages"], ["AWSPENDING"]);
    const random = fake.calls.find(([name]) => name === "GetRandomPassword")?.[1];
    assert.deepEqual(random, { PasswordLength: 40, ExcludePunctuation: true });
  });

  it("makes it once, however often it is asked", async () => {
    const fake = new Fake("postgresql");
    fake.values.set("AWSCURRENT", value("old"));
    await fake.run(step("createSecret"));
    await fake.run(step("createSecret"));
    assert.equal(fake.values.get("AWSPENDING"), value("Password1"));
  });

  it("refuses an empty secret", async () => {
    await assert.rejects(new Fake("postgresql").run(step("createSecret")), /the secret is empty/);
  });

  it("sets the pending password, in either engine", async () => {
    for (const [engine, last] of [
      ["postgresql", /^DO \$do\$ .*'tableau'/],
      ["mysql", /^ALTER USER 'tableau'@'%' IDENTIFIED BY 'next'$/],
    ] as const) {
      const fake = new Fake(engine);
      fake.values.set("AWSPENDING", value("next"));
      await fake.run(step("setSecret"));
      assert.match(fake.sql.at(-1) ?? "", last);
    }
  });

  it("sets no password but that of a password user", async () => {
    const fake = new Fake("postgresql");
    fake.values.set("AWSPENDING", value("next", "kibanadmin"));
    await assert.rejects(fake.run(step("setSecret")), /kibanadmin is no password user/);
    assert.deepEqual(fake.sql, []);
  });

  it("leaves testing to the next sign-in", async () => {
    const fake = new Fake("postgresql");
    await fake.run(step("testSecret"));
    assert.deepEqual(fake.calls, []);
  });

  it("makes the new version the current one", async () => {
    const fake = new Fake("postgresql");
    await fake.run(step("finishSecret"));
    assert.deepEqual(fake.calls.at(-1), [
      "UpdateSecretVersionStage",
      {
        SecretId: secretArn,
        VersionStage: "AWSCURRENT",
        MoveToVersionId: "new",
        RemoveFromVersionId: "old",
      },
    ]);
    const done = new Fake("postgresql");
    await done.run({ ...step("finishSecret"), ClientRequestToken: "old" });
    assert.deepEqual(
      done.calls.map(([name]) => name),
      ["DescribeSecret"],
    );
  });

  it("refuses a step that it does not know", async () => {
    await assert.rejects(new Fake("postgresql").run(step("deleteSecret")), /unknown step deleteSecret/);
  });

  it("returns nothing of a secret", async () => {
    const fake = new Fake("postgresql");
    const result = await fake.run({ restored: false, extensions: [], users: [tableau] });
    assert.ok(!JSON.stringify(result).includes("Password1"));
  });
});
