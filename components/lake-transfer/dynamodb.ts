import type { Input } from "@pulumi/pulumi";
import { interpolate } from "@pulumi/pulumi";

import type { LakeTable } from "../data-lake/types";
import {
  call,
  type Definition,
  folderOf,
  noProgress,
  notRegistered,
  type Place,
  pollStates,
  readProgress,
  registerStates,
  type State,
  text,
  writeProgress,
} from "./states";

/** What the definition of a DynamoDB transfer is made from. */
export interface TablePlace extends Place {
  readonly tableName: Input<string>;
  readonly tableArn: Input<string>;
  readonly into: LakeTable;
}

/** AWS: DynamoDB developer guide, "Requesting a table export": changes of 15 minutes at least, of 24 hours at most. */
const leastMillis = 15 * 60_000;
const mostMillis = 24 * 3_600_000;

/** Part of a folder's name: the time that the state was entered, without colons. */
const stamp = "$fromMillis($toMillis($states.context.State.EnteredTime), '[Y0001][M01][D01]T[H01][m01][s01]Z')";

/**
 * Exports the whole table once, then what changed since the last run, a day at most at a time, and registers a partition
 * for each export. Where the last run is further back than the table remembers, it begins anew with the whole table.
 */
export function tableDefinition(place: TablePlace): Definition {
  return {
    Comment: `${place.name}: table to the lake, first whole, then its changes`,
    QueryLanguage: "JSONata",
    StartAt: "ReadProgress",
    TimeoutSeconds: place.timeoutSeconds,
    States: {
      ReadProgress: readProgress(place, "FindWindow"),
      // Once for each run: with an end that moved along, a slow export would be followed by another without end.
      FindWindow: call(
        "dynamodb:describeContinuousBackups",
        { TableName: place.tableName },
        {
          Assign: {
            earliest: `{% ${recovery}.EarliestRestorableDateTime %}`,
            latest: `{% ${recovery}.LatestRestorableDateTime %}`,
          },
          Next: "ChooseExport",
        },
      ),
      ChooseExport: {
        Type: "Choice",
        Choices: [
          { Condition: `{% $done = '${noProgress}' %}`, Next: "StartFullExport" },
          { Condition: "{% $toMillis($done) < $toMillis($earliest) %}", Next: "StartFullExport" },
          { Condition: `{% $toMillis($latest) - $toMillis($done) < ${leastMillis} %}`, Next: "UpToDate" },
        ],
        Default: "StartChangesExport",
      },
      UpToDate: { Type: "Succeed" },
      StartFullExport: startFull(place),
      StartChangesExport: startChanges(place),
      ...pollStates({
        check: call(
          "dynamodb:describeExport",
          { ExportArn: "{% $exportArn %}" },
          {
            Assign: {
              export:
                "{% {'status': $states.result.ExportDescription.ExportStatus, " +
                "'cause': $string($states.result.ExportDescription.FailureMessage) & ''} %}",
            },
            Next: "IsExportDone",
          },
        ),
        done: "COMPLETED",
        failed: ["FAILED"],
        next: "Register export",
      }),
      ...registerStates({
        table: place.into,
        label: "export",
        values: ["{% $kind %}", "{% $fromMillis($toMillis($until), '[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01]Z') %}"],
        location: text(interpolate`s3://${place.bucketName}/`, "$folder"),
        next: "WriteProgress",
      }),
      NotRegistered: notRegistered,
      WriteProgress: writeProgress(place, "{% $until %}", { Assign: { done: "{% $until %}" }, Next: "ChooseExport" }),
    },
  };
}

const recovery = "$states.result.ContinuousBackupsDescription.PointInTimeRecoveryDescription";

function startFull(place: TablePlace): State {
  const prefix = `'${folderOf(place.name)}/full/' & ${stamp}`;
  return call(
    "dynamodb:exportTableToPointInTime",
    {
      ...destination(place, prefix),
      ExportType: "FULL_EXPORT",
      ExportTime: "{% $latest %}",
    },
    {
      Assign: {
        ...started("full", "$latest"),
        // AWS: DynamoDB developer guide, "DynamoDB table export output format".
        folder: `{% ${prefix} & '/AWSDynamoDB/' & $split($states.result.ExportDescription.ExportArn, '/')[-1] & '/data/' %}`,
      },
      Next: "WaitForExport",
    },
  );
}

function startChanges(place: TablePlace): State {
  const prefix = `'${folderOf(place.name)}/changes/' & ${stamp}`;
  const until = `$fromMillis($min([$toMillis($done) + ${mostMillis}, $toMillis($latest)]))`;
  return call(
    "dynamodb:exportTableToPointInTime",
    {
      ...destination(place, prefix),
      ExportType: "INCREMENTAL_EXPORT",
      IncrementalExportSpecification: {
        ExportFromTime: "{% $done %}",
        ExportToTime: `{% ${until} %}`,
        ExportViewType: "NEW_IMAGE",
      },
    },
    {
      Assign: {
        ...started("changes", until),
        // Exports of changes share one data folder below their prefix, so each has a prefix of its own.
        folder: `{% ${prefix} & '/AWSDynamoDB/data/' %}`,
      },
      Next: "WaitForExport",
    },
  );
}

function destination(place: TablePlace, prefix: string): Record<string, unknown> {
  return {
    TableArn: place.tableArn,
    S3Bucket: place.bucketName,
    S3Prefix: `{% ${prefix} %}`,
    S3SseAlgorithm: "KMS",
    S3SseKmsKeyId: place.keyArn,
    ExportFormat: "DYNAMODB_JSON",
    // One of a run and a step, the same for its retries: a call that was cut off starts nothing twice.
    ClientToken: `{% $states.context.Execution.Name & '-' & ${stamp} %}`,
  };
}

function started(kind: "full" | "changes", until: string): Record<string, string> {
  return {
    kind,
    until: `{% ${until} %}`,
    exportArn: "{% $states.result.ExportDescription.ExportArn %}",
  };
}
