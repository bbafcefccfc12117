import assert from "node:assert/strict";

import { albHttps, cfMinTls, cfOriginTls } from "../../policy/rules/edge";
import { type Props, StackBuilder, UNKNOWN, assertLevels, replaced } from "./harness";

const distribution = "aws:cloudfront/distribution:Distribution";
const vpcOrigin = "aws:cloudfront/vpcOrigin:VpcOrigin";
const loadBalancer = "aws:lb/loadBalancer:LoadBalancer";
const listener = "aws:lb/listener:Listener";
const environments = ["dev", "stg", "prod"] as const;
const all = [cfMinTls, cfOriginTls, albHttps];

/** A front with a domain: HTTPS from the viewer to the load balancer. Each part can be changed. */
interface Parts {
  readonly distribution: Props;
  readonly origin: Props;
  readonly balancer: Props;
  readonly listeners: readonly Props[];
}

const secure: Parts = {
  distribution: {
    aliases: ["www.example.com"],
    viewerCertificate: {
      acmCertificateArn: UNKNOWN,
      minimumProtocolVersion: "TLSv1.2_2021",
      sslSupportMethod: "sni-only",
    },
    origins: [{ originId: "services", vpcOriginConfig: { vpcOriginId: UNKNOWN } }],
  },
  origin: {
    vpcOriginEndpointConfig: {
      arn: UNKNOWN,
      originProtocolPolicy: "https-only",
      originSslProtocols: { items: ["TLSv1.2"], quantity: 1 },
    },
  },
  balancer: { internal: true, loadBalancerType: "application" },
  listeners: [443, 8443].map((port) => ({
    loadBalancerArn: UNKNOWN,
    port,
    protocol: "HTTPS",
    certificateArn: UNKNOWN,
    defaultActions: [{ type: "fixed-response" }],
  })),
};

/** The shape of `edge.withoutDomain`. */
const bare: Parts = {
  distribution: {
    viewerCertificate: { cloudfrontDefaultCertificate: true },
    origins: [{ originId: "services", vpcOriginConfig: { vpcOriginId: UNKNOWN } }],
  },
  origin: replaced(secure.origin, "vpcOriginEndpointConfig.originProtocolPolicy", "http-only"),
  balancer: secure.balancer,
  listeners: [80, 8080].map((port) => ({ port, protocol: "HTTP", defaultActions: [{ type: "fixed-response" }] })),
};

function build(stack: string, parts: Parts): StackBuilder {
  const built = new StackBuilder(stack).add(loadBalancer, "lb", parts.balancer);
  parts.listeners.forEach((inputs, i) =>
    built.add(listener, `listener${i}`, inputs, { links: { loadBalancerArn: ["lb"] } }),
  );
  built.add(vpcOrigin, "origin", parts.origin, { links: { vpcOriginEndpointConfig: ["lb"] } });
  return built.add(distribution, "cdn", parts.distribution, { links: { origins: ["origin"] } });
}

const ownCertificate =
  "viewerCertificate is CloudFront's own: " +
  "set acmCertificateArn and aliases: CloudFront's own certificate takes viewers with TLS 1.0";
const originHttp = "vpcOriginEndpointConfig.originProtocolPolicy lets CloudFront use HTTP: set it to https-only";
const listenerHttp = "protocol is HTTP: set it to HTTPS with certificateArn, or redirect to HTTPS";

