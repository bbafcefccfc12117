import { type Context, type Made, type Makers } from "./context";

/** ARN formats: AWS Service Authorization Reference, "Amazon SageMaker"; the ARN has the name in lower case. */
function named(kind: string): (c: Context) => Made {
  return (c) => ({ id: c.name(), outputs: { arn: c.arn("sagemaker", `${kind}/${c.name().toLowerCase()}`) } });
}

export const sagemaker: Makers = {
  "sagemaker/endpoint": named("endpoint"),
  "sagemaker/endpointConfiguration": named("endpoint-config"),
  "sagemaker/model": named("model"),
};
