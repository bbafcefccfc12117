import assert from "node:assert/strict";

import { accountAllowList, providerNoStaticKeys } from "../../policy/rules/account";
import { ecsNoPublicIp, imagePinned, logRetention } from "../../policy/rules/containers";
import { defaultSgClosed, s3Bpa, sgOpenIngress, vpcFlowLogs } from "../../policy/rules/network";
import { type Break, type Props, StackBuilder, UNKNOWN, analyse, assertLevels, replaced, testRule } from "./harness";

const provider = "pulumi:providers:aws";

describe("account", () => {
  const one = "allowedAccountIds does not name exactly one account: set it to the stack's account id alone";
  const digits = "[0] is no account id: set it to the stack's account id: 12 digits, in quotes";
  testRule(accountAllowList, provider, { allowedAccountIds: '["111111111111"]' }, [
    ["allowedAccountIds", undefined, one],
    ["allowedAccountIds", "[]", one],
    ["allowedAccountIds", '["111111111111","222222222222"]', one],
    ["allowedAccountIds", '["11111111111"]', `allowedAccountIds${digits}`],
    ["allowedAccountIds", "[111111111111]", `allowedAccountIds${digits}`],
  ]);

  for (const key of ["accessKey", "secretKey", "token"]) {
    testRule(providerNoStaticKeys, provider, {}, []);
    it(`provider-no-static-keys reports ${key}, known or not, and never prints it`, () => {
      for (const value of ["AKIAIOSFODNN7EXAMPLE", UNKNOWN]) {
        for (const environment of ["dev", "stg", "prod"] as const) {
          const findings = analyse(providerNoStaticKeys, provider, { [key]: value }, { stack: environment });
          assertLevels(providerNoStaticKeys, environment, findings, [
            `${key} is set: remove it; use assumeRoles or OIDC`,
          ]);
        }
      }
    });
  }
});

describe("containers", () => {
  const task = "aws:ecs/taskDefinition:TaskDefinition";
  const images = (...names: unknown[]) => ({
    containerDefinitions: JSON.stringify(names.map((image) => ({ name: "c", image }))),
  });
  const sha = "111111111111.dkr.ecr.ap-northeast-1.amazonaws.com/api:9f8e7d6";
  const message = (index: number, wrong: string) =>
    `containerDefinitions[${index}].image ${wrong}: name the image by its git SHA: <repository>:<sha>`;
  const latest = "is tagged latest";
  const none = "has no tag, which means latest";
  testRule(imagePinned, task, images(sha, sha), [
    ["containerDefinitions", images("api:latest", sha).containerDefinitions, message(0, latest)],
    ["containerDefinitions", images(sha, "api").containerDefinitions, message(1, none)],
    ["containerDefinitions", images("localhost:5000/api").containerDefinitions, message(0, none)],
    ["containerDefinitions", images("localhost:5000/api:latest").containerDefinitions, message(0, latest)],
  ]);
  testRule(imagePinned, task, images(`api@sha256:${"0".repeat(64)}`, "localhost:5000/api:1", undefined), []);
  testRule(imagePinned, task, { containerDefinitions: "no JSON" }, []);
  testRule(imagePinned, "aws:lambda/function:Function", { imageUri: sha }, [
    ["imageUri", "api:latest", `imageUri ${latest}: name the image by its git SHA: <repository>:<sha>`],
  ]);
  testRule(imagePinned, "aws:lambda/function:Function", { runtime: "nodejs22.x" }, []);

  const address = (path: string): Break => [
    path,
    true,
    `${path} gives tasks a public address: set it to false and use private subnets`,
  ];
  for (const [type, path] of [
    ["aws:ecs/service:Service", "networkConfiguration.assignPublicIp"],
    ["aws:scheduler/schedule:Schedule", "target.ecsParameters.networkConfiguration.assignPublicIp"],
    ["aws:cloudwatch/eventTarget:EventTarget", "ecsTarget.networkConfiguration.assignPublicIp"],
  ] as const) {
    testRule(ecsNoPublicIp, type, replaced({}, path, false), [address(path)]);
    testRule(ecsNoPublicIp, type, {}, []);
  }

  const forever = "retentionInDays keeps events forever: set a number of days, such as 30";
  testRule(logRetention, "aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 30 }, [
    ["retentionInDays", undefined, forever],
    ["retentionInDays", 0, forever],
  ]);
  testRule(logRetention, "aws:cloudwatch/logGroup:LogGroup", { logGroupClass: "DELIVERY" }, []);
});

