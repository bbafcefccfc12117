import { types } from "../../../policy/lib/types";
import { accountAllowList, providerNoStaticKeys } from "../../../policy/rules/account";
import { dbReachability } from "../../../policy/rules/aurora";
import { s3AclPolicy } from "../../../policy/rules/buckets";
import { cfOac, cfWaf } from "../../../policy/rules/cloudfront";
import { ecsNoPublicIp } from "../../../policy/rules/containers";
import { lambdaNotPublic } from "../../../policy/rules/lambda";
import { defaultSgClosed, s3Bpa, sgOpenIngress, vpcFlowLogs } from "../../../policy/rules/network";
import {
  type Break,
  type Case,
  EMPTIED,
  type Proof,
  absent,
  given,
  isTrue,
  noneOf,
  notTrue,
  one,
  oneOf,
  proof,
  values,
} from "../proof";
import { UNKNOWN } from "../harness";

const root = { AWS: "arn:aws:iam::111111111111:root" };
const allowed = (principal: unknown) => ({
  Effect: "Allow",
  Principal: principal,
  Action: "s3:GetObject",
  Resource: "*",
});
const conditioned = { ...allowed("*"), Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } };
const policy = JSON.stringify({ Statement: [allowed(root), conditioned] });
const overTls = { Bool: { "aws:SecureTransport": "true" } };
const publicPolicy: readonly Break[] = [
  values("policy>Statement[0].Principal", ["*", { AWS: "*" }, { AWS: ["*"] }], [{ Service: "logs.amazonaws.com" }], {
    at: "policy.Statement[0]",
  }),
  values("policy>Statement[1].Condition", [undefined, {}, overTls], [], { at: "policy.Statement[1]" }),
];
const acl = noneOf("acl", ["public-read", "public-read-write", "authenticated-read"], { passes: ["private"] });
const group = (name: string) => ({ grantee: { uri: `http://acs.amazonaws.com/groups/${name}` } });
const publicGroups = [group("global/AllUsers"), group("global/AuthenticatedUsers")];

const blocked = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };
const world = ["0.0.0.0/0", "0.0.0.0/1"];
const worldSix = ["::/0", "2000::/3"];

const reached = { on: "subnets", at: "subnetIds", needs: ["subnets.subnetIds"] };

const outward: readonly Break[] = [
  values("routes", [[{ cidrBlock: "0.0.0.0/0", gatewayId: "igw-1" }]], [[{ gatewayId: "vgw-1" }]], reached),
];

function reach(route: Case["resources"]): Case {
  return {
    resources: {
      gateway: { type: types.internetGateway, inputs: {} },
      subnet: { type: types.subnet, inputs: {} },
      table: { type: types.routeTable, inputs: {} },
      association: {
        type: types.routeTableAssociation,
        inputs: {},
        links: { subnetId: "subnet", routeTableId: "table" },
      },
      ...route,
      subnets: {
        type: [...types.dbSubnetGroup, ...types.warehouseSubnetGroup, ...types.warehouseWorkgroup],
        inputs: { subnetIds: [UNKNOWN] },
        links: { subnetIds: "subnet" },
      },
    },
  };
}

