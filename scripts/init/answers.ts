import { UsageError } from "../../plan/usage";

/** The stacks, in the order that a change goes through them. */
export const stacks = ["dev", "stg", "prod"] as const;
export type Stack = (typeof stacks)[number];

/** One question: the flag that answers it, and what an answer looks like. */
interface Question {
  readonly flag: string;
  readonly asks: string;
  readonly pattern: RegExp;
  readonly allowed: string;
  /** What holds without an answer. @default the question has to be answered */
  readonly without?: string;
}

const account = (stack: Stack): Question => ({
  flag: `${stack}-account`,
  asks: `AWS account id of ${stack}`,
  pattern: /^\d{12}$/,
  allowed: "12 digits; each stack has an account of its own",
});
const zone = (stack: Stack): Question => ({
  flag: `${stack}-zone-id`,
  asks: `Id of the hosted zone of ${stack}, or none`,
  pattern: /^(none|Z[A-Z0-9]{5,31})$/,
  allowed: "a Route 53 zone id (Z...) in that stack's account, or none while there is none",
  without: "none",
});
const name = "[a-z0-9]([a-z0-9-]*[a-z0-9])?";
const number = (flag: string, asks: string): Question => ({
  flag,
  asks: `${asks}, or none`,
  pattern: /^(none|[1-9]\d{0,14})$/,
  allowed: "a number, of gh api repos/<owner>/<name> --jq '.owner.id, .id', or none; both or neither",
  without: "none",
});

/** All questions, in the order that they are asked in. */
export const questions: readonly Question[] = [
  {
    flag: "project",
    asks: "Name of the project",
    pattern: /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
    allowed: "kebab-case; it begins the names in AWS and cannot change after the first deployment",
    without: "kiban",
  },
  {
    flag: "region",
    asks: "AWS region",
    pattern: /^[a-z]{2}(-[a-z]+)+-\d$/,
    allowed: "a region such as ap-northeast-1",
  },
  {
    flag: "zones",
    asks: "Letters of two or three of its availability zones",
    pattern: /^[a-z](,[a-z]){1,2}$/,
    allowed: "letters such as a,c,d; dev and stg take the first two",
  },
  ...stacks.map(account),
  {
    flag: "domain",
    asks: "Domain of prod, or none (stg gets stg.<domain>, dev gets dev.<domain>)",
    pattern: new RegExp(`^(none|(${name}\\.)+[a-z]{2,})$`),
    allowed: "a domain name in lower case, or none",
    without: "none",
  },
  ...stacks.map(zone),
  {
    flag: "emails",
    asks: "Receivers of alarms",
    pattern: /^[^\s@,]+@[^\s@,]+\.[^\s@,]+(,[^\s@,]+@[^\s@,]+\.[^\s@,]+)*$/,
    allowed: "e-mail addresses, with commas between them",
  },
  {
    flag: "github",
    asks: "Repository on GitHub that deploys, as owner/name",
    // As DeployRoles has it.
    pattern: /^[A-Za-z0-9](-?[A-Za-z0-9]){0,38}\/[A-Za-z0-9._-]{1,100}$/,
    allowed: "owner/name: the accounts trust that repository's workflows",
  },
  number("github-owner-id", "Number of its owner; needed where the repository was made since July 2026"),
  number("github-repository-id", "Number of the repository itself; likewise"),
];

/** What was answered, by flag. */
export type Given = Readonly<Record<string, string>>;

/** The answers, checked. */
export interface Answers {
  readonly project: string;
  readonly region: string;
  /** Names of the zones, two or three. */
  readonly zones: readonly string[];
  readonly accounts: Readonly<Record<Stack, string>>;
  /** The names that users know, undefined while there is no domain; the zone's id once there is a zone for it. */
  readonly domains: Readonly<Record<Stack, { readonly name: string; readonly zoneId: string | undefined } | undefined>>;
  readonly emails: readonly string[];
  readonly github: Repository;
}

/** The repository whose workflows the accounts trust; by its numbers too, where they are known. */
export interface Repository {
  readonly owner: string;
  readonly name: string;
  readonly ids: { readonly ownerId: number; readonly repositoryId: number } | undefined;
}

/** Why an answer to one question cannot be taken, undefined where it can. */
export function faultOf(question: Question, answer: string | undefined): string | undefined {
  const given = answer ?? question.without;
  if (given !== undefined && question.pattern.test(given)) return undefined;
  return `--${question.flag}: was ${answer === undefined ? "not given" : JSON.stringify(answer)}; allowed: ${question.allowed}`;
}

/** @throws UsageError with every fault */
export function settleAnswers(given: Given): Answers {
  const faults = questions.flatMap((question) => faultOf(question, given[question.flag]) ?? []);
  const of = (flag: string): string => given[flag] ?? questions.find((q) => q.flag === flag)?.without ?? "";
  faults.push(...sharedAccounts(of), ...zonesWithoutDomain(of), ...halfOfIds(of));
  if (faults.length > 0) throw new UsageError(["The stack files are as they were:", ...faults].join("\n  "));
  const domain = (stack: Stack): Answers["domains"][Stack] => {
    if (of("domain") === "none") return undefined;
    const zoneId = of(`${stack}-zone-id`);
    return { name: domainOf(stack, of("domain")), zoneId: zoneId === "none" ? undefined : zoneId };
  };
  return {
    project: of("project"),
    region: of("region"),
    zones: of("zones")
      .split(",")
      .map((letter) => of("region") + letter),
    accounts: { dev: of("dev-account"), stg: of("stg-account"), prod: of("prod-account") },
    domains: { dev: domain("dev"), stg: domain("stg"), prod: domain("prod") },
    emails: of("emails").split(","),
    github: repositoryOf(of),
  };
}

function repositoryOf(of: Of): Repository {
  const [owner = "", name = ""] = of("github").split("/");
  const [ownerId, repositoryId] = idFlags.map((flag) => Number(of(flag)));
  const known = ownerId !== undefined && repositoryId !== undefined && of("github-owner-id") !== "none";
  return { owner, name, ids: known ? { ownerId, repositoryId } : undefined };
}

export function domainOf(stack: Stack, domain: string): string {
  return stack === "prod" ? domain : `${stack}.${domain}`;
}

type Of = (flag: string) => string;

function sharedAccounts(of: Of): string[] {
  return stacks.flatMap((stack, index) => {
    const id = of(`${stack}-account`);
    const other = stacks.slice(0, index).find((each) => id !== "" && of(`${each}-account`) === id);
    return other === undefined
      ? []
      : [`--${stack}-account: was "${id}"; allowed: an account of its own; ${other} has it`];
  });
}

function zonesWithoutDomain(of: Of): string[] {
  if (of("domain") !== "none") return [];
  return stacks
    .filter((stack) => of(`${stack}-zone-id`) !== "none")
    .map((stack) => `--${stack}-zone-id: was ${JSON.stringify(of(`${stack}-zone-id`))}; allowed: only with --domain`);
}

/** The flags of the numbers, owner first. */
export const idFlags = ["github-owner-id", "github-repository-id"] as const;

function halfOfIds(of: Of): string[] {
  const missing = idFlags.filter((flag) => of(flag) === "none");
  return missing.length === 1
    ? [`--${missing[0]}: was "none"; allowed: both numbers of the repository, or neither`]
    : [];
}
