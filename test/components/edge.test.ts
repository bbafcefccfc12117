import * as assert from "node:assert/strict";
import { join } from "node:path";

import { Edge, type EdgeArgs } from "../../components/edge/edge";
import { LoadBalancer } from "../../components/load-balancer/load-balancer";
import { children, resource, run, type Run } from "../harness";

const distributionType = "aws:cloudfront/distribution:Distribution";
const vpcOriginType = "aws:cloudfront/vpcOrigin:VpcOrigin";
const headersType = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy";
const cacheType = "aws:cloudfront/cachePolicy:CachePolicy";
const sourceType = "aws:cloudwatch/logDeliverySource:LogDeliverySource";
const destinationType = "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination";
const deliveryType = "aws:cloudwatch/logDelivery:LogDelivery";
const alarmType = "aws:cloudwatch/metricAlarm:MetricAlarm";
const recordType = "aws:route53/record:Record";
const aclType = "aws:wafv2/webAcl:WebAcl";
const logGroupType = "aws:cloudwatch/logGroup:LogGroup";
const aclLoggingType = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration";

const loadBalancerArn =
  "arn:aws:elasticloadbalancing:ap-northeast-1:111111111111:loadbalancer/app/web-alb-1234567/50dc6c495c0c9188";
const httpOrigin = {
  loadBalancerArn,
  domainName: "internal-web.ap-northeast-1.elb.amazonaws.com",
  https: false,
  port: 80,
  internal: true,
  certificateNames: [],
};
const httpsOrigin = {
  ...httpOrigin,
  domainName: "origin.app.example.com",
  https: true,
  port: 443,
  certificateNames: ["app.example.com", "*.app.example.com", "origin.app.example.com"],
};
const required = {
  logArchive: { bucketName: "archive", bucketArn: "arn:aws:s3:::archive" },
  alarmTopicArn: "arn:aws:sns:us-east-1:111111111111:edge-alarms",
};
const domain = { name: "app.example.com", zoneId: "Z0000000EXAMPLE" };
const waf = { logKeyArn: "arn:aws:kms:us-east-1:111111111111:key/mrk-1" };
const withoutDomain: EdgeArgs = { ...required, origin: httpOrigin, withoutDomain: true };
const withDomain: EdgeArgs = { ...required, origin: httpsOrigin, domain };

async function make(args: EdgeArgs): Promise<Run & { made: Edge }> {
  const made: Edge[] = [];
  const result = await run(() => void made.push(new Edge("www", args)));
  assert.equal(result.error, undefined);
  assert.ok(made[0]);
  return { ...result, made: made[0] };
}

function inputs(result: Run, type: string, name: string, ...keys: string[]): Record<string, unknown> {
  const all = resource(result, type, name).inputs;
  return Object.fromEntries(keys.filter((key) => key in all).map((key) => [key, all[key]]));
}

function behavior(result: Run): Record<string, unknown> {
  return resource(result, distributionType, "www-distribution").inputs["defaultCacheBehavior"] as Record<
    string,
    unknown
  >;
}

const always = [
  `${distributionType} www-distribution`,
  `${headersType} www-headers`,
  `${deliveryType} www-log-delivery`,
  `${destinationType} www-log-destination`,
  `${sourceType} www-log-source`,
  `${alarmType} www-errors-alarm`,
];
const certificate = [
  "aws:acm/certificate:Certificate www-certificate-acm",
  "aws:acm/certificateValidation:CertificateValidation www-certificate-issued",
  "kiban:index:Certificate www-certificate",
];