export const exposure: readonly Proof[] = [
  proof(
    accountAllowList,
    one(types.provider, { allowedAccountIds: '["111111111111"]' }, [
      values("allowedAccountIds", [undefined, EMPTIED, "[]", '["111111111111","222222222222"]']),
      values("allowedAccountIds>[0]", ["11111", "account"], [], { at: "allowedAccountIds[0]" }),
    ]),
    // By the stack's name, and by its environment.
    ...[{ acme: "111111111111", prod: "222222222222" }, { prod: "111111111111" }].map((accounts) =>
      one(
        types.provider,
        { allowedAccountIds: '["111111111111"]' },
        [values("allowedAccountIds>[0]", ["222222222222"], [], { at: "allowedAccountIds[0]" })],
        { stack: "acme", config: { accounts } },
      ),
    ),
  ),
  proof(
    providerNoStaticKeys,
    one(types.provider, {}, [
      ...["accessKey", "secretKey", "token"].map((key) => absent(key, "x", { passes: [""], evenUnknown: true })),
    ]),
  ),
  proof(
    ecsNoPublicIp,
    one(types.service, { networkConfiguration: { assignPublicIp: false } }, [
      notTrue("networkConfiguration.assignPublicIp"),
    ]),
    one(types.schedule, { target: { ecsParameters: { networkConfiguration: { assignPublicIp: false } } } }, [
      notTrue("target.ecsParameters.networkConfiguration.assignPublicIp"),
    ]),
    one(types.eventTarget, { ecsTarget: { networkConfiguration: { assignPublicIp: false } } }, [
      notTrue("ecsTarget.networkConfiguration.assignPublicIp"),
    ]),
  ),
  proof(
    sgOpenIngress,
    one(
      [...types.securityGroup, ...types.defaultSecurityGroup],
      {
        ingress: [
          { protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["10.0.0.0/8"], ipv6CidrBlocks: ["fc00::/7"] },
        ],
      },
      [
        values("ingress[0].cidrBlocks[0]", world, ["192.0.2.1/32"]),
        values("ingress[0].ipv6CidrBlocks[0]", worldSix, ["2001:db8::/32"]),
      ],
    ),
    one(
      types.securityGroupRule,
      {
        type: "ingress",
        protocol: "tcp",
        fromPort: 22,
        toPort: 22,
        cidrBlocks: ["10.0.0.0/8"],
        ipv6CidrBlocks: ["fc00::/7"],
      },
      [values("cidrBlocks[0]", world), values("ipv6CidrBlocks[0]", worldSix)],
    ),
    one(types.ingressRule, { ipProtocol: "tcp", fromPort: 22, toPort: 22, cidrIpv4: "10.0.0.0/8" }, [
      values("cidrIpv4", world, [undefined]),
      values("cidrIpv6", worldSix, [undefined]),
    ]),
    {
      resources: {
        group: {
          type: types.securityGroup,
          inputs: { ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] }] },
          breaks: [
            values("ingress[0].fromPort", [undefined, 22, 0, 80], [], { at: "ingress[0].cidrBlocks[0]" }),
            values("ingress[0].toPort", [undefined, 444, 65535], [], { at: "ingress[0].cidrBlocks[0]" }),
            values("ingress[0].protocol", [undefined, "-1", "udp"], [], { at: "ingress[0].cidrBlocks[0]" }),
          ],
        },
        balancer: {
          type: types.loadBalancer,
          inputs: { internal: false },
          links: { securityGroups: "group" },
          needed: { on: "group", at: "ingress[0].cidrBlocks[0]" },
          breaks: [values("internal", [true], [undefined], { on: "group", at: "ingress[0].cidrBlocks[0]" })],
        },
      },
    },
    {
      resources: {
        group: { type: types.securityGroup, inputs: {} },
        rule: {
          type: types.ingressRule,
          inputs: { ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4: "0.0.0.0/0" },
          links: { securityGroupId: "group" },
          breaks: [
            values("ipProtocol", [undefined, "-1", "udp"], [], { at: "cidrIpv4" }),
            values("fromPort", [undefined, 22, 80], [], { at: "cidrIpv4" }),
          ],
        },
        balancer: {
          type: types.loadBalancer,
          inputs: { internal: false },
          links: { securityGroups: "group" },
          needed: { on: "rule", at: "cidrIpv4" },
        },
      },
    },
    // Rules that let out are no openings.
    one(types.securityGroupRule, { type: "egress", cidrBlocks: ["0.0.0.0/0"] }, [
      values("type", ["ingress"], [], { at: "cidrBlocks[0]" }),
    ]),
  ),
  proof(defaultSgClosed, {
    resources: {
      vpc: { type: types.vpc, inputs: {} },
      closed: {
        type: types.defaultSecurityGroup,
        inputs: {},
        links: { vpcId: "vpc" },
        needed: { on: "vpc", at: "default security group" },
        breaks: [absent("ingress", [{ protocol: "-1" }]), absent("egress", [{ protocol: "-1" }])],
      },
    },
  }),
  proof(vpcFlowLogs, {
    resources: {
      vpc: { type: types.vpc, inputs: {} },
      log: {
        type: types.flowLog,
        inputs: { trafficType: "REJECT" },
        links: { vpcId: "vpc" },
        needed: { on: "vpc", at: "flow log" },
        breaks: [oneOf("trafficType", ["REJECT", "ALL"], ["ACCEPT"], { on: "vpc", at: "flow log" })],
      },
    },
  }),
  proof(
    s3Bpa,
    one(
      types.accountPublicAccessBlock,
      blocked,
      Object.keys(blocked).map((key) => isTrue(key)),
    ),
    {
      resources: {
        bucket: { type: types.bucket, inputs: {} },
        block: {
          type: types.bucketPublicAccessBlock,
          inputs: blocked,
          links: { bucket: "bucket" },
          needed: { on: "bucket", at: "public access block" },
          breaks: Object.keys(blocked).map((key) => isTrue(key, { on: "bucket", at: `block ${key}` })),
        },
      },
    },
  ),
  proof(
    s3AclPolicy,
    one(types.bucket, { acl: "private", grants: [group("s3/LogDelivery")], policy }, [
      acl,
      values("grants[0]", publicGroups, [undefined]),
      ...publicPolicy,
    ]),
    one(types.bucketAcl, { acl: "private", accessControlPolicy: { grants: [group("s3/LogDelivery")] } }, [
      acl,
      values("accessControlPolicy.grants[0]", publicGroups, [undefined]),
    ]),
    one(types.bucketOwnership, { rule: { objectOwnership: "BucketOwnerEnforced" } }, [
      oneOf("rule.objectOwnership", ["BucketOwnerEnforced"], ["BucketOwnerPreferred", "ObjectWriter"]),
    ]),
    one(types.bucketPolicy, { policy }, publicPolicy),
  ),
  proof(
    cfOac,
    one(
      types.distribution,
      {
        origins: [
          { domainName: "data.s3.ap-northeast-1.amazonaws.com", originAccessControlId: "E1" },
          {
            domainName: "abc.lambda-url.ap-northeast-1.on.aws",
            originAccessControlId: "E1",
            customOriginConfig: { originProtocolPolicy: "https-only" },
          },
        ],
      },
      [
        given("origins[0].originAccessControlId"),
        given("origins[1].originAccessControlId"),
        values("origins[0].domainName", [
          "data.s3-website-ap-northeast-1.amazonaws.com",
          "data.s3-website.eu-central-1.amazonaws.com",
        ]),
      ],
    ),
    one(types.originAccessControl, { signingBehavior: "always" }, [
      oneOf("signingBehavior", ["always"], ["never", "no-override"]),
    ]),
  ),
  proof(
    cfWaf,
    one(types.distribution, { webAclId: "arn:aws:wafv2:us-east-1:111111111111:global/webacl/a/1" }, [
      given("webAclId"),
    ]),
  ),
  proof(
    lambdaNotPublic,
    one(types.lambdaPermission, { principal: "s3.amazonaws.com", sourceArn: "arn:aws:s3:::data" }, [
      given("sourceArn", { needs: ["principal"] }),
      values("principal", [], ["*", "arn:aws:iam::111111111111:role/caller"], { unread: { principal: false } }),
    ]),
    one(types.lambdaPermission, { principal: "s3.amazonaws.com", sourceAccount: "111111111111" }, [
      given("sourceAccount", { at: "sourceArn", needs: ["principal"] }),
    ]),
    one(types.lambdaPermission, { principal: "*", principalOrgId: "o-a1b2c3d4e5" }, [
      given("principalOrgId", { at: "principal", needs: ["principal"] }),
    ]),
    one(types.lambdaPermission, { principal: "arn:aws:iam::111111111111:role/caller" }, [
      values("principal", ["*"]),
      values("principal", ["events.amazonaws.com", "sns.amazonaws.com"], [], { at: "sourceArn" }),
    ]),
    one(
      types.lambdaUrl,
      { authorizationType: "AWS_IAM", cors: { allowCredentials: true, allowOrigins: ["https://example.com"] } },
      [
        values("authorizationType", ["NONE"]),
        values("cors.allowOrigins[0]", ["*"], [], { at: "cors.allowOrigins", needs: ["cors.allowCredentials"] }),
      ],
    ),
  ),
  proof(
    dbReachability,
    reach({
      route: {
        type: types.route,
        inputs: { destinationCidrBlock: "0.0.0.0/0", natGatewayId: "nat-1" },
        links: { routeTableId: "table" },
        breaks: [values("gatewayId", ["igw-1"], [undefined, "vgw-1", "local"], { on: "subnets", at: "subnetIds" })],
      },
    }),
    // Without an association of its own a subnet has its network's main table.
    ...[
      {
        table: {
          type: types.defaultRouteTable,
          inputs: { routes: [] },
          links: { defaultRouteTableId: "vpc" },
          breaks: outward,
        },
      },
      {
        table: { type: types.routeTable, inputs: { routes: [] }, breaks: outward },
        main: {
          type: types.mainRouteTableAssociation,
          inputs: {},
          links: { vpcId: "vpc", routeTableId: "table" },
        },
      },
      {
        route: {
          type: types.route,
          inputs: { destinationCidrBlock: "0.0.0.0/0", gatewayId: "igw-1" },
          links: { routeTableId: "vpc" },
          added: { ...reached, needs: [] },
        },
      },
    ].map((routes): Case => ({
      resources: {
        vpc: { type: types.vpc, inputs: {} },
        subnet: { type: types.subnet, inputs: {}, links: { vpcId: "vpc" } },
        ...routes,
        subnets: { type: types.dbSubnetGroup, inputs: { subnetIds: [UNKNOWN] }, links: { subnetIds: "subnet" } },
      },
    })),
    {
      resources: {
        shut: { type: types.subnet, inputs: {}, outputs: { id: "subnet-shut" } },
        open: { type: types.subnet, inputs: {}, outputs: { id: "subnet-open" } },
        inner: { type: types.routeTable, inputs: { routes: [] }, outputs: { id: "rtb-inner" } },
        outer: { type: types.routeTable, inputs: { routes: [{ gatewayId: "igw-1" }] }, outputs: { id: "rtb-outer" } },
        shutRoutes: {
          type: types.routeTableAssociation,
          inputs: { subnetId: "subnet-shut", routeTableId: "rtb-inner" },
          breaks: [values("routeTableId", ["rtb-outer"], [], { ...reached, unread: { routeTableId: false } })],
        },
        openRoutes: {
          type: types.routeTableAssociation,
          inputs: { subnetId: "subnet-open", routeTableId: "rtb-outer" },
          breaks: [values("subnetId", ["subnet-shut"], [], { ...reached, unread: { subnetId: false } })],
        },
        subnets: {
          type: [...types.dbSubnetGroup, ...types.warehouseSubnetGroup, ...types.warehouseWorkgroup],
          inputs: { subnetIds: ["subnet-shut"] },
          breaks: [
            values("subnetIds", [["subnet-open"], ["subnet-shut", "subnet-open"]], [], {
              needs: ["openRoutes.subnetId"],
              unread: { subnetIds: false },
            }),
          ],
        },
      },
    },
    {
      resources: {
        subnet: { type: types.subnet, inputs: {} },
        table: {
          type: types.routeTable,
          inputs: { routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: "vgw-1" }] },
          breaks: [values("routes[0].gatewayId", ["igw-1"], [undefined], { on: "subnets", at: "subnetIds" })],
        },
        association: {
          type: types.routeTableAssociation,
          inputs: {},
          links: { subnetId: "subnet", routeTableId: "table" },
        },
        subnets: { type: types.dbSubnetGroup, inputs: { subnetIds: [UNKNOWN] }, links: { subnetIds: "subnet" } },
      },
    },
  ),
];