describe("sg-open-ingress", () => {
  const group = "aws:ec2/securityGroup:SecurityGroup";
  const balancer = "aws:lb/loadBalancer:LoadBalancer";
  const cure = "name the source by security group, prefix list or address range";
  const ssh = { protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] };
  const web = { ...ssh, fromPort: 443, toPort: 443 };
  const inline = (rule: unknown, stack = "prod") => new StackBuilder(stack).add(group, "sg", { ingress: [rule] });
  const asRule = (inputs: Props, type = "aws:ec2/securityGroupRule:SecurityGroupRule") =>
    new StackBuilder().add(group, "sg", {}).add(type, "rule", inputs, { links: { securityGroupId: ["sg"] } });

  it("reports port 22 open to the world in dev, stg and prod", () => {
    for (const environment of ["dev", "stg", "prod"] as const) {
      const message = `ingress[0].cidrBlocks[0] opens port 22 to the world: ${cure}`;
      assertLevels(sgOpenIngress, environment, inline(ssh, environment).check(sgOpenIngress), [message]);
    }
  });

  it("reports every form of rule, address and port", () => {
    const v6 = { ...ssh, cidrBlocks: [], ipv6CidrBlocks: ["::/0"] };
    assert.deepEqual(inline(v6).messages(sgOpenIngress), [
      `sg: ingress[0].ipv6CidrBlocks[0] opens port 22 to the world: ${cure}`,
    ]);
    const range = { ...ssh, fromPort: 20, cidrBlocks: ["10.0.0.0/8", "0.0.0.0/1"] };
    assert.deepEqual(inline(range).messages(sgOpenIngress), [
      `sg: ingress[0].cidrBlocks[1] opens ports 20 to 22 to the world: ${cure}`,
    ]);
    const everything = { protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] };
    assert.deepEqual(inline(everything).messages(sgOpenIngress), [
      `sg: ingress[0].cidrBlocks[0] opens every port to the world: ${cure}`,
    ]);
    assert.deepEqual(asRule({ ...ssh, type: "ingress" }).messages(sgOpenIngress), [
      `rule: cidrBlocks[0] opens port 22 to the world: ${cure}`,
    ]);
    const ingressRule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
    for (const [key, cidr] of [
      ["cidrIpv4", "0.0.0.0/0"],
      ["cidrIpv6", "::/0"],
    ] as const) {
      const inputs = { ipProtocol: "tcp", fromPort: 22, toPort: 22, [key]: cidr };
      assert.deepEqual(asRule(inputs, ingressRule).messages(sgOpenIngress), [
        `rule: ${key} opens port 22 to the world: ${cure}`,
      ]);
    }
    const closed = new StackBuilder().add("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "default", {
      ingress: [ssh],
    });
    assert.equal(closed.messages(sgOpenIngress).length, 1);
  });

  it("passes private ranges, groups, prefix lists, egress and what is unknown", () => {
    for (const rule of [
      { ...ssh, cidrBlocks: ["10.0.0.0/8", "203.0.113.7/32"] },
      { ...ssh, cidrBlocks: undefined, ipv6CidrBlocks: ["fc00::/7"] },
      { ...ssh, cidrBlocks: [], prefixListIds: ["pl-1"] },
      { ...ssh, cidrBlocks: UNKNOWN },
      { ...ssh, cidrBlocks: [UNKNOWN] },
      UNKNOWN,
    ]) {
      assert.deepEqual(inline(rule).messages(sgOpenIngress), []);
    }
    assert.deepEqual(asRule({ ...ssh, type: "egress" }).messages(sgOpenIngress), []);
    assert.deepEqual(new StackBuilder().add(group, "sg", { egress: [ssh] }).messages(sgOpenIngress), []);
  });

  it("reads on past an unknown source", () => {
    const rule = { ...ssh, cidrBlocks: [UNKNOWN, "0.0.0.0/0"] };
    assert.equal(inline(rule).messages(sgOpenIngress).length, 1);
  });

  describe("on the group of a load balancer", () => {
    const behind = (rule: unknown, inputs: Props) =>
      inline(rule)
        .add(balancer, "lb", inputs, { links: { securityGroups: ["sg"] } })
        .messages(sgOpenIngress);

    it("passes 80 and 443 when it is public, inline and as rules", () => {
      for (const port of [80, 443]) {
        assert.deepEqual(behind({ ...web, fromPort: port, toPort: port }, { internal: false }), []);
        assert.deepEqual(behind({ ...web, fromPort: port, toPort: port }, {}), []);
      }
      const stack = asRule({ ...web, type: "ingress" });
      stack.add("aws:alb/loadBalancer:LoadBalancer", "lb", { internal: false }, { links: { securityGroups: ["sg"] } });
      assert.deepEqual(stack.messages(sgOpenIngress), []);
    });

    it("reports any other port, protocol, range or an internal load balancer", () => {
      for (const [rule, inputs] of [
        [web, { internal: true }],
        [ssh, { internal: false }],
        [{ ...web, fromPort: 80 }, { internal: false }],
        [{ ...web, protocol: "udp" }, { internal: false }],
        [{ ...web, fromPort: 0, toPort: 65535 }, { internal: false }],
        [{ ...web, protocol: "-1" }, { internal: false }],
      ] as const) {
        assert.equal(behind(rule, inputs).length, 1, JSON.stringify(rule));
      }
    });

    it("reports a group that no load balancer uses", () => {
      assert.equal(inline(web).add(balancer, "lb", { internal: false }).messages(sgOpenIngress).length, 1);
    });
  });
});

