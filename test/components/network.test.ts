import * as assert from "node:assert/strict";

import * as aws from "@pulumi/aws";

import { Network, type NetworkArgs, type NewNetwork } from "../../components/network/network";
import { longestVpcPrefix, subnetLayout } from "../../components/network/subnets";
import { overlaps } from "../../components/shared/cidr";
import { resource, type Run, run, type RunOptions } from "../harness";

const logArchive = { bucketName: "logs", bucketArn: "arn:aws:s3:::logs" };
const zones = ["a", "c", "d", "e"].map((letter) => `ap-northeast-1${letter}`);
const minimal: NewNetwork = {
  cidrBlock: "10.10.0.0/16",
  availabilityZones: zones.slice(0, 2),
  maxAzs: 4,
  nat: "single",
  logArchive,
};
const existing = {
  vpcId: "vpc-1",
  cidrBlock: "10.99.0.0/16",
  publicSubnetIds: ["subnet-public"],
  privateSubnetIds: ["subnet-private-a", "subnet-private-c"],
  isolatedSubnetIds: ["subnet-isolated"],
  availabilityZones: zones.slice(0, 2),
};
const make = (args: Partial<NewNetwork> & Pick<NetworkArgs, "interfaceEndpoints" | "transform"> = {}, o?: RunOptions) =>
  run(() => void new Network("net", { ...minimal, ...args }), o);
const adopt = (args: Pick<NetworkArgs, "interfaceEndpoints" | "transform"> = {}) =>
  run(() => void new Network("net", { existing, ...args }));

const vpcType = "awsx:ec2:Vpc";
const endpoint = "aws:ec2/vpcEndpoint:VpcEndpoint";
const ownParts = [
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup net-default-security-group",
  "aws:ec2/vpcEndpoint:VpcEndpoint net-dynamodb-endpoint",
  "aws:ec2/vpcEndpoint:VpcEndpoint net-s3-endpoint",
  "awsx:ec2:Vpc net-vpc",
];
const endpointParts = [
  "aws:ec2/securityGroup:SecurityGroup net-endpoint-security-group",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule net-endpoint-ingress",
];

/** The component's own children; what awsx makes is below its Vpc. */
function ownChildren(result: Run, name = "net"): string[] {
  assert.equal(result.error, undefined);
  const { urn } = resource(result, "kiban:index:Network", name);
  const own = result.resources.filter((r) => r.parent === urn);
  return own.map((r) => `${r.type} ${r.name}`).sort();
}

/** CIDR of each subnet, by its Pulumi name. */
function subnetsOf(result: Run): Record<string, string> {
  assert.equal(result.error, undefined);
  const subnets = result.resources.filter((r) => r.type === "aws:ec2/subnet:Subnet");
  return Object.fromEntries(subnets.map((r) => [r.name, r.inputs["cidrBlock"] as string]));
}

function countOf(result: Run, type: string): number {
  return result.resources.filter((r) => r.type === type).length;
}

