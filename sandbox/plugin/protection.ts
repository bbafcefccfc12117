import { type Value } from "../values";
import { type Cloud, type Held } from "./cloud";

/** A switch that must be off before AWS deletes, and AWS's words when it is on. */
interface Switch {
  readonly property: string;
  readonly on: Value;
  readonly words: (held: Held) => string;
}

const balancer: Switch = {
  property: "enableDeletionProtection",
  on: true,
  words: ({ id }) =>
    `OperationNotPermitted: Load balancer '${id}' cannot be deleted because deletion protection is enabled`,
};

const cluster: Switch = {
  property: "deletionProtection",
  on: true,
  words: () =>
    "InvalidParameterCombination: Cannot delete protected Cluster, please disable deletion protection and try again.",
};

// Sources: the API references of each service's delete operation.
const switches: Readonly<Record<string, Switch>> = {
  "alb/loadBalancer": balancer,
  "lb/loadBalancer": balancer,
  "rds/cluster": cluster,
  "docdb/cluster": cluster,
  "neptune/cluster": cluster,
  "rds/instance": {
    ...cluster,
    words: () =>
      "InvalidParameterCombination: Cannot delete protected DB Instance, please disable deletion protection and try again.",
  },
  "dynamodb/table": {
    property: "deletionProtectionEnabled",
    on: true,
    words: () =>
      "ValidationException: Resource cannot be deleted as it is currently protected against deletion. " +
      "Disable deletion protection first.",
  },
  "cognito/userPool": {
    property: "deletionProtection",
    on: "ACTIVE",
    words: () =>
      "InvalidParameterException: The user pool cannot be deleted because deletion protection is activated. " +
      "Deletion protection must be inactivated first.",
  },
  "cloudwatch/logGroup": {
    property: "deletionProtectionEnabled",
    on: true,
    words: ({ id }) => `ValidationException: Deletion protection is enabled on the log group ${id}`,
  },
};

/** Types that cannot be deleted while another object names them. Source: as above, `DependencyViolation`, `ResourceInUse`. */
const usedByOthers: Readonly<Record<string, string>> = {
  "ec2/vpc": "DependencyViolation: The vpc has dependencies and cannot be deleted.",
  "ec2/subnet": "DependencyViolation: The subnet has dependencies and cannot be deleted.",
  "ec2/securityGroup": "DependencyViolation: resource has a dependent object",
  "ec2/eip": "AuthFailure: You do not have permission to access the specified resource.",
  "lb/targetGroup": "ResourceInUse: Target group is currently in use by a listener or a rule",
  "ecs/cluster": "ClusterContainsServicesException: The Cluster cannot be deleted while Services are active.",
};

function mentions(value: Value, text: string): boolean {
  if (typeof value === "string") return value === text;
  if (Array.isArray(value)) return value.some((item) => mentions(item, text));
  return typeof value === "object" && value !== null && Object.values(value).some((item) => mentions(item, text));
}

function finalSnapshot(held: Held): string | undefined {
  const { type, inputs } = held;
  const isDatabase = /^aws:((rds|docdb|neptune)\/cluster|rds\/instance):/.test(type);
  if (!isDatabase || inputs["skipFinalSnapshot"] === true) return undefined;
  if (inputs["finalSnapshotIdentifier"] !== undefined) return undefined;
  return "final_snapshot_identifier is required when skip_final_snapshot is false";
}

/** Why AWS would not delete this now; undefined when it would. */
export function refuseDelete(held: Held, cloud: Cloud): string | undefined {
  const type = held.type.split(":")[1] ?? "";
  const guard = switches[type];
  if (guard !== undefined && held.inputs[guard.property] === guard.on) return guard.words(held);
  const words = usedByOthers[type];
  if (words !== undefined) {
    const names = [held.id, held.outputs["arn"]].filter((name): name is string => typeof name === "string");
    const user = cloud.all().find((other) => other !== held && names.some((name) => mentions(other.inputs, name)));
    if (user !== undefined) return `${words} (${held.id} is used by ${user.type} ${user.id})`;
  }
  return finalSnapshot(held);
}
