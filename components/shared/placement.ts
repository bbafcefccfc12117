import type * as aws from "@pulumi/aws";
import type { Input } from "@pulumi/pulumi";

/** The network that a component is placed in. Network fits, and so does any VPC that was made elsewhere. */
export interface NetworkPlacement {
  readonly vpcId: Input<string>;
  /** Subnets with a route to an internet gateway: public load balancers and NAT alone. */
  readonly publicSubnetIds: Input<Input<string>[]>;
  /** Subnets whose way out is NAT or endpoints: tasks and functions. */
  readonly privateSubnetIds: Input<Input<string>[]>;
  /** Subnets without a way out: databases. */
  readonly isolatedSubnetIds: Input<Input<string>[]>;
}

/** The bucket that takes access and flow logs. LogArchive fits. */
export interface LogDestination {
  readonly bucketName: Input<string>;
  readonly bucketArn: Input<string>;
}

/** The ECS cluster that tasks run in. Cluster fits. */
export interface ClusterPlacement {
  readonly arn: Input<string>;
  readonly name: Input<string>;
  /** Rights that a task role needs for ECS Exec in this cluster: SSM channels, the session log, its key. */
  readonly execStatements: readonly aws.iam.PolicyStatement[];
}

/** The load balancer that a service registers with. LoadBalancer fits. */
export interface ListenerPlacement {
  /** ARN of the production listener, where each service adds its rule. */
  readonly listenerArn: Input<string>;
  /** ARN of the test listener, which shows the next revision before it takes traffic. */
  readonly testListenerArn: Input<string>;
  /** The load balancer's security group, the only one that tasks admit. */
  readonly securityGroupId: Input<string>;
  /** `app/name/id`: the LoadBalancer dimension of CloudWatch metrics and part of the request-count label. */
  readonly arnSuffix: Input<string>;
}
