import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import { createStateMachineLog, createStateMachineRole, stateMachineLogRights } from "../shared/state-machine";
import { policyDocument } from "../shared/policy-document";
import { dataRights, ownFolder, placeOf, queryRights, tableNames } from "./rights";
import { ownZone, type Settled } from "./settle";
import type { BatchEtlNodes } from "./types";
import { definition } from "./workflow";

type Machine = Pick<BatchEtlNodes, "logGroup" | "role" | "policy" | "stateMachine" | "workGroup">;

/** The workgroup of a job that makes tables: an enforced one puts them below its results, so that these are in the lake. */
function createWorkGroup(parent: pulumi.Resource, s: Settled): aws.athena.Workgroup | undefined {
  const zone = ownZone(s);
  if (zone === undefined) return undefined;
  const { lake, transform } = s.args;
  return new aws.athena.Workgroup(
    `${s.name}-workgroup`,
    override<aws.athena.WorkgroupArgs>(
      {
        description: `Statements of ${s.name}`,
        forceDestroy: !s.keep,
        configuration: {
          enforceWorkgroupConfiguration: true,
          enableMinimumEncryptionConfiguration: true,
          publishCloudwatchMetricsEnabled: true,
          bytesScannedCutoffPerQuery: Math.round(s.scanLimitGb * 1_000_000_000),
          engineVersion: { selectedEngineVersion: "Athena engine version 3" },
          resultConfiguration: {
            outputLocation: pulumi.interpolate`s3://${lake.zones[zone].bucketName}/${ownFolder(s)}`,
            encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKeyArn: lake.keyArn },
          },
        },
      },
      transform?.workGroup,
    ),
    { parent },
  );
}

/** The state machine that does the work, with a role made from what goes in and out. */
export function createMachine(parent: pulumi.Resource, s: Settled, job: aws.glue.Job | undefined): Machine {
  const { name, args } = s;
  const transform = args.transform ?? {};
  const opts = { parent };
  const workGroup = createWorkGroup(parent, s);
  const { keyArn, logRetentionDays: retentionDays } = args;
  const log = { keyArn, retentionDays, keep: s.keep };
  const logGroup = createStateMachineLog(name, log, transform.logGroup, opts);
  const { account } = placeOf(s);
  const role = createStateMachineRole(name, `${name}: runs the job`, account, transform.role, opts);
  const queries = s.files.length + s.checks.length > 0;
  const policy = new aws.iam.RolePolicy(
    `${name}-policy`,
    override<aws.iam.RolePolicyArgs>(
      {
        role: role.name,
        policy: policyDocument([
          ...(queries ? [...queryRights(s, workGroup?.arn ?? args.lake.workGroupArn), ...dataRights(s)] : []),
          ...(job === undefined ? [] : [jobRights(job)]),
          stateMachineLogRights,
        ]),
      },
      transform.policy,
    ),
    opts,
  );
  const stateMachine = new aws.sfn.StateMachine(
    `${name}-machine`,
    override<aws.sfn.StateMachineArgs>(
      {
        type: "STANDARD",
        roleArn: role.arn,
        definition: definitionText(s, workGroup, job),
        loggingConfiguration: {
          level: "ERROR",
          includeExecutionData: true,
          logDestination: pulumi.interpolate`${logGroup.arn}:*`,
        },
      },
      transform.stateMachine,
    ),
    // Step Functions tries the role's right to log when it is created.
    { ...opts, dependsOn: [policy] },
  );
  return { logGroup, role, policy, stateMachine, workGroup };
}

function definitionText(
  s: Settled,
  workGroup: aws.athena.Workgroup | undefined,
  job: aws.glue.Job | undefined,
): pulumi.Output<string> {
  const tables = Object.fromEntries(
    Object.entries({ ...s.inputs, ...s.outputs }).map(([name, table]) => [name, tableNames(s, table)]),
  );
  return pulumi
    .all([placeOf(s).partition, workGroup?.name ?? s.args.lake.workGroupName, pulumi.all(tables), job?.name])
    .apply(([partition, group, names, jobName]) =>
      JSON.stringify(definition(s, { partition, workGroup: group, tables: names, job: jobName })),
    );
}

function jobRights(job: aws.glue.Job): aws.iam.PolicyStatement {
  return {
    Effect: "Allow",
    Action: ["glue:BatchStopJobRun", "glue:GetJobRun", "glue:GetJobRuns", "glue:StartJobRun"],
    Resource: job.arn,
  };
}
