import assert from "node:assert/strict";

import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import fc from "fast-check";

import { readArguments } from "../../sandbox/awsx/arguments";
import { overlap, parseBlock, sizeOf } from "../../sandbox/awsx/cidr";
import { placeSubnets, type Layout, type SubnetSpec } from "../../sandbox/awsx/subnets";
import { isMap, resourceSignature, signature, text, unknown, type Value, type Values } from "../../sandbox/values";
import { run, type Run } from "../harness";
import subnetFixture from "../fixtures/awsx/subnets.json";
import vpcFixture from "../fixtures/awsx/vpc.json";

interface Row {
  layout: string;
  cidr: string;
  zones: number;
  zoneMask?: number;
  subnets?: string[];
  error?: string;
}

const layouts: Record<string, unknown> = subnetFixture.layouts;

interface Recorded {
  children: string[];
  outputs: string[];
}

const cases: Record<string, { args: object; update: Recorded; preview?: Recorded }> = vpcFixture.cases;

/** The fixture's short forms. */
function abbreviated(line: string): string {
  return line
    .replaceAll(`{"${signature}":"${resourceSignature}"`, '{"resource":1')
    .replaceAll("urn:pulumi:dev::kiban::awsx:ec2:Vpc$aws:ec2/vpc:Vpc", "URN")
    .replaceAll(unknown, "unknown");
}

function layoutOf(row: Row): Layout {
  return {
    vpcName: "vpc",
    vpcCidr: row.cidr,
    zones: subnetFixture.zones.slice(0, row.zones),
    strategy: "Auto",
    specs: layouts[row.layout] as SubnetSpec[] | undefined,
    zoneMask: row.zoneMask,
    nameTags: "AvailabilityZone",
  };
}

function sorted(value: Value): Value {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key] ?? null)]),
  );
}

function short(made: Run, urn: string): string {
  const found = made.resources.find((resource) => resource.urn === urn);
  return found === undefined ? urn : `${found.type.replace(/^aws:\w+\/\w+:/, "")} ${found.name}`;
}

/** The children in the fixture's form. */
function childLines(made: Run): string[] {
  const children = made.resources.filter((resource) => resource.type.startsWith("aws:"));
  return children
    .map((child) => {
      const names = (urns: readonly string[]): string =>
        urns
          .map((urn) => short(made, urn))
          .sort()
          .join(", ");
      const from = Object.entries(child.propertyDependencies).filter(([, urns]) => urns.length > 0);
      return [
        `${child.type} ${child.name} in ${short(made, child.parent)}`,
        JSON.stringify(sorted(child.inputs)),
        `after ${names(child.dependencies)}`,
        ...from.map(([property, urns]) => `${property} from ${names(urns)}`).sort(),
      ].join(" | ");
    })
    .sort();
}

/** Makes the VPC in a program like the one that was recorded. */
function vpcProgram(args: object): () => void {
  return () => {
    const provider = new aws.Provider("aws", { region: "ap-northeast-1", allowedAccountIds: ["111111111111"] });
    new awsx.ec2.Vpc("vpc", args, { providers: { aws: provider } });
  };
}

