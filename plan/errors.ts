import { SourceMap, type SourceMapPayload } from "node:module";
import { isAbsolute, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { RunError } from "@pulumi/pulumi";

import { mapOf } from "./loader.cjs";
import { PolicyPackError } from "./policy/process";
import { Refusal } from "./refusal";
import { exitCode, ProgramError, UsageError } from "./usage";

const framePattern = /^\s+at (?:(.*?) \()?(?:async )?(.+?):(\d+):(\d+)\)?$/;
/** Of this tool itself, not of the program that it runs. */
const own = [join(__dirname, "/"), join(__dirname, "../sandbox/")];

/** The position in the source of a position in what was run. */
function original(file: string, line: number, column: number): string {
  const map = mapOf(file);
  if (map === undefined || map === "") return `${line}:${column}`;
  const entry = new SourceMap(JSON.parse(map) as SourceMapPayload).findEntry(line - 1, column - 1);
  return "originalLine" in entry ? `${entry.originalLine + 1}:${entry.originalColumn + 1}` : `${line}:${column}`;
}

/** The frames of a stack trace that lie in the user's own files, with their paths from the project's directory. */
export function userFrames(stack: string, directory: string): string[] {
  return stack.split("\n").flatMap((text) => {
    const found = framePattern.exec(text);
    if (found === null) return [];
    const [, name = "", place = "", line = "0", column = "0"] = found;
    const file = place.startsWith("file://") ? fileURLToPath(place) : place;
    const path = relative(directory, file);
    const outside =
      path.startsWith("..") || isAbsolute(path) || path.includes("node_modules") || file.startsWith("node:");
    if (outside || own.some((prefix) => file.startsWith(prefix))) return [];
    const position = `${path}:${original(file, Number(line), Number(column))}`;
    return [name === "" ? `    at ${position}` : `    at ${name} (${position})`];
  });
}

/** Settings that the program itself refuses: wrong settings, like a broken file. */
function isSettingsError(error: Error): boolean {
  return error.name === "SettingsError";
}

export function exitCodeOf(error: Error): number {
  return error instanceof UsageError || isSettingsError(error) ? exitCode.usage : exitCode.failed;
}

/**
 * What to print of an error: the message alone where it says what to do; with the user's frames where the program failed
 * in a way that it did not foresee.
 */
export function describe(error: Error, directory: string): string {
  const isRunError: boolean = RunError.isInstance(error);
  if (isRunError || isSettingsError(error)) return error.message;
  const told = [UsageError, ProgramError, PolicyPackError];
  if (told.some((known) => error instanceof known)) return error.message;
  if (error instanceof Refusal) return error.urn === "" ? error.message : `${error.urn}\n  ${error.message}`;
  if (error instanceof SyntaxError) return `the program could not be loaded:\n${syntax(error, directory)}`;
  const frames = userFrames(error.stack ?? "", directory);
  return [`the program failed: ${error.message}`, ...frames].join("\n");
}

/** Node puts the place of a syntax error before the message; the loader puts it into the message. */
function syntax(error: SyntaxError, directory: string): string {
  const head = (error.stack ?? "").split("\n    at ")[0] ?? "";
  const text = head.startsWith("SyntaxError: ") || !head.includes(error.message) ? error.message : head;
  return text.replaceAll(join(directory, "/"), "");
}
