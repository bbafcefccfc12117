import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { Certificate, type CertificateTransform } from "../certificate/certificate";
import { domainNames, type Domain } from "../certificate/domain";
import { override, type Override } from "../shared/override";
import { edgeRegion } from "./region";

/** TLS 1.2 with forward secrecy and authenticated ciphers, and 1.3. AWS: CloudFront's table of security policies. */
export const viewerTlsPolicy = "TLSv1.2_2025";

/** How users see the distribution: its names and its certificate. */
export interface Viewer {
  readonly certificate: Certificate | undefined;
  readonly args: Pick<aws.cloudfront.DistributionArgs, "aliases" | "viewerCertificate">;
}

/** With a domain a certificate of our own; else CloudFront's, whose minimum of TLS 1.0 nobody can raise. */
export function createViewer(
  parent: pulumi.Resource,
  name: string,
  domain: Domain | undefined,
  provenNames: readonly string[],
  transform: CertificateTransform | undefined,
): Viewer {
  if (domain === undefined) {
    return { certificate: undefined, args: { viewerCertificate: { cloudfrontDefaultCertificate: true } } };
  }
  const names = domainNames(domain);
  const certificate = new Certificate(
    `${name}-certificate`,
    {
      names: [domain.name, ...(domain.aliases ?? [])],
      zoneId: domain.zoneId,
      region: edgeRegion,
      provenNames,
      ...(transform !== undefined && { transform }),
    },
    { parent },
  );
  return {
    certificate,
    args: {
      aliases: [...names],
      viewerCertificate: {
        acmCertificateArn: certificate.arn,
        sslSupportMethod: "sni-only",
        minimumProtocolVersion: viewerTlsPolicy,
      },
    },
  };
}

/** A and AAAA of every name, by `<name> A` and `<name> AAAA`. */
export function createViewerRecords(
  parent: pulumi.Resource,
  name: string,
  domain: Domain | undefined,
  distribution: aws.cloudfront.Distribution,
  transform: Override<aws.route53.RecordArgs> | undefined,
): Record<string, aws.route53.Record> {
  const records: Record<string, aws.route53.Record> = {};
  if (domain === undefined) return records;
  for (const host of domainNames(domain)) {
    for (const type of ["A", "AAAA"] as const) {
      records[`${host} ${type}`] = new aws.route53.Record(
        `${name}-record-${host}-${type.toLowerCase()}`,
        override<aws.route53.RecordArgs>(
          {
            zoneId: domain.zoneId,
            name: host,
            type,
            aliases: [
              {
                name: distribution.domainName,
                zoneId: distribution.hostedZoneId,
                // Route 53 knows no health of a distribution.
                evaluateTargetHealth: false,
              },
            ],
          },
          transform,
        ),
        { parent },
      );
    }
  }
  return records;
}
