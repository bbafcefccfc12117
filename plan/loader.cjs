"use strict";
// Runs TypeScript as it is: each file is transpiled without type checks, and the result kept under node_modules/.cache by
// its content, so that TypeScript itself (0.2 s to load) is needed for changed files alone. Unlike ts-node it installs no
// hook into stack traces: the SDK takes many for each resource, and the hook makes each one dear. Positions are mapped
// when an error is shown (errors.ts).
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");
const cache = join(root, "node_modules", ".cache", "kiban-plan");
/** Files kept before the cache is emptied; a version of the whole project is about 150. */
const mostKept = 2000;

const version = require("typescript/package.json").version;
// As in tsconfig.json, where `nodenext` makes CommonJS of these files and allows default imports of CommonJS modules.
const options = { target: "es2022", module: "commonjs", esModuleInterop: true, isolatedModules: true, sourceMap: true };

/** @type {Map<string, string>} */
const maps = new Map();

function transpile(source, file) {
  const ts = require("typescript");
  const compilerOptions = { ...options, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS };
  const { outputText, sourceMapText } = ts.transpileModule(source, { fileName: file, compilerOptions });
  return { code: outputText.replace(/^\/\/# sourceMappingURL=.*$/m, ""), map: sourceMapText ?? "" };
}

function keep(path, text) {
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}

function compiled(source, file) {
  const key = createHash("sha256")
    .update(`${version}\n${JSON.stringify(options)}\n${source}`)
    .digest("hex");
  const path = join(cache, key);
  try {
    return { code: readFileSync(`${path}.js`, "utf8"), map: `${path}.map` };
  } catch {
    const made = transpile(source, file);
    try {
      mkdirSync(cache, { recursive: true });
      if (readdirSync(cache).length > mostKept) rmSync(cache, { recursive: true, force: true });
      mkdirSync(cache, { recursive: true });
      keep(`${path}.map`, made.map);
      keep(`${path}.js`, made.code);
    } catch {
      // A read-only checkout plans all the same, only slower.
    }
    return { code: made.code, map: `${path}.map` };
  }
}

/** Makes `require` take .ts files. */
function register() {
  require.extensions[".ts"] = (module, file) => {
    const { code, map } = compiled(readFileSync(file, "utf8"), file);
    maps.set(file, map);
    module._compile(code, file);
  };
}

/** The source map of a file that this loader ran, as text; undefined for any other file. */
function mapOf(file) {
  const path = maps.get(file);
  try {
    return path === undefined ? undefined : readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

module.exports = { register, mapOf };
