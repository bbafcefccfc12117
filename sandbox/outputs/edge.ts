import { type Value, type Values } from "../values";
import { byArn, type Context, type Made, type Maker, type Makers } from "./context";

// ARN formats: AWS Service Authorization Reference, "Amazon CloudFront", "AWS Certificate Manager", "Amazon Route 53",
// "AWS WAF V2". CloudFront and Route 53 are global: their ARNs name no region.

function cloudfront(c: Context, resource: string): string {
  return c.arn("cloudfront", resource, { region: "" });
}

function distribution(c: Context): Made {
  const id = `E${c.upper(13)}`;
  return {
    id,
    outputs: {
      arn: cloudfront(c, `distribution/${id}`),
      callerReference: `terraform-${c.hex(26)}`,
      domainName: `d${c.lower(13, "domain")}.cloudfront.net`,
      etag: `E${c.upper(13, "etag")}`,
      // The one hosted zone of all distributions (Route 53 API Reference, AliasTarget).
      hostedZoneId: "Z2FDTNDATAQYW2",
      status: "Deployed",
      inProgressValidationBatches: 0,
    },
  };
}

/** Policies and access controls of CloudFront: an id of its own kind under `resource/`. */
function part(resource: string, id: (c: Context) => string): Maker {
  return (c) => ({
    id: id(c),
    outputs: { arn: cloudfront(c, `${resource}/${id(c)}`), etag: `E${c.upper(13, "etag")}` },
  });
}

/** A DNS record per name that shows that the names are ours (ACM User Guide, "DNS validation"). */
function certificate(c: Context): Made {
  const domainName = c.text("domainName") ?? "example.com";
  const more = c.inputs["subjectAlternativeNames"];
  const names = [domainName, ...(Array.isArray(more) ? more.filter((n): n is string => typeof n === "string") : [])];
  const options: Value[] = [...new Set(names)].map((name): Values => {
    const host = name.replace(/^\*\./, "");
    return {
      domainName: name,
      resourceRecordName: `_${c.hex(32, `record ${host}`)}.${host}.`,
      resourceRecordType: "CNAME",
      resourceRecordValue: `_${c.hex(32, `value ${host}`)}.${c.lower(10, host)}.acm-validations.aws.`,
    };
  });
  return byArn(c.arn("acm", `certificate/${c.uuid()}`), {
    domainName,
    domainValidationOptions: c.text("validationMethod") === "EMAIL" ? [] : options,
    keyAlgorithm: c.given("keyAlgorithm", "RSA_2048"),
    status: "PENDING_VALIDATION",
    subjectAlternativeNames: names,
    type: "AMAZON_ISSUED",
  });
}

function zone(c: Context): Made {
  const zoneId = `Z${c.upper(20)}`;
  const servers = [0, 1, 2, 3].map(
    (n) => `ns-${128 + n}.awsdns-${16 + n}.${["com", "net", "org", "co.uk"][n] ?? "com"}`,
  );
  return {
    id: zoneId,
    outputs: {
      arn: `arn:${c.partition}:route53:::hostedzone/${zoneId}`,
      zoneId,
      nameServers: servers,
      primaryNameServer: servers[0] ?? "",
    },
  };
}

function record(c: Context): Made {
  const name = c.name();
  return {
    id: [c.text("zoneId") ?? "", name, c.text("type") ?? "A"].join("_"),
    outputs: { fqdn: name.replace(/\.$/, "") },
  };
}

function webAcl(c: Context): Made {
  const id = c.uuid();
  const scope = c.text("scope") === "CLOUDFRONT" ? "global" : "regional";
  const arn = c.arn("wafv2", `${scope}/webacl/${c.name()}/${id}`);
  return { id, outputs: { arn, capacity: 100, lockToken: c.uuid("lock"), applicationIntegrationUrl: "" } };
}

export const edge: Makers = {
  "cloudfront/distribution": distribution,
  "cloudfront/vpcOrigin": part("vpcorigin", (c) => `vo_${c.lower(22)}`),
  "cloudfront/originAccessControl": part("origin-access-control", (c) => `E${c.upper(13)}`),
  "cloudfront/cachePolicy": part("cache-policy", (c) => c.uuid()),
  "cloudfront/originRequestPolicy": part("origin-request-policy", (c) => c.uuid()),
  "cloudfront/responseHeadersPolicy": part("response-headers-policy", (c) => c.uuid()),
  "cloudfront/function": part("function", (c) => c.name()),
  "cloudfront/keyValueStore": part("key-value-store", (c) => c.uuid()),
  "acm/certificate": certificate,
  "acm/certificateValidation": (c) => ({
    id: "2026-01-01 00:00:00 +0000 UTC",
    outputs: { certificateArn: c.given("certificateArn", "") },
  }),
  "route53/zone": zone,
  "route53/record": record,
  "wafv2/webAcl": webAcl,
};
