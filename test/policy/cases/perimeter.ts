import { types } from "../../../policy/lib/types";
import {
  albPublicNeedsWaf,
  albTargetTls,
  cfMisc,
  ec2NoPublicIp,
  resourcePolicyPublic,
  subnetNoAutoIp,
  vpcEndpoints,
  vpcNoDefault,
} from "../../../policy/rules/perimeter";
import { dbSecurityGroups, sgHygiene, sgRuleConflict } from "../../../policy/rules/security-groups";
import {
  type Break,
  type Case,
  EMPTIED,
  type Proof,
  given,
  isTrue,
  noneOf,
  notTrue,
  one,
  oneOf,
  proof,
  values,
} from "../proof";

const site = {
  defaultCacheBehavior: { targetOriginId: "bucket" },
  origins: [{ originId: "bucket", domainName: "b.s3.amazonaws.com", originAccessControlId: "E1" }],
  defaultRootObject: "index.html",
};

const account = { StringEquals: { "aws:SourceAccount": "111111111111" } };
const named = { Effect: "Allow", Principal: { AWS: "arn:aws:iam::111111111111:root" }, Action: "x:Get", Resource: "*" };
const document = JSON.stringify({ Statement: [named, { ...named, Principal: "*", Condition: account }] });
const strangers = (path: string): Break[] => [
  values(`${path}>Statement[0].Principal`, ["*", { AWS: "*" }, { AWS: ["*"] }], [{ Service: "events.amazonaws.com" }], {
    at: `${path}.Statement[0]`,
  }),
  values(
    `${path}>Statement[1].Condition`,
    [undefined, {}, { Bool: { "aws:SecureTransport": "true" } }, { StringLike: { "aws:UserAgent": "x" } }],
    [{ StringEquals: { "aws:PrincipalOrgID": "o-1" } }, { ArnLike: { "AWS:SourceArn": "arn:aws:s3:::data" } }],
    { at: `${path}.Statement[1]` },
  ),
];

const endpoint = (service: string) => ({
  type: types.vpcEndpoint,
  inputs: { serviceName: `com.amazonaws.ap-northeast-1.${service}` },
  links: { vpcId: "vpc" },
  needed: { on: "vpc", at: "endpoints" },
});
const privateTasks: Case["resources"] = {
  vpc: { type: types.vpc, inputs: {} },
  s3: endpoint("s3"),
  table: { type: types.table, inputs: {} },
  dynamodb: endpoint("dynamodb"),
  subnet: { type: types.subnet, inputs: {}, links: { vpcId: "vpc" } },
  service: {
    type: types.service,
    inputs: { networkConfiguration: { assignPublicIp: false } },
    links: { networkConfiguration: "subnet" },
  },
};

const described = { description: "HTTPS to AWS" };
const world = { cidrBlocks: ["0.0.0.0/0"] };
const unsaid = [undefined, null, EMPTIED, "Managed by Pulumi", "Managed by Terraform"];
const description = (path = "description"): Break => values(path, unsaid, ["any"]);

/** A database whose group lets one program in. */
const database = (type: readonly string[], property: string, at: string, rule: Case["resources"]): Case => ({
  resources: {
    program: { type: types.securityGroup, inputs: {} },
    group: { type: types.securityGroup, inputs: {} },
    db: { type, inputs: {}, links: { [property]: "group" } },
    ...rule,
    balancer: {
      type: types.loadBalancer,
      inputs: { internal: true },
      links: { securityGroups: "program" },
      breaks: [values("internal", [undefined, false], [], { on: "opening", at })],
    },
  },
});

