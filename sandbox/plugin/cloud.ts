import { appendFileSync, existsSync, readFileSync } from "node:fs";

import { type Value, type Values } from "../values";

/** A resource that exists in the stand-in's cloud. */
export interface Held {
  readonly type: string;
  readonly id: string;
  /** Under which it was created, and which create of that URN it was: what AWS makes up at random follows from both. */
  readonly urn: string;
  readonly generation: number;
  readonly inputs: Values;
  readonly outputs: Values;
}

type Entry = { readonly put: Held } | { readonly gone: string };

/** What a provider knows of a resource before it knows the object. */
export interface Target {
  readonly urn: string;
  readonly type: string;
}

function arnOf(outputs: Values): Value | undefined {
  return outputs["arn"];
}

/** An id is not unique: all revisions of a task definition have one, and all validations of certificates. */
function keyOf({ type, id, urn, outputs }: Held): string {
  const arn = arnOf(outputs);
  return `${type} ${id} ${typeof arn === "string" ? arn : ""} ${urn}`;
}

/**
 * What exists, kept in a file of one change a line: it outlives the provider's process, as AWS does, and two providers
 * may write to it.
 */
export class Cloud {
  private readonly held = new Map<string, Held>();
  private readonly generations = new Map<string, number>();

  constructor(private readonly file: string) {
    if (!existsSync(file)) return;
    for (const line of readFileSync(file, "utf8").split("\n")) if (line !== "") this.apply(JSON.parse(line) as Entry);
  }

  private apply(entry: Entry): void {
    if ("gone" in entry) {
      this.held.delete(entry.gone);
      return;
    }
    const { put } = entry;
    this.held.set(keyOf(put), put);
    this.generations.set(put.urn, Math.max(put.generation, this.generations.get(put.urn) ?? 0));
  }

  private write(entry: Entry): void {
    this.apply(entry);
    appendFileSync(this.file, `${JSON.stringify(entry)}\n`);
  }

  put(held: Held): void {
    this.write({ put: held });
  }

  remove(held: Held): void {
    this.write({ gone: keyOf(held) });
  }

  /** The object of that type and id; among several the one with the ARN of the state, then the one of that URN. */
  find({ type, urn }: Target, id: string, state: Values): Held | undefined {
    const all = this.all().filter((held) => held.type === type && held.id === id);
    const arn = arnOf(state);
    const same = arn === undefined ? all : all.filter(({ outputs }) => arnOf(outputs) === arn);
    const [first] = same.length > 0 ? same : all;
    return same.find((held) => held.urn === urn) ?? first;
  }

  /** An object with exactly that identity. */
  twin({ type, id, outputs }: Pick<Held, "type" | "id" | "outputs">): Held | undefined {
    return this.all().find((held) => held.type === type && held.id === id && arnOf(held.outputs) === arnOf(outputs));
  }

  /** How often a resource of that URN was created, deleted ones included. */
  generationOf(urn: string): number {
    return this.generations.get(urn) ?? 0;
  }

  all(): Held[] {
    return [...this.held.values()];
  }
}
