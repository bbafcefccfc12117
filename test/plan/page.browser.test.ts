import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import puppeteer, { type Browser, type Page } from "puppeteer-core";

import { pageOf } from "../../plan/page/page";
import { shop } from "./page-fixture";

function chromium(): string | undefined {
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    try {
      return execFileSync("which", [name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    } catch {
      // The next one.
    }
  }
  return undefined;
}

const executablePath = chromium();

describe("the page of a plan in a browser", function () {
  this.timeout(120_000);
  if (executablePath === undefined) {
    it("is looked at where Chromium is installed (apt-get install chromium)");
    return;
  }

  let folder: string;
  let browser: Browser;
  let page: Page;
  let faults: string[];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "kiban-page-"));
    const plan = shop().add("aws:sqs/queue:Queue", "jobs", { inputs: { visibilityTimeoutSeconds: 30 } });
    // A page of a thousand resources, as a large stack has.
    for (let i = 0; i < 1000; i++) {
      plan.add("aws:cloudwatch/metricAlarm:MetricAlarm", `alarm-${i}`, { parent: "orders" });
    }
    plan.finding("mandatory", "sqs-sse", "jobs", "kmsMasterKeyId is not set: set it to the key's ARN");
    writeFileSync(join(folder, "plan.html"), await pageOf(plan.build({ url: "https://shop.example" })));
    browser = await puppeteer.launch({ executablePath, args: ["--no-sandbox"] });
  });
  after(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    page = await browser.newPage();
    faults = [];
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("request", (request) => request.url().startsWith("http") && faults.push(request.url()));
    await page.goto(pathToFileURL(join(folder, "plan.html")).href);
  });
  afterEach(async () => {
    assert.deepEqual(faults, []);
    await page.close();
  });

  /** The value of an expression inside the page; as text, since the project's own code has no browser's names. */
  const ask = (expression: string): Promise<unknown> => page.evaluate(expression);
  const textOf = (selector: string): Promise<unknown> =>
    ask(`document.querySelector(${JSON.stringify(selector)})?.textContent`);
  const visible = async (): Promise<string[]> =>
    (await ask(
      `[...document.querySelectorAll(".tree .name")].filter((e) => e.checkVisibility()).map((e) => e.textContent)`,
    )) as string[];

  it("finds resources by the words of their name and type", async () => {
    await page.keyboard.press("/");
    await page.keyboard.type("dynamodb table");
    assert.deepEqual(await visible(), ["orders", "orders-table"]);
    assert.equal(await textOf("#found"), "1 resource");
    await page.keyboard.press("Escape");
    assert.ok((await visible()).includes("api"));
  });

  it("leads from a finding to its resource, and shows what that is given", async () => {
    await page.click(".finding a");
    await page.waitForSelector(".aimed pre");
    assert.equal(await textOf(".aimed .name"), "jobs");
    assert.match(String(await textOf(".aimed pre")), /"visibilityTimeoutSeconds": 30/);
  });

  it("leads from the picture to a component, by mouse and by keys", async () => {
    await page.click('.node[data-urn$="::orders"]');
    await page.waitForSelector(".aimed");
    assert.equal(await textOf(".aimed .name"), "orders");
    await ask(`document.querySelector('.node[data-urn$="::api"]').focus()`);
    await page.keyboard.press("Enter");
    await page.waitForFunction(`document.querySelector(".aimed .name")?.textContent === "api"`);
  });

  it("draws a component's resources when asked, and leads from there to each", async () => {
    await page.click('.node[data-urn$="::api"]');
    await page.waitForSelector(".aimed .inside");
    assert.equal(await ask(`document.querySelector(".aimed .inside svg")`), null);
    await page.click(".aimed .inside > summary");
    await page.waitForSelector('.inside .node[data-urn$="::api-service"]');
    await page.click('.inside .node[data-urn$="::api-service"]');
    await page.waitForFunction(`document.querySelector(".aimed .name")?.textContent === "api-service"`);
  });

  it("fits a phone: only the picture and tables scroll sideways", async () => {
    await page.setViewport({ width: 390, height: 800 });
    assert.equal(await ask("Math.max(0, document.documentElement.scrollWidth - innerWidth)"), 0);
  });
});
