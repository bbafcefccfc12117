import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

import {
  BatchGetImageCommand,
  DescribeImageScanFindingsCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
} from "@aws-sdk/client-ecr";

import { UsageError } from "../plan/usage";
import { command, setOutputs } from "./command";
import { checkImage } from "./release/images";
import { placeOf } from "./release/place";

const usage = `usage: npm run image -- find <stack> <image> <sha> [--required]   signs docker in, finds the repository and the digest
       npm run image -- scan <stack> <image> <sha>                 waits for ECR's scan and judges it
       npm run image -- promote <stack> <image> <sha> <source>     copies <source>, a repository@digest, to the stack's registry`;

/** What is asked of a registry. */
export interface Registry {
  repositories(): Promise<readonly { readonly name: string; readonly uri: string }[]>;
  /** Digest of a tag, undefined where there is no such image. */
  digestOf(repository: string, tag: string): Promise<string | undefined>;
  /** Digests of the images for each platform, or of the image itself where it is for one. */
  platformsOf(repository: string, digest: string): Promise<readonly string[]>;
  scanOf(repository: string, digest: string): Promise<Scan>;
  credentials(): Promise<{ readonly registry: string; readonly token: string }>;
}

export interface Scan {
  readonly status: string;
  /** Number of findings by severity. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Pulumi puts seven hex digits behind a name of its own making. */
export async function repositoryOf(registry: Registry, image: string): Promise<{ name: string; uri: string }> {
  const pattern = new RegExp(`^${image}-images-repository-[0-9a-f]{7}$`);
  const found = (await registry.repositories()).filter(({ name }) => pattern.test(name));
  if (found[0] !== undefined && found.length === 1) return found[0];
  const what = found.length === 0 ? "no repository" : `${found.length} repositories`;
  throw new Error(
    `${what} ${image}-images-repository-*: deploy the stack once without an image line; its first update makes the repository`,
  );
}

/** ECR ends a scan in one of these; the others are on the way. */
const finished = ["COMPLETE", "ACTIVE"];
const onTheWay = ["PENDING", "IN_PROGRESS"];

/**
 * Waits for the scans of an image, one for each platform, and refuses critical findings: before the first line names the
 * image, so that nothing runs it.
 */
export async function judgeScan(
  registry: Registry,
  { repository, digest, sleep }: { repository: string; digest: string; sleep: (ms: number) => Promise<unknown> },
): Promise<string[]> {
  const lines: string[] = [];
  for (const platform of await registry.platformsOf(repository, digest)) {
    let scan = await registry.scanOf(repository, platform);
    for (let look = 0; look < 60 && onTheWay.includes(scan.status); look += 1) {
      await sleep(10_000);
      scan = await registry.scanOf(repository, platform);
    }
    if (!finished.includes(scan.status)) throw new Error(`${platform}: the scan is ${scan.status}`);
    const counts = Object.entries(scan.counts).map(([severity, count]) => `${count} ${severity}`);
    lines.push(`${platform}: ${counts.join(", ") || "no findings"}`);
    if ((scan.counts["CRITICAL"] ?? 0) > 0) {
      throw new Error(`${lines.join("\n")}\nCritical findings: renew the base image or the package, and build again`);
    }
  }
  return lines;
}

/** Puts a sign-in into docker's own file, beside those that are there; skopeo reads it too. */
export function signIn(file: string, { registry, token }: { registry: string; token: string }): void {
  let config: { auths?: Record<string, unknown> } = {};
  try {
    config = JSON.parse(readFileSync(file, "utf8")) as typeof config;
  } catch {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  }
  config.auths = { ...config.auths, [registry]: { auth: token } };
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
}

/** Runs a program, its output to the log. */
export type Run = (program: string, args: readonly string[]) => void;

/**
 * Copies an image with all its platforms from one account's registry into another's, unchanged: the digest that was tested
 * is the one that runs. An image that is there already is not pushed again.
 */
export async function promote(
  registry: Registry,
  { image, sha, source, run }: { image: string; sha: string; source: string; run: Run },
): Promise<string> {
  const [, digest] = /^[\w.-]+\/[\w./-]+@(sha256:[0-9a-f]{64})$/.exec(source) ?? [];
  if (digest === undefined) {
    throw new UsageError(`source: was ${JSON.stringify(source)}; allowed: <repository>@sha256:...`);
  }
  const { name, uri } = await repositoryOf(registry, image);
  const there = await registry.digestOf(name, sha);
  if (there === digest) return `${uri}:${sha} is there already`;
  if (there !== undefined) {
    throw new Error(`${uri}:${sha} is another image, ${there}, and not ${digest}: its tag cannot move`);
  }
  run("skopeo", ["copy", "--all", "--preserve-digests", `docker://${source}`, `docker://${uri}:${sha}`]);
  const arrived = await registry.digestOf(name, sha);
  if (arrived !== digest) throw new Error(`${uri}:${sha} arrived as ${arrived}, and not as ${digest}`);
  return `${uri}:${sha} is ${digest}`;
}

interface Manifest {
  readonly manifests?: readonly { readonly digest: string; readonly platform?: { readonly os?: string } }[];
}

/** ECR itself. */
export function registryOf(client: Pick<ECRClient, "send">): Registry {
  return {
    async repositories() {
      const found: { name: string; uri: string }[] = [];
      let nextToken: string | undefined;
      do {
        const page = await client.send(new DescribeRepositoriesCommand({ nextToken }));
        for (const { repositoryName: name = "", repositoryUri: uri = "" } of page.repositories ?? []) {
          found.push({ name, uri });
        }
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      return found;
    },
    async digestOf(repositoryName, imageTag) {
      try {
        const { imageDetails } = await client.send(
          new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag }] }),
        );
        return imageDetails?.[0]?.imageDigest;
      } catch (error) {
        if (error instanceof Error && error.name === "ImageNotFoundException") return undefined;
        throw error;
      }
    },
    async platformsOf(repositoryName, imageDigest) {
      const { images } = await client.send(new BatchGetImageCommand({ repositoryName, imageIds: [{ imageDigest }] }));
      const { manifests } = JSON.parse(images?.[0]?.imageManifest ?? "{}") as Manifest;
      // An attestation is a manifest of no platform, and is not scanned.
      const platforms = manifests?.filter(({ platform }) => platform?.os !== "unknown").map(({ digest }) => digest);
      return platforms ?? [imageDigest];
    },
    async scanOf(repositoryName, imageDigest) {
      try {
        const { imageScanStatus, imageScanFindings } = await client.send(
          new DescribeImageScanFindingsCommand({ repositoryName, imageId: { imageDigest }, maxResults: 1 }),
        );
        return {
          status: imageScanStatus?.status ?? "PENDING",
          counts: { ...imageScanFindings?.findingSeverityCounts },
        };
      } catch (error) {
        // The scan of a fresh push is not known at once.
        if (error instanceof Error && error.name === "ScanNotFoundException") return { status: "PENDING", counts: {} };
        throw error;
      }
    },
    async credentials() {
      const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}));
      const [{ authorizationToken: token, proxyEndpoint } = {}] = authorizationData ?? [];
      if (token === undefined || proxyEndpoint === undefined) throw new Error("ECR gave no token");
      return { registry: proxyEndpoint.replace("https://", ""), token };
    },
  };
}

