"use strict";
// Runs TypeScript as it is: each file is transpiled without type checks, and the result kept under node_modules/.cache by
// its content, so that only changed files are transpiled. It serves two callers. The plan registers it itself: then
// TypeScript need not be loaded (0.2 s), and no hook is put into stack traces (the SDK takes many for each resource, and
// ts-node's hook makes each one dear); positions are mapped when an error is shown (errors.ts). ts-node, under the Pulumi
// CLI and in the tests, takes it as its transpiler (tsconfig.json): transpiling was the largest part of a preview.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");
const cache = join(root, "node_modules", ".cache", "kiban-plan");
/** Files kept before the cache is emptied; a version of the whole project, with its tests, is about 1,000. */
const mostKept = 10_000;

const version = require("typescript/package.json").version;
// As in tsconfig.json, where `nodenext` makes CommonJS of these files and allows default imports of CommonJS modules.
const options = {
  checked: "syntax",
  target: "es2022",
  module: "commonjs",
  esModuleInterop: true,
  isolatedModules: true,
  sourceMap: true,
};

/** @type {Map<string, () => string>} */
const maps = new Map();

function transpile(source, file) {
  const ts = require("typescript");
  const { checked: _, ...plain } = options;
  const compilerOptions = { ...plain, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS };
  const given = { fileName: file, compilerOptions, reportDiagnostics: true };
  const { outputText, sourceMapText, diagnostics = [] } = ts.transpileModule(source, given);
  // TypeScript goes on after a syntax error with what it takes the text to mean.
  const faults = diagnostics
    .filter(({ category }) => category === ts.DiagnosticCategory.Error)
    .map((fault) => {
      const { line, character } = ts.getLineAndCharacterOfPosition(fault.file, fault.start ?? 0);
      return `${file}:${line + 1}:${character + 1}: ${ts.flattenDiagnosticMessageText(fault.messageText, "\n")}`;
    });
  if (faults.length > 0) throw new SyntaxError(faults.join("\n"));
  return { code: outputText.replace(/^\/\/# sourceMappingURL=.*$/m, ""), map: sourceMapText ?? "" };
}

function keep(path, text) {
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}

/** The code, and how to get at its source map, which only errors and ts-node ask for. */
function compiled(source, file) {
  const key = createHash("sha256")
    .update(`${version}\n${JSON.stringify(options)}\n${source}`)
    .digest("hex");
  const path = join(cache, key);
  try {
    return { code: readFileSync(`${path}.js`, "utf8"), map: () => readFileSync(`${path}.map`, "utf8") };
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
    return { code: made.code, map: () => made.map };
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

/** ts-node's interface for a transpiler of one's own. */
function create() {
  return {
    transpile(source, { fileName }) {
      const { code, map } = compiled(source, fileName);
      return { outputText: code, sourceMapText: map() };
    },
  };
}

/** The source map of a file that this loader ran, as text; undefined for any other file. */
function mapOf(file) {
  try {
    return maps.get(file)?.();
  } catch {
    return undefined;
  }
}

/** Fills the cache with every file that a plan of this project may run; done once after an install. */
function warm(directory = root) {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      if (!["node_modules", "bin", "test"].includes(entry.name) && !entry.name.startsWith(".")) warm(path);
    } else if (entry.name.endsWith(".ts") && !entry.name.endsWith(".d.ts")) {
      compiled(readFileSync(path, "utf8"), path);
    }
  }
}

module.exports = { register, create, mapOf, warm };

if (require.main === module) warm();
