import { hasEngine } from "./engine";

describe("engine", () => {
  const title = "these tests run where the Pulumi CLI is on PATH";
  // `npm run test:engine` asks for them by name: there a missing CLI is a failure.
  if (hasEngine || process.env["KIBAN_ENGINE"] === "required") {
    it(title, () => {
      if (!hasEngine) throw new Error("no pulumi on PATH: https://www.pulumi.com/docs/iac/download-install/");
    });
  } else {
    it.skip(`${title}: there is none here, so they are left out`);
  }
});
