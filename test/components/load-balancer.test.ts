import * as assert from "node:assert/strict";

import { LoadBalancer, type LoadBalancerArgs } from "../../components/load-balancer/load-balancer";
import { children, resource, run, type Run } from "../harness";

const groupType = "aws:ec2/securityGroup:SecurityGroup";
const ruleType = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const balancerType = "aws:lb/loadBalancer:LoadBalancer";
const listenerType = "aws:lb/listener:Listener";
const alarmType = "aws:cloudwatch/metricAlarm:MetricAlarm";
const recordType = "aws:route53/record:Record";

const network = {
  vpcId: "vpc-1",
  publicSubnetIds: ["subnet-public-a", "subnet-public-b"],
  privateSubnetIds: ["subnet-private-a", "subnet-private-b"],
  isolatedSubnetIds: ["subnet-isolated-a"],
};
const required = {
  network,
  logArchive: { bucketName: "archive", bucketArn: "arn:aws:s3:::archive" },
  alarmTopicArn: "arn:aws:sns:ap-northeast-1:111111111111:alarms",
  keep: false,
};
const domain = { name: "app.example.com", zoneId: "Z0000000EXAMPLE" };

async function make(args: Partial<LoadBalancerArgs> = {}): Promise<Run & { made: LoadBalancer }> {
  const made: LoadBalancer[] = [];
  const result = await run(() => void made.push(new LoadBalancer("web", { ...required, ...args })));
  assert.equal(result.error, undefined);
  assert.ok(made[0]);
  return { ...result, made: made[0] };
}

function inputs(result: Run, type: string, name: string, ...keys: string[]): Record<string, unknown> {
  const all = resource(result, type, name).inputs;
  return Object.fromEntries(keys.filter((key) => key in all).map((key) => [key, all[key]]));
}

const internal = [
  `${alarmType} web-errors-alarm`,
  `${alarmType} web-rejected-alarm`,
  `${groupType} web-security-group`,
  `${listenerType} web-listener`,
  `${listenerType} web-test-listener`,
  `${balancerType} web-alb`,
  `${ruleType} web-from-cloudfront`,
];
const certificate = (...names: string[]): string[] => [
  "aws:acm/certificate:Certificate web-certificate-acm",
  "aws:acm/certificateValidation:CertificateValidation web-certificate-issued",
  ...names.map((name) => `${recordType} web-certificate-prove-${name}`),
  "kiban:index:Certificate web-certificate",
];

