import type { AccessLevel } from "./types";

/** A user of the database that the cluster makes. */
export interface DatabaseUser {
  readonly name: string;
  readonly level: AccessLevel;
  readonly signIn: "iam" | "password";
  /** The name of its access is `accessName` and this. */
  readonly suffix: string;
}

/** The users of one cluster, by where they come from. */
export interface Users {
  /** Those of the accesses that every cluster offers. */
  readonly own: Readonly<Record<"connect" | "read" | "migrate", DatabaseUser>>;
  /** Those of `users`. */
  readonly more: readonly DatabaseUser[];
  /** Those that sign in with a password: of `passwordUsers`, and of the Data API. */
  readonly withPassword: readonly DatabaseUser[];
  readonly dataApiUser: DatabaseUser | undefined;
}

export function user(
  name: string,
  level: AccessLevel,
  signIn: DatabaseUser["signIn"],
  suffix = `-${name.replaceAll("_", "-")}`,
): DatabaseUser {
  return { name, level, signIn, suffix };
}

export function allUsers({ own, more, withPassword }: Users): DatabaseUser[] {
  return [...Object.values(own), ...more, ...withPassword];
}
