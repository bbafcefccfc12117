import { type PlannedResource } from "../run";
import { nameOf, typeOf } from "../urn";
import { type ResourceChange } from "./types";
import { holdingOf, type Danger } from "./stateful";

/** What could be one thing under two names: gone on one side, come on the other. */
interface Renamed {
  readonly from: string;
  readonly to: string;
  readonly type: string;
}

/** The outermost resource that came where another of its type went, looked for from the lost one upward. */
function renaming(lost: PlannedResource, before: Sides, after: Sides): Renamed | undefined {
  let found: Renamed | undefined;
  for (let urn = lost.urn; urn !== ""; urn = before.get(urn)?.parent ?? "") {
    const gone = before.get(urn);
    if (gone === undefined || after.has(urn)) break;
    const come = [...after.values()].filter(
      ({ urn: candidate, type, parent }) =>
        type === gone.type && !before.has(candidate) && (parent === gone.parent || !after.has(gone.parent)),
    );
    const [only] = come;
    if (only !== undefined && come.length === 1) found = { from: gone.name, to: only.name, type: gone.type };
  }
  return found;
}

export type Sides = ReadonlyMap<string, PlannedResource>;

function shortType(type: string): string {
  return type.slice(type.lastIndexOf(":") + 1);
}

/** The danger of a change, for types that hold data; undefined where nothing is lost. */
export function dangerOf(change: ResourceChange, before: Sides, after: Sides): Danger | undefined {
  const holding = holdingOf(change.type);
  const old = before.get(change.movedFrom ?? change.urn);
  const loses = change.kind === "replace" || (change.kind === "delete" && change.retained !== true);
  if (holding === undefined || old === undefined || !loses) return undefined;
  const isProtected = old.options["protect"] === true;
  const ways: string[] = [];
  const causes = change.properties.filter(({ replaces }) => replaces);
  if (change.kind === "delete") {
    const renamed = renaming(old, before, after);
    if (renamed !== undefined) {
      ways.push(
        `a rename? give ${shortType(renamed.type)} "${renamed.to}" the option aliases: [{ name: "${renamed.from}" }], and it is a move`,
      );
    }
    ways.push(`leave the object in AWS: option retainOnDelete in one update, the removal in the next`);
  } else {
    const cascade = causes.flatMap(({ knownAfter }) => (knownAfter === undefined ? [] : [nameOf(knownAfter)]));
    const paths = causes.map(({ path }) => path).join(", ");
    ways.push(
      cascade.length > 0 && cascade.length === causes.length
        ? `do not replace ${[...new Set(cascade)].join(", ")} (${typeOf(causes[0]?.knownAfter ?? "")}), which this follows`
        : `take back the change of ${paths}; or make the new one beside the old under another name`,
    );
  }
  ways.push(`keep a copy first: ${holding.copy}`);
  ways.push(
    isProtected
      ? "protect (kiban:keep) is on and stops the update until it is lifted on purpose"
      : "set kiban:keep (option protect) so that an update stops before it loses this",
  );
  return { loses: holding.what, waysOut: ways, isProtected };
}
