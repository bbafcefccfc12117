"use strict";

const { createDatabase } = require("./database.js");
const redshift = require("./redshift.js");

/**
 * Answers two callers: the program, with the schemas and users that the warehouse should have, and Secrets Manager, with a
 * step of a rotation. Neither a password nor a secret's value is ever returned or logged.
 */
exports.createHandler = (aws) => async (event) => {
  const context = { ...aws, engine: redshift, database: createDatabase(aws) };
  return event.Step === undefined ? setUp(context, event) : aws.rotation.rotate(context, event);
};

/** `{ schemas: [{ name, database, roleArn }], users: [{ name, secretArn, host }] }`: makes the warehouse agree with it. */
async function setUp(context, { schemas, users }) {
  const { database } = context;
  const { dropped: droppedSchemas } = await redshift.makeSchemas(database, schemas);
  await redshift.makeRights(database);
  const names = users.map(({ name }) => name);
  const { created, dropped } = await redshift.makeUsers(database, names);
  for (const user of users) await settlePassword(context, user, created.includes(user.name));
  return { schemas: schemas.map(({ name }) => name), droppedSchemas, users: names, created, dropped };
}

/** Gives a user its first password, and its secret the address that it is good for now. */
async function settlePassword({ secrets, env, database, rotation }, { name, secretArn, host }, isNew) {
  const current = await rotation.currentValue(secrets, secretArn);
  const value = {
    engine: "redshift",
    host,
    port: Number(env.PORT),
    dbname: env.DATABASE,
    username: name,
    password: current?.password ?? (await rotation.newPassword(secrets)),
  };
  // A user may be new while its secret is not: the namespace was replaced, or the user left and came back.
  if (isNew || current === undefined) await redshift.setPassword(database, name, value.password);
  if (JSON.stringify(current) === JSON.stringify(value)) return;
  await secrets("PutSecretValue", { SecretId: secretArn, SecretString: JSON.stringify(value) });
}
