import type * as aws from "@pulumi/aws";
import type { Output } from "@pulumi/pulumi";

/** `arn:partition:glue:region:account:database/name`: the catalog that it is in. */
export function catalogArn({ arn }: aws.glue.CatalogDatabase): Output<string> {
  return arn.apply((text) => text.replace(/:database\/.*$/, ":catalog"));
}

/** A table of the database, or all of them with `*`. */
export function tableArn({ arn }: aws.glue.CatalogDatabase, table: string): Output<string> {
  return arn.apply((text) => `${text.replace(/:database\//, ":table/")}/${table}`);
}

/** A part of an ARN, counted from 0. */
export function arnPart(arn: Output<string>, index: number): Output<string> {
  return arn.apply((text) => text.split(":")[index] ?? "");
}
