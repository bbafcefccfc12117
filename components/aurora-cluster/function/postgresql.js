"use strict";

const { createHash, createHmac, pbkdf2Sync, randomBytes } = require("node:crypto");

/** Marks the users that this function made, the only ones that it ever drops. */
const mark = "kiban";

const identifier = (name) => `"${name.replaceAll('"', '""')}"`;
const literal = (text) => `'${text.replaceAll("'", "''")}'`;

/**
 * Three roles hold the rights, and users are members of one: what the owner makes, the others may use, whoever made it
 * and whenever. The master user joins the owner, to set its default privileges, but never a user: it would be a member
 * of `rds_iam` through it, and PostgreSQL on RDS takes no password from those.
 */
exports.makeUsers = (db, { database, users, extensions }) =>
  db.transaction(async (run) => {
    const role = {
      read: identifier(`${database}_read`),
      readWrite: identifier(`${database}_write`),
      owner: identifier(`${database}_owner`),
    };
    const existing = new Set((await run("SELECT rolname FROM pg_roles")).flat());
    const marked = await run(
      "SELECT rolname FROM pg_roles WHERE rolcanlogin AND shobj_description(oid, 'pg_authid') = :mark",
      { mark },
    );
    const leaving = marked.flat().filter((name) => !users.some((user) => user.name === name));
    const created = users.map(({ name }) => name).filter((name) => !existing.has(name));

    for (const group of [`${database}_read`, `${database}_write`, `${database}_owner`]) {
      if (!existing.has(group)) await run(`CREATE ROLE ${identifier(group)} NOLOGIN`);
    }
    for (const statement of rights(identifier(database), role)) await run(statement);
    for (const name of extensions) await run(`CREATE EXTENSION IF NOT EXISTS ${identifier(name)} CASCADE`);
    for (const user of users) {
      for (const statement of membership(user, role, existing.has(user.name))) await run(statement);
    }
    for (const name of leaving) for (const statement of farewell(identifier(name), role)) await run(statement);
    return { created, dropped: leaving };
  });

function rights(database, role) {
  const onWhatTheOwnerMakes = `ALTER DEFAULT PRIVILEGES FOR ROLE ${role.owner} GRANT`;
  return [
    `GRANT ${role.read} TO ${role.readWrite}`,
    `GRANT ${role.readWrite} TO ${role.owner}`,
    `GRANT ${role.owner} TO CURRENT_USER`,
    // By default everyone who can sign in may connect, and make temporary tables.
    `REVOKE ALL ON DATABASE ${database} FROM PUBLIC`,
    `GRANT CONNECT ON DATABASE ${database} TO ${role.read}`,
    `GRANT TEMPORARY ON DATABASE ${database} TO ${role.readWrite}`,
    `GRANT CREATE ON DATABASE ${database} TO ${role.owner}`,
    `GRANT USAGE ON SCHEMA public TO ${role.read}`,
    `GRANT CREATE ON SCHEMA public TO ${role.owner}`,
    `${onWhatTheOwnerMakes} USAGE ON SCHEMAS TO ${role.read}`,
    `${onWhatTheOwnerMakes} SELECT ON TABLES TO ${role.read}`,
    `${onWhatTheOwnerMakes} SELECT ON SEQUENCES TO ${role.read}`,
    `${onWhatTheOwnerMakes} INSERT, UPDATE, DELETE ON TABLES TO ${role.readWrite}`,
    `${onWhatTheOwnerMakes} USAGE, UPDATE ON SEQUENCES TO ${role.readWrite}`,
  ];
}

function membership({ name, level, signIn }, role, exists) {
  const user = identifier(name);
  const others = Object.keys(role).filter((other) => other !== level);
  return [
    `${exists ? "ALTER" : "CREATE"} ROLE ${user} LOGIN`,
    `COMMENT ON ROLE ${user} IS ${literal(mark)}`,
    `REVOKE ${others.map((other) => role[other]).join(", ")} FROM ${user}`,
    `GRANT ${role[level]} TO ${user}`,
    signIn === "iam" ? `GRANT rds_iam TO ${user}` : `REVOKE rds_iam FROM ${user}`,
    // What an owner makes belongs to the role: the next one can alter it, and the default privileges hold for it.
    level === "owner" ? `ALTER ROLE ${user} SET role = ${role.owner}` : `ALTER ROLE ${user} RESET role`,
    level === "read"
      ? `ALTER ROLE ${user} SET default_transaction_read_only = on`
      : `ALTER ROLE ${user} RESET default_transaction_read_only`,
  ];
}

/** Passes on what a user owns before it is dropped; out of `rds_iam` first, because the master user joins it for that. */
function farewell(user, role) {
  return [
    `REVOKE rds_iam FROM ${user}`,
    `GRANT ${user} TO CURRENT_USER`,
    `REASSIGN OWNED BY ${user} TO ${role.owner}`,
    `DROP OWNED BY ${user}`,
    `DROP ROLE ${user}`,
  ];
}

/**
 * Sets a password by its SCRAM verifier, and the verifier by a parameter: ALTER ROLE takes none, and a statement's text
 * can end up in the logs.
 */
exports.setPassword = (db, name, password) =>
  db.transaction(async (run) => {
    await run("SELECT set_config('kiban.verifier', :verifier, true)", { verifier: exports.verifier(password) });
    const statement = `format('ALTER ROLE %I PASSWORD %L', ${literal(name)}, current_setting('kiban.verifier'))`;
    await run(`DO $do$ BEGIN EXECUTE ${statement}; END $do$`);
  });

/** RFC 5803, as PostgreSQL stores it: `SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>`. */
exports.verifier = (password, salt = randomBytes(16)) => {
  const iterations = 4096;
  const salted = pbkdf2Sync(password, salt, iterations, 32, "sha256");
  const key = (text) => createHmac("sha256", salted).update(text).digest();
  const storedKey = createHash("sha256").update(key("Client Key")).digest("base64");
  const serverKey = key("Server Key").toString("base64");
  return `SCRAM-SHA-256$${iterations}:${salt.toString("base64")}$${storedKey}:${serverKey}`;
};
