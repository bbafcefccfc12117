import type { StackFile } from "../stack-file";
import type { Place } from "../release/place";
import type { Aws } from "./aws";
import type { Finding } from "./finding";
import type { Wants } from "./wants";

/** Asks public DNS for a zone's name servers; none where nobody has delegated it. */
export type NameServers = (name: string) => Promise<readonly string[]>;

/** What is looked at: the files of a stack, its plan, its account. */
export interface Patient {
  readonly place: Place;
  /** The stack's file, and that of its account stack. */
  readonly file: StackFile;
  readonly accountFile: StackFile;
  /** What the plan wants. */
  readonly wants: Wants;
  readonly aws: Aws;
  readonly nameServers: NameServers;
  /** Backend of the stack's state. */
  readonly backend: string;
}

export interface Check {
  /** For `--only`. */
  readonly name: string;
  /** What it looks at, for the help. */
  readonly looksAt: string;
  /** What it needs beside the files. */
  readonly needs?: { readonly account?: true; readonly plan?: true };
  readonly run: (patient: Patient) => Promise<readonly Finding[]> | readonly Finding[];
  /** What can be said without credentials, where that is something. */
  readonly runWithout?: (patient: Patient) => Promise<readonly Finding[]>;
}
