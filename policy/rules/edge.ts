import { withoutDomain } from "../lib/edge";
import type { Environment } from "../lib/environment";
import { type StackSubject, stackRule } from "../lib/rule";
import type { Node } from "../lib/stack";
import { types } from "../lib/types";
import type { Value } from "../lib/value";

function knownCase({ stack, config }: StackSubject) {
  return withoutDomain(stack, config.environments as Record<string, Environment> | undefined);
}

export const cfMinTls = stackRule(
  {
    name: "cf-min-tls",
    description: "CloudFront serves under a certificate of ours, with TLS 1.2 of 2021 or newer",
    severity: "high",
    levels: "A/M/M",
    fsbp: ["CloudFront.7", "CloudFront distributions should use custom SSL/TLS certificates"],
    remediationSteps:
      "Give the stack a domain: a certificate in us-east-1, minimumProtocolVersion TLSv1.2_2021, sni-only.",
  },
  types.distribution,
  (subject) => {
    const { stack, report } = subject;
    const accepted = knownCase(subject);
    for (const distribution of stack.ofType(types.distribution)) {
      const certificate = distribution.props.dig<Record<string, unknown>>("viewerCertificate");
      const ours = ["acmCertificateArn", "iamCertificateId"].some((key) => !certificate.dig(key).isEmpty());
      if (accepted.distributions.has(distribution)) {
        const wrong = "is CloudFront's own, and CloudFront reaches the internal load balancer over HTTP";
        const set = "give the stack a domain: it adds certificates and HTTPS, and replaces nothing";
        report(distribution, "viewerCertificate", wrong, set, "advisory");
      } else if (accepted.sites.has(distribution)) {
        const set = "give the stack a domain: it adds a certificate, and replaces nothing";
        report(distribution, "viewerCertificate", "is CloudFront's own", set, "advisory");
      } else if (certificate.dig("cloudfrontDefaultCertificate").is(true) || (!certificate.unknown && !ours)) {
        const set = "set acmCertificateArn and aliases: CloudFront's own certificate takes viewers with TLS 1.0";
        report(distribution, "viewerCertificate", "is CloudFront's own", set);
      } else {
        protocol(distribution, certificate, report);
      }
    }
  },
);

function protocol(distribution: Node, certificate: Value, report: StackSubject["report"]): void {
  const version = certificate.dig("minimumProtocolVersion");
  if (!version.unknown && !/^TLSv1\.(2_202[1-9]|3_\d{4})$/.test(version.text ?? "")) {
    report(distribution, version, "takes older TLS than 1.2 of 2021", "set it to TLSv1.2_2021 or newer");
  }
  const method = certificate.dig("sslSupportMethod");
  if (method.isNot("sni-only")) report(distribution, method, "is not sni-only", "set it to sni-only");
}

export const cfOriginTls = stackRule(
  {
    name: "cf-origin-tls",
    description: "CloudFront reaches its origins over TLS 1.2 alone",
    severity: "high",
    levels: "A/M/M",
    fsbp: ["CloudFront.9", "CloudFront distributions should encrypt traffic to custom origins"],
    remediationSteps: "Set originProtocolPolicy to https-only and originSslProtocols to TLSv1.2.",
  },
  [...types.distribution, ...types.vpcOrigin],
  (subject) => {
    const { stack, report } = subject;
    const accepted = knownCase(subject).origins;
    const check = (node: Node, config: Value, protocols: Value): void => {
      const policy = config.dig("originProtocolPolicy");
      if (policy.isNot("https-only")) report(node, policy, "lets CloudFront use HTTP", "set it to https-only");
      const old = protocols.items().some((item) => item.isNot("TLSv1.2", "TLSv1.3"));
      if (old) report(node, protocols, "take older TLS than 1.2", 'set them to ["TLSv1.2"]');
    };
    for (const distribution of stack.ofType(types.distribution)) {
      for (const origin of distribution.props.dig("origins").items()) {
        const config = origin.dig("customOriginConfig");
        if (!config.isEmpty()) check(distribution, config, config.dig("originSslProtocols"));
      }
    }
    for (const origin of stack.ofType(types.vpcOrigin)) {
      if (accepted.has(origin)) continue;
      const config = origin.props.dig("vpcOriginEndpointConfig");
      check(origin, config, config.dig("originSslProtocols", "items"));
    }
  },
);

export const albHttps = stackRule(
  {
    name: "alb-https",
    description: "Load balancers listen over HTTPS, or send HTTP there",
    severity: "high",
    levels: "A/M/M",
    fsbp: ["ELB.1", "Application Load Balancer should be configured to redirect all HTTP requests to HTTPS"],
    remediationSteps: "Set protocol to HTTPS with a certificate; make of an HTTP listener a redirect to HTTPS.",
  },
  types.listener,
  (subject) => {
    const { stack, report } = subject;
    const accepted = knownCase(subject).loadBalancers;
    for (const listener of stack.ofType(types.listener)) {
      const balancers = stack.targets(listener, "loadBalancerArn", types.loadBalancer);
      // Network and gateway load balancers pass streams on, which may be TLS from end to end.
      if (balancers.some((balancer) => balancer.props.dig("loadBalancerType").is("network", "gateway"))) continue;
      const protocol = listener.props.dig("protocol");
      const certificate = listener.props.dig("certificateArn");
      if (protocol.is("HTTPS") && certificate.isEmpty()) {
        report(listener, certificate, "is not set", "set it to the ARN of a certificate in the region");
      }
      // AWS: a listener of an application load balancer without a protocol speaks HTTP.
      if (!protocol.isEmpty() && !protocol.is("HTTP")) continue;
      if (redirects(listener) || (balancers.length > 0 && balancers.every((b) => accepted.has(b)))) continue;
      report(listener, protocol, "is HTTP", "set it to HTTPS with certificateArn, or redirect to HTTPS");
    }
  },
);

/** Whether each default action of the listener sends the request to HTTPS, or may; for good (301) or not. */
function redirects(listener: Node): boolean {
  const list = listener.props.dig("defaultActions");
  const actions = list.items();
  return (
    list.unknown ||
    (actions.length > 0 &&
      actions.every(
        (action) => !action.dig("type").isNot("redirect") && !action.dig("redirect", "protocol").isNot("HTTPS"),
      ))
  );
}
