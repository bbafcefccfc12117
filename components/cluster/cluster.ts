import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { Faults } from "../shared/check";
import { isLogRetention, type LogRetentionDays, logRetentionDays } from "../shared/log-retention";
import { override, type Override } from "../shared/override";

/** What a Cluster is made of. */
export interface ClusterArgs {
  /** ARN of the key that encrypts exec sessions and their log; its policy admits `logs`. */
  keyArn: pulumi.Input<string>;
  /** Container Insights: `enhanced` adds metrics per task and container. Each metric is billed. */
  insights: "disabled" | "enabled" | "enhanced";
  /** Days that the log of exec sessions is kept: a retention of CloudWatch Logs. @default 90 */
  execLogRetentionDays?: LogRetentionDays;
  /** Protects the log of exec sessions from deletion. @default false */
  keep?: boolean;
  /**
   * ARN of a single-Region key for the ephemeral storage and the EBS volumes of tasks; its policy admits `fargate`. ECS
   * refuses a multi-Region key here. Absent: encrypted with a key that AWS owns.
   */
  storageKeyArn?: pulumi.Input<string>;
  /** Last say on each child's arguments. */
  transform?: ClusterTransform;
}

/** Last say on the arguments of each child, by the child's name in `nodes`. */
export interface ClusterTransform {
  cluster?: Override<aws.ecs.ClusterArgs>;
  capacityProviders?: Override<aws.ecs.ClusterCapacityProvidersArgs>;
  execLogs?: Override<aws.cloudwatch.LogGroupArgs>;
}

/**
 * The ECS cluster that a stack's services and tasks run in, on Fargate and Fargate Spot. Exec sessions are encrypted and
 * logged; what a task role needs for them is offered as statements.
 */
export class Cluster extends pulumi.ComponentResource {
  /** ARN of the cluster, once its capacity providers are there. */
  public readonly arn: pulumi.Output<string>;
  /** Name of the cluster, once its capacity providers are there. */
  public readonly name: pulumi.Output<string>;
  /** Rights that a task role needs for ECS Exec in this cluster. */
  public readonly execStatements: readonly aws.iam.PolicyStatement[];
  /** The resources themselves. */
  public readonly nodes: {
    readonly cluster: aws.ecs.Cluster;
    readonly capacityProviders: aws.ecs.ClusterCapacityProviders;
    readonly execLogs: aws.cloudwatch.LogGroup;
  };

  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    const { keyArn, insights, storageKeyArn, transform } = args;
    const retentionInDays = args.execLogRetentionDays ?? 90;
    const keep = args.keep ?? false;
    check(name, insights, retentionInDays);
    super("kiban:index:Cluster", name, {}, opts);

    const parent = { parent: this };
    const execLogs = new aws.cloudwatch.LogGroup(
      `${name}-exec-logs`,
      override<aws.cloudwatch.LogGroupArgs>(
        { kmsKeyId: keyArn, retentionInDays, deletionProtectionEnabled: keep },
        transform?.execLogs,
      ),
      { ...parent, protect: keep },
    );
    const cluster = new aws.ecs.Cluster(
      `${name}-cluster`,
      override<aws.ecs.ClusterArgs>(
        {
          settings: [{ name: "containerInsights", value: insights }],
          configuration: {
            executeCommandConfiguration: {
              kmsKeyId: keyArn,
              logging: "OVERRIDE",
              logConfiguration: { cloudWatchEncryptionEnabled: true, cloudWatchLogGroupName: execLogs.name },
            },
            ...(storageKeyArn !== undefined && {
              managedStorageConfiguration: { fargateEphemeralStorageKmsKeyId: storageKeyArn, kmsKeyId: storageKeyArn },
            }),
          },
        },
        transform?.cluster,
      ),
      parent,
    );
    const capacityProviders = new aws.ecs.ClusterCapacityProviders(
      `${name}-capacity-providers`,
      override<aws.ecs.ClusterCapacityProvidersArgs>(
        {
          clusterName: cluster.name,
          capacityProviders: ["FARGATE", "FARGATE_SPOT"],
          // For a task that names none, such as one started by hand: on-demand, which AWS does not take back.
          defaultCapacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1 }],
        },
        transform?.capacityProviders,
      ),
      parent,
    );

    // Through the capacity providers: a service made before them is refused FARGATE_SPOT.
    this.name = capacityProviders.clusterName;
    this.arn = pulumi.all([cluster.arn, capacityProviders.id]).apply(([arn]) => arn);
    this.execStatements = execStatements(keyArn, execLogs);
    this.nodes = { cluster, capacityProviders, execLogs };
    this.registerOutputs({ arn: this.arn, name: this.name });
  }
}

function check(name: string, insights: string, execLogRetentionDays: number): void {
  const faults = new Faults("Cluster", name);
  if (!["disabled", "enabled", "enhanced"].includes(insights)) {
    faults.add("insights", insights, "disabled, enabled, enhanced", "set one of them");
  }
  if (!isLogRetention(execLogRetentionDays)) {
    faults.add("execLogRetentionDays", execLogRetentionDays, logRetentionDays.join(", "), "set one of them");
  }
  faults.raise();
}

/**
 * AWS: ECS developer guide, "Monitor Amazon ECS containers with ECS Exec" and "Logging and auditing". Without `Sid`: they
 * are folded into one document with others, where each must be unique.
 */
function execStatements(keyArn: pulumi.Input<string>, logs: aws.cloudwatch.LogGroup): aws.iam.PolicyStatement[] {
  return [
    {
      Effect: "Allow",
      Action: [
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ],
      Resource: "*", // These actions know no resources.
    },
    {
      Effect: "Allow",
      Action: "logs:DescribeLogGroups",
      Resource: "*", // The agent lists the groups to find its own; ECS documents it so.
    },
    {
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
      Resource: pulumi.interpolate`${logs.arn}:*`,
    },
    { Effect: "Allow", Action: "kms:Decrypt", Resource: keyArn },
  ];
}