describe("Network", () => {
  it("makes a VPC, closes its default security group, and adds the gateway endpoints", async () => {
    assert.deepEqual(ownChildren(await make()), ownParts);
  });

  it("makes the same in a preview, where awsx's lists are unknown", async () => {
    assert.deepEqual(ownChildren(await make({}, { preview: true })), ownParts);
  });

  it("hands awsx the layout", async () => {
    const { inputs, options } = resource(await make(), vpcType, "net-vpc");
    assert.equal(options["protect"], false);
    assert.deepEqual(inputs, {
      cidrBlock: "10.10.0.0/16",
      availabilityZoneNames: ["ap-northeast-1a", "ap-northeast-1c"],
      availabilityZoneCidrMask: 18,
      subnetStrategy: "Auto",
      subnetSpecs: [
        { type: "Private", cidrMask: 19 },
        { type: "Isolated", cidrMask: 20 },
        { type: "Public", cidrMask: 21 },
      ],
      subnetNameTagStrategy: "AvailabilityZone",
      natGateways: { strategy: "Single" },
      enableDnsHostnames: true,
      enableDnsSupport: true,
    });
  });

  it("protects the VPC with keep", async () => {
    assert.equal(resource(await make({ keep: true }), vpcType, "net-vpc").options["protect"], true);
  });

  describe("subnets", () => {
    it("are three tiers in each zone", async () => {
      assert.deepEqual(subnetsOf(await make()), {
        "net-vpc-private-1": "10.10.0.0/19",
        "net-vpc-isolated-1": "10.10.32.0/20",
        "net-vpc-public-1": "10.10.48.0/21",
        "net-vpc-private-2": "10.10.64.0/19",
        "net-vpc-isolated-2": "10.10.96.0/20",
        "net-vpc-public-2": "10.10.112.0/21",
      });
    });

    for (const [maxAzs, counts] of [
      [4, [1, 2, 3, 4]],
      [3, [1, 2, 3]],
    ] as const) {
      it(`stay where they are while zones are added, up to ${maxAzs}`, async () => {
        let before: Record<string, string> = {};
        for (const count of counts) {
          const after = subnetsOf(await make({ maxAzs, availabilityZones: zones.slice(0, count) }));
          assert.equal(Object.keys(after).length, 3 * count);
          assert.deepEqual({ ...after, ...before }, after, `the ${count}th zone moved a subnet`);
          before = after;
        }
        const blocks = Object.values(before);
        for (const [i, one] of blocks.entries()) {
          assert.ok(overlaps(one, "10.10.0.0/16"), one);
          for (const other of blocks.slice(i + 1)) assert.ok(!overlaps(one, other), `${one} and ${other}`);
        }
      });
    }

    it("would move if the CIDR were divided among the zones in use", async () => {
      // What maxAzs is for: without it the second zone halves the first one's range.
      const one = subnetsOf(await make({ maxAzs: 1, availabilityZones: zones.slice(0, 1) }));
      const two = subnetsOf(await make({ maxAzs: 2, availabilityZones: zones.slice(0, 2) }));
      assert.notEqual(one["net-vpc-private-1"], two["net-vpc-private-1"]);
    });

    for (const [prefix, maxAzs, expected] of [
      [16, 1, { zone: 16, private: 17, isolated: 18, public: 19 }],
      [16, 2, { zone: 17, private: 18, isolated: 19, public: 20 }],
      [16, 3, { zone: 18, private: 19, isolated: 20, public: 21 }],
      [16, 4, { zone: 18, private: 19, isolated: 20, public: 21 }],
      [16, 6, { zone: 19, private: 20, isolated: 21, public: 22 }],
      [22, 4, { zone: 24, private: 25, isolated: 26, public: 27 }],
    ] as const) {
      it(`of a /${prefix} for ${maxAzs} zones: /${expected.private}, /${expected.isolated}, /${expected.public}`, () => {
        assert.deepEqual(subnetLayout(prefix, maxAzs), expected);
      });
    }

    it("are at least /27, whatever the number of zones", () => {
      for (const maxAzs of [1, 2, 3, 4, 5, 6]) {
        assert.equal(subnetLayout(longestVpcPrefix(maxAzs), maxAzs).public, 27);
      }
    });
  });

  for (const [nat, strategy, count, zonesInUse] of [
    ["none", "None", 0, 2],
    ["instance", "None", 0, 2],
    ["single", "Single", 1, 2],
    ["perAz", "OnePerAz", 2, 2],
    ["perAz", "OnePerAz", 1, 1],
  ] as const) {
    it(`with nat ${nat} in ${zonesInUse} zones: ${count} NAT gateways`, async () => {
      const result = await make({ nat, availabilityZones: zones.slice(0, zonesInUse) });
      assert.deepEqual(resource(result, vpcType, "net-vpc").inputs["natGateways"], { strategy });
      assert.equal(countOf(result, "aws:ec2/natGateway:NatGateway"), count);
    });
  }

  describe("a NAT instance", () => {
    const instance = (o?: RunOptions) => make({ nat: "instance" }, o);
    const parts = [
      "aws:autoscaling/group:Group net-nat-group",
      "aws:ec2/eip:Eip net-nat-address",
      "aws:ec2/launchTemplate:LaunchTemplate net-nat-template",
      "aws:ec2/networkInterface:NetworkInterface net-nat-interface",
      "aws:ec2/route:Route net-nat-route-1",
      "aws:ec2/route:Route net-nat-route-2",
      "aws:ec2/securityGroup:SecurityGroup net-nat-security-group",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule net-nat-egress",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule net-nat-ingress",
    ];
    const of = (result: Run, type: string, name: string) => resource(result, type, `net-nat-${name}`);
    const face = "aws:ec2/networkInterface:NetworkInterface";

    it("is a group of one before a fixed interface, whatever is known", async () => {
      assert.deepEqual(ownChildren(await instance()), [...ownParts, ...parts].sort());
      assert.deepEqual(ownChildren(await instance({ preview: true })), [...ownParts, ...parts].sort());
    });

    it("leads each private subnet to the interface, and no other", async () => {
      const result = await instance();
      const target = of(result, face, "interface");
      const tables = [1, 2].map((n) => resource(result, "aws:ec2/routeTable:RouteTable", `net-vpc-private-${n}`).id);
      assert.deepEqual(
        [1, 2].map((n) => of(result, "aws:ec2/route:Route", `route-${n}`).inputs),
        tables.map((routeTableId) => ({
          routeTableId,
          destinationCidrBlock: "0.0.0.0/0",
          networkInterfaceId: target.id,
        })),
      );
    });

    it("has its interface in the first public subnet, without the check of whom a packet is for", async () => {
      const result = await instance();
      const { inputs, id } = of(result, face, "interface");
      assert.equal(inputs["subnetId"], resource(result, "aws:ec2/subnet:Subnet", "net-vpc-public-1").id);
      assert.equal(inputs["sourceDestCheck"], false);
      assert.equal(of(result, "aws:ec2/eip:Eip", "address").inputs["networkInterface"], id);
      const group = of(result, "aws:ec2/securityGroup:SecurityGroup", "security-group");
      assert.deepEqual(inputs["securityGroups"], [group.id]);
    });

    it("takes what the VPC sends, and nothing from the internet", async () => {
      const result = await instance();
      const rule = (kind: "Ingress" | "Egress") =>
        of(result, `aws:vpc/securityGroup${kind}Rule:SecurityGroup${kind}Rule`, kind.toLowerCase()).inputs;
      assert.deepEqual([rule("Ingress")["cidrIpv4"], rule("Ingress")["ipProtocol"]], ["10.10.0.0/16", "-1"]);
      assert.deepEqual([rule("Egress")["cidrIpv4"], rule("Egress")["ipProtocol"]], ["0.0.0.0/0", "-1"]);
    });

    it("starts as the smallest arm64 Amazon Linux, with IMDSv2, an encrypted disk, no key pair and no role", async () => {
      const result = await instance();
      const { inputs } = of(result, "aws:ec2/launchTemplate:LaunchTemplate", "template");
      assert.equal(
        inputs["imageId"],
        "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
      );
      assert.equal(inputs["instanceType"], "t4g.nano");
      assert.deepEqual(inputs["creditSpecification"], { cpuCredits: "standard" });
      assert.deepEqual(inputs["networkInterfaces"], [
        { deviceIndex: 0, networkInterfaceId: of(result, face, "interface").id },
      ]);
      assert.deepEqual(inputs["metadataOptions"], {
        httpEndpoint: "enabled",
        httpTokens: "required",
        httpPutResponseHopLimit: 1,
      });
      assert.deepEqual(inputs["blockDeviceMappings"], [
        { deviceName: "/dev/xvda", ebs: { volumeSize: 8, volumeType: "gp3", encrypted: "true" } },
      ]);
      assert.deepEqual([inputs["keyName"], inputs["iamInstanceProfile"]], [undefined, undefined]);
    });

    it("passes packets on under its own address, over reboots", async () => {
      const { inputs } = of(await instance(), "aws:ec2/launchTemplate:LaunchTemplate", "template");
      const script = Buffer.from(inputs["userData"] as string, "base64").toString();
      assert.match(script, /^#!\/bin\/bash\n/);
      assert.match(script, /^echo 'net\.ipv4\.ip_forward = 1' > \/etc\/sysctl\.d\//m);
      assert.match(script, /^iptables -t nat -A POSTROUTING -s 10\.10\.0\.0\/16 -o "\$interface" -j MASQUERADE$/m);
      assert.match(script, /^service iptables save$/m);
    });

    it("is one instance in the interface's zone, replaced when it fails and every 30 days", async () => {
      const { inputs } = of(await instance(), "aws:autoscaling/group:Group", "group");
      assert.deepEqual(inputs["availabilityZones"], ["ap-northeast-1a"]);
      assert.deepEqual([inputs["minSize"], inputs["maxSize"], inputs["desiredCapacity"]], [1, 1, 1]);
      assert.equal(inputs["healthCheckType"], "EC2");
      assert.equal(inputs["maxInstanceLifetime"], 2_592_000);
      // The interface has to be free for the next one.
      assert.deepEqual(inputs["instanceMaintenancePolicy"], { minHealthyPercentage: 0, maxHealthyPercentage: 100 });
    });

    it("tags what it launches, which default tags do not reach", async () => {
      const result = await instance();
      const { tagSpecifications } = of(result, "aws:ec2/launchTemplate:LaunchTemplate", "template").inputs;
      const specifications = tagSpecifications as { resourceType: string; tags: Record<string, string> }[];
      assert.deepEqual(
        specifications.map(({ resourceType }) => resourceType),
        ["instance", "volume"],
      );
      for (const { tags } of specifications) assert.equal(tags["Name"], "net-nat");
      const { tags } = of(result, "aws:autoscaling/group:Group", "group").inputs;
      assert.ok((tags as { key: string; propagateAtLaunch: boolean }[]).every((tag) => tag.propagateAtLaunch));
    });

    it("is waited for by what stands in the private tier", async () => {
      const result = await run(() => {
        const network = new Network("net", { ...minimal, nat: "instance" });
        new aws.rds.SubnetGroup("waits", { subnetIds: network.privateSubnetIds });
      });
      const waits =
        resource(result, "aws:rds/subnetGroup:SubnetGroup", "waits").propertyDependencies["subnetIds"] ?? [];
      const names = waits.map((urn) => urn.split("::").at(-1));
      for (const name of ["net-nat-route-1", "net-nat-route-2", "net-nat-group"]) assert.ok(names.includes(name), name);
    });

    for (const [key, type, name] of [
      ["natSecurityGroup", "aws:ec2/securityGroup:SecurityGroup", "security-group"],
      ["natIngress", "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "ingress"],
      ["natEgress", "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "egress"],
      ["natInterface", face, "interface"],
      ["natTemplate", "aws:ec2/launchTemplate:LaunchTemplate", "template"],
    ] as const) {
      it(`takes transform.${key}`, async () => {
        const result = await make({ nat: "instance", transform: { [key]: { description: "ours" } } });
        assert.equal(of(result, type, name).inputs["description"], "ours");
      });
    }
    it("takes the transforms of the group, the address and the routes", async () => {
      const transform = {
        natGroup: { healthCheckGracePeriod: 7 },
        natAddress: { tags: { Name: "ours" } },
        natRoutes: { destinationCidrBlock: "192.0.2.0/24" },
      };
      const result = await make({ nat: "instance", transform });
      assert.equal(of(result, "aws:autoscaling/group:Group", "group").inputs["healthCheckGracePeriod"], 7);
      assert.deepEqual(of(result, "aws:ec2/eip:Eip", "address").inputs["tags"], { Name: "ours" });
      assert.equal(of(result, "aws:ec2/route:Route", "route-2").inputs["destinationCidrBlock"], "192.0.2.0/24");
    });
  });

  it("leaves no rule in the default security group", async () => {
    const result = await make();
    const { inputs } = resource(
      result,
      "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
      "net-default-security-group",
    );
    assert.deepEqual(inputs["ingress"], []);
    assert.deepEqual(inputs["egress"], []);
    assert.deepEqual(inputs["tags"], { Name: "net-default-closed" });
    assert.equal(inputs["vpcId"], resource(result, "aws:ec2/vpc:Vpc", "net-vpc").id);
  });

  for (const service of ["s3", "dynamodb"]) {
    it(`routes ${service} through its gateway endpoint from every subnet`, async () => {
      const result = await make();
      const { inputs } = resource(result, endpoint, `net-${service}-endpoint`);
      assert.equal(inputs["serviceName"], `com.amazonaws.ap-northeast-1.${service}`);
      assert.equal(inputs["vpcEndpointType"], "Gateway");
      assert.deepEqual(inputs["tags"], { Name: `net-${service}` });
      const tables = result.resources.filter((r) => r.type === "aws:ec2/routeTable:RouteTable").map((r) => r.id);
      assert.equal(tables.length, 6);
      assert.deepEqual([...(inputs["routeTableIds"] as string[])].sort(), tables.sort());
    });
  }

  describe("interface endpoints", () => {
    it("come with a security group that admits HTTPS from the VPC and lets nothing out", async () => {
      const result = await make({ interfaceEndpoints: ["ecr.api", "logs"] });
      assert.deepEqual(
        ownChildren(result),
        [
          ...ownParts,
          ...endpointParts,
          "aws:ec2/vpcEndpoint:VpcEndpoint net-ecr-api-endpoint",
          "aws:ec2/vpcEndpoint:VpcEndpoint net-logs-endpoint",
        ].sort(),
      );
      const group = resource(result, "aws:ec2/securityGroup:SecurityGroup", "net-endpoint-security-group");
      assert.deepEqual([group.inputs["ingress"], group.inputs["egress"]], [undefined, undefined]);
      const ingress = resource(
        result,
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "net-endpoint-ingress",
      ).inputs;
      assert.equal(ingress["securityGroupId"], group.id);
      assert.equal(ingress["cidrIpv4"], "10.10.0.0/16");
      assert.deepEqual([ingress["ipProtocol"], ingress["fromPort"], ingress["toPort"]], ["tcp", 443, 443]);
    });

    it("have the service's usual name, an address in each private subnet, and that group", async () => {
      const result = await make({ interfaceEndpoints: ["ecr.api"] });
      const { inputs } = resource(result, endpoint, "net-ecr-api-endpoint");
      assert.equal(inputs["serviceName"], "com.amazonaws.ap-northeast-1.ecr.api");
      assert.equal(inputs["vpcEndpointType"], "Interface");
      assert.equal(inputs["privateDnsEnabled"], true);
      assert.deepEqual(
        inputs["subnetIds"],
        ["net-vpc-private-1", "net-vpc-private-2"].map((n) => resource(result, "aws:ec2/subnet:Subnet", n).id),
      );
      const group = resource(result, "aws:ec2/securityGroup:SecurityGroup", "net-endpoint-security-group");
      assert.deepEqual(inputs["securityGroupIds"], [group.id]);
    });
  });

  describe("flow logs", () => {
    for (const [traffic, type] of [
      ["reject", "REJECT"],
      ["accept", "ACCEPT"],
      ["all", "ALL"],
    ] as const) {
      it(`record ${traffic} in the log archive`, async () => {
        const result = await make({ flowLogs: { traffic } });
        assert.deepEqual(ownChildren(result), [...ownParts, "aws:ec2/flowLog:FlowLog net-flow-log"].sort());
        const { inputs } = resource(result, "aws:ec2/flowLog:FlowLog", "net-flow-log");
        assert.equal(inputs["trafficType"], type);
        assert.equal(inputs["logDestinationType"], "s3");
        assert.equal(inputs["logDestination"], logArchive.bucketArn);
        assert.equal(inputs["maxAggregationInterval"], 600);
        assert.deepEqual(inputs["destinationOptions"], {
          fileFormat: "parquet",
          hiveCompatiblePartitions: true,
          perHourPartition: true,
        });
      });
    }

    it("can be finer", async () => {
      const result = await make({ flowLogs: { traffic: "all", aggregationSeconds: 60 } });
      assert.equal(resource(result, "aws:ec2/flowLog:FlowLog", "net-flow-log").inputs["maxAggregationInterval"], 60);
    });
  });

  describe("an existing VPC", () => {
    it("is taken as it is, and nothing is made", async () => {
      const result = await adopt();
      assert.deepEqual(ownChildren(result), []);
      const outputs = resource(result, "kiban:index:Network", "net").outputs;
      assert.deepEqual(outputs, { ...existing });
    });

    it("can get interface endpoints", async () => {
      const result = await adopt({ interfaceEndpoints: ["logs"] });
      assert.deepEqual(
        ownChildren(result),
        [...endpointParts, "aws:ec2/vpcEndpoint:VpcEndpoint net-logs-endpoint"].sort(),
      );
      const { inputs } = resource(result, endpoint, "net-logs-endpoint");
      assert.equal(inputs["vpcId"], "vpc-1");
      assert.deepEqual(inputs["subnetIds"], existing.privateSubnetIds);
      const rule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
      assert.equal(resource(result, rule, "net-endpoint-ingress").inputs["cidrIpv4"], "10.99.0.0/16");
    });
  });

  it("gives out the ids of what it made", async () => {
    const result = await make({ interfaceEndpoints: ["logs"] });
    const outputs = resource(result, "kiban:index:Network", "net").outputs;
    const ids = (tier: string) =>
      [1, 2].map((n) => resource(result, "aws:ec2/subnet:Subnet", `net-vpc-${tier}-${n}`).id);
    assert.deepEqual(outputs, {
      vpcId: resource(result, "aws:ec2/vpc:Vpc", "net-vpc").id,
      cidrBlock: "10.10.0.0/16",
      publicSubnetIds: ids("public"),
      privateSubnetIds: ids("private"),
      isolatedSubnetIds: ids("isolated"),
      availabilityZones: ["ap-northeast-1a", "ap-northeast-1c"],
      endpointSecurityGroupId: resource(result, "aws:ec2/securityGroup:SecurityGroup", "net-endpoint-security-group")
        .id,
    });
  });

  it("lets what stands in the private tier wait for its way out", async () => {
    const result = await run(() => {
      const network = new Network("net", minimal);
      new aws.rds.SubnetGroup("waits", { subnetIds: network.privateSubnetIds });
    });
    const waits = resource(result, "aws:rds/subnetGroup:SubnetGroup", "waits").propertyDependencies["subnetIds"] ?? [];
    const routes = waits.filter((urn) => urn.includes("$aws:ec2/route:Route::")).map((urn) => urn.split("::").at(-1));
    assert.deepEqual(routes.filter((name) => name?.includes("private")).sort(), [
      "net-vpc-private-1",
      "net-vpc-private-2",
    ]);
  });

  it("has no endpoint security group without interface endpoints", async () => {
    let group: unknown = "not read";
    await run(() => {
      group = new Network("net", minimal).endpointSecurityGroupId;
    });
    assert.equal(group, undefined);
  });

  const cidrForm = "allowed: an IPv4 block without host bits, such as 10.10.0.0/16; correct it";
  const faults: [string, Partial<NewNetwork> & Pick<NetworkArgs, "interfaceEndpoints">, string][] = [
    ...["10.10.0.0", "10.10.0.0/33", "10.10.0.256/16", "ten"].map(
      (cidrBlock): [string, Partial<NewNetwork>, string] => [
        `the CIDR ${cidrBlock}`,
        { cidrBlock },
        `cidrBlock: was "${cidrBlock}"; ${cidrForm}`,
      ],
    ),
    ["host bits", { cidrBlock: "10.10.1.0/16" }, `cidrBlock: was "10.10.1.0/16"; ${cidrForm}`],
    [
      "a VPC larger than AWS makes",
      { cidrBlock: "10.0.0.0/15" },
      'cidrBlock: was "10.0.0.0/15"; allowed: /16 to /28; AWS makes no VPC of another size: change it',
    ],
    [
      "a VPC smaller than AWS makes",
      { cidrBlock: "10.0.0.0/29" },
      'cidrBlock: was "10.0.0.0/29"; allowed: /16 to /28; AWS makes no VPC of another size: change it',
    ],
    [
      "a VPC too small for its zones and tiers",
      { cidrBlock: "10.0.0.0/23", maxAzs: 4 },
      'cidrBlock: was "10.0.0.0/23"; allowed: /22 or larger for maxAzs 4; ' +
        "a load balancer's subnet is /27 at least: take a larger block or fewer zones",
    ],
    [
      "no zone",
      { availabilityZones: [] },
      "availabilityZones: was []; allowed: at least one zone; name one, such as ap-northeast-1a",
    ],
    [
      "a zone twice",
      { availabilityZones: ["ap-northeast-1a", "ap-northeast-1a"] },
      'availabilityZones[1]: was "ap-northeast-1a"; allowed: each zone once; remove it',
    ],
    [
      "a region for a zone",
      { availabilityZones: ["ap-northeast-1"] },
      'availabilityZones[0]: was "ap-northeast-1"; allowed: a zone\'s name, such as ap-northeast-1a; correct it',
    ],
    [
      "zones of two regions",
      { availabilityZones: ["ap-northeast-1a", "us-east-1a"] },
      'availabilityZones[1]: was "us-east-1a"; allowed: zones of one region; a VPC is in one region: remove it',
    ],
    [
      "more zones than there is room for",
      { availabilityZones: zones.slice(0, 3), maxAzs: 2 },
      'availabilityZones: was ["ap-northeast-1a","ap-northeast-1c","ap-northeast-1d"]; allowed: at most maxAzs, which is 2; ' +
        "remove a zone; maxAzs can be raised only before the network is first made",
    ],
    ...[0, 7, 2.5].map((maxAzs): [string, Partial<NewNetwork>, string] => [
      `maxAzs ${maxAzs}`,
      { maxAzs },
      `maxAzs: was ${maxAzs}; allowed: 1 to 6; set how many zones the network may ever have`,
    ]),
    ...["ECR", "com.amazonaws.ap-northeast-1.logs", "ecr..api", ""].map(
      (service): [string, Pick<NetworkArgs, "interfaceEndpoints">, string] => [
        `the endpoint ${JSON.stringify(service)}`,
        { interfaceEndpoints: [service] },
        `interfaceEndpoints[0]: was ${JSON.stringify(service)}; ` +
          "allowed: what follows com.amazonaws.<region>. in the service's name, such as ecr.api; correct it",
      ],
    ),
    [
      "an interface endpoint for what has a gateway",
      { interfaceEndpoints: ["s3"] },
      'interfaceEndpoints[0]: was "s3"; allowed: services without a gateway endpoint; remove it: it is there',
    ],
    [
      "an endpoint twice",
      { interfaceEndpoints: ["logs", "logs"] },
      'interfaceEndpoints[1]: was "logs"; allowed: each service once; remove it',
    ],
  ];
  for (const [what, args, line] of faults) {
    it(`refuses ${what}`, async () => {
      const result = await make(args);
      assert.equal(result.error?.message, `Network "net":\n  ${line}`);
      assert.deepEqual(result.resources, []);
    });
  }

  for (const [what, args, line] of [
    [
      "an existing VPC together with a new one",
      { existing, ...minimal },
      'existing: was "a VPC"; allowed: without cidrBlock and the other arguments of a new VPC; remove one of the two',
    ],
    [
      "an existing VPC without zones",
      { existing: { ...existing, availabilityZones: [] } },
      "existing.availabilityZones: was []; allowed: at least one zone; name the zones of the subnets",
    ],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const result = await run(() => void new Network("net", args));
      assert.equal(result.error?.message, `Network "net":\n  ${line}`);
      assert.deepEqual(result.resources, []);
    });
  }

  it("gives each transform its child", async () => {
    const result = await make({
      interfaceEndpoints: ["logs"],
      flowLogs: { traffic: "all" },
      transform: {
        vpc: { instanceTenancy: "dedicated" },
        defaultSecurityGroup: { tags: { Name: "mine" } },
        gatewayEndpoints: (ours) => ({ ...ours, policy: "{}" }),
        interfaceEndpoints: { privateDnsEnabled: false },
        endpointSecurityGroup: { description: "mine" },
        endpointIngress: { description: "mine" },
        flowLog: { maxAggregationInterval: 60 },
      },
    });
    const input = (type: string, name: string, key: string) => resource(result, type, name).inputs[key];
    assert.equal(input(vpcType, "net-vpc", "instanceTenancy"), "dedicated");
    const group = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
    assert.deepEqual(input(group, "net-default-security-group", "tags"), { Name: "mine" });
    assert.equal(input(endpoint, "net-s3-endpoint", "policy"), "{}");
    assert.equal(input(endpoint, "net-dynamodb-endpoint", "policy"), "{}");
    assert.equal(input(endpoint, "net-logs-endpoint", "privateDnsEnabled"), false);
    assert.equal(input("aws:ec2/securityGroup:SecurityGroup", "net-endpoint-security-group", "description"), "mine");
    const rule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
    assert.equal(input(rule, "net-endpoint-ingress", "description"), "mine");
    assert.equal(input("aws:ec2/flowLog:FlowLog", "net-flow-log", "maxAggregationInterval"), 60);
  });

  it("lives twice in one program", async () => {
    const result = await run(() => {
      for (const [name, cidrBlock] of [
        ["one", "10.10.0.0/16"],
        ["two", "10.20.0.0/16"],
      ] as const) {
        new Network(name, { ...minimal, cidrBlock, interfaceEndpoints: ["logs"], flowLogs: { traffic: "all" } });
      }
    });
    assert.equal(ownChildren(result, "one").length, 8);
    assert.equal(ownChildren(result, "two").length, 8);
    assert.equal(new Set(result.resources.map((r) => r.urn)).size, result.resources.length);
  });
});
