import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import * as prettier from "prettier";
import * as ts from "typescript";

import { costPage, costPagePath, estimateFixtures } from "./cost-page";

// What the READMEs show of the code: the tables of each component, from the JSDoc of its class, its example, and the plan of
// dev in the project's own. `npm run docs` writes them, tests find stale ones.

const root = join(__dirname, "..", "components");
const example = join(__dirname, "..", "examples");

/** Folders that hold a component: those with a README. */
export function componentFolders(): string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && readdirSync(join(root, entry.name)).includes("README.md"))
    .map((entry) => entry.name)
    .sort();
}

/** The README of a component's folder with its example and tables as the code has them now. */
export async function upToDateReadme(folder: string): Promise<string> {
  // Arguments that components have in common are in these two.
  const sources = [folder, "task", "shared"].flatMap((each) =>
    readdirSync(join(root, each))
      .filter((file) => file.endsWith(".ts"))
      .map((file) => parseSource(join(root, each, file))),
  );
  const component = classOf(sources, folder);
  const inputs = inputRows(component, sources);
  const outputs = component.members.filter(ts.isPropertyDeclaration).filter(isPublicReadonly);
  let readme = readFileSync(join(root, folder, "README.md"), "utf8");
  readme = section(readme, "Example", ["```ts", readFileSync(join(example, `${folder}.ts`), "utf8").trimEnd(), "```"]);
  readme = section(readme, "Inputs", [
    "| argument | type | default | meaning |",
    "| --- | --- | --- | --- |",
    ...inputs.map((row) => `| ${row.join(" | ")} |`),
  ]);
  readme = section(readme, "Outputs", [
    "| output | meaning |",
    "| --- | --- |",
    ...outputs.map((field) => `| \`${field.name.getText()}\` | ${docOf(field).text} |`),
  ]);
  return prettier.format(readme, { parser: "markdown", printWidth: 120 });
}

function parseSource(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
}

function classOf(sources: readonly ts.SourceFile[], folder: string): ts.ClassDeclaration {
  const found = sources
    .flatMap((source) => source.statements.filter(ts.isClassDeclaration))
    .find((declaration) => declaration.heritageClauses?.some((clause) => /ComponentResource/.test(clause.getText())));
  if (found === undefined) throw new Error(`components/${folder} has a README but no ComponentResource`);
  return found;
}

/** One row per argument of the constructor's second parameter: name, type, default, meaning. */
function inputRows(component: ts.ClassDeclaration, sources: readonly ts.SourceFile[]): string[][] {
  const constructor = component.members.find(ts.isConstructorDeclaration);
  const type = constructor?.parameters[1]?.type;
  if (type === undefined) return [];
  return propertiesOf(type, sources).map((property) => {
    const { text, defaultValue } = docOf(property);
    const optional = property.questionToken !== undefined;
    const shown = property.type?.getText().replace(/\s+/g, " ").replaceAll("|", "\\|") ?? "";
    return [
      `\`${property.name.getText()}\``,
      `\`${shown}\``,
      defaultValue === undefined ? (optional ? "off" : "required") : `\`${defaultValue}\``,
      text,
    ];
  });
}

function propertiesOf(type: ts.Node, sources: readonly ts.SourceFile[]): ts.PropertySignature[] {
  if (ts.isUnionTypeNode(type) || ts.isIntersectionTypeNode(type)) {
    return type.types.flatMap((part) => propertiesOf(part, sources));
  }
  if (ts.isParenthesizedTypeNode(type)) return propertiesOf(type.type, sources);
  if (ts.isTypeLiteralNode(type)) return type.members.filter(ts.isPropertySignature);
  if (!ts.isTypeReferenceNode(type) && !ts.isExpressionWithTypeArguments(type)) return [];
  const name = type.getText();
  for (const statement of sources.flatMap((source) => [...source.statements])) {
    if (ts.isInterfaceDeclaration(statement) && statement.name.text === name) {
      const inherited = (statement.heritageClauses ?? []).flatMap((clause) => [...clause.types]);
      return [
        ...inherited.flatMap((base) => propertiesOf(base, sources)),
        ...statement.members.filter(ts.isPropertySignature),
      ];
    }
    if (ts.isTypeAliasDeclaration(statement) && statement.name.text === name) {
      return propertiesOf(statement.type, sources);
    }
  }
  return [];
}

function isPublicReadonly(field: ts.PropertyDeclaration): boolean {
  const kinds = new Set(field.modifiers?.map((modifier) => modifier.kind));
  return kinds.has(ts.SyntaxKind.ReadonlyKeyword) && !kinds.has(ts.SyntaxKind.PrivateKeyword);
}

function docOf(node: ts.Node): { text: string; defaultValue?: string } {
  const doc = ts.getJSDocCommentsAndTags(node).find(ts.isJSDoc);
  const text = (ts.getTextOfJSDocComment(doc?.comment) ?? "").replace(/\s+/g, " ").replaceAll("|", "\\|").trim();
  const tag = doc?.tags?.find((candidate) => candidate.tagName.text === "default");
  const value = ts.getTextOfJSDocComment(tag?.comment)?.replace(/\s+/g, " ").replaceAll("|", "\\|").trim();
  return value === undefined ? { text } : { text, defaultValue: value };
}

/** Replaces the body of `## title`, up to the next heading of that level. */
function section(readme: string, title: string, body: readonly string[]): string {
  const pattern = new RegExp(`(^## ${title}\\n)[^]*?(?=^## |(?![^]))`, "m");
  if (!pattern.test(readme)) throw new Error(`a component's README has no section "## ${title}"`);
  return readme.replace(pattern, (_, heading: string) => `${heading}\n${body.join("\n")}\n\n`);
}

/** The README with the plan of dev in it, as the command prints it but for the time that it took, which differs each time. */
export function withPlan(readme: string, printed: string): string {
  const plan = printed.replace(/^Duration: .*$/m, "").trimEnd();
  const block = `<!-- plan -->\n\n<details>\n<summary>What it prints</summary>\n\n\`\`\`text\n${plan}\n\`\`\`\n\n</details>\n\n<!-- /plan -->`;
  return readme.replace(/<!-- plan -->[^]*<!-- \/plan -->/, () => block);
}

async function writeAll(): Promise<void> {
  const readmePath = join(root, "..", "README.md");
  const printed = execFileSync(process.execPath, [join(root, "..", "plan", "main.cjs"), "dev"], { encoding: "utf8" });
  writeFileSync(readmePath, withPlan(readFileSync(readmePath, "utf8"), printed));

  writeFileSync(costPagePath, await costPage(await estimateFixtures()));

  for (const folder of componentFolders()) {
    const path = join(root, folder, "README.md");
    const fresh = await upToDateReadme(folder);
    if (fresh !== readFileSync(path, "utf8")) {
      writeFileSync(path, fresh);
      console.log(`components/${folder}/README.md: written anew`);
    }
  }
}

if (require.main === module) void writeAll();
