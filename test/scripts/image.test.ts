import * as assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { judgeScan, promote, registryOf, repositoryOf, type Scan, signIn } from "../../scripts/image";
import { awsError, recorded } from "./recorded";

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const sha = "0123456789abcdef0123456789abcdef01234567";
const host = "222222222222.dkr.ecr.ap-northeast-1.amazonaws.com";
const repository = (name: string) => ({ repositoryName: name, repositoryUri: `${host}/${name}` });
const name = "api-images-repository-1234567";
const repositories = { DescribeRepositoriesCommand: { repositories: [repository(name)] } };

describe("npm run image", () => {
  it("finds the stack's repository among the account's, over all pages", async () => {
    const { client } = recorded({
      DescribeRepositoriesCommand: [
        { repositories: [repository("api-images"), repository("my-api-images-repository-1234567")], nextToken: "2" },
        { repositories: [repository("worker-images-repository-1234567"), repository(name)] },
      ],
    });
    assert.deepEqual(await repositoryOf(registryOf(client), "api"), { name, uri: `${host}/${name}` });
  });

  it("says what to do where there is no repository, and refuses to choose between two", async () => {
    const of = (names: string[]) =>
      repositoryOf(
        registryOf(recorded({ DescribeRepositoriesCommand: { repositories: names.map(repository) } }).client),
        "api",
      );
    await assert.rejects(
      of([]),
      /^Error: no repository api-images-repository-\*: deploy the stack once without an image line/,
    );
    await assert.rejects(of([name, "api-images-repository-7654321"]), /^Error: 2 repositories/);
  });

  it("knows a tag that is not there from a call that failed", async () => {
    const of = (answer: unknown) => registryOf(recorded({ DescribeImagesCommand: answer }).client).digestOf(name, sha);
    assert.equal(await of({ imageDetails: [{ imageDigest: digest("a") }] }), digest("a"));
    assert.equal(await of(awsError("ImageNotFoundException")), undefined);
    await assert.rejects(of(awsError("AccessDeniedException")), { name: "AccessDeniedException" });
  });

  it("signs docker in beside what is there, for nobody else to read", () => {
    const directory = mkdtempSync(join(tmpdir(), "kiban-docker-"));
    const file = join(directory, "deep", "config.json");
    signIn(file, { registry: "one.example.com", token: "QVdTOm9uZQ==" });
    signIn(file, { registry: "two.example.com", token: "QVdTOnR3bw==" });
    const auths = { "one.example.com": { auth: "QVdTOm9uZQ==" }, "two.example.com": { auth: "QVdTOnR3bw==" } };
    assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), { auths });
    assert.equal(statSync(file).mode & 0o777, 0o600);
    rmSync(directory, { recursive: true });
  });

  describe("scan", () => {
    const index = {
      images: [
        {
          imageManifest: JSON.stringify({
            manifests: [
              { digest: digest("1"), platform: { os: "linux", architecture: "arm64" } },
              { digest: digest("2"), platform: { os: "linux", architecture: "amd64" } },
              { digest: digest("3"), platform: { os: "unknown", architecture: "unknown" } },
            ],
          }),
        },
      ],
    };
    const scan = (status: string, findingSeverityCounts = {}) => ({
      imageScanStatus: { status },
      imageScanFindings: { findingSeverityCounts },
    });
    async function judge(manifest: unknown, scans: unknown) {
      const aws = recorded({ BatchGetImageCommand: manifest, DescribeImageScanFindingsCommand: scans });
      let waits = 0;
      const sleep = (): Promise<unknown> => Promise.resolve((waits += 1));
      const lines = await judgeScan(registryOf(aws.client), { repository: name, digest: digest("a"), sleep });
      return { lines, waits, calls: aws.calls };
    }

    it("looks at the image of each platform, not at its attestations", async () => {
      const { lines, calls } = await judge(index, [scan("COMPLETE", { HIGH: 2, LOW: 1 }), scan("ACTIVE")]);
      assert.deepEqual(lines, [`${digest("1")}: 2 HIGH, 1 LOW`, `${digest("2")}: no findings`]);
      assert.equal(calls.length, 3);
    });

    it("looks at an image for one platform itself", async () => {
      const manifest = { images: [{ imageManifest: JSON.stringify({ layers: [] }) }] };
      assert.deepEqual((await judge(manifest, scan("COMPLETE"))).lines, [`${digest("a")}: no findings`]);
    });

    it("waits for a scan that has not begun or is not done", async () => {
      const scans = [awsError("ScanNotFoundException"), scan("IN_PROGRESS"), scan("COMPLETE")];
      assert.equal((await judge(index, scans)).waits, 2);
    });

    it("refuses critical findings, and a scan that came to nothing", async () => {
      await assert.rejects(
        judge(index, scan("COMPLETE", { CRITICAL: 1 })),
        /1 CRITICAL\nCritical findings: renew the base image/,
      );
      for (const status of ["FAILED", "UNSUPPORTED_IMAGE", "FINDINGS_UNAVAILABLE"]) {
        await assert.rejects(judge(index, scan(status)), new RegExp(`the scan is ${status}$`));
      }
      const never: Scan = { status: "PENDING", counts: {} };
      await assert.rejects(judge(index, scan(never.status)), /the scan is PENDING$/);
    });
  });

  describe("promote", () => {
    const source = `111111111111.dkr.ecr.ap-northeast-1.amazonaws.com/${name}@${digest("a")}`;
    const there = (letter: string) => ({ imageDetails: [{ imageDigest: digest(letter) }] });
    const missing = awsError("ImageNotFoundException");
    async function copy(answers: unknown, from = source) {
      const ran: string[][] = [];
      const { client } = recorded({ ...repositories, DescribeImagesCommand: answers });
      const run = (program: string, args: readonly string[]): void => void ran.push([program, ...args]);
      const said = await promote(registryOf(client), { image: "api", sha, source: from, run });
      return { said, ran };
    }

    it("copies all platforms by the digest, under the same tag, and looks whether that is what arrived", async () => {
      const { said, ran } = await copy([missing, there("a")]);
      assert.deepEqual(ran, [
        ["skopeo", "copy", "--all", "--preserve-digests", `docker://${source}`, `docker://${host}/${name}:${sha}`],
      ]);
      assert.equal(said, `${host}/${name}:${sha} is ${digest("a")}`);
    });

    it("pushes once: an image that is there is left alone", async () => {
      assert.deepEqual((await copy(there("a"))).ran, []);
    });

    it("refuses another image under the tag, before and after", async () => {
      await assert.rejects(copy(there("b")), /is another image, sha256:b+, and not sha256:a+: its tag cannot move$/);
      await assert.rejects(copy([missing, there("b")]), /arrived as sha256:b+, and not as sha256:a+$/);
    });

    it("refuses a source that is not named by its digest", async () => {
      await assert.rejects(copy(missing, `${host}/${name}:latest`), { name: "UsageError" });
      await assert.rejects(copy(missing, `--help@${digest("a")}`), { name: "UsageError" });
    });
  });
});
