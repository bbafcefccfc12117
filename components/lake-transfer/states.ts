import { type Input, interpolate, type Output } from "@pulumi/pulumi";

import { fileFormats } from "../data-lake/format";
import type { LakeTable } from "../data-lake/types";

/** A state machine in Amazon States Language, in JSONata: what stands in `{% %}` is worked out at run time. */
export interface Definition {
  readonly Comment: string;
  readonly QueryLanguage: "JSONata";
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly States: Readonly<Record<string, State>>;
}

/** A state, in the language's own words. */
export type State = Readonly<Record<string, unknown>> & { readonly Type: string };

/** What every transfer's definition is made from. */
export interface Place {
  /** The transfer's name: part of names and folders. */
  readonly name: string;
  readonly bucketName: Input<string>;
  readonly keyArn: Input<string>;
  /** Name of the parameter that holds how far the last run came. */
  readonly progressName: Input<string>;
  readonly timeoutSeconds: number;
}

/** Folder of the transfer's files in the zone's bucket. */
export function folderOf(name: string): string {
  return `transfers/${name}`;
}

/** What the parameter holds until the first run ends. */
export const noProgress = "none";

/** Calls of AWS fail for a moment now and then: throttling above all. */
const retries = [
  {
    ErrorEquals: ["States.ALL"],
    IntervalSeconds: 10,
    BackoffRate: 2,
    MaxAttempts: 6,
    MaxDelaySeconds: 300,
    JitterStrategy: "FULL",
  },
];

/** An AWS SDK integration: `rds:startExportTask` and its arguments. */
export function call(action: string, args: Record<string, unknown>, rest: Record<string, unknown>): State {
  return { Type: "Task", Resource: `arn:aws:states:::aws-sdk:${action}`, Arguments: args, Retry: retries, ...rest };
}

/** Reads how far the last run came, into `$done`. */
export function readProgress({ progressName }: Place, next: string): State {
  return call(
    "ssm:getParameter",
    { Name: progressName },
    { Assign: { done: "{% $states.result.Parameter.Value %}" }, Next: next },
  );
}

/** Writes how far this run came. */
export function writeProgress({ progressName }: Place, value: string, rest: Record<string, unknown>): State {
  return call("ssm:putParameter", { Name: progressName, Value: value, Overwrite: true }, rest);
}

/** Waits a minute, asks how the export is, and goes on when it ended. */
export function pollStates(poll: {
  readonly check: State;
  readonly done: string;
  readonly failed: readonly string[];
  readonly next: string;
}): Record<string, State> {
  return {
    WaitForExport: { Type: "Wait", Seconds: 60, Next: "CheckExport" },
    CheckExport: poll.check,
    IsExportDone: {
      Type: "Choice",
      Choices: [
        { Condition: `{% $export.status = '${poll.done}' %}`, Next: poll.next },
        {
          Condition: `{% ${poll.failed.map((status) => `$export.status = '${status}'`).join(" or ")} %}`,
          Next: "ExportFailed",
        },
      ],
      Default: "WaitForExport",
    },
    ExportFailed: { Type: "Fail", Error: "ExportFailed", Cause: "{% $export.cause %}" },
  };
}

/** Adds the partition of this export to a table, and fails unless it is in the catalog after that. */
export function registerStates(register: {
  readonly table: LakeTable;
  /** Part of the states' names: several tables are registered one after the other. */
  readonly label: string;
  /** Values of the partition columns, as expressions. */
  readonly values: readonly string[];
  /** Where the files are, as an expression. */
  readonly location: Input<string>;
  readonly next: string;
}): Record<string, State> {
  const { table, label } = register;
  const format = fileFormats[table.format === "json" ? "json" : "parquet"];
  const state = `Register ${label}`;
  const question = `Is ${label} registered`;
  return {
    [state]: call(
      "glue:batchCreatePartition",
      {
        DatabaseName: table.databaseName,
        TableName: table.tableName,
        PartitionInputList: [
          {
            Values: [...register.values],
            StorageDescriptor: {
              Columns: table.columns.map(({ name, type }) => ({ Name: name, Type: type })),
              Location: register.location,
              InputFormat: format.inputFormat,
              OutputFormat: format.outputFormat,
              SerdeInfo: { SerializationLibrary: format.serializationLibrary, Parameters: { ...format.parameters } },
            },
          },
        ],
      },
      {
        // The call does not fail for a partition that it cannot make: it lists it. One that is there is as good as made.
        Output: "{% {'refused': [$states.result.Errors[ErrorDetail.ErrorCode != 'AlreadyExistsException']]} %}",
        Next: question,
      },
    ),
    [question]: {
      Type: "Choice",
      Choices: [{ Condition: "{% $count($states.input.refused) = 0 %}", Next: register.next }],
      Default: "NotRegistered",
    },
  };
}

/** The end of a run whose files are there but not in the catalog. */
export const notRegistered: State = {
  Type: "Fail",
  Error: "PartitionNotRegistered",
  Cause: "{% $string($states.input.refused) %}",
};

/** An expression of a text that begins with something known at deployment. */
export function text(start: Input<string>, rest: string): Output<string> {
  return interpolate`{% '${start}' & ${rest} %}`;
}
