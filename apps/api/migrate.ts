import { join } from "node:path";

import { Signer } from "@aws-sdk/rds-signer";
import { Client } from "pg";

import { logTo } from "./log";
import { migrate } from "./migrations";

const log = logTo((line) => process.stdout.write(line));

/** Signs in as the owner of the schema, by IAM: there is no password. Exit code 0 lets the deployment go on. */
async function main(): Promise<void> {
  const { DATABASE_MIGRATE_HOST: host, DATABASE_MIGRATE_USER: user, DATABASE_MIGRATE_NAME: database } = process.env;
  const port = Number(process.env["DATABASE_MIGRATE_PORT"]);
  if (host === undefined || user === undefined) throw new Error("the variables DATABASE_MIGRATE_* are not set");
  const password = await new Signer({ hostname: host, port, username: user }).getAuthToken();
  // A database that paused takes up to half a minute to wake.
  const ssl = { rejectUnauthorized: true };
  const client = new Client({ host, port, user, database, password, ssl, connectionTimeoutMillis: 60_000 });
  await client.connect();
  try {
    log("info", "migrated", { applied: await migrate(client, join(__dirname, "migrations")) });
  } finally {
    await client.end();
  }
}

main().catch((error: unknown) => {
  log("error", "migration failed", { error: error instanceof Error ? error.stack : String(error) });
  process.exitCode = 1;
});
