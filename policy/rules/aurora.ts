import { stackRule } from "../lib/rule";
import type { Node, Stack } from "../lib/stack";
import { types } from "../lib/types";

/** The parameter that refuses connections without TLS, by engine, and its values that do. */
const forcesTls: readonly (readonly [engine: RegExp, parameter: string, values: readonly string[], set: string])[] = [
  [/postgres/, "rds.force_ssl", ["1", "on", "true"], "1"],
  [/mysql/, "require_secure_transport", ["ON", "on", "1", "true"], "ON"],
];

export const auroraForceSsl = stackRule(
  {
    name: "aurora-force-ssl",
    description: "Database clusters refuse connections without TLS, by a parameter group of their own",
    severity: "high",
    levels: "A/M/M",
    url: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Security.html",
    remediationSteps:
      "Give the cluster a ClusterParameterGroup with rds.force_ssl 1 (PostgreSQL) or require_secure_transport ON (MySQL).",
  },
  types.dbCluster,
  ({ stack, report }) => {
    for (const cluster of stack.ofType(types.dbCluster)) {
      const engine = cluster.props.dig("engine").text ?? "";
      for (const [pattern, name, values, value] of forcesTls) {
        if (!pattern.test(engine)) continue;
        const named = cluster.props.dig("dbClusterParameterGroupName");
        const set = `set ${name} to ${value} in a ClusterParameterGroup`;
        const [group] = stack.targets(cluster, "dbClusterParameterGroupName", types.dbClusterParameterGroup);
        if (named.isEmpty() || /^default\./.test(named.text ?? "")) report(cluster, named, "is AWS's default", set);
        // A group from outside the stack cannot be read.
        else if (group !== undefined && !sets(group, name, values)) report(cluster, named, `lacks ${name}`, set);
      }
    }
  },
);

/** Whether the group gives the parameter one of these values, or may. */
function sets(group: Node, name: string, values: readonly string[]): boolean {
  const parameters = group.props.dig("parameters");
  return (
    parameters.unknown ||
    parameters.items().some((one) => !one.dig("name").isNot(name) && !one.dig("value").isNot(...values))
  );
}

export const auroraMultiAz = stackRule(
  {
    name: "aurora-multi-az",
    description: "Aurora clusters have an instance that takes over, in another zone",
    severity: "medium",
    levels: "0/0/M",
    fsbp: ["RDS.15", "RDS DB clusters should be configured for multiple Availability Zones"],
    remediationSteps: "Add a reader: a second ClusterInstance, in another availabilityZone or without one.",
  },
  types.dbCluster,
  ({ stack, report }) => {
    for (const cluster of stack.ofType(types.dbCluster)) {
      // Multi-AZ DB clusters, which are not Aurora, always have three instances.
      if (!/^aurora/.test(cluster.props.dig("engine").text ?? "")) continue;
      const instances = stack.referrers(cluster, "clusterIdentifier", types.dbClusterInstance);
      const zones = instances.map((instance) => instance.props.dig("availabilityZone"));
      const alone = zones.length > 1 && zones.every((zone) => zone.text !== undefined && zone.text === zones[0]?.text);
      if (alone) {
        report(instances[1] ?? cluster, "availabilityZone", "is that of all instances", "set another one, or none");
      } else if (instances.length + scaledReaders(stack, cluster) < 2) {
        report(cluster, "readers", "are missing", "add a ClusterInstance: Aurora places it in another zone");
      }
    }
  },
);

/** Readers that autoscaling keeps at all times. */
function scaledReaders(stack: Stack, cluster: Node): number {
  const targets = stack
    .referrers(cluster, "resourceId", types.scalableTarget)
    .filter((target) => target.props.dig("scalableDimension").is("rds:cluster:ReadReplicaCount"));
  return targets.reduce((sum, target) => sum + Number(target.props.dig("minCapacity").known ?? 0), 0);
}

/** What places databases and warehouses by its `subnetIds`. */
const inSubnets = [...types.dbSubnetGroup, ...types.warehouseSubnetGroup, ...types.warehouseWorkgroup];

export const dbReachability = stackRule(
  {
    name: "db-reachability",
    description: "No route leads from an internet gateway to the subnets of a database or a warehouse",
    severity: "critical",
    levels: "M/M/M",
    fsbp: ["RDS.46", "RDS DB instances should not be deployed in public subnets with routes to internet gateways"],
    remediationSteps: "Use subnets whose route tables have no route to an internet gateway.",
  },
  inSubnets,
  ({ stack, report }) => {
    for (const group of stack.ofType(inSubnets)) {
      for (const subnet of stack.exactTargets(group, "subnetIds", types.subnet)) {
        if (!routeTables(stack, subnet).some((table) => leadsOut(stack, table))) continue;
        report(group, "subnetIds", `name ${subnet.name}, which an internet gateway reaches`, "use isolated subnets");
      }
    }
  },
);

function routeTables(stack: Stack, subnet: Node): Node[] {
  const own = stack.referrers(subnet, "subnetId", types.routeTableAssociation);
  const tables = (associations: readonly Node[]): Node[] =>
    associations.flatMap((association) => stack.exactTargets(association, "routeTableId", types.routeTable));
  if (own.length > 0) return tables(own);
  // AWS: a subnet without an association has its network's main table: the default one unless another was made so.
  return stack.exactTargets(subnet, "vpcId", types.vpc).flatMap((vpc) => {
    const main = stack.referrers(vpc, "vpcId", types.mainRouteTableAssociation);
    // Routes may name the network's own table without a resource for it.
    return main.length > 0
      ? tables(main)
      : [vpc, ...stack.referrers(vpc, "defaultRouteTableId", types.defaultRouteTable)];
  });
}

function leadsOut(stack: Stack, table: Node): boolean {
  const inline = table.props.dig("routes").items();
  if (inline.some((route) => /^igw-/.test(route.dig("gatewayId").text ?? ""))) return true;
  if (stack.targets(table, "routes", types.internetGateway).length > 0) return true;
  return stack
    .referrers(table, "routeTableId", types.route)
    .some(
      (route) =>
        /^igw-/.test(route.props.dig("gatewayId").text ?? "") ||
        stack.exactTargets(route, "gatewayId", types.internetGateway).length > 0,
    );
}
