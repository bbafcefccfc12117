import { type Context, type Made, type Makers } from "./context";

// ARN formats: AWS Service Authorization Reference, "AWS Elastic Load Balancing V2". `arnSuffix` is the part that
// CloudWatch takes as a dimension (Elastic Load Balancing guide, "CloudWatch metrics").

/** Hosted zone of the load balancers of a region (AWS General Reference, "Elastic Load Balancing endpoints"). */
const zones: Readonly<Record<string, string>> = {
  "ap-northeast-1": "Z14GRHDCWA56QT",
  "ap-northeast-3": "Z5LXEXXYW11ES",
  "ap-southeast-1": "Z1LMS91P8CMLE5",
  "ap-southeast-2": "Z1GM3OXH4ZPM65",
  "eu-central-1": "Z215JYRZR1TBD5",
  "eu-west-1": "Z32O12XQLNTSW2",
  "us-east-1": "Z35SXDOTRQ7X7K",
  "us-east-2": "Z3AADJGX6KTTL2",
  "us-west-2": "Z1H1FL5HABSF5",
};

function kind(c: Context): string {
  const type = c.text("loadBalancerType") ?? "application";
  return type === "network" ? "net" : type === "gateway" ? "gwy" : "app";
}

function loadBalancer(c: Context): Made {
  const suffix = `${kind(c)}/${c.name()}/${c.hex(16)}`;
  const arn = c.arn("elasticloadbalancing", `loadbalancer/${suffix}`);
  const internal = c.inputs["internal"] === true ? "internal-" : "";
  return {
    id: arn,
    outputs: {
      arn,
      arnSuffix: suffix,
      dnsName: `${internal}${c.name()}-${c.hex(9, "dns").replace(/[a-f]/g, (x) => String(x.charCodeAt(0) % 10))}.${c.region}.elb.amazonaws.com`,
      internal: c.given("internal", false),
      ipAddressType: c.given("ipAddressType", "ipv4"),
      vpcId: c.ec2Id("vpc"),
      zoneId: zones[c.region] ?? `Z${c.upper(13, "zone")}`,
    },
  };
}

function targetGroup(c: Context): Made {
  const suffix = `targetgroup/${c.name()}/${c.hex(16)}`;
  const arn = c.arn("elasticloadbalancing", suffix);
  return {
    id: arn,
    outputs: { arn, arnSuffix: suffix, loadBalancerArns: [], deregistrationDelay: c.given("deregistrationDelay", 300) },
  };
}

function listener(c: Context): Made {
  const parent =
    c.text("loadBalancerArn") ?? c.arn("elasticloadbalancing", `loadbalancer/app/${c.name()}/${c.hex(16, "lb")}`);
  const arn = `${parent.replace(":loadbalancer/", ":listener/")}/${c.hex(16)}`;
  return { id: arn, outputs: { arn } };
}

function listenerRule(c: Context): Made {
  const parent =
    c.text("listenerArn") ?? c.arn("elasticloadbalancing", `listener/app/lb/${c.hex(16, "lb")}/${c.hex(16, "l")}`);
  const arn = `${parent.replace(":listener/", ":listener-rule/")}/${c.hex(16)}`;
  return { id: arn, outputs: { arn } };
}

function listenerCertificate(c: Context): Made {
  return { id: `${c.text("listenerArn") ?? ""}_${c.text("certificateArn") ?? ""}`, outputs: {} };
}

const all: Makers = { loadBalancer, targetGroup, listener, listenerRule, listenerCertificate };

/** The provider has every type twice, as `lb` and as `alb`. */
export const balancing: Makers = Object.fromEntries(
  ["lb", "alb"].flatMap((module) => Object.entries(all).map(([type, make]) => [`${module}/${type}`, make])),
);
