import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { placeOf } from "./stream";
import type { StreamingEtlNodes } from "./types";

/**
 * A command that gives each batch in the bucket of failures to the function once more, and deletes it there when all of its
 * records got through. Needs the AWS CLI and jq. The loop stops at nothing: what fails again stays and is named.
 */
export function replayCommand(
  made: Pick<StreamingEtlNodes, "failures" | "function" | "copies"> & { readonly stream: aws.kinesis.Stream },
): pulumi.Output<string> {
  const copies = Object.values(made.copies).map((copy) => pulumi.all([copy.mapping.uuid, copy.function.name]));
  return pulumi
    .all([placeOf(made.stream).region, made.failures.bucket, made.function.name, pulumi.all(copies)])
    .apply(([region, bucket, main, others]) => {
      // The folder is the mapping that gave the batch up.
      const cases = others.map(([uuid, copy]) => `aws/lambda/${uuid}/*) name=${copy};;`);
      const choice = cases.length === 0 ? [] : [`case "$key" in ${cases.join(" ")} *) name=${main};; esac;`];
      const name = cases.length === 0 ? main : '"$name"';
      return [
        "work=$(mktemp -d);",
        `aws s3api list-objects-v2 --region ${region} --bucket ${bucket} --prefix aws/lambda/`,
        "--query 'Contents[].[Key]' --output text | grep -v '^None$' | while read -r key; do",
        ...choice,
        `aws s3 cp --region ${region} "s3://${bucket}/$key" - </dev/null`,
        // Lambda documents the payload as the whole event, not whether as an object or as text.
        `| jq -c '.payload | if type == "string" then fromjson else . end' > "$work/event.json" &&`,
        `aws lambda invoke --region ${region} --function-name ${name} --cli-binary-format raw-in-base64-out`,
        '--payload "file://$work/event.json" "$work/answer.json" </dev/null > "$work/call.json" &&',
        'jq -e \'has("FunctionError") | not\' "$work/call.json" > /dev/null &&',
        "jq -e '.batchItemFailures == []' \"$work/answer.json\" > /dev/null &&",
        `aws s3 rm --region ${region} "s3://${bucket}/$key" </dev/null || echo "still fails: $key"; done`,
      ].join(" ");
    });
}
