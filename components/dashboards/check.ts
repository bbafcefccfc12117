import type { Faults } from "../shared/check";
import { parseCidr } from "../shared/cidr";
import { isTimezone } from "../task/schedule";
import { columnType } from "./columns";
import type { DashboardsArgs } from "./dashboards";
import type { Settled, SettledDataSet } from "./settle";
import type { DashboardTool } from "./types";

const kebab = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

export function checkCommon(s: Settled, faults: Faults): void {
  const { name, args, tool } = s;
  if (!kebab.test(name)) faults.add("name", name, "kebab-case, such as dashboards", "rename the component");
  if (!["quicksight", "external"].includes(tool)) faults.add("tool", tool, "quicksight, external", "take one of these");
  if (Object.keys(args.sources).length === 0) faults.add("sources", args.sources, "at least one source", "name one");
  for (const source of Object.keys(args.sources)) {
    if (!kebab.test(source)) faults.add("sources", source, "kebab-case, such as lake", "rename it");
    // Roles and policies of these names are the component's own.
    if (["vpc", "secrets"].includes(source)) faults.add("sources", source, "neither vpc nor secrets", "rename it");
  }
  for (const { name: source, port } of s.databases) faults.integer(`sources.${source}.port`, port, 1, 65_535);
  for (const { name: source, uses, access } of s.athena) {
    if (uses.length === 0) faults.add(`sources.${source}.uses`, uses, "at least one access", "take warehouse.query");
    if (access.network.length > 0) {
      const cure = "take the access of an Athena warehouse or of the lake; a database is a source of its own kind";
      faults.add(`sources.${source}.uses`, access.network[0]?.name, "no access through the network", cure);
    }
  }
  checkBlocks(tool, args, faults);
}

export function checkBlocks(
  tool: DashboardTool,
  args: Pick<DashboardsArgs, "quicksight" | "external">,
  faults: Faults,
): void {
  for (const block of ["quicksight", "external"] as const) {
    if (args[block] !== undefined && tool !== block) {
      faults.add(block, "set", `only with tool ${block}`, `tool is ${tool}: remove it, or set the tool`);
    }
  }
}

export function checkQuickSight(s: Settled, faults: Faults): void {
  const { args, databases } = s;
  if (databases.length > 0) {
    const names = databases.map(({ name }) => name).join(", ");
    if (args.network === undefined) {
      faults.add("network", args.network, "the network of the databases", `sources ${names} are in it: give it`);
    } else if (Array.isArray(args.network.isolatedSubnetIds) && args.network.isolatedSubnetIds.length < 2) {
      // AWS: QuickSight API reference, CreateVPCConnection: 2 to 15 subnets.
      const was = args.network.isolatedSubnetIds.length;
      faults.add("network.isolatedSubnetIds", was, "2 to 15 subnets", "QuickSight stands in two at least: add one");
    }
    checkSecretsRole(names, args, faults);
  }
  checkPeople(args, faults);
  for (const dashboard of Object.keys(args.quicksight?.dashboards ?? {})) {
    if (!kebab.test(dashboard)) {
      faults.add("quicksight.dashboards", dashboard, "kebab-case, such as sales", "rename it");
    }
  }
}

export function checkSecretsRole(
  names: string,
  { quicksight }: Pick<DashboardsArgs, "quicksight">,
  faults: Faults,
): void {
  if (quicksight?.subscription?.secretsRoleName !== undefined) return;
  const cure = `sources ${names} have passwords: turn Secrets Manager on in QuickSight's security page and name its role`;
  faults.add("quicksight.subscription.secretsRoleName", undefined, "the account's role", cure);
}

export function checkPeople({ quicksight = {} }: Pick<DashboardsArgs, "quicksight">, faults: Faults): void {
  for (const path of ["authors", "readers"] as const) {
    const users = quicksight[path] ?? [];
    for (const [i, user] of users.entries()) {
      const full = `quicksight.${path}[${i}]`;
      if (user === "") faults.add(full, user, "the name of a user", "remove it");
      if (users.indexOf(user) !== i) faults.add(full, user, "each user once", "remove it");
    }
  }
}

export function checkDataSet(s: Settled, dataSet: SettledDataSet, faults: Faults): void {
  const path = `quicksight.dataSets.${dataSet.name}`;
  if (!kebab.test(dataSet.name)) {
    faults.add("quicksight.dataSets", dataSet.name, "kebab-case, such as daily-orders", "rename it");
  }
  const known = Object.keys(s.args.sources);
  if (!known.includes(dataSet.source)) {
    faults.add(`${path}.source`, dataSet.source, known.join(", "), "name one of the sources");
  }
  const all = [...dataSet.table.columns, ...(dataSet.table.partitions ?? [])];
  if (all.length === 0) faults.add(`${path}.table.columns`, [], "at least one column", "name those to show");
  for (const { name, type } of all) {
    if (columnType(type) !== undefined) continue;
    const cure = "QuickSight reads no lists and structures: leave the column out, or show a view that takes it apart";
    faults.add(`${path}.table.columns.${name}`, type, "text, numbers, dates and booleans", cure);
  }
  const { at, timezone } = dataSet.refresh;
  if (s.args.quicksight?.dataSets?.[dataSet.name]?.refresh !== undefined && dataSet.mode === "direct") {
    faults.add(`${path}.refresh`, dataSet.refresh, "only with mode spice", "there is no copy to refresh: remove it");
  }
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(at)) {
    faults.add(`${path}.refresh.at`, at, "HH:MM from 00:00 to 23:59", "set a time of the day");
  }
  if (!isTimezone(timezone)) {
    faults.add(`${path}.refresh.timezone`, timezone, "an IANA time zone, such as Asia/Tokyo", "correct its name");
  }
}

export function checkExternal({ external = {} }: Pick<DashboardsArgs, "external">, faults: Faults): void {
  const { principalArn, externalId, cidrs } = external;
  if (principalArn === undefined && externalId !== undefined) {
    const cure = "set the role or user that the tool has in AWS, or neither: nobody can take the role then";
    faults.add("external.principalArn", principalArn, "set together with externalId", cure);
  }
  if (principalArn !== undefined) {
    if (!/^arn:aws[a-z-]*:iam::\d{12}:(user|role)\/\S+$/.test(principalArn)) {
      const cure = "take it from the tool's connection page";
      faults.add("external.principalArn", principalArn, "the ARN of an IAM role or user", cure);
    }
    if (externalId === undefined) {
      const cure = "any customer of the tool could take the role: set the one that the tool shows";
      faults.add("external.externalId", externalId, "set together with principalArn", cure);
    }
  }
  // AWS: STS API reference, AssumeRole, ExternalId.
  if (externalId !== undefined && !/^[\w+=,.@:/-]{2,1224}$/.test(externalId)) {
    faults.add("external.externalId", externalId, "2 to 1224 letters, digits and +=,.@:/-_", "correct it");
  }
  for (const [i, cidr] of (cidrs ?? []).entries()) {
    const parsed = parseCidr(cidr);
    if (parsed === undefined || parsed.prefix < 16) {
      const cure = "name the addresses that the tool comes from, not a whole network";
      faults.add(`external.cidrs[${i}]`, cidr, "an IPv4 block of /16 or smaller", cure);
    }
    if ((cidrs ?? []).indexOf(cidr) !== i) faults.add(`external.cidrs[${i}]`, cidr, "each block once", "remove it");
  }
}
