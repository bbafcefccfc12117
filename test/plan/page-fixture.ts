import { type Plan, type PlannedResource } from "../../plan/run";
import { formUrn, stackType } from "../../plan/urn";
import { type Values } from "../../sandbox/values";

const stackUrn = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev";

interface Given {
  readonly parent?: string;
  readonly inputs?: Values;
  /** What the cloud would make up, such as an ARN. */
  readonly computed?: Values;
  /** The resources, by name, that each property comes from. */
  readonly from?: Record<string, string[]>;
}

/** Builds a plan by hand, resource by resource; components are those whose type is of no provider. */
export class PlanBuilder {
  private readonly resources: PlannedResource[] = [
    this.resource({ urn: stackUrn, type: stackType, name: "shop-dev", custom: false, parent: "" }),
  ];
  private readonly violations: Plan["violations"][number][] = [];

  private resource(given: Pick<PlannedResource, "urn" | "type" | "name" | "custom" | "parent">): PlannedResource {
    const rest = { provider: "", inputs: {}, options: { protect: false }, dependencies: [], propertyDependencies: {} };
    return { ...rest, ...given };
  }

  private find(name: string): PlannedResource {
    const found = this.resources.find((resource) => resource.name === name);
    if (found === undefined) throw new Error(`no resource ${name}`);
    return found;
  }

  add(type: string, name: string, { parent, inputs = {}, computed = {}, from = {} }: Given = {}): this {
    const above = parent === undefined ? stackUrn : this.find(parent).urn;
    const urn = formUrn("dev", "shop", above, type, name);
    const propertyDependencies = Object.fromEntries(
      Object.entries(from).map(([property, names]) => [property, names.map((each) => this.find(each).urn)]),
    );
    const dependencies = [...new Set(Object.values(propertyDependencies).flat())];
    const custom = !type.startsWith("shop:");
    const made = this.resource({ urn, type, name, custom, parent: above });
    this.resources.push({ ...made, inputs, computed, dependencies, propertyDependencies });
    return this;
  }

  finding(level: "mandatory" | "advisory", policy: string, name: string, message: string): this {
    this.violations.push({ policy, level, urn: this.find(name).urn, message });
    return this;
  }

  build(outputs: Values = {}): Plan {
    const count = (level: string): number => this.violations.filter((violation) => violation.level === level).length;
    return {
      project: "shop",
      stack: "dev",
      resources: this.resources,
      outputs,
      violations: this.violations,
      exempted: [],
      notEvaluated: [],
      policies: [],
      summary: {
        resources: this.resources.length,
        components: this.resources.filter(({ custom, type }) => !custom && type !== stackType).length,
        mandatory: count("mandatory"),
        advisory: count("advisory"),
        exempted: 0,
        notEvaluated: 0,
        remediations: [],
        policyPack: "kiban",
        policies: 1,
        asPreview: false,
        milliseconds: 1,
      },
    };
  }
}

/** A small shop: a site before a program that uses a table, with a key and a bucket for logs below. */
export function shop(): PlanBuilder {
  return new PlanBuilder()
    .add("shop:index:Key", "key")
    .add("aws:kms/key:Key", "key-key", { parent: "key" })
    .add("shop:index:Logs", "logs")
    .add("aws:s3/bucket:Bucket", "logs-bucket", { parent: "logs" })
    .add("shop:index:Balancer", "web")
    .add("aws:lb/loadBalancer:LoadBalancer", "web-alb", { parent: "web", from: { accessLogs: ["logs-bucket"] } })
    .add("aws:ec2/securityGroup:SecurityGroup", "web-group", { parent: "web" })
    .add("aws:lb/listener:Listener", "web-listener", { parent: "web", from: { loadBalancerArn: ["web-alb"] } })
    .add("shop:index:Site", "site")
    .add("aws:cloudfront/vpcOrigin:VpcOrigin", "site-origin", {
      parent: "site",
      from: { vpcOriginEndpointConfig: ["web-alb"] },
    })
    .add("aws:cloudfront/distribution:Distribution", "site-distribution", { parent: "site" })
    .add("shop:index:Table", "orders")
    .add("aws:dynamodb/table:Table", "orders-table", { parent: "orders", from: { serverSideEncryption: ["key-key"] } })
    .add("shop:index:Program", "api")
    .add("aws:ec2/securityGroup:SecurityGroup", "api-group", { parent: "api" })
    .add("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "api-from-web", {
      parent: "api",
      from: { securityGroupId: ["api-group"], referencedSecurityGroupId: ["web-group"] },
    })
    .add("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "web-to-api", {
      parent: "api",
      from: { securityGroupId: ["web-group"], referencedSecurityGroupId: ["api-group"] },
    })
    .add("aws:lb/listenerRule:ListenerRule", "api-rule", { parent: "api", from: { listenerArn: ["web-listener"] } })
    .add("aws:iam/rolePolicy:RolePolicy", "api-policy", {
      parent: "api",
      from: { policy: ["orders-table", "key-key"] },
    })
    .add("aws:ecs/service:Service", "api-service", { parent: "api" });
}

/** A role that may read a table. */
export function readers(): PlanBuilder {
  const arn = "arn:aws:dynamodb:ap-northeast-1:111111111111:table/orders";
  const statement = { Effect: "Allow", Action: "dynamodb:GetItem", Resource: arn };
  return new PlanBuilder()
    .add("aws:dynamodb/table:Table", "orders-table", { computed: { arn } })
    .add("aws:iam/role:Role", "reader-role", { computed: { name: "reader-role-1" } })
    .add("aws:iam/rolePolicy:RolePolicy", "reader-policy", {
      inputs: { role: "reader-role-1", policy: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }) },
      from: { role: ["reader-role"], policy: ["orders-table"] },
    });
}