const dockerConfig = (): string => join(process.env["DOCKER_CONFIG"] ?? join(homedir(), ".docker"), "config.json");
const sleep = (ms: number): Promise<unknown> => new Promise((done) => setTimeout(done, ms));

command(module, async (args) => {
  const required = args.includes("--required");
  const [verb, stack, image, sha, source, ...rest] = args.filter((word) => word !== "--required");
  if (stack === undefined || image === undefined || sha === undefined || rest.length > 0) throw new UsageError(usage);
  checkImage(image, sha);
  const { region } = placeOf(process.cwd(), stack);
  const registry = registryOf(new ECRClient({ region }));
  if (verb === "promote" && source !== undefined) {
    signIn(dockerConfig(), await registry.credentials());
    const run: Run = (program, words) => void execFileSync(program, words, { stdio: "inherit" });
    console.log(await promote(registry, { image, sha, source, run }));
    return;
  }
  if (source !== undefined) throw new UsageError(usage);
  const { name, uri } = await repositoryOf(registry, image);
  const digest = await registry.digestOf(name, sha);
  if (digest === undefined && (required || verb === "scan")) {
    throw new Error(`${uri} has no image ${sha}: build it, or name the SHA of one that is there`);
  }
  if (verb === "find") {
    signIn(dockerConfig(), await registry.credentials());
    setOutputs({ repository: uri, digest: digest ?? "" });
  } else if (verb === "scan") {
    const lines = await judgeScan(registry, { repository: name, digest: digest ?? "", sleep });
    console.log(lines.join("\n"));
  } else throw new UsageError(usage);
});
