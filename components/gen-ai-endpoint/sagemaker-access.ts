import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Access } from "../shared/access";
import type { SettledSageMaker } from "./sagemaker-rules";

/** The rights to this endpoint; there is nothing to stream where results come to S3. */
export function sageMakerAccess(
  s: SettledSageMaker,
  endpoint: aws.sagemaker.Endpoint,
): { readonly invoke: Access; readonly invokeStream: Access | undefined } {
  const { name } = s;
  const env = { ENDPOINT_NAME: endpoint.name };
  const allow = (action: string | string[]): aws.iam.PolicyStatement => ({
    Effect: "Allow",
    Action: action,
    Resource: endpoint.arn,
  });
  const places = s.sagemaker.async;
  if (places === undefined) {
    const stream = "sagemaker:InvokeEndpointWithResponseStream";
    return {
      invoke: { name, env, statements: [allow(["sagemaker:InvokeEndpoint", stream])] },
      invokeStream: { name, env, statements: [allow(stream)] },
    };
  }
  const { bucketName, bucketArn } = places.bucket;
  return {
    invoke: {
      name,
      env: { ...env, REQUESTS: pulumi.interpolate`s3://${bucketName}/${name}/requests` },
      statements: [
        allow("sagemaker:InvokeEndpointAsync"),
        { Effect: "Allow", Action: "s3:PutObject", Resource: pulumi.interpolate`${bucketArn}/${name}/requests/*` },
        {
          Effect: "Allow",
          Action: "s3:GetObject",
          Resource: [
            pulumi.interpolate`${bucketArn}/${name}/results/*`,
            pulumi.interpolate`${bucketArn}/${name}/failures/*`,
          ],
        },
        {
          Effect: "Allow",
          Action: ["kms:Decrypt", "kms:GenerateDataKey"],
          Resource: s.args.keyArn,
          Condition: { StringEquals: { "kms:ViaService": `s3.${s.args.region}.amazonaws.com` } },
        },
      ],
    },
    invokeStream: undefined,
  };
}
