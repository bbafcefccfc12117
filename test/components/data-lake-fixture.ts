import { DataLake, type DataLakeArgs } from "../../components/data-lake/data-lake";
import { type Run, run } from "../harness";

export const account = "111111111111";
export const keyArn = `arn:aws:kms:ap-northeast-1:${account}:key/00000000-0000-0000-0000-000000000000`;
export const logArchive = { bucketName: "logs-bucket", bucketArn: "arn:aws:s3:::logs-bucket" };
export const least: DataLakeArgs = { keyArn, logArchive, keep: false };

/** One lake, made in a program of its own. */
export async function lakeWith(args: Partial<DataLakeArgs> = {}, name = "lake"): Promise<Run & { lake: DataLake }> {
  let lake: DataLake | undefined;
  const result = await run(() => {
    lake = new DataLake(name, { ...least, ...args });
  });
  if (result.error !== undefined) throw result.error;
  if (lake === undefined) throw new Error("no lake was made");
  return { ...result, lake };
}

/** A policy, however the provider wants it. */
export function documentOf(value: unknown): unknown {
  return typeof value === "string" ? (JSON.parse(value) as unknown) : value;
}

/** A value that must be a text. */
export function textOf(value: unknown): string {
  if (typeof value !== "string") throw new Error(`no text: ${JSON.stringify(value)}`);
  return value;
}
