import { ok, type Finding, unchecked, wrong } from "./finding";
import type { Check, Patient } from "./patient";

const domainOf = ({ file }: Patient): { name?: unknown; zoneId?: unknown } =>
  file.value(["config", "kiban:domain"]) ?? {};

const none: readonly Finding[] = [ok("the stack has no domain")];

/** A certificate is given only once public DNS answers from the zone: an update would wait for it in vain. */
export const zone: Check = {
  name: "zone",
  looksAt: "whether public DNS asks the stack's hosted zone for its domain",
  needs: { account: true },
  run: async (patient) => {
    const { name, zoneId } = domainOf(patient);
    if (typeof name !== "string" || typeof zoneId !== "string") return none;
    const zone = await patient.aws.zone(zoneId);
    if (zone === undefined) {
      return [
        wrong(`the account has no hosted zone ${zoneId}`, `make a zone for ${name}, and give its id to npm run init`),
      ];
    }
    if (zone.isPrivate) return [wrong(`zone ${zoneId} is a private one`, "make a public hosted zone")];
    if (name !== zone.name && !name.endsWith(`.${zone.name}`)) {
      return [wrong(`zone ${zoneId} is for ${zone.name}, and not for ${name}`, "set kiban:domain.zoneId to its zone")];
    }
    const known = [...(await patient.nameServers(zone.name))].sort();
    const own = [...zone.nameServers].sort();
    if (JSON.stringify(known) === JSON.stringify(own)) return [ok(`${zone.name} is delegated to zone ${zoneId}`)];
    return [
      wrong(
        known.length === 0
          ? `${zone.name} is delegated to nobody`
          : `${zone.name} is delegated to ${known.join(", ")}, which are not the zone's`,
        `where ${parentOf(zone.name)} is kept, set the NS record of ${zone.name} to ${own.join(", ")}`,
      ),
    ];
  },
  runWithout: async (patient) => {
    const { name } = domainOf(patient);
    if (typeof name !== "string") return none;
    for (let at = name; at.includes("."); at = parentOf(at)) {
      const known = await patient.nameServers(at);
      if (known.length === 0) continue;
      return [unchecked(`${at} is delegated to ${known.join(", ")}`, "compare them with those of the stack's zone")];
    }
    return [wrong(`neither ${name} nor what is above it is delegated`, "register the domain, or delegate it")];
  },
};

const parentOf = (name: string): string => name.slice(name.indexOf(".") + 1);
