import * as assert from "node:assert/strict";

import { Certificate, type CertificateArgs } from "../../components/certificate/certificate";
import { covers, provenName } from "../../components/certificate/domain";
import { children, resource, run, type Run } from "../harness";

const certificateType = "aws:acm/certificate:Certificate";
const recordType = "aws:route53/record:Record";
const validationType = "aws:acm/certificateValidation:CertificateValidation";

async function make(args: Partial<CertificateArgs> = {}): Promise<Run> {
  const result = await run(
    () => new Certificate("site", { names: ["app.example.com"], zoneId: "Z0000000EXAMPLE", ...args }),
  );
  assert.equal(result.error, undefined);
  return result;
}

describe("Certificate", () => {
  it("makes a certificate, one record a name, and waits for the issue", async () => {
    const result = await make({ names: ["app.example.com", "www.example.com"] });
    assert.deepEqual(children(result, "site"), [
      `${certificateType} site-acm`,
      `${validationType} site-issued`,
      `${recordType} site-prove-app.example.com`,
      `${recordType} site-prove-www.example.com`,
    ]);
  });

  it("asks for DNS validation, the first name as the subject", async () => {
    const { inputs } = resource(
      await make({ names: ["app.example.com", "*.example.com"] }),
      certificateType,
      "site-acm",
    );
    assert.equal(inputs["domainName"], "app.example.com");
    assert.deepEqual(inputs["subjectAlternativeNames"], ["*.example.com"]);
    assert.equal(inputs["validationMethod"], "DNS");
  });

  it("asks for no alternative names when there is one name", async () => {
    const { inputs } = resource(await make(), certificateType, "site-acm");
    assert.equal(inputs["subjectAlternativeNames"], undefined);
  });

  it("writes what ACM asks for, of the right name, into the zone", async () => {
    const result = await make({ names: ["app.example.com", "www.example.com"] });
    const options = resource(result, certificateType, "site-acm").outputs["domainValidationOptions"] as {
      domainName: string;
      resourceRecordName: string;
      resourceRecordValue: string;
    }[];
    const option = options.find((o) => o.domainName === "www.example.com");
    assert.ok(option);
    const { inputs } = resource(result, recordType, "site-prove-www.example.com");
    assert.equal(inputs["zoneId"], "Z0000000EXAMPLE");
    assert.equal(inputs["type"], "CNAME");
    assert.equal(inputs["name"], option.resourceRecordName);
    assert.deepEqual(inputs["records"], [option.resourceRecordValue]);
    assert.equal(inputs["ttl"], 300);
    assert.equal(inputs["allowOverwrite"], true);
  });

  it("waits for every record, and for the certificate of its own", async () => {
    const result = await make({ names: ["app.example.com", "www.example.com"] });
    const validation = resource(result, validationType, "site-issued");
    assert.equal(validation.inputs["certificateArn"], resource(result, certificateType, "site-acm").outputs["arn"]);
    const records = ["app", "www"].map((host) => resource(result, recordType, `site-prove-${host}.example.com`));
    assert.deepEqual(
      validation.inputs["validationRecordFqdns"],
      records.map((record) => record.outputs["fqdn"]),
    );
    for (const { urn } of records) assert.ok(validation.dependencies.includes(urn));
  });

  it("proves an apex and its wildcard by one record", async () => {
    const result = await make({ names: ["example.com", "*.example.com"] });
    assert.deepEqual(
      result.resources.filter((r) => r.type === recordType).map((r) => r.name),
      ["site-prove-example.com"],
    );
  });

  it("leaves a name that is proven elsewhere to its owner, and then only waits", async () => {
    const result = await make({ names: ["example.com", "www.example.com"], provenNames: ["*.example.com"] });
    assert.deepEqual(
      result.resources.filter((r) => r.type === recordType).map((r) => r.name),
      ["site-prove-www.example.com"],
    );
    assert.equal(resource(result, validationType, "site-issued").inputs["validationRecordFqdns"], undefined);
  });

  it("is made in the region that is asked for, or in the provider's", async () => {
    const there = await make({ region: "us-east-1" });
    assert.equal(resource(there, certificateType, "site-acm").inputs["region"], "us-east-1");
    assert.equal(resource(there, validationType, "site-issued").inputs["region"], "us-east-1");
    const here = resource(await make(), certificateType, "site-acm").inputs["region"];
    assert.notEqual(here, "us-east-1");
  });

  it("reports every fault at once, before anything registers", async () => {
    const long = `${"a".repeat(60)}.example.com`;
    const result = await run(
      () => new Certificate("site", { names: [long, "Example.com", "a.example.com", "a.example.com"], zoneId: "Z1" }),
    );
    assert.equal(
      result.error?.message,
      [
        'Certificate "site":',
        '  names: was "Example.com"; allowed: a lower-case domain name, a leading *. included, of at most 253 characters; set a name such as app.example.com',
        '  names: was "a.example.com"; allowed: each name once; remove the second one',
        `  names[0]: was "${long}"; allowed: at most 64 characters (ACM); put a shorter name first`,
      ].join("\n"),
    );
    assert.deepEqual(result.resources, []);
  });

  it("passes each child through its transform", async () => {
    const result = await make({
      transform: {
        certificate: { keyAlgorithm: "EC_prime256v1" },
        records: (ours) => ({ ...ours, ttl: 60 }),
        validation: { region: "eu-west-1" },
      },
    });
    assert.equal(resource(result, certificateType, "site-acm").inputs["keyAlgorithm"], "EC_prime256v1");
    assert.equal(resource(result, recordType, "site-prove-app.example.com").inputs["ttl"], 60);
    assert.equal(resource(result, validationType, "site-issued").inputs["region"], "eu-west-1");
  });

  it("lives beside another", async () => {
    const result = await run(() => {
      new Certificate("one", { names: ["one.example.com"], zoneId: "Z1" });
      new Certificate("two", { names: ["two.example.com"], zoneId: "Z1" });
    });
    assert.equal(result.error, undefined);
    assert.equal(new Set(result.resources.map((r) => r.urn)).size, result.resources.length);
    assert.equal(children(result, "two").length, 3);
  });
});

describe("names of a certificate", () => {
  const names = ["example.com", "*.example.com"];
  for (const [host, covered] of [
    ["example.com", true],
    ["www.example.com", true],
    ["a.b.example.com", false],
    ["example.org", false],
    ["*.example.com", true],
  ] as const) {
    it(`${covered ? "cover" : "do not cover"} ${host}`, () => assert.equal(covers(names, host), covered));
  }

  it("are proven without their wildcard", () => {
    assert.equal(provenName("*.example.com"), "example.com");
    assert.equal(provenName("www.example.com"), "www.example.com");
  });
});
