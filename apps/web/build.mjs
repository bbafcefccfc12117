// Builds the site into dist: the files of src/assets get their content's hash into their names, for browsers keep what is
// under /assets for a year; pages refer to them by the new names.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * @param {string} source folder with pages, and assets below it
 * @param {string} target folder that is made anew
 */
export function build(source, target) {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(join(target, "assets"), { recursive: true });
  const names = new Map();
  for (const file of readdirSync(join(source, "assets"))) {
    const content = readFileSync(join(source, "assets", file));
    const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
    const name = `${file.slice(0, -extname(file).length)}.${hash}${extname(file)}`;
    names.set(`/assets/${file}`, `/assets/${name}`);
    writeFileSync(join(target, "assets", name), content);
  }
  for (const page of readdirSync(source).filter((file) => file.endsWith(".html"))) {
    const text = readFileSync(join(source, page), "utf8").replace(/\/assets\/[\w.-]+/g, (path) => {
      const name = names.get(path);
      if (name === undefined) throw new Error(`${page} refers to ${path}, which is not there`);
      return name;
    });
    writeFileSync(join(target, page), text);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const here = fileURLToPath(new URL(".", import.meta.url));
  build(join(here, "src"), join(here, "dist"));
}