describe("Edge", () => {
  it("without a domain makes the distribution, its way in, its log and its alarm", async () => {
    const result = await make(withoutDomain);
    assert.deepEqual(children(result, "www"), [...always, `${vpcOriginType} www-vpc-origin-http`].sort());
  });

  it("without a domain uses CloudFront's certificate, and HTTP inside the VPC", async () => {
    const result = await make(withoutDomain);
    assert.deepEqual(inputs(result, distributionType, "www-distribution", "viewerCertificate", "aliases", "origins"), {
      viewerCertificate: { cloudfrontDefaultCertificate: true },
      origins: [
        {
          originId: "load-balancer",
          domainName: httpOrigin.domainName,
          vpcOriginConfig: {
            vpcOriginId: resource(result, vpcOriginType, "www-vpc-origin-http").id,
            originReadTimeout: 30,
            originKeepaliveTimeout: 5,
          },
        },
      ],
    });
    assert.deepEqual(resource(result, vpcOriginType, "www-vpc-origin-http").inputs["vpcOriginEndpointConfig"], {
      name: "www-http-80-50dc6c495c0c9188",
      arn: loadBalancerArn,
      httpPort: 80,
      httpsPort: 443,
      originProtocolPolicy: "http-only",
      originSslProtocols: { items: ["TLSv1.2"], quantity: 1 },
    });
  });

  it("with a domain uses a certificate of us-east-1, HTTPS to the origin, and the aliases", async () => {
    const result = await make({ ...withDomain, domain: { ...domain, aliases: ["*.app.example.com"] } });
    const issued = resource(result, "aws:acm/certificateValidation:CertificateValidation", "www-certificate-issued");
    const acm = resource(result, "aws:acm/certificate:Certificate", "www-certificate-acm").inputs;
    assert.equal(acm["region"], "us-east-1");
    assert.equal(acm["domainName"], "app.example.com");
    assert.deepEqual(acm["subjectAlternativeNames"], ["*.app.example.com"]);
    assert.deepEqual(inputs(result, distributionType, "www-distribution", "viewerCertificate", "aliases"), {
      viewerCertificate: {
        acmCertificateArn: issued.outputs["certificateArn"],
        sslSupportMethod: "sni-only",
        minimumProtocolVersion: "TLSv1.2_2025",
      },
      aliases: ["app.example.com", "*.app.example.com"],
    });
    assert.deepEqual(resource(result, vpcOriginType, "www-vpc-origin-https").inputs["vpcOriginEndpointConfig"], {
      name: "www-https-443-50dc6c495c0c9188",
      arn: loadBalancerArn,
      httpPort: 80,
      httpsPort: 443,
      originProtocolPolicy: "https-only",
      originSslProtocols: { items: ["TLSv1.2"], quantity: 1 },
    });
    const distribution = resource(result, distributionType, "www-distribution").outputs;
    for (const type of ["A", "AAAA"]) {
      for (const name of ["app.example.com", "*.app.example.com"]) {
        const record = `www-record-${name}-${type.toLowerCase()}`;
        assert.deepEqual(inputs(result, recordType, record, "zoneId", "name", "type", "aliases", "ttl"), {
          zoneId: "Z0000000EXAMPLE",
          name,
          type,
          aliases: [
            {
              name: distribution["domainName"],
              zoneId: distribution["hostedZoneId"],
              evaluateTargetHealth: false,
            },
          ],
        });
      }
    }
  });

  it("leaves the proof of the names to the load balancer's certificate", async () => {
    const result = await make(withDomain);
    assert.deepEqual(
      children(result, "www"),
      [
        ...always,
        ...certificate,
        `${vpcOriginType} www-vpc-origin-https`,
        `${recordType} www-record-app.example.com-a`,
        `${recordType} www-record-app.example.com-aaaa`,
      ].sort(),
    );
  });

  it("keeps every resource but the VPC origin when a domain arrives", async () => {
    const before = await make(withoutDomain);
    const after = await make(withDomain);
    const gone = before.resources.filter((old) => !after.resources.some((now) => now.urn === old.urn));
    // AWS changes no VPC origin in use: the new one is made beside the old one, which goes when nothing uses it.
    assert.deepEqual(
      gone.map((r) => r.name),
      ["www-vpc-origin-http"],
    );
    const names = [before, after].map((made) => {
      const origin = made.resources.find((r) => r.type === vpcOriginType);
      return (origin?.inputs["vpcOriginEndpointConfig"] as { name: string }).name;
    });
    assert.equal(new Set(names).size, 2, "AWS wants the name of a VPC origin once in the account");
  });

  it("replaces the VPC origin, the new one first, when port or load balancer change", async () => {
    const { options } = resource(await make(withoutDomain), vpcOriginType, "www-vpc-origin-http");
    assert.deepEqual(options["replaceOnChanges"], ["vpcOriginEndpointConfig"]);
    assert.notEqual(options["deleteBeforeReplace"], true);
    const moved = await make({ ...withoutDomain, origin: { ...httpOrigin, port: 8080 } });
    const config = resource(moved, vpcOriginType, "www-vpc-origin-http").inputs["vpcOriginEndpointConfig"];
    assert.equal((config as { httpPort: number }).httpPort, 8080);
    assert.equal((config as { name: string }).name, "www-http-8080-50dc6c495c0c9188");
  });

  it("shows the policies which load balancer the VPC origin leads to", async () => {
    const result = await run(() => {
      const network = { vpcId: "vpc-1", publicSubnetIds: [], privateSubnetIds: ["subnet-a"], isolatedSubnetIds: [] };
      const web = new LoadBalancer("web", { ...required, network, keep: false });
      new Edge("www", { ...required, origin: web.origin, withoutDomain: true });
    });
    assert.equal(result.error, undefined);
    const { propertyDependencies } = resource(result, vpcOriginType, "www-vpc-origin-http");
    const balancer = resource(result, "aws:lb/loadBalancer:LoadBalancer", "web-alb");
    assert.deepEqual(propertyDependencies["vpcOriginEndpointConfig"], [balancer.urn]);
    const origin = resource(result, vpcOriginType, "www-vpc-origin-http");
    const distribution = resource(result, distributionType, "www-distribution");
    assert.deepEqual(
      [...(distribution.propertyDependencies["origins"] ?? [])].sort(),
      [balancer.urn, origin.urn].sort(),
    );
  });

  it("fits a load balancer of the same domain", async () => {
    const result = await run(() => {
      const network = { vpcId: "vpc-1", publicSubnetIds: [], privateSubnetIds: ["subnet-a"], isolatedSubnetIds: [] };
      const names = { ...domain, aliases: ["www.example.com"] };
      const web = new LoadBalancer("web", { ...required, network, keep: false, domain: names });
      new Edge("www", { ...required, origin: web.origin, domain: names });
    });
    assert.equal(result.error, undefined);
    const records = result.resources.filter((r) => r.type === recordType && r.inputs["type"] === "CNAME");
    assert.deepEqual(
      records.map((r) => r.name),
      [
        "web-certificate-prove-app.example.com",
        "web-certificate-prove-www.example.com",
        "web-certificate-prove-origin.app.example.com",
      ],
      "each name is proven once",
    );
  });

  it("serves HTTP/3 and IPv6 to all, and nothing over plain HTTP", async () => {
    const result = await make(withoutDomain);
    assert.deepEqual(
      inputs(
        result,
        distributionType,
        "www-distribution",
        ...[
          "enabled",
          "httpVersion",
          "isIpv6Enabled",
          "priceClass",
          "restrictions",
          "webAclId",
          "orderedCacheBehaviors",
        ],
      ),
      {
        enabled: true,
        httpVersion: "http2and3",
        isIpv6Enabled: true,
        priceClass: "PriceClass_200",
        restrictions: { geoRestriction: { restrictionType: "none" } },
      },
    );
    assert.deepEqual(behavior(result), {
      targetOriginId: "load-balancer",
      viewerProtocolPolicy: "redirect-to-https",
      allowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
      cachedMethods: ["GET", "HEAD"],
      compress: true,
      cachePolicyId: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
      originRequestPolicyId: "216adef6-5c7f-47e4-b989-5492eafa07d3",
      responseHeadersPolicyId: resource(result, headersType, "www-headers").id,
    });
  });

  it("keeps the paths that are named, by host and query string, without cookies", async () => {
    const result = await make({ ...withoutDomain, cachedPaths: ["/assets/*", "/favicon.ico"] });
    const policy = resource(result, cacheType, "www-cache");
    assert.deepEqual(
      resource(result, distributionType, "www-distribution").inputs["orderedCacheBehaviors"],
      ["/assets/*", "/favicon.ico"].map((pathPattern) => ({
        pathPattern,
        targetOriginId: "load-balancer",
        viewerProtocolPolicy: "redirect-to-https",
        allowedMethods: ["GET", "HEAD", "OPTIONS"],
        cachedMethods: ["GET", "HEAD"],
        compress: true,
        cachePolicyId: policy.id,
        responseHeadersPolicyId: resource(result, headersType, "www-headers").id,
      })),
    );
    assert.deepEqual(
      inputs(
        result,
        cacheType,
        "www-cache",
        ...["minTtl", "defaultTtl", "maxTtl", "parametersInCacheKeyAndForwardedToOrigin"],
      ),
      {
        minTtl: 0,
        defaultTtl: 86_400,
        maxTtl: 31_536_000,
        parametersInCacheKeyAndForwardedToOrigin: {
          enableAcceptEncodingBrotli: true,
          enableAcceptEncodingGzip: true,
          headersConfig: { headerBehavior: "whitelist", headers: { items: ["Host"] } },
          queryStringsConfig: { queryStringBehavior: "all" },
          cookiesConfig: { cookieBehavior: "none" },
        },
      },
    );
  });

  it("adds security headers, a CSP only to report or to be obeyed as it is told", async () => {
    const securityHeadersConfig = {
      strictTransportSecurity: { accessControlMaxAgeSec: 31_536_000, includeSubdomains: false, override: true },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: "DENY", override: false },
      referrerPolicy: { referrerPolicy: "strict-origin-when-cross-origin", override: false },
    };
    const removeHeadersConfig = { items: [{ header: "Server" }, { header: "X-Powered-By" }] };
    const headers = async (args: Partial<EdgeArgs>): Promise<Record<string, unknown>> =>
      inputs(
        await make({ ...withoutDomain, ...args }),
        headersType,
        "www-headers",
        ...["securityHeadersConfig", "customHeadersConfig", "removeHeadersConfig"],
      );
    assert.deepEqual(await headers({}), { securityHeadersConfig, removeHeadersConfig });
    const policy = "default-src 'self'";
    assert.deepEqual(await headers({ contentSecurityPolicy: { policy } }), {
      securityHeadersConfig,
      customHeadersConfig: {
        items: [{ header: "Content-Security-Policy-Report-Only", value: policy, override: false }],
      },
      removeHeadersConfig,
    });
    assert.deepEqual(await headers({ contentSecurityPolicy: { policy, enforce: true } }), {
      securityHeadersConfig: {
        ...securityHeadersConfig,
        contentSecurityPolicy: { contentSecurityPolicy: policy, override: false },
      },
      removeHeadersConfig,
    });
  });

  it("logs into the archive, from us-east-1", async () => {
    const result = await make(withoutDomain);
    const region = "us-east-1";
    assert.deepEqual(inputs(result, sourceType, "www-log-source", "region", "logType", "resourceArn"), {
      region,
      logType: "ACCESS_LOGS",
      resourceArn: resource(result, distributionType, "www-distribution").outputs["arn"],
    });
    const destinationKeys = ["region", "outputFormat", "deliveryDestinationConfiguration"];
    assert.deepEqual(inputs(result, destinationType, "www-log-destination", ...destinationKeys), {
      region,
      outputFormat: "json",
      deliveryDestinationConfiguration: { destinationResourceArn: "arn:aws:s3:::archive" },
    });
    const deliveryKeys = ["region", "deliverySourceName", "deliveryDestinationArn", "s3DeliveryConfigurations"];
    assert.deepEqual(inputs(result, deliveryType, "www-log-delivery", ...deliveryKeys), {
      region,
      deliverySourceName: resource(result, sourceType, "www-log-source").outputs["name"],
      deliveryDestinationArn: resource(result, destinationType, "www-log-destination").outputs["arn"],
      s3DeliveryConfigurations: [
        { suffixPath: "{DistributionId}/{yyyy}/{MM}/{dd}/{HH}", enableHiveCompatiblePath: false },
      ],
    });
  });

  it("alarms in us-east-1 on its own distribution, to the topic, both ways", async () => {
    const result = await make({ ...withoutDomain, errorRatePercent: 2 });
    const all = resource(result, alarmType, "www-errors-alarm").inputs;
    assert.equal(all["region"], "us-east-1");
    assert.equal(all["namespace"], "AWS/CloudFront");
    assert.equal(all["metricName"], "5xxErrorRate");
    assert.equal(all["threshold"], 2);
    assert.equal(all["treatMissingData"], "notBreaching");
    assert.deepEqual(all["dimensions"], {
      DistributionId: resource(result, distributionType, "www-distribution").id,
      Region: "Global",
    });
    assert.deepEqual(all["alarmActions"], [required.alarmTopicArn]);
    assert.deepEqual(all["okActions"], [required.alarmTopicArn]);
    const usual = resource(await make(withoutDomain), alarmType, "www-errors-alarm").inputs;
    assert.equal(usual["threshold"], 5);
  });

  it("with waf puts a web ACL in front, and logs what it blocks without credentials", async () => {
    const result = await make({ ...withoutDomain, waf });
    assert.deepEqual(
      children(result, "www"),
      [
        ...always,
        `${vpcOriginType} www-vpc-origin-http`,
        `${aclType} www-waf`,
        `${logGroupType} www-waf-log`,
        `${aclLoggingType} www-waf-logging`,
      ].sort(),
    );
    const acl = resource(result, aclType, "www-waf");
    assert.equal(resource(result, distributionType, "www-distribution").inputs["webAclId"], acl.outputs["arn"]);
    assert.deepEqual(inputs(result, aclType, "www-waf", "region", "scope", "defaultAction"), {
      region: "us-east-1",
      scope: "CLOUDFRONT",
      defaultAction: { allow: {} },
    });
    assert.deepEqual(
      inputs(
        result,
        logGroupType,
        "www-waf-log",
        "region",
        "namePrefix",
        "kmsKeyId",
        "retentionInDays",
        "deletionProtectionEnabled",
      ),
      {
        region: "us-east-1",
        namePrefix: "aws-waf-logs-www-",
        kmsKeyId: waf.logKeyArn,
        retentionInDays: 30,
        deletionProtectionEnabled: false,
      },
    );
    const loggingKeys = ["region", "resourceArn", "logDestinationConfigs", "redactedFields", "loggingFilter"];
    assert.deepEqual(inputs(result, aclLoggingType, "www-waf-logging", ...loggingKeys), {
      region: "us-east-1",
      resourceArn: acl.outputs["arn"],
      logDestinationConfigs: [resource(result, logGroupType, "www-waf-log").outputs["arn"]],
      redactedFields: [{ singleHeader: { name: "authorization" } }, { singleHeader: { name: "cookie" } }],
      loggingFilter: {
        defaultBehavior: "DROP",
        filters: [
          {
            behavior: "KEEP",
            requirement: "MEETS_ANY",
            conditions: [{ actionCondition: { action: "BLOCK" } }, { actionCondition: { action: "COUNT" } }],
          },
        ],
      },
    });
  });

  it("asks the rules of the web ACL in order, to block or only to count", async () => {
    const rules = async (mode?: "block" | "count"): Promise<unknown[]> => {
      const result = await make({
        ...withoutDomain,
        waf: { ...waf, rateLimit: 500, ...(mode !== undefined && { mode }) },
      });
      const all = resource(result, aclType, "www-waf").inputs["rules"] as Record<string, unknown>[];
      return all.map(({ name, priority, action, overrideAction, statement }) => ({
        name,
        priority,
        act: action ?? overrideAction,
        statement,
      }));
    };
    const managed = (name: string, more = {}): object => ({
      managedRuleGroupStatement: { vendorName: "AWS", name, ...more },
    });
    const expected = (group: object, rate: object): object[] => [
      { name: "ip-reputation", priority: 0, act: group, statement: managed("AWSManagedRulesAmazonIpReputationList") },
      {
        name: "rate-limit",
        priority: 1,
        act: rate,
        statement: { rateBasedStatement: { limit: 500, evaluationWindowSec: 300, aggregateKeyType: "IP" } },
      },
      { name: "known-bad-inputs", priority: 2, act: group, statement: managed("AWSManagedRulesKnownBadInputsRuleSet") },
      {
        name: "common",
        priority: 3,
        act: group,
        statement: managed("AWSManagedRulesCommonRuleSet", {
          ruleActionOverrides: [{ name: "SizeRestrictions_BODY", actionToUse: { count: {} } }],
        }),
      },
    ];
    assert.deepEqual(await rules(), expected({ none: {} }, { block: {} }));
    assert.deepEqual(await rules("block"), expected({ none: {} }, { block: {} }));
    assert.deepEqual(await rules("count"), expected({ count: {} }, { count: {} }));
  });

  it("takes its sizes from the arguments", async () => {
    const result = await make({
      ...withoutDomain,
      priceClass: "PriceClass_All",
      responseTimeoutSeconds: 120,
      waf: { ...waf, retentionDays: 90, keep: true },
    });
    const distribution = resource(result, distributionType, "www-distribution").inputs;
    assert.equal(distribution["priceClass"], "PriceClass_All");
    const [origin] = distribution["origins"] as { vpcOriginConfig: { originReadTimeout: number } }[];
    assert.equal(origin?.vpcOriginConfig.originReadTimeout, 120);
    const log = resource(result, logGroupType, "www-waf-log");
    assert.equal(log.inputs["retentionInDays"], 90);
    assert.deepEqual([log.inputs["deletionProtectionEnabled"], log.options["protect"]], [true, true]);
  });

  it("keeps the built files of a front end that renders on the server, and forwards its pages", async () => {
    const program = join(__dirname, "..", "..", "examples", "ssr.ts");
    const result = await run(() => {
      delete require.cache[require.resolve(program)];
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- the example is a program: loading it runs it
      require(program);
    });
    assert.equal(result.error, undefined);
    const distribution = resource(result, distributionType, "edge-distribution").inputs;
    const pages = distribution["defaultCacheBehavior"] as Record<string, unknown>;
    assert.equal(pages["cachePolicyId"], "4135ea2d-6df8-44a3-9df3-4b5a84be39ad");
    assert.equal(pages["originRequestPolicyId"], "216adef6-5c7f-47e4-b989-5492eafa07d3");
    const [files, ...more] = distribution["orderedCacheBehaviors"] as Record<string, unknown>[];
    assert.deepEqual(more, []);
    assert.equal(files?.["pathPattern"], "/_next/static/*");
    assert.equal(files["cachePolicyId"], resource(result, cacheType, "edge-cache").id);
    assert.equal(files["originRequestPolicyId"], undefined, "no cookie reaches the service, or is kept for others");
  });

  it("puts out where users go", async () => {
    const without = await make(withoutDomain);
    const distribution = resource(without, distributionType, "www-distribution");
    assert.deepEqual(resource(without, "kiban:index:Edge", "www").outputs, {
      url: `https://${distribution.outputs["domainName"] as string}`,
      domainName: distribution.outputs["domainName"],
      distributionId: distribution.id,
      distributionArn: distribution.outputs["arn"],
      hostedZoneId: distribution.outputs["hostedZoneId"],
    });
    const { outputs } = resource(await make(withDomain), "kiban:index:Edge", "www");
    assert.equal(outputs["url"], "https://app.example.com");
  });

  const faults: { what: string; args: Partial<EdgeArgs>; lines: string[] }[] = [
    {
      what: "neither domain nor withoutDomain",
      args: { origin: httpOrigin },
      lines: [
        "domain: was not set; allowed: a domain, or withoutDomain: true; set domain, or withoutDomain where CloudFront's own certificate and HTTP inside the VPC will do",
      ],
    },
    {
      what: "both",
      args: { origin: httpsOrigin, domain, withoutDomain: true },
      lines: ["withoutDomain: was true; allowed: domain or withoutDomain, not both; remove withoutDomain"],
    },
    {
      what: "a public load balancer, and one whose domain is missing here",
      args: { origin: { ...httpsOrigin, internal: false }, withoutDomain: true },
      lines: [
        'origin: was "a public load balancer"; allowed: an internal load balancer; leave public out of the load balancer: CloudFront reaches it through a VPC origin',
        "withoutDomain: was true; allowed: an origin without a domain; set the load balancer's domain here, too",
      ],
    },
    {
      what: "a domain in front of HTTP",
      args: { origin: httpOrigin, domain: { name: "*.example.com", zoneId: "Z1" } },
      lines: [
        'domain.name: was "*.example.com"; allowed: a lower-case domain name without wildcard, of at most 253 characters; set a name such as app.example.com',
        "origin.https: was false; allowed: an HTTPS origin behind a domain; give the load balancer the same domain",
      ],
    },
    {
      what: "a name that the load balancer's certificate does not cover",
      args: { origin: httpsOrigin, domain: { ...domain, aliases: ["www.example.com"] } },
      lines: [
        "domain: was \"www.example.com\"; allowed: names that the load balancer's certificate covers, for CloudFront passes the Host header on; add it to the load balancer's domain.aliases",
      ],
    },
    {
      what: "numbers and paths out of range",
      args: {
        origin: httpOrigin,
        withoutDomain: true,
        responseTimeoutSeconds: 121,
        errorRatePercent: 0,
        waf: { ...waf, rateLimit: 9, retentionDays: 31 as 30 },
        cachedPaths: ["/*", "assets/*", "/a", "/a"],
      },
      lines: [
        "responseTimeoutSeconds: was 121; allowed: 1 to 120; set 30, or answer early and work on in the background",
        "errorRatePercent: was 0; allowed: more than 0, less than 100; set 5",
        "waf.rateLimit: was 9; allowed: 10 to 2000000000; set 2000",
        "waf.retentionDays: was 31; allowed: a retention that CloudWatch Logs has; set 30",
        'cachedPaths: was "/*"; allowed: patterns such as /assets/*, not everything; start with / and name a folder',
        'cachedPaths: was "assets/*"; allowed: patterns such as /assets/*, not everything; start with / and name a folder',
        'cachedPaths: was "/a"; allowed: each path once; remove the second one',
      ],
    },
    {
      what: "more paths than CloudFront takes, and a name too long for the subject",
      args: {
        origin: { ...httpsOrigin, certificateNames: [`${"a".repeat(60)}.example.com`] },
        domain: { ...domain, name: `${"a".repeat(60)}.example.com` },
        cachedPaths: Array.from({ length: 75 }, (_, index) => `/${index}`),
      },
      lines: [
        `domain.name: was "${"a".repeat(60)}.example.com"; allowed: at most 64 characters (ACM); set a shorter name`,
        'cachedPaths: was "75 paths"; allowed: at most 74; use wildcards',
      ],
    },
  ];
  for (const { what, args, lines } of faults) {
    it(`refuses ${what}, before anything registers`, async () => {
      const result = await run(() => new Edge("www", { ...required, origin: httpOrigin, ...args }));
      assert.equal(result.error?.message, ['Edge "www":', ...lines.map((line) => `  ${line}`)].join("\n"));
      assert.deepEqual(result.resources, []);
    });
  }

  it("refuses a name too long for its log's source", async () => {
    const name = "an-edge-with-a-name-that-is-far-too-long";
    const result = await run(() => new Edge(name, withoutDomain));
    assert.equal(
      result.error?.message,
      `Edge "${name}":\n  name: was "${name}"; allowed: at most 36 characters (AWS: 60 with our suffix); shorten it`,
    );
    assert.deepEqual(result.resources, []);
  });

  it("passes each child through its transform", async () => {
    const mark = { tags: { Marked: "yes" } };
    const result = await make({
      ...withDomain,
      waf,
      cachedPaths: ["/assets/*"],
      transform: {
        vpcOrigin: mark,
        headersPolicy: { comment: "marked" },
        cachePolicy: (ours) => ({ ...ours, comment: "marked" }),
        certificate: { certificate: mark },
        distribution: mark,
        records: { type: "HTTPS" },
        logSource: mark,
        logDestination: mark,
        logDelivery: mark,
        errorsAlarm: mark,
        webAcl: mark,
        webAclLogGroup: mark,
        webAclLogging: { redactedFields: [] },
      },
    });
    assert.deepEqual(
      result.resources
        .filter((r) => (r.inputs["tags"] as Record<string, string> | undefined)?.["Marked"] === "yes")
        .map((r) => r.name)
        .sort(),
      [
        ...["www-certificate-acm", "www-distribution", "www-errors-alarm", "www-log-delivery", "www-log-destination"],
        ...["www-log-source", "www-vpc-origin-https", "www-waf", "www-waf-log"],
      ],
    );
    assert.equal(resource(result, headersType, "www-headers").inputs["comment"], "marked");
    assert.equal(resource(result, cacheType, "www-cache").inputs["comment"], "marked");
    assert.equal(resource(result, recordType, "www-record-app.example.com-a").inputs["type"], "HTTPS");
    assert.equal(resource(result, recordType, "www-record-app.example.com-aaaa").inputs["type"], "HTTPS");
    assert.deepEqual(resource(result, aclLoggingType, "www-waf-logging").inputs["redactedFields"], []);
  });

  it("has its nodes under the keys of its transforms", async () => {
    const { nodes } = (await make({ ...withDomain, waf, cachedPaths: ["/assets/*"] })).made;
    assert.deepEqual(Object.keys(nodes).sort(), [
      ...["cachePolicy", "certificate", "distribution", "errorsAlarm", "headersPolicy", "logDelivery"],
      ...["logDestination", "logSource", "records", "vpcOrigin", "webAcl", "webAclLogGroup", "webAclLogging"],
    ]);
    const plain = (await make(withoutDomain)).made.nodes;
    assert.equal(plain.cachePolicy, undefined);
    assert.equal(plain.certificate, undefined);
    assert.equal(plain.webAcl, undefined);
  });

  it("lives beside another", async () => {
    const result = await run(() => {
      new Edge("one", { ...withDomain, waf, cachedPaths: ["/assets/*"] });
      new Edge("two", { ...withDomain, waf, cachedPaths: ["/assets/*"] });
    });
    assert.equal(result.error, undefined);
    assert.equal(new Set(result.resources.map((r) => r.urn)).size, result.resources.length);
    assert.equal(children(result, "one").length, children(result, "two").length);
  });
});
