import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import { createStateMachineLog, createStateMachineRole } from "../shared/state-machine";
import { assumableBy, policyDocument } from "../shared/policy-document";
import { placeOf } from "../task/iam";
import { auroraDefinition } from "./aurora";
import { tableDefinition } from "./dynamodb";
import { exportStatements, runStatements } from "./rights";
import type { Settled } from "./settle";
import { type Definition, noProgress } from "./states";
import type { LakeTransferNodes } from "./types";

type Machine = Pick<
  LakeTransferNodes,
  "progress" | "logGroup" | "exportRole" | "exportPolicy" | "role" | "policy" | "stateMachine"
>;

/** The state machine, what it remembers, its log, and the roles that it and RDS work with. */
export function createMachine(parent: pulumi.Resource, s: Settled): Machine {
  const { name, args } = s;
  const { transform = {}, lake } = args;
  const opts = { parent };
  const progress = new aws.ssm.Parameter(
    `${name}-progress`,
    override<aws.ssm.ParameterArgs>(
      { type: "String", value: noProgress, description: `How far ${name} has come; none: begin anew` },
      transform.progress,
    ),
    // Each run writes it.
    { ...opts, ignoreChanges: ["value"] },
  );
  const log = { keyArn: lake.keyArn, retentionDays: args.logRetentionDays, keep: args.keep };
  const logGroup = createStateMachineLog(name, log, transform.logGroup, opts);
  const exporting = createExportRole(opts, s);
  const { account } = placeOf(lake.workGroupArn);
  const role = createStateMachineRole(name, `${name}: runs the transfer`, account, transform.role, opts);
  const policy = new aws.iam.RolePolicy(
    `${name}-policy`,
    override<aws.iam.RolePolicyArgs>(
      { role: role.name, policy: policyDocument(runStatements(s, progress, exporting.exportRole)) },
      transform.policy,
    ),
    opts,
  );
  const stateMachine = new aws.sfn.StateMachine(
    `${name}-state-machine`,
    override<aws.sfn.StateMachineArgs>(
      {
        roleArn: role.arn,
        definition: pulumi.jsonStringify(definitionOf(s, progress, exporting.exportRole)),
        // The history holds names and times, no data: the key of AWS serves.
        loggingConfiguration: {
          level: "ALL",
          includeExecutionData: true,
          logDestination: pulumi.interpolate`${logGroup.arn}:*`,
        },
      },
      transform.stateMachine,
    ),
    // AWS tests at creation whether the role may write the log.
    { ...opts, dependsOn: [policy, ...(exporting.exportPolicy === undefined ? [] : [exporting.exportPolicy])] },
  );
  return { progress, logGroup, ...exporting, role, policy, stateMachine };
}

/** The role that RDS writes the files with; DynamoDB writes them with the state machine's rights. */
function createExportRole(
  opts: pulumi.CustomResourceOptions,
  s: Settled,
): Pick<Machine, "exportRole" | "exportPolicy"> {
  if (s.args.source.kind !== "aurora") return { exportRole: undefined, exportPolicy: undefined };
  const { transform } = s.args;
  const exportRole = new aws.iam.Role(
    `${s.name}-export-role`,
    override<aws.iam.RoleArgs>(
      {
        description: `${s.name}: RDS writes the exported files`,
        // No condition, as in AWS's example: one on a key that the service does not set would fail every export.
        assumeRolePolicy: assumableBy("export.rds.amazonaws.com"),
      },
      transform?.exportRole,
    ),
    opts,
  );
  const exportPolicy = new aws.iam.RolePolicy(
    `${s.name}-export-policy`,
    override<aws.iam.RolePolicyArgs>(
      { role: exportRole.name, policy: policyDocument(exportStatements(s)) },
      transform?.exportPolicy,
    ),
    opts,
  );
  return { exportRole, exportPolicy };
}

function definitionOf(s: Settled, progress: aws.ssm.Parameter, exportRole: aws.iam.Role | undefined): Definition {
  const { source, lake } = s.args;
  const place = {
    name: s.name,
    bucketName: lake.zones[s.zone].bucketName,
    keyArn: lake.keyArn,
    progressName: progress.name,
    timeoutSeconds: s.timeoutHours * 3600,
  };
  if (source.kind === "table") {
    return tableDefinition({
      ...place,
      tableName: source.table.tableName,
      tableArn: source.table.arn,
      into: source.into,
    });
  }
  return auroraDefinition({
    ...place,
    clusterIdentifier: source.cluster.clusterIdentifier,
    databaseName: source.cluster.databaseName,
    exportRoleArn: exportRole?.arn ?? "",
    tables: Object.entries(source.tables),
    staleAfterHours: s.staleAfterHours,
  });
}