export const perimeter: readonly Proof[] = [
  proof(
    albPublicNeedsWaf,
    {
      resources: {
        balancer: {
          type: types.loadBalancer,
          inputs: { internal: false },
          breaks: [
            notTrue("enableWafFailOpen", { needs: ["loadBalancerType"] }),
            values("loadBalancerType", [], ["application", "network"]),
          ],
        },
        association: {
          type: types.webAclAssociation,
          inputs: {},
          links: { resourceArn: "balancer" },
          needed: { on: "balancer", at: "web ACL", needs: ["balancer.loadBalancerType"] },
        },
      },
    },
    one(types.loadBalancer, { internal: true }, [values("internal", [undefined, false], [], { at: "web ACL" })]),
  ),
  proof(
    cfMisc,
    one(types.distribution, site, [
      given("defaultRootObject", { needs: ["origins"] }),
      values("origins[0].vpcOriginConfig", [], [{ vpcOriginId: "v" }]),
    ]),
    one(types.distribution, { originGroups: [{ originId: "both" }] }, [given("originGroups")], {
      config: { failover: true },
    }),
    one(
      types.distribution,
      { restrictions: { geoRestriction: { restrictionType: "whitelist", locations: ["JP"] } } },
      [oneOf("restrictions.geoRestriction.restrictionType", ["whitelist", "blacklist"], ["none"])],
      { config: { countries: true } },
    ),
  ),
  proof(
    subnetNoAutoIp,
    one(types.subnet, { mapPublicIpOnLaunch: false }, [notTrue("mapPublicIpOnLaunch")]),
    ...["tags", "tagsAll"].map((map) =>
      one(types.subnet, { mapPublicIpOnLaunch: true, [map]: { SubnetType: "Public" } }, [
        values(`${map}.SubnetType`, [undefined, "Private", EMPTIED], ["public"], { at: "mapPublicIpOnLaunch" }),
        values(map, [undefined, EMPTIED], [{ "kubernetes.io/role/elb": "1" }], { at: "mapPublicIpOnLaunch" }),
      ]),
    ),
  ),
  proof(
    ec2NoPublicIp,
    one(types.instance, { associatePublicIpAddress: false }, [notTrue("associatePublicIpAddress")]),
    one(types.launchTemplate, { networkInterfaces: [{ associatePublicIpAddress: "false" }] }, [
      values("networkInterfaces[0].associatePublicIpAddress", ["true", true], [undefined]),
    ]),
  ),
  proof(
    resourcePolicyPublic,
    one(
      [
        ...types.queue,
        ...types.queuePolicy,
        ...types.topic,
        ...types.topicPolicy,
        ...types.repositoryPolicy,
        ...types.secret,
        ...types.tablePolicy,
        ...types.streamPolicy,
      ],
      { policy: document },
      strangers("policy"),
    ),
    one(types.secretPolicy, { policy: document, blockPublicPolicy: true }, [
      ...strangers("policy"),
      isTrue("blockPublicPolicy"),
    ]),
    one([...types.searchDomain, ...types.searchPolicy], { accessPolicies: document }, strangers("accessPolicies")),
  ),
  proof(
    vpcEndpoints,
    {
      resources: {
        vpc: { type: types.vpc, inputs: {} },
        s3: {
          ...endpoint("s3"),
          breaks: [given("serviceName", { on: "vpc", at: "endpoints", broken: ["com.amazonaws.eu-west-1.sqs"] })],
        },
      },
    },
    {
      resources: {
        ...privateTasks,
        "ecr.api": endpoint("ecr.api"),
        "ecr.dkr": endpoint("ecr.dkr"),
        logs: endpoint("logs"),
        secretsmanager: endpoint("secretsmanager"),
      },
    },
    {
      resources: {
        ...privateTasks,
        gateway: {
          type: types.natGateway,
          inputs: {},
          links: { subnetId: "subnet" },
          needed: { on: "vpc", at: "endpoints lack ecr.api, ecr.dkr, logs, secretsmanager:" },
        },
      },
    },
  ),
  proof(
    vpcNoDefault,
    {
      resources: {
        ours: { type: types.vpc, inputs: {} },
        theirs: { type: types.defaultNetwork, inputs: {}, added: { at: "default network" } },
      },
    },
    one(types.vpcBlockPublicAccess, { internetGatewayBlockMode: "block-ingress" }, [
      noneOf("internetGatewayBlockMode", ["off"], { passes: ["block-bidirectional"] }),
    ]),
  ),
  proof(
    albTargetTls,
    one(
      types.targetGroup,
      { protocol: "HTTPS" },
      [
        oneOf("protocol", ["HTTPS", "TLS"], ["HTTP", "TCP", "UDP"], { needs: ["targetType"] }),
        values("targetType", [], ["ip", "lambda"]),
      ],
      { config: { levels: { prod: "advisory" } } },
    ),
  ),
  proof(
    sgHygiene,
    one(
      types.securityGroup,
      {
        ...described,
        ingress: [{ ...described, protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["10.0.0.0/8"] }],
        egress: [{ ...described, protocol: "tcp", fromPort: 443, toPort: 443, ...world }],
      },
      [
        description(),
        description("ingress[0].description"),
        description("egress[0].description"),
        noneOf("egress[0].protocol", ["-1", "all"]),
      ],
    ),
    one(types.securityGroupRule, { ...described, type: "egress", protocol: "tcp", ...world }, [
      description(),
      noneOf("protocol", ["-1", "all"]),
    ]),
    one(types.ingressRule, described, [description()]),
    ...["cidrIpv4", "cidrIpv6"].map((key) =>
      one(types.egressRule, { ...described, ipProtocol: "tcp", [key]: key === "cidrIpv4" ? "0.0.0.0/0" : "::/0" }, [
        description(),
        noneOf("ipProtocol", ["-1"]),
      ]),
    ),
  ),
  proof(
    sgRuleConflict,
    ...(["ingress", "egress"] as const).flatMap((side): Case[] => {
      const newer = side === "ingress" ? types.ingressRule : types.egressRule;
      const beside = (type: readonly string[]) => ({
        type,
        inputs: { type: side },
        links: { securityGroupId: "group" },
      });
      return [
        {
          resources: {
            group: { type: types.securityGroup, inputs: { [side]: [{ protocol: "tcp" }] } },
            older: { ...beside(types.securityGroupRule), added: { on: "group", at: side } },
            newer: { ...beside(newer), added: { on: "group", at: side } },
          },
        },
        {
          resources: {
            group: { type: types.securityGroup, inputs: {}, breaks: [values(side, [[{ protocol: "tcp" }]])] },
            newer: beside(newer),
          },
        },
        {
          resources: {
            group: { type: types.securityGroup, inputs: {} },
            newer: beside(newer),
            older: { ...beside(types.securityGroupRule), added: { on: "group", at: side } },
          },
        },
      ];
    }),
  ),
  proof(
    dbSecurityGroups,
    ...[
      [types.dbCluster, "vpcSecurityGroupIds"] as const,
      [types.dbInstance, "vpcSecurityGroupIds"] as const,
      [types.dbProxy, "vpcSecurityGroupIds"] as const,
      [types.warehouseCluster, "vpcSecurityGroupIds"] as const,
      [types.cache, "securityGroupIds"] as const,
      [types.warehouseWorkgroup, "securityGroupIds"] as const,
    ].flatMap(([type, property]): Case[] => [
      database(type, property, "referencedSecurityGroupId", {
        opening: {
          type: types.ingressRule,
          inputs: {},
          links: { securityGroupId: "group", referencedSecurityGroupId: "program" },
          breaks: [
            values("cidrIpv4", ["10.0.0.0/16", "192.0.2.1/32"], [undefined]),
            values("cidrIpv6", ["2001:db8::/56"], [undefined]),
          ],
        },
      }),
      database(type, property, "sourceSecurityGroupId", {
        opening: {
          type: types.securityGroupRule,
          inputs: { type: "ingress" },
          links: { securityGroupId: "group", sourceSecurityGroupId: "program" },
          breaks: [values("cidrBlocks", [["10.0.0.0/16"]], [undefined, []])],
        },
      }),
    ]),
    {
      resources: {
        group: {
          type: types.securityGroup,
          inputs: { ingress: [{ protocol: "tcp", securityGroups: ["sg-1"] }] },
          breaks: [values("ingress[0].cidrBlocks", [["10.0.0.0/16"]], [undefined, []])],
        },
        db: { type: types.dbCluster, inputs: {}, links: { vpcSecurityGroupIds: "group" } },
      },
    },
  ),
];