describe("LoadBalancer", () => {
  it("without a domain is internal, two HTTP listeners, and nothing else", async () => {
    const result = await make();
    assert.deepEqual(children(result, "web"), internal.sort());
  });

  it("has the settings that keep it safe", async () => {
    const result = await make();
    const logs = { bucket: "archive", prefix: "web", enabled: true };
    assert.deepEqual(
      inputs(
        result,
        balancerType,
        "web-alb",
        ...["loadBalancerType", "internal", "subnets", "securityGroups", "idleTimeout", "enableHttp2"],
        ...["enableCrossZoneLoadBalancing", "dropInvalidHeaderFields", "desyncMitigationMode"],
        ...["enableDeletionProtection", "accessLogs", "connectionLogs"],
      ),
      {
        loadBalancerType: "application",
        internal: true,
        subnets: network.privateSubnetIds,
        securityGroups: [resource(result, groupType, "web-security-group").id],
        idleTimeout: 60,
        enableHttp2: true,
        enableCrossZoneLoadBalancing: true,
        dropInvalidHeaderFields: true,
        desyncMitigationMode: "defensive",
        enableDeletionProtection: false,
        accessLogs: logs,
        connectionLogs: logs,
      },
    );
    assert.equal(resource(result, balancerType, "web-alb").options["protect"], false);
  });

  it("keep protects it in AWS and in Pulumi", async () => {
    const result = await make({ keep: true });
    assert.equal(resource(result, balancerType, "web-alb").inputs["enableDeletionProtection"], true);
    assert.equal(resource(result, balancerType, "web-alb").options["protect"], true);
  });

  it("admits CloudFront alone, on the listener's port alone, and lets nothing out", async () => {
    const result = await make();
    const group = resource(result, groupType, "web-security-group");
    assert.equal(group.inputs["vpcId"], "vpc-1");
    assert.equal(group.inputs["ingress"], undefined);
    assert.equal(group.inputs["egress"], undefined);
    const rules = result.resources.filter((r) => r.type.startsWith("aws:vpc/"));
    assert.deepEqual(
      rules.map((r) => r.name),
      ["web-from-cloudfront"],
    );
    const rule = inputs(
      result,
      ruleType,
      "web-from-cloudfront",
      ...["securityGroupId", "ipProtocol", "fromPort", "toPort", "cidrIpv4", "cidrIpv6", "referencedSecurityGroupId"],
    );
    assert.deepEqual(rule, { securityGroupId: group.id, ipProtocol: "tcp", fromPort: 80, toPort: 80 });
    const prefixList = resource(result, ruleType, "web-from-cloudfront").inputs["prefixListId"];
    assert.ok(typeof prefixList === "string" && prefixList.length > 0);
  });

  it("answers 404 where no service has a rule, on both listeners", async () => {
    const result = await make();
    for (const [name, port] of [
      ["web-listener", 80],
      ["web-test-listener", 9000],
    ] as const) {
      const keys = ["loadBalancerArn", "port", "protocol", "sslPolicy", "certificateArn", "defaultActions"];
      assert.deepEqual(inputs(result, listenerType, name, ...keys), {
        loadBalancerArn: resource(result, balancerType, "web-alb").outputs["arn"],
        port,
        protocol: "HTTP",
        defaultActions: [
          {
            type: "fixed-response",
            fixedResponse: { contentType: "text/plain", messageBody: "Not found", statusCode: "404" },
          },
        ],
      });
    }
  });

  it("with a domain gets a certificate, the origin's record and HTTPS on both listeners", async () => {
    const result = await make({ domain: { ...domain, aliases: ["*.app.example.com"] } });
    assert.deepEqual(
      children(result, "web"),
      [
        ...internal,
        // The wildcard is proven with its apex, and origin.app.example.com on its own.
        ...certificate("app.example.com", "origin.app.example.com"),
        `${recordType} web-record-origin.app.example.com`,
      ].sort(),
    );
    const acm = resource(result, "aws:acm/certificate:Certificate", "web-certificate-acm").inputs;
    assert.equal(acm["domainName"], "app.example.com");
    assert.deepEqual(acm["subjectAlternativeNames"], ["*.app.example.com", "origin.app.example.com"]);
    assert.notEqual(acm["region"], "us-east-1");
    const issued = resource(result, "aws:acm/certificateValidation:CertificateValidation", "web-certificate-issued");
    for (const name of ["web-listener", "web-test-listener"]) {
      assert.deepEqual(inputs(result, listenerType, name, "protocol", "sslPolicy", "certificateArn"), {
        protocol: "HTTPS",
        sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
        certificateArn: issued.outputs["certificateArn"],
      });
      const { propertyDependencies } = resource(result, listenerType, name);
      assert.deepEqual(propertyDependencies["certificateArn"], [issued.urn], "waits until the certificate is issued");
    }
    assert.equal(resource(result, listenerType, "web-listener").inputs["port"], 443);
    assert.equal(resource(result, ruleType, "web-from-cloudfront").inputs["fromPort"], 443);
    const balancer = resource(result, balancerType, "web-alb").outputs;
    assert.deepEqual(
      inputs(result, recordType, "web-record-origin.app.example.com", "zoneId", "name", "type", "aliases"),
      {
        zoneId: "Z0000000EXAMPLE",
        name: "origin.app.example.com",
        type: "A",
        aliases: [{ name: balancer["dnsName"], zoneId: balancer["zoneId"], evaluateTargetHealth: false }],
      },
    );
  });

  it("keeps every resource when a domain arrives, and changes in place alone", async () => {
    const before = await make();
    const after = await make({ domain });
    // Provider schema: what replaces a listener, a load balancer, a group and a rule.
    const replacing: Record<string, string[]> = {
      [listenerType]: ["loadBalancerArn"],
      [balancerType]: ["internal", "loadBalancerType", "name", "namePrefix", "customerOwnedIpv4Pool"],
      [groupType]: ["vpcId", "description", "name", "namePrefix"],
      [ruleType]: ["securityGroupId"],
    };
    for (const old of before.resources) {
      const now = after.resources.find((r) => r.urn === old.urn);
      assert.ok(now, `${old.urn} is still there`);
      for (const key of replacing[old.type] ?? []) assert.deepEqual(now.inputs[key], old.inputs[key], old.urn);
    }
  });

  it("is public when it is told so: the world on 443, and on 80 to be sent there", async () => {
    const result = await make({ domain, public: true });
    assert.deepEqual(
      children(result, "web"),
      [
        ...internal.filter((child) => child !== `${ruleType} web-from-cloudfront`),
        ...certificate("app.example.com", "origin.app.example.com"),
        `${listenerType} web-redirect-listener`,
        `${ruleType} web-from-internet`,
        `${ruleType} web-from-internet-http`,
        `${recordType} web-record-app.example.com`,
        `${recordType} web-record-origin.app.example.com`,
      ].sort(),
    );
    const keys = ["ipProtocol", "fromPort", "toPort", "cidrIpv4", "cidrIpv6", "prefixListId"];
    const world = { ipProtocol: "tcp", cidrIpv4: "0.0.0.0/0" };
    assert.deepEqual(inputs(result, ruleType, "web-from-internet", ...keys), { ...world, fromPort: 443, toPort: 443 });
    assert.deepEqual(inputs(result, ruleType, "web-from-internet-http", ...keys), {
      ...world,
      fromPort: 80,
      toPort: 80,
    });
    assert.deepEqual(inputs(result, balancerType, "web-alb", "internal", "subnets"), {
      internal: false,
      subnets: network.publicSubnetIds,
    });
    assert.deepEqual(inputs(result, listenerType, "web-redirect-listener", "port", "protocol", "defaultActions"), {
      port: 80,
      protocol: "HTTP",
      defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }],
    });
    assert.equal(result.made.origin.internal, false);
  });

  it("opens the test listener to those who are named, and to nobody else", async () => {
    const result = await make({
      testPort: 8443,
      testAccess: { cidrBlocks: ["10.20.0.0/16"], securityGroups: { "smoke-test": "sg-smoke" } },
    });
    const keys = ["securityGroupId", "ipProtocol", "fromPort", "toPort", "cidrIpv4", "referencedSecurityGroupId"];
    const own = {
      securityGroupId: resource(result, groupType, "web-security-group").id,
      ipProtocol: "tcp",
      fromPort: 8443,
      toPort: 8443,
    };
    assert.deepEqual(inputs(result, ruleType, "web-test-from-10-20-0-0-16", ...keys), {
      ...own,
      cidrIpv4: "10.20.0.0/16",
    });
    assert.deepEqual(inputs(result, ruleType, "web-test-from-smoke-test", ...keys), {
      ...own,
      referencedSecurityGroupId: "sg-smoke",
    });
    assert.equal(result.resources.filter((r) => r.type === ruleType).length, 3);
    assert.equal(resource(result, listenerType, "web-test-listener").inputs["port"], 8443);
  });

  it("alarms on its own metrics, to the topic, both ways", async () => {
    const result = await make();
    const arnSuffix = resource(result, balancerType, "web-alb").outputs["arnSuffix"];
    for (const [name, metricName, threshold] of [
      ["web-errors-alarm", "HTTPCode_ELB_5XX_Count", 10],
      ["web-rejected-alarm", "RejectedConnectionCount", 0],
    ] as const) {
      const all = resource(result, alarmType, name).inputs;
      assert.equal(all["namespace"], "AWS/ApplicationELB");
      assert.equal(all["metricName"], metricName);
      assert.equal(all["statistic"], "Sum");
      assert.equal(all["threshold"], threshold);
      assert.equal(all["treatMissingData"], "notBreaching");
      assert.deepEqual(all["dimensions"], { LoadBalancer: arnSuffix });
      assert.deepEqual(all["alarmActions"], [required.alarmTopicArn]);
      assert.deepEqual(all["okActions"], [required.alarmTopicArn]);
    }
  });

  it("gives Edge what it needs, before and after the domain", async () => {
    const { origin } = (await make()).made;
    assert.deepEqual(
      { https: origin.https, port: origin.port, internal: origin.internal, names: origin.certificateNames },
      { https: false, port: 80, internal: true, names: [] },
    );
    const later = (await make({ domain: { ...domain, aliases: ["www.example.com"] } })).made.origin;
    assert.deepEqual(
      { https: later.https, port: later.port, internal: later.internal, names: later.certificateNames },
      {
        https: true,
        port: 443,
        internal: true,
        names: ["app.example.com", "www.example.com", "origin.app.example.com"],
      },
    );
  });

  it("puts out what services and people need", async () => {
    const without = await make();
    const outputs = resource(without, "kiban:index:LoadBalancer", "web").outputs;
    const balancer = resource(without, balancerType, "web-alb").outputs;
    assert.equal(outputs["arn"], balancer["arn"]);
    assert.equal(outputs["arnSuffix"], balancer["arnSuffix"]);
    assert.equal(outputs["dnsName"], balancer["dnsName"]);
    assert.equal(outputs["zoneId"], balancer["zoneId"]);
    assert.equal(outputs["securityGroupId"], resource(without, groupType, "web-security-group").id);
    assert.equal(outputs["listenerArn"], resource(without, listenerType, "web-listener").outputs["arn"]);
    assert.equal(outputs["testListenerArn"], resource(without, listenerType, "web-test-listener").outputs["arn"]);
    assert.equal(outputs["testUrl"], `http://${balancer["dnsName"] as string}:9000`);
    assert.equal(outputs["testPort"], 9000);
    const withDomain = resource(await make({ domain }), "kiban:index:LoadBalancer", "web").outputs;
    assert.equal(withDomain["testUrl"], "https://origin.app.example.com:9000");
    assert.equal((withDomain["origin"] as { domainName: string }).domainName, "origin.app.example.com");
  });

  it("reports every fault at once, before anything registers", async () => {
    const result = await run(
      () =>
        new LoadBalancer("a-load-balancer-with-a-long-name", {
          ...required,
          public: true,
          port: 81,
          testPort: 81,
          idleTimeoutSeconds: 5,
          testAccess: { cidrBlocks: ["0.0.0.0/0", "10.0.0.1/16"], securityGroups: { Smoke: "sg-1" } },
        }),
    );
    assert.equal(
      result.error?.message,
      [
        'LoadBalancer "a-load-balancer-with-a-long-name":',
        '  name: was "a-load-balancer-with-a-long-name"; allowed: at most 20 characters (AWS: 32 with our suffix); shorten it',
        "  port: was 81; allowed: 80, 443 or 1024 to 65535 (CloudFront); leave it out for 443, or 80",
        "  testPort: was 81; allowed: 80, 443 or 1024 to 65535; leave it out for 9000",
        "  testPort: was 81; allowed: another port than port; leave it out for 9000",
        "  idleTimeoutSeconds: was 5; allowed: 10 to 4000; set 60 unless answers take longer than that to begin",
        "  public: was true; allowed: a public load balancer with a domain; set domain: what the world reaches speaks HTTPS, and a certificate needs a name",
        '  testAccess.cidrBlocks: was "0.0.0.0/0"; allowed: blocks of /8 and smaller; name your own networks: it shows the next version',
        '  testAccess.cidrBlocks: was "10.0.0.1/16"; allowed: an IPv4 block such as 10.0.0.0/16; set the block\'s first address',
        '  testAccess.securityGroups: was "Smoke"; allowed: kebab-case keys, such as smoke-test; rename the key',
      ].join("\n"),
    );
    assert.deepEqual(result.resources, []);
  });

  it("reports a domain that is none", async () => {
    const name = `${"a".repeat(60)}.example.com`;
    const result = await run(() => {
      new LoadBalancer("web", {
        ...required,
        domain: { name, zoneId: "Z1", aliases: ["Example.com", name] },
        port: 80,
      });
    });
    assert.equal(
      result.error?.message,
      [
        'LoadBalancer "web":',
        '  domain.aliases: was "Example.com"; allowed: a lower-case domain name, a leading *. included, of at most 253 characters; set a name such as app.example.com',
        `  domain.aliases: was "${name}"; allowed: names besides domain.name; remove it from the aliases`,
        `  domain.name: was "${name}"; allowed: at most 64 characters (ACM); set a shorter name`,
      ].join("\n"),
    );
    assert.deepEqual(result.resources, []);
    const wildcard = await run(() => {
      new LoadBalancer("web", { ...required, public: true, port: 80, domain: { name: "*.example.com", zoneId: "Z1" } });
    });
    assert.equal(
      wildcard.error?.message,
      [
        'LoadBalancer "web":',
        "  port: was 80; allowed: another port: 80 is where a public load balancer redirects to HTTPS; leave it out for 443",
        '  domain.name: was "*.example.com"; allowed: a lower-case domain name without wildcard, of at most 253 characters; set a name such as app.example.com',
      ].join("\n"),
    );
  });

  it("passes each child through its transform", async () => {
    const mark = { tags: { Marked: "yes" } };
    const marked = (result: Run): string[] =>
      result.resources
        .filter((r) => (r.inputs["tags"] as Record<string, string> | undefined)?.["Marked"] === "yes")
        .map((r) => r.name)
        .sort();
    const transform = {
      securityGroup: mark,
      fromCloudFront: mark,
      fromInternet: mark,
      fromInternetHttp: mark,
      testAccess: mark,
      loadBalancer: mark,
      certificate: { certificate: mark },
      listener: mark,
      testListener: mark,
      redirectListener: mark,
      errorsAlarm: mark,
      rejectedAlarm: mark,
    };
    const testAccess = { cidrBlocks: ["10.0.0.0/16"] };
    const common = ["web-alb", "web-certificate-acm", "web-errors-alarm", "web-listener", "web-rejected-alarm"];
    const rest = ["web-security-group", "web-test-from-10-0-0-0-16", "web-test-listener"];
    assert.deepEqual(
      marked(await make({ domain, testAccess, transform })),
      [...common, ...rest, "web-from-cloudfront"].sort(),
    );
    const open = await make({
      domain,
      testAccess,
      public: true,
      transform: { ...transform, records: { type: "AAAA" } },
    });
    assert.deepEqual(
      marked(open),
      [...common, ...rest, "web-from-internet", "web-from-internet-http", "web-redirect-listener"].sort(),
    );
    assert.equal(resource(open, recordType, "web-record-app.example.com").inputs["type"], "AAAA");
  });

  it("has its nodes under the keys of its transforms", async () => {
    const { nodes } = (await make({ domain, public: true })).made;
    assert.deepEqual(Object.keys(nodes).sort(), [
      ...["certificate", "errorsAlarm", "fromCloudFront", "fromInternet", "fromInternetHttp", "listener"],
      ...[
        "loadBalancer",
        "records",
        "redirectListener",
        "rejectedAlarm",
        "securityGroup",
        "testAccess",
        "testListener",
      ],
    ]);
    assert.equal(nodes.fromCloudFront, undefined);
    assert.ok(nodes.certificate);
    assert.ok(nodes.redirectListener);
  });

  it("lives beside another", async () => {
    const result = await run(() => {
      new LoadBalancer("one", { ...required, domain });
      new LoadBalancer("two", { ...required, domain: { ...domain, name: "two.example.com" } });
    });
    assert.equal(result.error, undefined);
    assert.equal(new Set(result.resources.map((r) => r.urn)).size, result.resources.length);
    assert.equal(children(result, "one").length, children(result, "two").length);
  });
});
