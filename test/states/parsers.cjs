"use strict";

const { register } = require("node:module");

/**
 * The grammars of dt-sql-parser. The package is made for bundlers: its imports leave out index.js and .js. In a file of its
 * own, since ts-node would make `require` of `import`, which asks no hook.
 */
exports.loadParsers = async () => {
  register(`data:text/javascript,${encodeURIComponent(hook)}`);
  const { TrinoSQL } = await import("dt-sql-parser/dist/parser/trino/index.js");
  const { HiveSQL } = await import("dt-sql-parser/dist/parser/hive/index.js");
  return { trino: new TrinoSQL(), hive: new HiveSQL() };
};

const hook = `export async function resolve(specifier, context, next) {
  try { return await next(specifier, context); } catch (error) {
    if (error.code === "ERR_UNSUPPORTED_DIR_IMPORT") return next(specifier + "/index.js", context);
    if (error.code === "ERR_MODULE_NOT_FOUND") return next(specifier + ".js", context);
    throw error;
  }
}`;
