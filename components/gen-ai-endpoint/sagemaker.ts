import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import { createAlarms } from "./alarms";
import type { Made } from "./bedrock";
import { sageMakerAccess } from "./sagemaker-access";
import { createHours } from "./sagemaker-hours";
import { createModelRole } from "./sagemaker-role";
import { createScaling, variantName } from "./sagemaker-scaling";
import type { AlarmNodes, HoursNodes, SageMakerNodes } from "./nodes";
import { type SettledSageMaker, takesKey } from "./sagemaker-rules";
import type { AsyncServing } from "./types";

/** A model of one's own: what it runs as, what answers with it, its alarms and its scaling. */
export function createSageMaker(parent: pulumi.Resource, s: SettledSageMaker): Made {
  const { name } = s;
  // A contract: alarms that roll an update back, and the log group, name the endpoint before it is there.
  const endpointName = `${pulumi.getProject()}-${pulumi.getStack()}-${name}`;
  const role = createModelRole(parent, s, endpointName);
  const alarms = createSageMakerAlarms(parent, s, endpointName);
  const served = createEndpoint(parent, s, endpointName, role, alarms);
  return {
    ...sageMakerAccess(s, served.endpoint),
    retrieve: undefined,
    ingestCommand: undefined,
    modelArn: served.endpoint.arn,
    liftCommand: undefined,
    mostLostUsd: undefined,
    nodes: { ...role, ...served, ...alarms, ...createHours(parent, s, served) },
  };
}

type RoleNodes = Pick<SageMakerNodes, "modelRole" | "modelRights" | "modelLogGroup">;

function createEndpoint(
  parent: pulumi.Resource,
  s: SettledSageMaker,
  endpointName: string,
  role: RoleNodes,
  alarms: AlarmNodes,
): Omit<SageMakerNodes, keyof RoleNodes | keyof HoursNodes> {
  const { name, args } = s;
  const { transform = {} } = args;
  const { given, instances } = s.sagemaker;
  const opts = { parent };
  const { artefact, image } = given;
  const model = new aws.sagemaker.Model(
    `${name}-model`,
    override<aws.sagemaker.ModelArgs>(
      {
        executionRoleArn: role.modelRole.arn,
        // Serverless knows no isolation.
        enableNetworkIsolation: instances !== undefined,
        primaryContainer: {
          image: pulumi.interpolate`${image.repository.url}:${image.tag}`,
          ...(artefact !== undefined && {
            modelDataUrl: pulumi.interpolate`s3://${artefact.bucketName}/${artefact.key}`,
          }),
          ...(given.environment !== undefined && { environment: given.environment }),
        },
      },
      transform.model,
    ),
    { ...opts, dependsOn: [role.modelRights] },
  );
  // A configuration never changes: each is made under a new name before the endpoint lets go of the old one.
  const configuration = new aws.sagemaker.EndpointConfiguration(
    `${name}-configuration`,
    override<aws.sagemaker.EndpointConfigurationArgs>(configurationArgs(s, model), transform.configuration),
    opts,
  );
  const endpoint = new aws.sagemaker.Endpoint(
    `${name}-endpoint`,
    override<aws.sagemaker.EndpointArgs>(
      {
        name: endpointName,
        endpointConfigName: configuration.name,
        ...(instances !== undefined && {
          deploymentConfig: {
            blueGreenUpdatePolicy: {
              trafficRoutingConfiguration: { type: "ALL_AT_ONCE", waitIntervalInSeconds: 600 },
              // The old instances stay while the alarms watch the new ones.
              terminationWaitInSeconds: 300,
            },
            autoRollbackConfiguration: {
              alarms: [{ alarmName: alarms.errorsAlarm.name }, { alarmName: alarms.latencyAlarm.name }],
            },
          },
        }),
      },
      transform.endpoint,
    ),
    { ...opts, dependsOn: [role.modelLogGroup] },
  );
  return { model, configuration, endpoint, ...createScaling(parent, s, endpoint) };
}

function configurationArgs(
  { name, args, sagemaker }: SettledSageMaker,
  model: aws.sagemaker.Model,
): aws.sagemaker.EndpointConfigurationArgs {
  const { serverless, instances, given, acknowledged } = sagemaker;
  const { capture } = given;
  return {
    // For whoever finds it on the bill, and for the policies.
    ...(acknowledged !== undefined && { tags: { Acknowledged: acknowledged } }),
    productionVariants: [
      {
        variantName,
        modelName: model.name,
        ...(serverless !== undefined && {
          serverlessConfig: { memorySizeInMb: serverless.memoryMiB, maxConcurrency: serverless.maxConcurrency },
        }),
        ...(instances !== undefined && {
          instanceType: instances.instanceType,
          // None comes later: a variant has to begin with one.
          initialInstanceCount: Math.max(1, instances.min),
        }),
      },
    ],
    ...(instances !== undefined && takesKey(instances.instanceType) && { kmsKeyArn: args.keyArn }),
    ...(sagemaker.async !== undefined && { asyncInferenceConfig: asyncConfig(name, args.keyArn, sagemaker.async) }),
    ...(capture !== undefined && {
      dataCaptureConfig: {
        enableCapture: true,
        initialSamplingPercentage: capture.percent,
        destinationS3Uri: pulumi.interpolate`s3://${capture.bucketName}/${name}`,
        captureOptions: [{ captureMode: "Input" }, { captureMode: "Output" }],
        kmsKeyId: args.keyArn,
      },
    }),
  };
}

function asyncConfig(
  name: string,
  keyArn: pulumi.Input<string>,
  { bucket, topicArn }: AsyncServing,
): aws.types.input.sagemaker.EndpointConfigurationAsyncInferenceConfig {
  return {
    outputConfig: {
      s3OutputPath: pulumi.interpolate`s3://${bucket.bucketName}/${name}/results`,
      s3FailurePath: pulumi.interpolate`s3://${bucket.bucketName}/${name}/failures`,
      kmsKeyId: keyArn,
      ...(topicArn !== undefined && { notificationConfig: { successTopic: topicArn, errorTopic: topicArn } }),
    },
  };
}

function createSageMakerAlarms(parent: pulumi.Resource, s: SettledSageMaker, endpointName: string): AlarmNodes {
  const { name, alarms } = s;
  return createAlarms(
    parent,
    s,
    { namespace: "AWS/SageMaker", dimensions: { EndpointName: endpointName, VariantName: variantName } },
    {
      throttles: {
        alarmDescription:
          `${name}: ${alarms.throttles} or more requests in 5 minutes were refused. ` +
          "Serverless at its maxConcurrency answers so; otherwise callers send what the container does not understand.",
        metricName: "Invocation4XXErrors",
        statistic: "Sum",
        threshold: alarms.throttles,
      },
      errors: {
        alarmDescription:
          `${name}: the model failed on ${alarms.errors} or more requests in 5 minutes. ` +
          `Look in log group /aws/sagemaker/Endpoints/${endpointName}; an update under way is rolled back.`,
        metricName: "Invocation5XXErrors",
        statistic: "Sum",
        threshold: alarms.errors,
      },
      latency: {
        alarmDescription:
          `${name}: one answer in ten took ${alarms.latencySeconds} s or longer, for 15 minutes. ` +
          "Raise the memory or the instances, or look for requests that grew.",
        metricName: "ModelLatency",
        extendedStatistic: "p90",
        evaluationPeriods: 3,
        // In microseconds.
        threshold: alarms.latencySeconds * 1_000_000,
      },
    },
  );
}
