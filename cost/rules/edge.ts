import type { PlannedResource } from "../../plan/run";
import { idle, list, type Rules, type Setting, unpriced, use } from "../pricer";
import { product } from "../range";

/** At the prices of the edge locations of the stack's own region: that is where most of its users are. */
function ofDistribution(_: PlannedResource, { usage }: Setting) {
  const { millionRequests, kilobytesPerResponse } = usage.web;
  return [
    use("requests", "cloudfront.https", product(millionRequests, 100)),
    // A million of a kilobyte is a gigabyte.
    use("to viewers", "cloudfront.outGb", product(millionRequests, kilobytesPerResponse)),
  ];
}

function ofWebAcl({ inputs }: PlannedResource, { usage }: Setting) {
  return [
    idle("web ACL", "waf.webAcl", 1),
    idle("its rules", "waf.rule", list(inputs["rules"]).length),
    use("requests", "waf.requests", usage.web.millionRequests),
  ];
}

/** What stands before the load balancer: CloudFront, WAF, DNS. */
export const edge: Rules = {
  "aws:cloudfront/distribution:Distribution": ofDistribution,
  "aws:cloudfront/function:Function": () => [
    unpriced("invocations", "no price at hand; the first 2 million of a month are free"),
  ],
  "aws:cloudfront/keyValueStore:KeyValueStore": () => [unpriced("reads", "no price at hand")],
  "aws:wafv2/webAcl:WebAcl": ofWebAcl,
  "aws:route53/zone:Zone": () => [idle("hosted zone", "route53.hostedZone", 1)],
};
