"use strict";

const { createHash, randomBytes } = require("node:crypto");

/** Holds the users that this function made, the only ones that it ever drops. */
const group = "kiban_users";

const identifier = (name) => `"${name.replaceAll('"', '""')}"`;
const literal = (text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;

/** Makes each schema lead to its database of the Glue catalog with that role, and drops those that are not wanted any more. */
exports.makeSchemas = async (db, schemas) => {
  const found = await db.run(
    "SELECT schemaname, databasename, esoptions FROM svv_external_schemas WHERE eskind = 1 AND schemaname LIKE 'lake\\\\_%'",
  );
  const existing = new Map(found.map(([name, database, options]) => [name.trim(), { database, options }]));
  for (const { name, database, roleArn } of schemas) {
    const now = existing.get(name);
    const same = now?.database === database && JSON.parse(now.options).IAM_ROLE === roleArn;
    // Dropping it leaves the catalog and the files alone.
    if (now !== undefined && !same) await db.run(`DROP SCHEMA ${identifier(name)}`);
    if (!same) {
      await db.run(
        `CREATE EXTERNAL SCHEMA ${identifier(name)} FROM DATA CATALOG DATABASE ${literal(database)} IAM_ROLE ${literal(roleArn)}`,
      );
    }
    await db.run(`GRANT USAGE ON SCHEMA ${identifier(name)} TO PUBLIC`);
  }
  const wanted = schemas.map(({ name }) => name);
  const dropped = [...existing.keys()].filter((name) => !wanted.includes(name));
  for (const name of dropped) await db.run(`DROP SCHEMA ${identifier(name)}`);
  return { dropped };
};

/** Whoever may sign in may read, and make nothing: who may sign in is IAM's to say, or a password's. */
exports.makeRights = async (db) => {
  await db.run("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
  await db.run("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC");
};

/** Makes the users that are missing, without a password, and drops those that left. */
exports.makeUsers = async (db, names) => {
  const groups = await db.run("SELECT groname FROM pg_group WHERE groname = :name", { name: group });
  if (groups.length === 0) await db.run(`CREATE GROUP ${group}`);
  const existing = (await db.run("SELECT usename FROM pg_user")).flat();
  const members = await db.run(
    "SELECT usename FROM pg_user, pg_group WHERE usesysid = ANY(grolist) AND groname = :name",
    { name: group },
  );
  const created = names.filter((name) => !existing.includes(name));
  const dropped = members.flat().filter((name) => !names.includes(name));
  for (const name of created) await db.run(`CREATE USER ${identifier(name)} PASSWORD DISABLE IN GROUP ${group}`);
  for (const name of dropped) await db.run(`DROP USER ${identifier(name)}`);
  return { created, dropped };
};

/** Sets a password by its digest: a statement's text ends up in the logs. */
exports.setPassword = (db, name, password) =>
  db.run(`ALTER USER ${identifier(name)} PASSWORD ${literal(exports.digest(password))}`);

/** AWS: Redshift developer guide, CREATE USER: `sha256|digest|salt`; the digest is over the salt's bytes, not its digits. */
exports.digest = (password, salt = randomBytes(32)) =>
  `sha256|${createHash("sha256").update(password).update(salt).digest("hex")}|${salt.toString("hex")}`;
