import { checkDomain, domainNames, type Domain } from "../certificate/domain";
import { parseCidr } from "../shared/cidr";
import { Faults } from "../shared/check";
import type { LoadBalancerArgs, TestAccess } from "./load-balancer";

/** The plain arguments with every default in place. */
export interface Settled {
  readonly isPublic: boolean;
  readonly https: boolean;
  readonly port: number;
  readonly testPort: number;
  readonly idleTimeoutSeconds: number;
  readonly domain: Domain | undefined;
  /** `origin.<domain>`, the name that CloudFront calls. */
  readonly originName: string | undefined;
  /** What the certificate covers. */
  readonly names: readonly string[];
  readonly testAccess: TestAccess;
}

/** The name that CloudFront calls the load balancer by. */
export function originNameOf(domain: string): string {
  return `origin.${domain}`;
}

/**
 * The certificate covers what users type besides `origin.<domain>`: CloudFront passes the user's Host header on, asks
 * for that name in the TLS handshake, and takes a certificate that fits the origin's name or the Host header.
 */
export function settle(args: LoadBalancerArgs): Settled {
  const { domain } = args;
  const https = domain !== undefined;
  const originName = domain === undefined ? undefined : originNameOf(domain.name);
  const names = domain === undefined || originName === undefined ? [] : domainNames(domain);
  return {
    isPublic: args.public ?? false,
    https,
    port: args.port ?? (https ? 443 : 80),
    testPort: args.testPort ?? 9000,
    idleTimeoutSeconds: args.idleTimeoutSeconds ?? 60,
    domain,
    originName,
    names: originName === undefined ? [] : [...new Set([...names, originName])],
    testAccess: args.testAccess ?? {},
  };
}

/** Reports everything that is wrong with the plain arguments, before anything registers. */
export function check(name: string, settled: Settled): void {
  const faults = new Faults("LoadBalancer", name);
  // AWS: a load balancer's name has at most 32 characters; ours is `${name}-alb-` and 7 random ones.
  if (name.length > 20) faults.add("name", name, "at most 20 characters (AWS: 32 with our suffix)", "shorten it");
  checkPorts(faults, settled);
  const idle = settled.idleTimeoutSeconds;
  // AWS: 1 to 4000 s. CloudFront keeps a connection for 5 s, and has to be the one that closes it.
  if (!Number.isInteger(idle) || idle < 10 || idle > 4000) {
    faults.add("idleTimeoutSeconds", idle, "10 to 4000", "set 60 unless answers take longer than that to begin");
  }
  if (settled.isPublic && settled.domain === undefined) {
    faults.add(
      "public",
      true,
      "a public load balancer with a domain",
      "set domain: what the world reaches speaks HTTPS, and a certificate needs a name",
    );
  }
  if (settled.domain !== undefined) {
    checkDomain(faults, settled.domain);
    if (settled.domain.name.length > 64) {
      faults.add("domain.name", settled.domain.name, "at most 64 characters (ACM)", "set a shorter name");
    }
  }
  checkTestAccess(faults, settled.testAccess);
  faults.raise();
}

function checkPorts(faults: Faults, { port, testPort, isPublic }: Settled): void {
  // CloudFront: an origin's port is 80, 443 or 1024 to 65535.
  const valid = (p: number): boolean => Number.isInteger(p) && (p === 80 || p === 443 || (p >= 1024 && p <= 65535));
  if (!valid(port)) faults.add("port", port, "80, 443 or 1024 to 65535 (CloudFront)", "leave it out for 443, or 80");
  if (!valid(testPort)) faults.add("testPort", testPort, "80, 443 or 1024 to 65535", "leave it out for 9000");
  if (port === testPort) faults.add("testPort", testPort, "another port than port", "leave it out for 9000");
  if (isPublic && (port === 80 || testPort === 80)) {
    faults.add(
      "port",
      80,
      "another port: 80 is where a public load balancer redirects to HTTPS",
      "leave it out for 443",
    );
  }
}

function checkTestAccess(faults: Faults, access: TestAccess): void {
  for (const cidr of access.cidrBlocks ?? []) {
    const parsed = parseCidr(cidr);
    if (parsed === undefined) {
      faults.add("testAccess.cidrBlocks", cidr, "an IPv4 block such as 10.0.0.0/16", "set the block's first address");
    } else if (parsed.prefix < 8) {
      faults.add(
        "testAccess.cidrBlocks",
        cidr,
        "blocks of /8 and smaller",
        "name your own networks: it shows the next version",
      );
    }
  }
  for (const key of Object.keys(access.securityGroups ?? {})) {
    if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(key)) {
      faults.add("testAccess.securityGroups", key, "kebab-case keys, such as smoke-test", "rename the key");
    }
  }
}
