import * as assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { LoadBalancer } from "../../components/load-balancer/load-balancer";
import { immutableCode, notFoundCode, requestCode } from "../../components/static-site/functions";
import { StaticSite, type StaticSiteArgs } from "../../components/static-site/static-site";
import { children, resource, run, type Run } from "../harness";

const types = {
  bucket: "aws:s3/bucket:Bucket",
  ownership: "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  publicAccess: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  encryption: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  versioning: "aws:s3/bucketVersioning:BucketVersioning",
  lifecycle: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  logging: "aws:s3/bucketLogging:BucketLogging",
  policy: "aws:s3/bucketPolicy:BucketPolicy",
  store: "aws:cloudfront/keyValueStore:KeyValueStore",
  key: "aws:cloudfront/keyvaluestoreKey:KeyvaluestoreKey",
  function: "aws:cloudfront/function:Function",
  originAccess: "aws:cloudfront/originAccessControl:OriginAccessControl",
  headers: "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
  vpcOrigin: "aws:cloudfront/vpcOrigin:VpcOrigin",
  distribution: "aws:cloudfront/distribution:Distribution",
  source: "aws:cloudwatch/logDeliverySource:LogDeliverySource",
  destination: "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination",
  delivery: "aws:cloudwatch/logDelivery:LogDelivery",
  alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
  record: "aws:route53/record:Record",
  acl: "aws:wafv2/webAcl:WebAcl",
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
  aclLogging: "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
};

const keyArn = "arn:aws:kms:ap-northeast-1:111111111111:key/11111111-2222-3333-4444-555555555555";
const required = {
  keyArn,
  keep: false,
  logArchive: { bucketName: "archive", bucketArn: "arn:aws:s3:::archive" },
  alarmTopicArn: "arn:aws:sns:us-east-1:111111111111:edge-alarms",
};
const domain = { name: "www.example.com", zoneId: "Z0000000EXAMPLE" };
const waf = { logKeyArn: "arn:aws:kms:us-east-1:111111111111:key/mrk-1" };
const httpOrigin = {
  loadBalancerArn:
    "arn:aws:elasticloadbalancing:ap-northeast-1:111111111111:loadbalancer/app/web-alb-1234567/50dc6c495c0c9188",
  domainName: "internal-web.ap-northeast-1.elb.amazonaws.com",
  https: false,
  port: 80,
  internal: true,
  certificateNames: [],
};
const httpsOrigin = {
  ...httpOrigin,
  domainName: "origin.www.example.com",
  https: true,
  port: 443,
  certificateNames: ["www.example.com"],
};
const spa: StaticSiteArgs = { ...required, mode: "spa", immutablePaths: ["/assets/*"], withoutDomain: true };
const pages: StaticSiteArgs = {
  ...required,
  mode: "static",
  indexDocument: "index.html",
  immutablePaths: ["/_astro/*"],
  domain,
};
const everything: StaticSiteArgs = { ...pages, waf, api: { origin: httpsOrigin } };

async function make(args: StaticSiteArgs): Promise<Run & { made: StaticSite }> {
  const made: StaticSite[] = [];
  const result = await run(() => void made.push(new StaticSite("www", args)));
  assert.equal(result.error, undefined);
  assert.ok(made[0]);
  return { ...result, made: made[0] };
}

function inputs(result: Run, type: string, name: string, ...keys: string[]): Record<string, unknown> {
  const all = resource(result, type, name).inputs;
  return Object.fromEntries(keys.filter((key) => key in all).map((key) => [key, all[key]]));
}

type Properties = Record<string, unknown>;

function text(value: unknown): string {
  assert.ok(typeof value === "string");
  return value;
}

function distribution(result: Run): { origins: Properties[]; pages: Properties; others: Properties[] } {
  const all = resource(result, types.distribution, "www-distribution").inputs;
  return {
    origins: all["origins"] as Properties[],
    pages: all["defaultCacheBehavior"] as Properties,
    others: (all["orderedCacheBehaviors"] ?? []) as Properties[],
  };
}