describe("TLS at the edge", () => {
  it("passes HTTPS from end to end", () => {
    for (const stack of environments) {
      for (const rule of all) assert.deepEqual(build(stack, secure).messages(rule), []);
    }
  });

  describe("the stack without a domain", () => {
    const known =
      "viewerCertificate is CloudFront's own, and CloudFront reaches the internal load balancer over HTTP: " +
      "give the stack a domain: it adds certificates and HTTPS, and replaces nothing";

    it("is reported once in dev, on the distribution, as advisory whatever the configured level", () => {
      for (const config of [{}, { levels: { dev: "mandatory" } }]) {
        const findings = build("dev", bare).check(cfMinTls, config);
        const urn = `urn:pulumi:dev::shop::${distribution}::cdn`;
        assert.deepEqual(findings, [{ message: known, severity: "high", enforcementLevel: "advisory", urn }]);
        assert.deepEqual(build("dev", bare).messages(cfOriginTls, config), []);
        assert.deepEqual(build("dev", bare).messages(albHttps, config), []);
      }
    });

    it("is known in a stack that the configuration calls dev, and in no other", () => {
      const config = { environments: { alice: "dev" } };
      assert.deepEqual(build("alice", bare).messages(cfMinTls, config), [`cdn: ${known}`]);
      assert.deepEqual(build("alice", bare).messages(cfMinTls), [`cdn: ${ownCertificate}`]);
    });

    describe("of a static site", () => {
      const site = {
        viewerCertificate: { cloudfrontDefaultCertificate: true },
        origins: [
          { originId: "site", domainName: UNKNOWN, originAccessControlId: UNKNOWN },
          { originId: "immutable", domainName: UNKNOWN, originAccessControlId: "control" },
        ],
      };
      const set = "give the stack a domain: it adds a certificate, and replaces nothing";
      const one = (inputs: Props, stack = "dev") => new StackBuilder(stack).add(distribution, "cdn", inputs);

      it("is reported once in dev, as advisory whatever the configured level", () => {
        for (const config of [{}, { levels: { dev: "mandatory" } }]) {
          const findings = one(site).check(cfMinTls, config);
          const urn = `urn:pulumi:dev::shop::${distribution}::cdn`;
          const message = `viewerCertificate is CloudFront's own: ${set}`;
          assert.deepEqual(findings, [{ message, severity: "high", enforcementLevel: "advisory", urn }]);
        }
        for (const rule of [cfOriginTls]) assert.deepEqual(one(site).messages(rule), []);
      });

      it("is no excuse in stg and prod, nor with another origin, a public bucket, aliases or no origin", () => {
        for (const stack of ["stg", "prod"] as const) {
          assertLevels(cfMinTls, stack, one(site, stack).check(cfMinTls), [ownCertificate]);
        }
        for (const broken of [
          replaced(site, "origins[1].originAccessControlId", undefined),
          replaced(site, "origins[1].customOriginConfig", { originProtocolPolicy: "https-only" }),
          replaced(site, "origins[1].vpcOriginConfig", { vpcOriginId: "origin" }),
          replaced(site, "origins", []),
          replaced(site, "aliases", ["www.example.com"]),
        ]) {
          assert.deepEqual(one(broken).messages(cfMinTls), [`cdn: ${ownCertificate}`], JSON.stringify(broken));
        }
      });

      it("counts as the stack's own shape where it also reaches the internal load balancer", () => {
        const origins = [...site.origins, ...(bare.distribution.origins as unknown[])];
        const parts = { ...bare, distribution: { ...site, origins } };
        assert.deepEqual(build("dev", parts).messages(cfMinTls), [`cdn: ${known}`]);
      });
    });

    it("breaks each rule in stg and prod", () => {
      for (const stack of ["stg", "prod"] as const) {
        assertLevels(cfMinTls, stack, build(stack, bare).check(cfMinTls), [ownCertificate]);
        assertLevels(cfOriginTls, stack, build(stack, bare).check(cfOriginTls), [originHttp]);
        assertLevels(albHttps, stack, build(stack, bare).check(albHttps), [listenerHttp, listenerHttp]);
      }
    });

    it("is no excuse when any part of the shape is missing", () => {
      const others: [string, Parts][] = [
        ["a public load balancer", { ...bare, balancer: { internal: false } }],
        ["a load balancer that may be public", { ...bare, balancer: {} }],
        ["aliases", { ...bare, distribution: { ...bare.distribution, aliases: ["www.example.com"] } }],
      ];
      for (const [what, parts] of others) {
        assert.deepEqual(build("dev", parts).messages(cfMinTls), [`cdn: ${ownCertificate}`], what);
        assert.deepEqual(build("dev", parts).messages(cfOriginTls), [`origin: ${originHttp}`], what);
        assert.equal(build("dev", parts).messages(albHttps).length, 2, what);
      }
    });

    it("excuses the listeners of that load balancer alone", () => {
      const stack = build("dev", bare).add(loadBalancer, "other", { internal: true });
      stack.add(listener, "open", { protocol: "HTTP" }, { links: { loadBalancerArn: ["other"] } });
      assert.deepEqual(stack.messages(albHttps), [`open: ${listenerHttp}`]);
    });

    it("does not excuse another origin of the distribution over HTTP", () => {
      const custom = {
        originId: "legacy",
        customOriginConfig: { originProtocolPolicy: "http-only", originSslProtocols: [] },
      };
      const origins = [...(bare.distribution.origins as unknown[]), custom];
      const findings = build("dev", { ...bare, distribution: { ...bare.distribution, origins } }).messages(cfOriginTls);
      assert.deepEqual(findings, [
        "cdn: origins[1].customOriginConfig.originProtocolPolicy lets CloudFront use HTTP: set it to https-only",
      ]);
    });
  });

  describe("cf-min-tls", () => {
    const broken = (path: string, value: unknown) =>
      build("prod", { ...secure, distribution: replaced(secure.distribution, path, value) }).messages(cfMinTls);

    it("reports each broken field", () => {
      const old =
        "cdn: viewerCertificate.minimumProtocolVersion takes older TLS than 1.2 of 2021: set it to TLSv1.2_2021 or newer";
      for (const value of [undefined, "TLSv1", "TLSv1.1_2016", "TLSv1.2_2019"]) {
        assert.deepEqual(broken("viewerCertificate.minimumProtocolVersion", value), [old]);
      }
      for (const value of [undefined, "vip"]) {
        assert.deepEqual(broken("viewerCertificate.sslSupportMethod", value), [
          "cdn: viewerCertificate.sslSupportMethod is not sni-only: set it to sni-only",
        ]);
      }
      assert.deepEqual(broken("viewerCertificate.acmCertificateArn", undefined), [`cdn: ${ownCertificate}`]);
      assert.deepEqual(broken("viewerCertificate.cloudfrontDefaultCertificate", true), [`cdn: ${ownCertificate}`]);
    });

    it("takes newer policies and goes past unknowns", () => {
      assert.deepEqual(broken("viewerCertificate.minimumProtocolVersion", "TLSv1.2_2025"), []);
      assert.deepEqual(broken("viewerCertificate.minimumProtocolVersion", "TLSv1.3_2025"), []);
      assert.deepEqual(broken("viewerCertificate.minimumProtocolVersion", UNKNOWN), []);
      assert.deepEqual(broken("viewerCertificate.sslSupportMethod", UNKNOWN), []);
      assert.deepEqual(broken("viewerCertificate", UNKNOWN), []);
    });
  });

  describe("cf-origin-tls", () => {
    const custom = { originProtocolPolicy: "https-only", originSslProtocols: ["TLSv1.2"] };
    const broken = (path: string, value: unknown) => {
      const origins = [{ domainName: "api.example.com", customOriginConfig: replaced(custom, path, value) }];
      return build("prod", { ...secure, distribution: { ...secure.distribution, origins } }).messages(cfOriginTls);
    };

    it("reports each broken field of a custom origin", () => {
      const at = "cdn: origins[0].customOriginConfig";
      for (const value of [undefined, "http-only", "match-viewer"]) {
        const message = `${at}.originProtocolPolicy lets CloudFront use HTTP: set it to https-only`;
        assert.deepEqual(broken("originProtocolPolicy", value), [message]);
      }
      assert.deepEqual(broken("originSslProtocols", ["TLSv1.2", "TLSv1.1"]), [
        `${at}.originSslProtocols take older TLS than 1.2: set them to ["TLSv1.2"]`,
      ]);
      assert.deepEqual(broken("originProtocolPolicy", UNKNOWN), []);
      assert.deepEqual(broken("originSslProtocols", UNKNOWN), []);
      assert.deepEqual(broken("originSslProtocols", [UNKNOWN]), []);
    });

    it("reports each broken field of a VPC origin", () => {
      const at = "vpcOriginEndpointConfig";
      const origin = (path: string, value: unknown) =>
        build("prod", { ...secure, origin: replaced(secure.origin, `${at}.${path}`, value) }).messages(cfOriginTls);
      assert.deepEqual(origin("originProtocolPolicy", "match-viewer"), [`origin: ${originHttp}`]);
      assert.deepEqual(origin("originSslProtocols.items[0]", "TLSv1"), [
        `origin: ${at}.originSslProtocols.items take older TLS than 1.2: set them to ["TLSv1.2"]`,
      ]);
      assert.deepEqual(origin("originProtocolPolicy", UNKNOWN), []);
      assert.deepEqual(origin("originSslProtocols", UNKNOWN), []);
    });
  });

  describe("alb-https", () => {
    const one = (inputs: Props, balancer: Props = {}, type = listener) =>
      new StackBuilder()
        .add(loadBalancer, "lb", balancer)
        .add(type, "listener", inputs, { links: { loadBalancerArn: ["lb"] } })
        .messages(albHttps);
    const redirect = { type: "redirect", redirect: { protocol: "HTTPS", statusCode: "HTTP_301" } };

    it("passes HTTPS, a redirect to it, what is unknown, and streams", () => {
      assert.deepEqual(one({ protocol: "HTTPS", certificateArn: "arn" }), []);
      assert.deepEqual(one({ protocol: "HTTP", defaultActions: [redirect] }), []);
      assert.deepEqual(one({ protocol: "HTTP", defaultActions: [{ type: "redirect", redirect: UNKNOWN }] }), []);
      assert.deepEqual(one({ protocol: UNKNOWN }), []);
      assert.deepEqual(one({}, { loadBalancerType: "gateway" }), []);
      assert.deepEqual(one({ protocol: "TCP" }, { loadBalancerType: "network" }), []);
    });

    it("reports each broken field", () => {
      const noCertificate = "listener: certificateArn is not set: set it to the ARN of a certificate in the region";
      assert.deepEqual(one({ protocol: "HTTPS" }), [noCertificate]);
      for (const inputs of [
        {},
        { protocol: "HTTP" },
        { protocol: "HTTP", defaultActions: [] },
        { protocol: "HTTP", defaultActions: [{ type: "forward" }] },
        { protocol: "HTTP", defaultActions: [{ type: "redirect", redirect: { protocol: "HTTP" } }] },
        { protocol: "HTTP", defaultActions: [redirect, { type: "forward" }] },
      ]) {
        assert.deepEqual(one(inputs), [`listener: ${listenerHttp}`]);
        assert.deepEqual(one(inputs, {}, "aws:alb/listener:Listener"), [`listener: ${listenerHttp}`]);
      }
    });
  });
});