describe("vpc", () => {
  const vpc = "aws:ec2/vpc:Vpc";
  const closedGroup = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
  const link = { links: { vpcId: ["vpc"] } };
  const open = "default security group is open: add an aws.ec2.DefaultSecurityGroup for the VPC, without rules";
  const missing = "flow log is missing: add an aws.ec2.FlowLog with trafficType REJECT or ALL";

  it("default-sg-closed wants one closed group per VPC", () => {
    for (const environment of ["dev", "stg", "prod"] as const) {
      assertLevels(
        defaultSgClosed,
        environment,
        new StackBuilder(environment).add(vpc, "vpc", {}).check(defaultSgClosed),
        [open],
      );
    }
    const build = (inputs: Props) => new StackBuilder().add(vpc, "vpc", {}).add(closedGroup, "default", inputs, link);
    for (const inputs of [{}, { ingress: [], egress: [] }, { ingress: UNKNOWN, egress: UNKNOWN }]) {
      assert.deepEqual(build(inputs).messages(defaultSgClosed), []);
    }
    for (const side of ["ingress", "egress"]) {
      const findings = build({ [side]: [{ protocol: "-1", self: true }] }).messages(defaultSgClosed);
      assert.deepEqual(findings, [`default: ${side} has rules: remove them`]);
    }
    const two = build({}).add(vpc, "other", {});
    assert.deepEqual(two.messages(defaultSgClosed), [`other: ${open}`]);
  });

  it("vpc-flow-logs wants one flow log per VPC that shows refusals", () => {
    for (const environment of ["dev", "stg", "prod"] as const) {
      assertLevels(vpcFlowLogs, environment, new StackBuilder(environment).add(vpc, "vpc", {}).check(vpcFlowLogs), [
        missing,
      ]);
    }
    const build = (trafficType: unknown) =>
      new StackBuilder().add(vpc, "vpc", {}).add("aws:ec2/flowLog:FlowLog", "log", { trafficType }, link);
    for (const type of ["REJECT", "ALL", UNKNOWN]) assert.deepEqual(build(type).messages(vpcFlowLogs), []);
    assert.deepEqual(build("ACCEPT").messages(vpcFlowLogs), [`vpc: ${missing}`]);
    assert.deepEqual(build("ALL").add(vpc, "other", {}).messages(vpcFlowLogs), [`other: ${missing}`]);
  });

  it("finds the VPC of a remote component, which its outputs name in its place", () => {
    const stack = new StackBuilder().add("awsx:ec2:Vpc", "net", {}).add(vpc, "vpc", {}, { parent: "net" });
    stack.add("aws:ec2/flowLog:FlowLog", "log", { trafficType: "ALL", vpcId: UNKNOWN }, { links: { vpcId: ["net"] } });
    assert.deepEqual(stack.messages(vpcFlowLogs), []);
  });

  it("finds by value what no dependency names", () => {
    const stack = new StackBuilder().add(vpc, "vpc", {}, { outputs: { id: "vpc-1" } });
    stack.add("aws:ec2/flowLog:FlowLog", "log", { trafficType: "ALL", vpcId: "vpc-1" });
    assert.deepEqual(stack.messages(vpcFlowLogs), []);
    stack.add(vpc, "other", {}, { outputs: { id: "vpc-2" } });
    assert.deepEqual(stack.messages(vpcFlowLogs), [`other: ${missing}`]);
  });
});

describe("s3-bpa", () => {
  const bucket = "aws:s3/bucket:Bucket";
  const good = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };
  const build = (inputs: Props, stack = "prod") =>
    new StackBuilder(stack)
      .add(bucket, "data", {})
      .add("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "block", inputs, { links: { bucket: ["data"] } });

  it("passes all four switches, also unknown ones", () => {
    assert.deepEqual(build(good).messages(s3Bpa), []);
    for (const key of Object.keys(good)) assert.deepEqual(build({ ...good, [key]: UNKNOWN }).messages(s3Bpa), []);
  });

  it("reports each switch that is off, and a bucket without the block", () => {
    for (const environment of ["dev", "stg", "prod"] as const) {
      for (const key of Object.keys(good)) {
        const findings = build({ ...good, [key]: false }, environment).check(s3Bpa);
        assertLevels(s3Bpa, environment, findings, [`block ${key} is not on: set it to true`]);
      }
    }
    assert.deepEqual(build(good).add(bucket, "other", {}).messages(s3Bpa), [
      "other: public access block is missing: add an aws.s3.BucketPublicAccessBlock, all four switches on",
    ]);
  });
});
