"use strict";

/** Marks the users that this function made, the only ones that it ever drops. */
const mark = "kiban";

const escaped = (text) => text.replaceAll("\\", "\\\\").replaceAll("'", "\\'");
const account = (name) => `'${escaped(name)}'@'%'`;

const read = ["SELECT", "SHOW VIEW"];
const readWrite = [...read, "INSERT", "UPDATE", "DELETE", "CREATE TEMPORARY TABLES", "LOCK TABLES", "EXECUTE"];
const owner = [
  ...readWrite,
  "CREATE",
  "ALTER",
  "DROP",
  "INDEX",
  "REFERENCES",
  "CREATE VIEW",
  "CREATE ROUTINE",
  "ALTER ROUTINE",
  "EVENT",
  "TRIGGER",
];
const privileges = { read, readWrite, owner };

/** MySQL has no transaction around these statements: each can be run again, and rights are given before others go. */
exports.makeUsers = async (db, { database, users }) => {
  const existing = new Map(await db.run("SELECT user, plugin FROM mysql.user WHERE host = '%'"));
  const marked = await db.run(
    "SELECT user FROM information_schema.user_attributes WHERE host = '%' " +
      "AND JSON_UNQUOTE(JSON_EXTRACT(attribute, '$.comment')) = :mark",
    { mark },
  );
  const leaving = marked.flat().filter((name) => !users.some((user) => user.name === name));
  const created = [];
  for (const user of users) {
    const plugin = existing.get(user.name);
    // A user that moves from IAM to a password is made anew: it has no password to keep.
    const moved = plugin !== undefined && (plugin === "AWSAuthenticationPlugin") !== (user.signIn === "iam");
    if (moved) await db.run(`DROP USER ${account(user.name)}`);
    if (moved || plugin === undefined) {
      await db.run(`CREATE USER ${account(user.name)} ${signIn(user)} REQUIRE SSL COMMENT '${mark}'`);
      created.push(user.name);
    }
    for (const statement of grants(user, database)) await db.run(statement);
  }
  for (const name of leaving) await db.run(`DROP USER ${account(name)}`);
  return { created, dropped: leaving };
};

/** Without a password of its own, a user would come with an empty one. */
function signIn(user) {
  return user.signIn === "iam" ? "IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'" : "IDENTIFIED BY RANDOM PASSWORD";
}

function grants({ name, level }, database) {
  // In a GRANT, `_` and `%` in a database's name match anything.
  const everything = `\`${database.replaceAll("`", "``").replace(/[_%]/g, "\\$&")}\`.*`;
  const given = privileges[level];
  const others = owner.filter((privilege) => !given.includes(privilege));
  return [
    `GRANT ${given.join(", ")} ON ${everything} TO ${account(name)}`,
    ...(others.length > 0 ? [`REVOKE ${others.join(", ")} ON ${everything} FROM ${account(name)}`] : []),
  ];
}

/** MySQL keeps passwords out of its logs, and ALTER USER takes no parameters. */
exports.setPassword = (db, name, password) =>
  db.run(`ALTER USER ${account(name)} IDENTIFIED BY '${escaped(password)}'`);
