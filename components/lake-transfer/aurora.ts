import type { Input } from "@pulumi/pulumi";
import { interpolate } from "@pulumi/pulumi";

import type { LakeTable } from "../data-lake/types";
import { exportedFolder } from "./files";
import {
  call,
  type Definition,
  folderOf,
  notRegistered,
  type Place,
  pollStates,
  readProgress,
  registerStates,
  type State,
  text,
  writeProgress,
} from "./states";

/** What the definition of an Aurora transfer is made from. */
export interface AuroraPlace extends Place {
  readonly clusterIdentifier: Input<string>;
  readonly databaseName: string;
  /** Role that RDS writes the files with. */
  readonly exportRoleArn: Input<string>;
  readonly tables: readonly (readonly [string, LakeTable])[];
  readonly staleAfterHours: number;
}

/**
 * Finds the newest automated snapshot, exports the tables from it as Parquet, waits, and registers a partition per table.
 * A snapshot that is in the lake already ends the run well; one that is too old ends it badly, so that the data's age shows.
 */
export function auroraDefinition(place: AuroraPlace): Definition {
  return {
    Comment: `${place.name}: newest snapshot to the lake`,
    QueryLanguage: "JSONata",
    StartAt: "ReadProgress",
    TimeoutSeconds: place.timeoutSeconds,
    States: {
      ReadProgress: readProgress(place, "FindSnapshots"),
      FindSnapshots: call(
        "rds:describeDBClusterSnapshots",
        { DbClusterIdentifier: place.clusterIdentifier, SnapshotType: "automated" },
        {
          Assign: {
            snapshots:
              "{% [$states.result.DbClusterSnapshots[Status = 'available']^(>SnapshotCreateTime)" +
              ".{'arn': DbClusterSnapshotArn, 'at': SnapshotCreateTime}] %}",
            // AWS keeps the identifiers of all exports: one of its own for each run.
            exportId: `{% '${place.name}-' & $fromMillis($toMillis($states.context.State.EnteredTime), '[Y0001][M01][D01][H01][m01][s01]') %}`,
          },
          Next: "IsThereNewData",
        },
      ),
      IsThereNewData: newData(place),
      NoSnapshot: {
        Type: "Fail",
        Error: "NoSnapshot",
        Cause: "The cluster has no automated snapshot that is available.",
      },
      SnapshotTooOld: {
        Type: "Fail",
        Error: "SnapshotTooOld",
        Cause: `The newest snapshot is more than ${place.staleAfterHours} hours old: see the cluster's backups.`,
      },
      UpToDate: { Type: "Succeed" },
      StartExport: startExport(place),
      ...pollStates({
        check: call(
          "rds:describeExportTasks",
          { ExportTaskIdentifier: "{% $exportId %}" },
          {
            Assign: {
              export:
                "{% {'status': $states.result.ExportTasks[0].Status, " +
                "'cause': $string($states.result.ExportTasks[0].FailureCause) & ''} %}",
            },
            Next: "IsExportDone",
          },
        ),
        done: "COMPLETE",
        failed: ["FAILED", "CANCELED"],
        next: `Register ${place.tables[0]?.[0] ?? ""}`,
      }),
      ...registrations(place),
      NotRegistered: notRegistered,
      WriteProgress: writeProgress(place, "{% $snapshots[0].arn %}", { End: true }),
    },
  };
}

function newData({ staleAfterHours }: AuroraPlace): State {
  const age = "$toMillis($states.context.State.EnteredTime) - $toMillis($snapshots[0].at)";
  return {
    Type: "Choice",
    Choices: [
      { Condition: "{% $count($snapshots) = 0 %}", Next: "NoSnapshot" },
      { Condition: `{% ${age} > ${staleAfterHours * 3_600_000} %}`, Next: "SnapshotTooOld" },
      { Condition: "{% $snapshots[0].arn = $done %}", Next: "UpToDate" },
    ],
    Default: "StartExport",
  };
}

function startExport(place: AuroraPlace): State {
  const state = call(
    "rds:startExportTask",
    {
      ExportTaskIdentifier: "{% $exportId %}",
      SourceArn: "{% $snapshots[0].arn %}",
      S3BucketName: place.bucketName,
      S3Prefix: folderOf(place.name),
      IamRoleArn: place.exportRoleArn,
      KmsKeyId: place.keyArn,
      ExportOnly: place.tables.map(([table]) => `${place.databaseName}.${table}`),
    },
    {
      Assign: {
        snapshotAt: "{% $fromMillis($toMillis($snapshots[0].at), '[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01]Z') %}",
      },
      Next: "WaitForExport",
    },
  );
  return {
    ...state,
    Retry: [
      // A call that was cut off may have started it: its identifier is this run's own.
      { ErrorEquals: ["Rds.ExportTaskAlreadyExistsException"], MaxAttempts: 0 },
      // Five exports at a time for each account, and a role that was just made: both pass with time.
      { ErrorEquals: ["States.ALL"], IntervalSeconds: 60, BackoffRate: 2, MaxAttempts: 6, MaxDelaySeconds: 1800 },
    ],
    Catch: [
      {
        ErrorEquals: ["Rds.ExportTaskAlreadyExistsException"],
        Assign: {
          snapshotAt: "{% $fromMillis($toMillis($snapshots[0].at), '[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01]Z') %}",
        },
        Next: "WaitForExport",
      },
    ],
  };
}

/** AWS: Aurora user guide, "File naming convention": a folder for each export. */
function registrations({ name, bucketName, databaseName, tables }: AuroraPlace): Record<string, State> {
  const folder = interpolate`s3://${bucketName}/${folderOf(name)}/`;
  return Object.fromEntries(
    tables.flatMap(([source, table], index) => {
      const next = tables[index + 1];
      return Object.entries(
        registerStates({
          table,
          label: source,
          values: ["{% $snapshotAt %}"],
          location: text(folder, `$exportId & '/${exportedFolder({ databaseName }, source)}'`),
          next: next === undefined ? "WriteProgress" : `Register ${next[0]}`,
        }),
      );
    }),
  );
}