const always = [
  `${types.bucket} www-bucket`,
  `${types.ownership} www-ownership`,
  `${types.publicAccess} www-public-access`,
  `${types.encryption} www-encryption`,
  `${types.versioning} www-versioning`,
  `${types.lifecycle} www-lifecycle`,
  `${types.logging} www-logging`,
  `${types.policy} www-policy`,
  `${types.store} www-store`,
  `${types.key} www-release`,
  `${types.function} www-request`,
  `${types.originAccess} www-origin-access`,
  `${types.headers} www-page-headers`,
  `${types.distribution} www-distribution`,
  `${types.source} www-log-source`,
  `${types.destination} www-log-destination`,
  `${types.delivery} www-log-delivery`,
  `${types.alarm} www-errors-alarm`,
];
const immutable = [`${types.function} www-immutable`, `${types.headers} www-headers`];
const named = [
  "kiban:index:Certificate www-certificate",
  "aws:acm/certificate:Certificate www-certificate-acm",
  "aws:acm/certificateValidation:CertificateValidation www-certificate-issued",
  `${types.record} www-record-www.example.com-a`,
  `${types.record} www-record-www.example.com-aaaa`,
];

describe("StaticSite", () => {
  it("makes an app's bucket, pointer, functions and distribution", async () => {
    assert.deepEqual(children(await make(spa), "www"), [...always, ...immutable].sort());
  });

  it("makes nothing for immutable paths where there are none", async () => {
    assert.deepEqual(children(await make({ ...spa, immutablePaths: [] }), "www"), [...always].sort());
  });

  it("makes a site's not-found function, its certificate with its own proof, and its records", async () => {
    assert.deepEqual(
      children(await make(pages), "www"),
      [
        ...always,
        ...immutable,
        ...named,
        `${types.function} www-not-found`,
        `${types.record} www-certificate-prove-www.example.com`,
      ].sort(),
    );
  });

  it("with everything makes the VPC origin and the firewall, and leaves the proof to the load balancer", async () => {
    assert.deepEqual(
      children(await make(everything), "www"),
      [
        ...always,
        ...immutable,
        ...named,
        `${types.function} www-not-found`,
        `${types.vpcOrigin} www-vpc-origin-https`,
        `${types.acl} www-waf`,
        `${types.logGroup} www-waf-log`,
        `${types.aclLogging} www-waf-logging`,
      ].sort(),
    );
  });

  it("keeps the bucket private, encrypted by the stack's key, versioned, and logged", async () => {
    const result = await make(spa);
    const bucket = resource(result, types.bucket, "www-bucket").outputs["bucket"];
    const of = (type: string, name: string): Properties => resource(result, type, name).inputs;
    assert.deepEqual(of(types.publicAccess, "www-public-access"), {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    assert.deepEqual(of(types.ownership, "www-ownership"), {
      bucket,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    assert.deepEqual(of(types.encryption, "www-encryption"), {
      bucket,
      rules: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
          bucketKeyEnabled: true,
        },
      ],
    });
    assert.deepEqual(of(types.versioning, "www-versioning"), {
      bucket,
      versioningConfiguration: { status: "Enabled" },
    });
    assert.deepEqual(of(types.logging, "www-logging"), {
      bucket,
      targetBucket: "archive",
      targetPrefix: "s3/www/",
      targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: "EventTime" } },
    });
  });

  it("lets nothing expire by age, and forgets what was deleted", async () => {
    const rules = async (args: StaticSiteArgs): Promise<unknown> =>
      resource(await make(args), types.lifecycle, "www-lifecycle").inputs["rules"];
    const expected = (noncurrentDays: number): unknown => [
      {
        id: "forget-deleted",
        status: "Enabled",
        filter: {},
        noncurrentVersionExpiration: { noncurrentDays },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
      },
      { id: "delete-markers", status: "Enabled", filter: {}, expiration: { expiredObjectDeleteMarker: true } },
    ];
    assert.deepEqual(await rules(spa), expected(30));
    assert.deepEqual(await rules({ ...spa, restoreDays: 90 }), expected(90));
  });

  it("lets this distribution alone read, over TLS alone, and see what is missing", async () => {
    const result = await make(spa);
    const arn = text(resource(result, types.bucket, "www-bucket").outputs["arn"]);
    const here = resource(result, types.distribution, "www-distribution").outputs["arn"];
    const policy = resource(result, types.policy, "www-policy").inputs;
    assert.equal(policy["bucket"], resource(result, types.bucket, "www-bucket").outputs["bucket"]);
    assert.deepEqual(policy["policy"], {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "TlsOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [arn, `${arn}/*`],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
        {
          Sid: "CloudFrontReads",
          Effect: "Allow",
          Principal: { Service: "cloudfront.amazonaws.com" },
          Action: "s3:GetObject",
          Resource: [`${arn}/releases/*`, `${arn}/immutable/*`],
          Condition: { StringEquals: { "aws:SourceArn": here } },
        },
        {
          Sid: "CloudFrontSeesWhatIsMissing",
          Effect: "Allow",
          Principal: { Service: "cloudfront.amazonaws.com" },
          Action: "s3:ListBucket",
          Resource: arn,
          Condition: { StringEquals: { "aws:SourceArn": here } },
        },
      ],
    });
  });

  it("reads by origin access control: releases as they are named, immutable files from their folder", async () => {
    const result = await make(spa);
    assert.deepEqual(
      inputs(
        result,
        types.originAccess,
        "www-origin-access",
        ...["originAccessControlOriginType", "signingBehavior", "signingProtocol"],
      ),
      { originAccessControlOriginType: "s3", signingBehavior: "always", signingProtocol: "sigv4" },
    );
    const files = {
      domainName: resource(result, types.bucket, "www-bucket").outputs["bucketRegionalDomainName"],
      originAccessControlId: resource(result, types.originAccess, "www-origin-access").id,
    };
    assert.deepEqual(distribution(result).origins, [
      { originId: "site", ...files },
      { originId: "immutable", originPath: "/immutable", ...files },
    ]);
  });

  it("serves HTTP/3 and IPv6, nothing over plain HTTP, without an error page for the whole distribution", async () => {
    const keys = ["enabled", "httpVersion", "isIpv6Enabled", "priceClass", "restrictions", "defaultRootObject"];
    const result = await make(spa);
    const unset = ["customErrorResponses", "webAclId", "aliases"];
    assert.deepEqual(inputs(result, types.distribution, "www-distribution", ...keys, ...unset, "viewerCertificate"), {
      enabled: true,
      httpVersion: "http2and3",
      isIpv6Enabled: true,
      priceClass: "PriceClass_200",
      restrictions: { geoRestriction: { restrictionType: "none" } },
      defaultRootObject: "index.html",
      viewerCertificate: { cloudfrontDefaultCertificate: true },
    });
    const file = {
      viewerProtocolPolicy: "redirect-to-https",
      allowedMethods: ["GET", "HEAD"],
      cachedMethods: ["GET", "HEAD"],
      compress: true,
      cachePolicyId: "658327ea-f89d-4fab-a63d-7e88639e58f6",
    };
    const arn = (name: string): unknown => resource(result, types.function, name).outputs["arn"];
    const { pages: behavior, others } = distribution(result);
    assert.deepEqual(behavior, {
      targetOriginId: "site",
      ...file,
      responseHeadersPolicyId: resource(result, types.headers, "www-page-headers").id,
      functionAssociations: [{ eventType: "viewer-request", functionArn: arn("www-request") }],
    });
    assert.deepEqual(others, [
      {
        pathPattern: "/assets/*",
        targetOriginId: "immutable",
        ...file,
        responseHeadersPolicyId: resource(result, types.headers, "www-headers").id,
        functionAssociations: [{ eventType: "viewer-response", functionArn: arn("www-immutable") }],
      },
    ]);
  });

  it("with a domain has TLS 1.2 and newer under a certificate of us-east-1", async () => {
    const result = await make({ ...pages, domain: { ...domain, aliases: ["example.com"] } });
    const acm = resource(result, "aws:acm/certificate:Certificate", "www-certificate-acm").inputs;
    assert.equal(acm["region"], "us-east-1");
    const issued = resource(result, "aws:acm/certificateValidation:CertificateValidation", "www-certificate-issued");
    assert.deepEqual(inputs(result, types.distribution, "www-distribution", "aliases", "viewerCertificate"), {
      aliases: ["www.example.com", "example.com"],
      viewerCertificate: {
        acmCertificateArn: issued.outputs["certificateArn"],
        sslSupportMethod: "sni-only",
        minimumProtocolVersion: "TLSv1.2_2025",
      },
    });
    const records = result.resources.filter((r) => r.type === types.record && r.inputs["type"] !== "CNAME");
    assert.deepEqual(
      records.map((r) => `${text(r.inputs["name"])} ${text(r.inputs["type"])}`),
      ["www.example.com A", "www.example.com AAAA", "example.com A", "example.com AAAA"],
    );
  });

  it("gives a site's pages the function that sets a not-found page's status", async () => {
    const result = await make(pages);
    const arn = (name: string): unknown => resource(result, types.function, name).outputs["arn"];
    assert.deepEqual(distribution(result).pages["functionAssociations"], [
      { eventType: "viewer-request", functionArn: arn("www-request") },
      { eventType: "viewer-response", functionArn: arn("www-not-found") },
    ]);
  });

  it("publishes the functions' code as its tests have it, the first one with the store", async () => {
    const result = await make({ ...pages, indexDocument: "home.html", notFoundDocument: "missing.html" });
    const { layout } = result.made;
    assert.deepEqual(layout, {
      mode: "static",
      indexDocument: "home.html",
      notFoundDocument: "missing.html",
      immutablePaths: ["/_astro/*"],
    });
    const made = (name: string): Properties =>
      inputs(result, types.function, name, "runtime", "code", "keyValueStoreAssociations", "publish");
    const runtime = "cloudfront-js-2.0";
    assert.deepEqual(made("www-request"), {
      runtime,
      code: requestCode(layout),
      keyValueStoreAssociations: [resource(result, types.store, "www-store").outputs["arn"]],
    });
    assert.deepEqual(made("www-not-found"), { runtime, code: notFoundCode("missing.html") });
    assert.deepEqual(made("www-immutable"), { runtime, code: immutableCode });
  });

  it("sets the pointer once and leaves it to the releases", async () => {
    const result = await make(spa);
    const key = resource(result, types.key, "www-release");
    assert.deepEqual(key.inputs, {
      keyValueStoreArn: resource(result, types.store, "www-store").outputs["arn"],
      key: "release",
      value: "none",
    });
    assert.deepEqual(key.options["ignoreChanges"], ["value"]);
  });

  it("says security headers everywhere, a CSP only to report, and that pages are asked for again", async () => {
    const keys = ["securityHeadersConfig", "customHeadersConfig", "removeHeadersConfig"];
    const result = await make(spa);
    const report = {
      header: "Content-Security-Policy-Report-Only",
      value:
        "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; img-src 'self' data:; object-src 'none'",
      override: false,
    };
    const common = {
      securityHeadersConfig: {
        strictTransportSecurity: { accessControlMaxAgeSec: 31_536_000, includeSubdomains: false, override: true },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: "DENY", override: false },
        referrerPolicy: { referrerPolicy: "strict-origin-when-cross-origin", override: false },
      },
      removeHeadersConfig: { items: [{ header: "Server" }, { header: "X-Powered-By" }] },
    };
    assert.deepEqual(inputs(result, types.headers, "www-headers", ...keys), {
      ...common,
      customHeadersConfig: { items: [report] },
    });
    assert.deepEqual(inputs(result, types.headers, "www-page-headers", ...keys), {
      ...common,
      customHeadersConfig: { items: [report, { header: "Cache-Control", value: "no-cache", override: true }] },
    });

    const enforced = await make({ ...spa, contentSecurityPolicy: { policy: "default-src 'self'", enforce: true } });
    assert.deepEqual(inputs(enforced, types.headers, "www-page-headers", ...keys), {
      ...common,
      securityHeadersConfig: {
        ...common.securityHeadersConfig,
        contentSecurityPolicy: { contentSecurityPolicy: "default-src 'self'", override: false },
      },
      customHeadersConfig: { items: [{ header: "Cache-Control", value: "no-cache", override: true }] },
    });
  });

  it("sends an API's paths to the load balancer, whole, unkept, and past every function", async () => {
    const api = { origin: httpOrigin, paths: ["/api/*", "/graphql"], responseTimeoutSeconds: 60 };
    const result = await make({ ...spa, api });
    const { origins, others } = distribution(result);
    assert.deepEqual(origins[1], {
      originId: "load-balancer",
      domainName: httpOrigin.domainName,
      vpcOriginConfig: {
        vpcOriginId: resource(result, types.vpcOrigin, "www-vpc-origin-http").id,
        originReadTimeout: 60,
        originKeepaliveTimeout: 5,
      },
    });
    const behavior = {
      targetOriginId: "load-balancer",
      viewerProtocolPolicy: "redirect-to-https",
      allowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
      cachedMethods: ["GET", "HEAD"],
      compress: true,
      cachePolicyId: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
      originRequestPolicyId: "216adef6-5c7f-47e4-b989-5492eafa07d3",
      responseHeadersPolicyId: resource(result, types.headers, "www-headers").id,
    };
    assert.deepEqual(others.slice(0, 2), [
      { pathPattern: "/api/*", ...behavior },
      { pathPattern: "/graphql", ...behavior },
    ]);
    assert.equal(others[2]?.["pathPattern"], "/assets/*");
    assert.equal(others.length, 3);
    const usual = distribution(await make({ ...spa, immutablePaths: [], api: { origin: httpOrigin } }));
    assert.deepEqual(
      usual.others.map((each) => each["pathPattern"]),
      ["/api/*"],
    );
    assert.equal((usual.origins[1]?.["vpcOriginConfig"] as Properties)["originReadTimeout"], 30);
  });

  it("fits a load balancer of the same domain", async () => {
    const result = await run(() => {
      const network = { vpcId: "vpc-1", publicSubnetIds: [], privateSubnetIds: ["subnet-a"], isolatedSubnetIds: [] };
      const web = new LoadBalancer("web", { ...required, network, domain });
      new StaticSite("www", { ...pages, api: { origin: web.origin } });
    });
    assert.equal(result.error, undefined);
    const proofs = result.resources.filter((r) => r.type === types.record && r.inputs["type"] === "CNAME");
    assert.deepEqual(
      proofs.map((r) => r.name),
      ["web-certificate-prove-www.example.com", "web-certificate-prove-origin.www.example.com"],
      "each name is proven once",
    );
  });

  it("puts a firewall in front by switch, and takes sizes from the arguments", async () => {
    const result = await make({ ...everything, priceClass: "PriceClass_All", errorRatePercent: 2 });
    const made = resource(result, types.distribution, "www-distribution").inputs;
    assert.equal(made["webAclId"], resource(result, types.acl, "www-waf").outputs["arn"]);
    assert.equal(made["priceClass"], "PriceClass_All");
    assert.equal(resource(result, types.alarm, "www-errors-alarm").inputs["threshold"], 2);
  });

  it("alarms in us-east-1 on its own distribution, to the topic, both ways, and says where to look", async () => {
    const all = resource(await make(spa), types.alarm, "www-errors-alarm").inputs;
    assert.equal(all["region"], "us-east-1");
    assert.equal(all["metricName"], "5xxErrorRate");
    assert.equal(all["threshold"], 5);
    assert.equal(all["treatMissingData"], "notBreaching");
    assert.deepEqual(all["alarmActions"], [required.alarmTopicArn]);
    assert.deepEqual(all["okActions"], [required.alarmTopicArn]);
    assert.match(text(all["alarmDescription"]), /key value store/);
    assert.doesNotMatch(text(all["alarmDescription"]), /load balancer/);
    const withApi = resource(await make(everything), types.alarm, "www-errors-alarm").inputs;
    assert.match(text(withApi["alarmDescription"]), /load balancer/);
  });

  it("logs requests into the archive, from us-east-1", async () => {
    const result = await make(spa);
    assert.deepEqual(inputs(result, types.source, "www-log-source", "region", "logType", "resourceArn"), {
      region: "us-east-1",
      logType: "ACCESS_LOGS",
      resourceArn: resource(result, types.distribution, "www-distribution").outputs["arn"],
    });
    assert.deepEqual(
      resource(result, types.destination, "www-log-destination").inputs["deliveryDestinationConfiguration"],
      { destinationResourceArn: "arn:aws:s3:::archive" },
    );
  });

  it("protects files and pointer with keep, and nothing without", async () => {
    const guarded = (result: Run): string[] =>
      result.resources
        .filter((r) => r.options["protect"] === true)
        .map((r) => r.name)
        .sort();
    const kept = await make({ ...spa, keep: true });
    assert.deepEqual(guarded(kept), ["www-bucket", "www-release", "www-store"]);
    assert.equal(resource(kept, types.bucket, "www-bucket").inputs["forceDestroy"], false);
    const loose = await make(spa);
    assert.deepEqual(guarded(loose), []);
    assert.equal(resource(loose, types.bucket, "www-bucket").inputs["forceDestroy"], true);
  });

  it("lets CI write new files, list, delete releases, and move the pointer; nothing else", async () => {
    const values: unknown[] = [];
    const result = await run(() => {
      const { deploy } = new StaticSite("www", pages);
      pulumi.output(deploy).apply((value) => values.push(value));
    });
    assert.equal(result.error, undefined);
    const bucket = resource(result, types.bucket, "www-bucket");
    const arn = text(bucket.outputs["arn"]);
    const store = resource(result, types.store, "www-store").outputs["arn"];
    assert.deepEqual(values, [
      {
        name: "www",
        env: {
          BUCKET: bucket.outputs["bucket"],
          KEY_VALUE_STORE_ARN: store,
          LAYOUT:
            '{"mode":"static","indexDocument":"index.html","notFoundDocument":"404.html","immutablePaths":["/_astro/*"]}',
        },
        statements: [
          {
            Effect: "Allow",
            Action: "s3:PutObject",
            Resource: [`${arn}/releases/*`, `${arn}/immutable/*`],
            Condition: { Null: { "s3:if-none-match": "false" } },
          },
          {
            Effect: "Allow",
            Action: "s3:ListBucket",
            Resource: arn,
            Condition: { StringLike: { "s3:prefix": ["releases/*", "immutable/*"] } },
          },
          { Effect: "Allow", Action: "s3:DeleteObject", Resource: `${arn}/releases/*` },
          {
            Effect: "Allow",
            Action: ["kms:Decrypt", "kms:GenerateDataKey"],
            Resource: keyArn,
            Condition: { StringEquals: { "kms:EncryptionContext:aws:s3:arn": arn } },
          },
          {
            Effect: "Allow",
            Action: [
              "cloudfront-keyvaluestore:DescribeKeyValueStore",
              "cloudfront-keyvaluestore:GetKey",
              "cloudfront-keyvaluestore:ListKeys",
              "cloudfront-keyvaluestore:UpdateKeys",
            ],
            Resource: store,
          },
        ],
      },
    ]);
  });

  it("puts out where users go and where releases go", async () => {
    const without = await make(spa);
    const made = resource(without, types.distribution, "www-distribution");
    assert.deepEqual(resource(without, "kiban:index:StaticSite", "www").outputs, {
      url: `https://${text(made.outputs["domainName"])}`,
      domainName: made.outputs["domainName"],
      distributionId: made.id,
      distributionArn: made.outputs["arn"],
      hostedZoneId: made.outputs["hostedZoneId"],
      bucketName: resource(without, types.bucket, "www-bucket").outputs["bucket"],
      keyValueStoreArn: resource(without, types.store, "www-store").outputs["arn"],
      layout: { mode: "spa", indexDocument: "index.html", immutablePaths: ["/assets/*"] },
    });
    assert.equal(
      resource(await make(pages), "kiban:index:StaticSite", "www").outputs["url"],
      "https://www.example.com",
    );
  });

  const index = "allowed: an HTML file of the build's top folder, such as index.html";
  const patterns = "allowed: patterns such as /assets/*, not everything; start with / and name a folder";
  const faults: { what: string; args: StaticSiteArgs; lines: string[] }[] = [
    {
      what: "a static site without an index",
      args: without(pages, "indexDocument"),
      lines: [`indexDocument: was not set; ${index}; set the file that answers for / and for folders`],
    },
    {
      what: "documents that are no pages of the top folder",
      args: { ...pages, indexDocument: "/index.html", notFoundDocument: "errors/404.html" },
      lines: [
        `indexDocument: was "/index.html"; ${index}; set the file that answers for / and for folders`,
        'notFoundDocument: was "errors/404.html"; allowed: an HTML file of the build\'s top folder besides the index, such as 404.html; set the file that says that a page is not there',
      ],
    },
    {
      what: "an index that is the not-found page, too",
      args: { ...pages, notFoundDocument: "index.html" },
      lines: [
        'notFoundDocument: was "index.html"; allowed: an HTML file of the build\'s top folder besides the index, such as 404.html; set the file that says that a page is not there',
      ],
    },
    {
      what: "a not-found page of an app",
      args: { ...spa, notFoundDocument: "404.html" },
      lines: [
        'notFoundDocument: was "404.html"; allowed: nothing in spa mode; let the app show it, or set mode: static',
      ],
    },
    {
      what: "neither domain nor withoutDomain",
      args: without(pages, "domain"),
      lines: [
        "domain: was not set; allowed: a domain, or withoutDomain: true; set domain, or withoutDomain where CloudFront's own certificate will do",
      ],
    },
    {
      what: "both",
      args: { ...pages, withoutDomain: true },
      lines: ["withoutDomain: was true; allowed: domain or withoutDomain, not both; remove withoutDomain"],
    },
    {
      what: "a load balancer that is public, and has no HTTPS for the domain",
      args: { ...pages, api: { origin: { ...httpOrigin, internal: false }, responseTimeoutSeconds: 0 } },
      lines: [
        'api.origin: was "a public load balancer"; allowed: an internal load balancer; leave public out of the load balancer: CloudFront reaches it through a VPC origin',
        "api.origin.https: was false; allowed: an HTTPS origin behind a domain; give the load balancer the same domain",
        "api.responseTimeoutSeconds: was 0; allowed: 1 to 120; set 30, or answer early and work on in the background",
      ],
    },
    {
      what: "a load balancer whose certificate has other names",
      args: { ...pages, api: { origin: { ...httpsOrigin, certificateNames: ["app.example.com"] } } },
      lines: [
        "domain: was \"www.example.com\"; allowed: names that the load balancer's certificate covers, for CloudFront passes the Host header on; add it to the load balancer's domain.aliases",
      ],
    },
    {
      what: "paths that CloudFront or reason forbid",
      args: {
        ...spa,
        immutablePaths: ["/*", "assets/*", "/a/*", "/a/*"],
        api: { origin: httpOrigin, paths: ["/a/*", "/api /*"] },
      },
      lines: [
        `immutablePaths: was "/*"; ${patterns}`,
        `immutablePaths: was "assets/*"; ${patterns}`,
        'immutablePaths: was "/a/*"; allowed: each path once; remove the second one',
        `api.paths: was "/api /*"; ${patterns}`,
        'api.paths: was "/a/*"; allowed: paths that are not immutable; remove it from one of the two',
      ],
    },
    {
      what: "an API without paths, and more behaviors than CloudFront takes",
      args: {
        ...spa,
        immutablePaths: Array.from({ length: 75 }, (_, number) => `/${number}/*`),
        api: { origin: httpOrigin, paths: [] },
      },
      lines: [
        'immutablePaths: was "75 paths"; allowed: at most 74; use wildcards',
        "api.paths: was []; allowed: at least one pattern; set /api/*, or leave api out",
      ],
    },
    {
      what: "numbers out of range",
      args: { ...spa, errorRatePercent: 100, restoreDays: 0, waf: { ...waf, rateLimit: 1, retentionDays: 31 as 30 } },
      lines: [
        "errorRatePercent: was 100; allowed: more than 0, less than 100; set 5",
        "waf.rateLimit: was 1; allowed: 10 to 2000000000; set 2000",
        "waf.retentionDays: was 31; allowed: a retention that CloudWatch Logs has; set 30",
        "restoreDays: was 0; allowed: a whole number from 1; set 30",
      ],
    },
  ];
  for (const { what, args, lines } of faults) {
    it(`refuses ${what}, before anything registers`, async () => {
      const result = await run(() => new StaticSite("www", args));
      assert.equal(result.error?.message, ['StaticSite "www":', ...lines.map((line) => `  ${line}`)].join("\n"));
      assert.deepEqual(result.resources, []);
    });
  }

  it("refuses a name that makes no variable, or is too long for its log's source", async () => {
    const name = "A-Site-With-A-Name-That-Is-Far-Too-Long";
    const result = await run(() => new StaticSite(name, spa));
    assert.equal(
      result.error?.message,
      [
        `StaticSite "${name}":`,
        `  name: was "${name}"; allowed: at most 36 characters (AWS: 60 with our suffix); shorten it`,
        `  name: was "${name}"; allowed: kebab-case, such as www-site; rename the component`,
      ].join("\n"),
    );
    assert.deepEqual(result.resources, []);
  });

  it("counts an API's paths among the behaviors", async () => {
    const immutablePaths = Array.from({ length: 74 }, (_, number) => `/${number}/*`);
    await make({ ...spa, immutablePaths });
    const result = await run(() => new StaticSite("www", { ...spa, immutablePaths, api: { origin: httpOrigin } }));
    assert.match(result.error?.message ?? "", /immutablePaths: was "74 paths"; allowed: at most 73/);
  });

  it("passes each child through its transform", async () => {
    const tags = { tags: { Marked: "yes" } };
    const result = await make({
      ...everything,
      transform: {
        bucket: tags,
        ownership: { rule: { objectOwnership: "ObjectWriter" } },
        publicAccess: { skipDestroy: true },
        encryption: (ours) => ({ ...ours, rules: [] }),
        versioning: { mfa: "marked" },
        lifecycle: { rules: [] },
        logging: { targetPrefix: "marked/" },
        policy: { policy: "marked" },
        keyValueStore: { comment: "marked" },
        release: { value: "marked" },
        requestFunction: { comment: "marked request" },
        notFoundFunction: { comment: "marked not found" },
        immutableFunction: { comment: "marked immutable" },
        originAccess: { description: "marked" },
        pageHeadersPolicy: { comment: "marked pages" },
        headersPolicy: { comment: "marked" },
        vpcOrigin: tags,
        certificate: { certificate: tags },
        distribution: tags,
        records: { type: "HTTPS" },
        logSource: tags,
        logDestination: tags,
        logDelivery: tags,
        errorsAlarm: tags,
        webAcl: tags,
        webAclLogGroup: tags,
        webAclLogging: { redactedFields: [] },
      },
    });
    assert.deepEqual(
      result.resources
        .filter((r) => (r.inputs["tags"] as Record<string, string> | undefined)?.["Marked"] === "yes")
        .map((r) => r.name)
        .sort(),
      [
        ...["www-bucket", "www-certificate-acm", "www-distribution", "www-errors-alarm", "www-log-delivery"],
        ...["www-log-destination", "www-log-source", "www-vpc-origin-https", "www-waf", "www-waf-log"],
      ],
    );
    const marked = (type: string, name: string, property: string): unknown =>
      resource(result, type, name).inputs[property];
    assert.deepEqual(marked(types.ownership, "www-ownership", "rule"), { objectOwnership: "ObjectWriter" });
    assert.equal(marked(types.publicAccess, "www-public-access", "skipDestroy"), true);
    assert.deepEqual(marked(types.encryption, "www-encryption", "rules"), []);
    assert.equal(marked(types.versioning, "www-versioning", "mfa"), "marked");
    assert.deepEqual(marked(types.lifecycle, "www-lifecycle", "rules"), []);
    assert.equal(marked(types.logging, "www-logging", "targetPrefix"), "marked/");
    assert.equal(marked(types.policy, "www-policy", "policy"), "marked");
    assert.equal(marked(types.store, "www-store", "comment"), "marked");
    assert.equal(marked(types.key, "www-release", "value"), "marked");
    assert.equal(marked(types.function, "www-request", "comment"), "marked request");
    assert.equal(marked(types.function, "www-not-found", "comment"), "marked not found");
    assert.equal(marked(types.function, "www-immutable", "comment"), "marked immutable");
    assert.equal(marked(types.originAccess, "www-origin-access", "description"), "marked");
    assert.equal(marked(types.headers, "www-page-headers", "comment"), "marked pages");
    assert.equal(marked(types.headers, "www-headers", "comment"), "marked");
    assert.equal(marked(types.record, "www-record-www.example.com-a", "type"), "HTTPS");
    assert.equal(marked(types.record, "www-record-www.example.com-aaaa", "type"), "HTTPS");
    assert.deepEqual(marked(types.aclLogging, "www-waf-logging", "redactedFields"), []);
  });

  it("has its nodes under the keys of its transforms", async () => {
    const { nodes } = (await make(everything)).made;
    assert.deepEqual(Object.keys(nodes).sort(), [
      ...["bucket", "certificate", "distribution", "encryption", "errorsAlarm", "headersPolicy", "immutableFunction"],
      ...["keyValueStore", "lifecycle", "logDelivery", "logDestination", "logSource", "logging", "notFoundFunction"],
      ...["originAccess", "ownership", "pageHeadersPolicy", "policy", "publicAccess", "records", "release"],
      ...["requestFunction", "versioning", "vpcOrigin", "webAcl", "webAclLogGroup", "webAclLogging"],
    ]);
    const plain = (await make({ ...spa, immutablePaths: [] })).made.nodes;
    for (const key of ["certificate", "headersPolicy", "vpcOrigin", "webAcl"] as const) {
      assert.equal(plain[key], undefined, key);
    }
    assert.equal(plain.notFoundFunction, undefined);
    assert.equal(plain.immutableFunction, undefined);
  });

  it("lives beside another", async () => {
    const result = await run(() => {
      new StaticSite("one", everything);
      new StaticSite("two", everything);
    });
    assert.equal(result.error, undefined);
    assert.equal(new Set(result.resources.map((r) => r.urn)).size, result.resources.length);
    assert.equal(children(result, "one").length, children(result, "two").length);
  });
});

function without(args: StaticSiteArgs, key: "indexDocument" | "domain"): StaticSiteArgs {
  const copy = { ...args };
  delete copy[key];
  return copy;
}
