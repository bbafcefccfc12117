import type * as aws from "@pulumi/aws";

import type { Value } from "./value";

/** Containers of a SageMaker model: the one that it has, or those of its pipeline. */
export function modelContainers(props: Value<aws.sagemaker.ModelArgs>): Value[] {
  const first = props.at("primaryContainer");
  return [...(first.unknown || !first.isEmpty() ? [first] : []), ...props.at("containers").items()];
}
