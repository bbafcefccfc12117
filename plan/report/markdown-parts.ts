/** GitHub takes 65,536 characters in a comment. */
const mostCharacters = 60_000;

/** Text inside a table: no line break, no column, no HTML. */
export function cell(text: string): string {
  return text.replace(/\s+/g, " ").replaceAll("|", "\\|").replaceAll("<", "&lt;");
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

export function folded(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["<details>", `<summary>${title}</summary>`, "", ...lines, "", "</details>", ""];
}

/** The text, cut at a line where a comment has no room for more. */
export function cut(lines: readonly string[]): string {
  let length = 0;
  const end = lines.findIndex((line) => (length += line.length + 1) > mostCharacters);
  if (end === -1) return `${lines.join("\n").trimEnd()}\n`;
  const kept = lines.slice(0, end);
  const open = kept.filter((line) => line === "<details>").length > kept.filter((line) => line === "</details>").length;
  return [...kept, ...(open ? ["", "</details>"] : []), "", `... and ${lines.length - end} more lines`, ""].join("\n");
}
