import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { Certificate } from "../certificate/certificate";
import { override } from "../shared/override";
import type { LoadBalancerTransform } from "./load-balancer";
import type { Settled } from "./rules";

/** The listeners, and what a domain adds. */
export interface Listeners {
  readonly certificate: Certificate | undefined;
  readonly listener: aws.lb.Listener;
  readonly testListener: aws.lb.Listener;
  readonly redirectListener: aws.lb.Listener | undefined;
}

/**
 * TLS 1.2 and 1.3 with forward secrecy and authenticated ciphers alone, and post-quantum key exchange where the client
 * has it. AWS: "Security policies for your Application Load Balancer", the policy that it recommends.
 */
export const tlsPolicy = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09";

/** What no rule takes is answered here; a service is reached through a rule of its own or not at all. */
const notFound: aws.types.input.lb.ListenerDefaultAction = {
  type: "fixed-response",
  fixedResponse: { contentType: "text/plain", messageBody: "Not found", statusCode: "404" },
};

/**
 * Port, protocol, policy and certificate of a listener change in place (ModifyListener), so a domain that comes later
 * keeps its ARN, and with it every service's rules.
 */
export function createListeners(
  parent: pulumi.Resource,
  name: string,
  loadBalancer: aws.lb.LoadBalancer,
  settled: Settled,
  transform: LoadBalancerTransform,
): Listeners {
  const certificate = createCertificate(parent, name, settled, transform);
  const tls: Partial<aws.lb.ListenerArgs> =
    certificate === undefined
      ? { protocol: "HTTP" }
      : { protocol: "HTTPS", sslPolicy: tlsPolicy, certificateArn: certificate.arn };
  const listen = (
    role: string,
    by: LoadBalancerTransform["listener"],
    args: Omit<aws.lb.ListenerArgs, "loadBalancerArn">,
  ): aws.lb.Listener =>
    new aws.lb.Listener(
      `${name}-${role}`,
      override<aws.lb.ListenerArgs>({ loadBalancerArn: loadBalancer.arn, ...args }, by),
      { parent },
    );

  const listener = listen("listener", transform.listener, {
    port: settled.port,
    ...tls,
    defaultActions: [notFound],
  });
  const testListener = listen("test-listener", transform.testListener, {
    port: settled.testPort,
    ...tls,
    defaultActions: [notFound],
  });
  const redirectListener = settled.isPublic
    ? listen("redirect-listener", transform.redirectListener, {
        port: 80,
        protocol: "HTTP",
        defaultActions: [
          { type: "redirect", redirect: { protocol: "HTTPS", port: String(settled.port), statusCode: "HTTP_301" } },
        ],
      })
    : undefined;
  return { certificate, listener, testListener, redirectListener };
}

function createCertificate(
  parent: pulumi.Resource,
  name: string,
  settled: Settled,
  transform: LoadBalancerTransform,
): Certificate | undefined {
  const [first, ...rest] = settled.names;
  if (settled.domain === undefined || first === undefined) return undefined;
  return new Certificate(
    `${name}-certificate`,
    {
      names: [first, ...rest],
      zoneId: settled.domain.zoneId,
      ...(transform.certificate !== undefined && { transform: transform.certificate }),
    },
    { parent },
  );
}

/**
 * `origin.<domain>`, and when public the domain's own names. By the first the certificate also fits whoever calls the
 * test listener from inside the network.
 */
export function createRecords(
  parent: pulumi.Resource,
  name: string,
  loadBalancer: aws.lb.LoadBalancer,
  settled: Settled,
  transform: LoadBalancerTransform,
): Record<string, aws.route53.Record> {
  const records: Record<string, aws.route53.Record> = {};
  if (settled.domain === undefined) return records;
  const { zoneId } = settled.domain;
  for (const host of settled.names.filter((n) => settled.isPublic || n === settled.originName)) {
    records[host] = new aws.route53.Record(
      `${name}-record-${host}`,
      override<aws.route53.RecordArgs>(
        {
          zoneId,
          name: host,
          type: "A",
          aliases: [{ name: loadBalancer.dnsName, zoneId: loadBalancer.zoneId, evaluateTargetHealth: false }],
        },
        transform.records,
      ),
      { parent },
    );
  }
  return records;
}
