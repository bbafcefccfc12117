"use strict";

const { createDatabase } = require("./database.js");
const { currentValue, newPassword, rotate } = require("./rotation.js");

const engines = { postgresql: require("./postgresql.js"), mysql: require("./mysql.js") };

/**
 * Answers two callers: the program, with the list of users that the database should have, and Secrets Manager, with a
 * step of a rotation. Neither a password nor a secret's value is ever returned or logged.
 */
exports.createHandler = (aws) => async (event) => {
  const context = { ...aws, engine: engines[aws.env.ENGINE], database: createDatabase(aws) };
  return event.Step === undefined ? makeUsers(context, event) : rotate(context, event);
};

/** `{ restored, extensions, users: [{ name, level, signIn, secretArn?, host? }] }`: makes the database agree with it. */
async function makeUsers(context, { restored, extensions, users }) {
  const { rds, env, engine, database } = context;
  // No restore takes the Data API over, and the provider turns it on only in the update after.
  if (restored) await rds("EnableHttpEndpoint", { ResourceArn: env.CLUSTER_ARN });
  await database.wake();
  const { created, dropped } = await engine.makeUsers(database, { database: env.DATABASE, users, extensions });
  for (const user of users.filter(({ signIn }) => signIn === "password")) {
    await settlePassword(context, user, created.includes(user.name));
  }
  return { users: users.map(({ name }) => name), created, dropped };
}

/** Gives a password user its first password, and its secret the address that it is good for now. */
async function settlePassword(context, { name, secretArn, host }, isNew) {
  const { secrets, env, engine, database } = context;
  const current = await currentValue(secrets, secretArn);
  const value = {
    engine: env.ENGINE === "postgresql" ? "postgres" : "mysql",
    host,
    port: Number(env.PORT),
    dbname: env.DATABASE,
    username: name,
    password: current?.password ?? (await newPassword(secrets)),
  };
  // A user may be new while its secret is not: the cluster was replaced, or the user left and came back.
  if (isNew || current === undefined) await engine.setPassword(database, name, value.password);
  if (JSON.stringify(current) === JSON.stringify(value)) return;
  await secrets("PutSecretValue", { SecretId: secretArn, SecretString: JSON.stringify(value) });
}