describe("stand-in for awsx.ec2.Vpc", () => {
  describe("gives each subnet the addresses of the real one", () => {
    for (const row of subnetFixture.rows as Row[]) {
      const mask = row.zoneMask === undefined ? "" : ` of /${row.zoneMask}`;
      it(`${row.layout} in ${row.cidr}, ${row.zones} zones${mask}`, () => {
        if (row.error !== undefined) {
          assert.throws(() => placeSubnets(layoutOf(row)), { message: row.error });
          return;
        }
        const placed = placeSubnets(layoutOf(row));
        assert.deepEqual(
          placed.map(({ name, nameTag, cidr }) => `${name} ${nameTag} ${cidr}`),
          row.subnets,
        );
      });
    }
  });

  it("never lets subnets overlap, nor leave the VPC, whatever their sizes", () => {
    const spec = fc.record({
      type: fc.constantFrom("Public", "Private", "Isolated"),
      cidrMask: fc.integer({ min: 20, max: 28 }),
    });
    fc.assert(
      fc.property(fc.array(spec, { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 4 }), (specs, zones) => {
        const named = specs.map((s, i) => ({ ...s, name: `s${i}` })) as SubnetSpec[];
        let placed;
        try {
          placed = placeSubnets({ ...layoutOf({ layout: "even", cidr: "10.0.0.0/16", zones }), specs: named });
        } catch (error) {
          // Gaps before a larger subnet can make the last one leave its zone: then the real one refuses as well.
          assert.match(String(error), /too large|overlap/);
          return;
        }
        const blocks = placed.map(({ cidr }) => parseBlock(cidr));
        for (const [i, a] of blocks.entries()) for (const b of blocks.slice(i + 1)) assert.ok(!overlap(a, b));
        for (const block of blocks) assert.equal(block.base % sizeOf(block), 0);
      }),
    );
  });

  it("moves no subnet when a zone is added, given the zone's mask", () => {
    for (const layout of Object.keys(subnetFixture.layouts)) {
      const of = (zones: number): string[] =>
        placeSubnets(layoutOf({ layout, cidr: "10.0.0.0/16", zones, zoneMask: 18 })).map((s) => `${s.name} ${s.cidr}`);
      assert.deepEqual(of(4).slice(0, of(3).length), of(3));
      assert.deepEqual(of(3).slice(0, of(2).length), of(2));
    }
  });

  it("refuses overlaps and gaps with the real one's words", () => {
    const base: Layout = { ...layoutOf({ layout: "even", cidr: "10.0.0.0/24", zones: 2 }), strategy: "Exact" };
    const explicit = (blocks: string[]): Layout => ({ ...base, specs: [{ type: "Private", cidrBlocks: blocks }] });
    assert.throws(
      () => placeSubnets(explicit(["10.0.0.0/25", "10.0.0.0/26"])),
      /overlap with at least one other subnet/,
    );
    assert.throws(
      () => placeSubnets(explicit(["10.0.0.0/26", "10.0.0.128/25"])),
      /There are gaps in the subnet ranges/,
    );
    assert.throws(
      () => placeSubnets({ ...base, specs: [{ type: "Public" }, { type: "Public" }] }),
      /require unique names/,
    );
  });

  for (const [name, recorded] of Object.entries(cases)) {
    for (const preview of [false, true]) {
      const expected = preview ? recorded.preview : recorded.update;
      if (expected === undefined) continue;
      it(`makes the children of the real one: ${name}, ${preview ? "preview" : "update"}`, async () => {
        const config = { "pulumi:disable-default-providers": '["aws"]' };
        const made = await run(vpcProgram(recorded.args), { preview, config });
        assert.equal(made.error, undefined);
        assert.deepEqual(childLines(made), expected.children);
      });

      it(`answers with the outputs of the real one: ${name}, ${preview ? "preview" : "update"}`, async () => {
        const made = await run(vpcProgram(recorded.args), { preview });
        const outputs = made.resources.find((resource) => resource.type === "awsx:ec2:Vpc")?.outputs ?? {};
        const lines = Object.keys(outputs)
          .sort()
          .map((key) => `${key} = ${JSON.stringify(sorted(outputs[key] ?? null))}`);
        assert.deepEqual(lines.map(abbreviated), expected.outputs);
      });
    }
  }

  it("makes every output depend on the VPC and its subnets, lists on their resources too", async () => {
    const made = await run(() => {
      const vpc = new awsx.ec2.Vpc("vpc", { subnetStrategy: "Auto", availabilityZoneNames: ["ap-northeast-1a"] });
      const tableIds = vpc.routeTables.apply((tables) => tables.map((table) => table.id));
      new aws.ec2.VpcEndpoint("s3", { vpcId: vpc.vpcId, serviceName: "s3", routeTableIds: tableIds });
    });
    assert.equal(made.error, undefined);
    const endpoint = made.resources.find((resource) => resource.name === "s3");
    const names = (property: string): string[] =>
      (endpoint?.propertyDependencies[property] ?? []).map((urn) => short(made, urn)).sort();
    assert.deepEqual(names("vpcId"), ["Subnet vpc-private-1", "Subnet vpc-public-1", "Vpc vpc", "awsx:ec2:Vpc vpc"]);
    assert.deepEqual(names("routeTableIds"), [
      "RouteTable vpc-private-1",
      "RouteTable vpc-public-1",
      "Subnet vpc-private-1",
      "Subnet vpc-public-1",
      "Vpc vpc",
      "awsx:ec2:Vpc vpc",
    ]);
    assert.match(text((endpoint?.inputs["routeTableIds"] as Value[])[0]) ?? "", /^rtb-0[0-9a-f]{16}$/);
  });

  it("hands protection down to every child", async () => {
    const made = await run(() => {
      new awsx.ec2.Vpc(
        "vpc",
        { subnetStrategy: "Auto", availabilityZoneNames: ["ap-northeast-1a"] },
        { protect: true },
      );
    });
    const children = made.resources.filter((resource) => resource.type.startsWith("aws:"));
    assert.ok(children.length > 5);
    assert.deepEqual([...new Set(children.map((child) => child.options["protect"]))], [true]);
  });

  it("takes the zones of the region where none are named", async () => {
    const made = await run(() => {
      new awsx.ec2.Vpc("vpc", { subnetStrategy: "Auto", numberOfAvailabilityZones: 2 });
    });
    const zones = made.resources
      .filter((r) => r.type === "aws:ec2/subnet:Subnet")
      .map((r) => r.inputs["availabilityZone"]);
    assert.deepEqual([...new Set(zones)], ["ap-northeast-1a", "ap-northeast-1c"]);
  });

  describe("refuses what it would get wrong", () => {
    const cases: [Values, RegExp][] = [
      [{ subnetStrategy: "Auto", ipv4IpamPoolId: "ipam-pool-1" }, /does not know ipv4IpamPoolId/],
      [{ subnetStrategy: "Legacy" }, /does not know subnetStrategy "Legacy": set subnetStrategy to Auto or Exact/],
      [{}, /does not know subnetStrategy "unset"/],
      [{ subnetStrategy: "Auto", assignGeneratedIpv6CidrBlock: true }, /does not know assignGeneratedIpv6CidrBlock/],
      [{ subnetStrategy: "Auto", natGateways: { strategy: "Regional" } }, /natGateways.strategy "Regional"/],
      [
        { subnetStrategy: "Auto", subnetSpecs: [{ type: "Public", assignIpv6AddressOnCreation: true }] },
        /does not know subnetSpecs\[\].assignIpv6AddressOnCreation/,
      ],
    ];
    for (const [inputs, message] of cases) {
      it(JSON.stringify(inputs), () => assert.throws(() => readArguments(inputs), message));
    }

    it("as an error of the program, before anything is registered", async () => {
      const made = await run(() => {
        new awsx.ec2.Vpc("vpc", { subnetStrategy: "Legacy" });
      });
      assert.match(made.error?.message ?? "", /the stand-in for awsx.ec2.Vpc does not know subnetStrategy "Legacy"/);
      assert.deepEqual(made.resources, []);
    });
  });
});
