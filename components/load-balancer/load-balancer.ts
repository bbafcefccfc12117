import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Certificate, CertificateTransform } from "../certificate/certificate";
import type { Domain } from "../certificate/domain";
import type { EdgeOrigin } from "../edge/origin";
import { override, type Override } from "../shared/override";
import type { ListenerPlacement, LogDestination, NetworkPlacement } from "../shared/placement";
import { createAlarms } from "./alarms";
import { createListeners, createRecords } from "./listeners";
import { check, settle, type Settled } from "./rules";
import { createSecurity, type Security } from "./security";

/** Who may call the test listener. */
export interface TestAccess {
  /** IPv4 blocks, /8 or smaller, such as an office's or a VPN's. @default none */
  readonly cidrBlocks?: readonly string[];
  /** Security groups by a kebab-case word, which names the rule. @default none */
  readonly securityGroups?: Readonly<Record<string, pulumi.Input<string>>>;
}

export interface LoadBalancerArgs {
  /** Where it stands: in the private subnets, or in the public ones when `public`. */
  readonly network: NetworkPlacement;
  /** Takes access and connection logs, under the component's name as prefix. Same region as the load balancer. */
  readonly logArchive: LogDestination;
  /** SNS topic, in the load balancer's region, that every alarm goes to. */
  readonly alarmTopicArn: pulumi.Input<string>;
  /** Whether AWS and Pulumi refuse to delete it. */
  readonly keep: boolean;
  /** The users' names: makes the certificate, the record `origin.<name>` and HTTPS. @default none: HTTP from CloudFront */
  readonly domain?: Domain;
  /** Whether the internet reaches it, without CloudFront. Needs a domain; a change replaces it. @default false */
  readonly public?: boolean;
  /** Port that users or CloudFront call: 80, 443 or 1024 to 65535. @default 443 with a domain, else 80 */
  readonly port?: number;
  /** Port of the test listener, which shows a service's next version. @default 9000 */
  readonly testPort?: number;
  /** Who may call the test listener. @default nobody */
  readonly testAccess?: TestAccess;
  /** Seconds after which a silent connection is closed, 10 to 4000. @default 60 */
  readonly idleTimeoutSeconds?: number;
  /** Last word on each child, by the same key as in `nodes`. @default none */
  readonly transform?: LoadBalancerTransform;
}

export interface LoadBalancerTransform {
  readonly securityGroup?: Override<aws.ec2.SecurityGroupArgs>;
  readonly fromCloudFront?: Override<aws.vpc.SecurityGroupIngressRuleArgs>;
  readonly fromInternet?: Override<aws.vpc.SecurityGroupIngressRuleArgs>;
  readonly fromInternetHttp?: Override<aws.vpc.SecurityGroupIngressRuleArgs>;
  /** Applied to every rule of the test listener. */
  readonly testAccess?: Override<aws.vpc.SecurityGroupIngressRuleArgs>;
  readonly loadBalancer?: Override<aws.lb.LoadBalancerArgs>;
  /** Reaches the certificate's own children. */
  readonly certificate?: CertificateTransform;
  readonly listener?: Override<aws.lb.ListenerArgs>;
  readonly testListener?: Override<aws.lb.ListenerArgs>;
  readonly redirectListener?: Override<aws.lb.ListenerArgs>;
  /** Applied to every record. */
  readonly records?: Override<aws.route53.RecordArgs>;
  readonly errorsAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
  readonly rejectedAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
}

/** The raw children; `undefined` where the arguments do not ask for one. */
export interface LoadBalancerNodes extends Security {
  readonly loadBalancer: aws.lb.LoadBalancer;
  readonly certificate: Certificate | undefined;
  readonly listener: aws.lb.Listener;
  readonly testListener: aws.lb.Listener;
  readonly redirectListener: aws.lb.Listener | undefined;
  /** By host name. */
  readonly records: Readonly<Record<string, aws.route53.Record>>;
  readonly errorsAlarm: aws.cloudwatch.MetricAlarm;
  readonly rejectedAlarm: aws.cloudwatch.MetricAlarm;
}

/**
 * An application load balancer that services share: internal and open to CloudFront alone, unless it is made public.
 * It knows no service; each adds its rules to the listeners and a way out of the security group to its own tasks.
 */
export class LoadBalancer extends pulumi.ComponentResource implements ListenerPlacement {
  /** ARN of the load balancer. */
  public readonly arn: pulumi.Output<string>;
  /** `app/name/id`: the LoadBalancer dimension of CloudWatch metrics. */
  public readonly arnSuffix: pulumi.Output<string>;
  /** AWS's own name of it. */
  public readonly dnsName: pulumi.Output<string>;
  /** Zone of that name, for alias records. */
  public readonly zoneId: pulumi.Output<string>;
  /** Its security group: what tasks admit, and where each service adds its egress rule. */
  public readonly securityGroupId: pulumi.Output<string>;
  /** ARN of the production listener, where each service adds its rule. */
  public readonly listenerArn: pulumi.Output<string>;
  /** ARN of the test listener. */
  public readonly testListenerArn: pulumi.Output<string>;
  /** Address of the test listener, for smoke tests: scheme, host and port. */
  public readonly testUrl: pulumi.Output<string>;
  /** Port of the test listener. */
  public readonly testPort: number;
  /** What Edge takes to put CloudFront in front of it. */
  public readonly origin: EdgeOrigin;
  /** The raw resources. */
  public readonly nodes: LoadBalancerNodes;

  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    const settled = settle(args);
    check(name, settled);
    super("kiban:index:LoadBalancer", name, {}, opts);

    const transform = args.transform ?? {};
    const security = createSecurity(this, name, args, settled);
    const loadBalancer = createLoadBalancer(this, name, args, settled, security.securityGroup);
    const listeners = createListeners(this, name, loadBalancer, settled, transform);
    const records = createRecords(this, name, loadBalancer, settled, transform);
    const alarms = createAlarms(this, name, loadBalancer.arnSuffix, args.alarmTopicArn, transform);

    const host = settled.originName === undefined ? loadBalancer.dnsName : pulumi.output(settled.originName);
    this.arn = loadBalancer.arn;
    this.arnSuffix = loadBalancer.arnSuffix;
    this.dnsName = loadBalancer.dnsName;
    this.zoneId = loadBalancer.zoneId;
    this.securityGroupId = security.securityGroup.id;
    this.listenerArn = listeners.listener.arn;
    this.testListenerArn = listeners.testListener.arn;
    this.testUrl = pulumi.interpolate`${settled.https ? "https" : "http"}://${host}:${settled.testPort}`;
    this.testPort = settled.testPort;
    this.origin = {
      loadBalancerArn: loadBalancer.arn,
      domainName: host,
      https: settled.https,
      port: settled.port,
      internal: !settled.isPublic,
      certificateNames: settled.names,
    };
    this.nodes = { ...security, loadBalancer, ...listeners, records, ...alarms };
    this.registerOutputs({
      arn: this.arn,
      arnSuffix: this.arnSuffix,
      dnsName: this.dnsName,
      zoneId: this.zoneId,
      securityGroupId: this.securityGroupId,
      listenerArn: this.listenerArn,
      testListenerArn: this.testListenerArn,
      testUrl: this.testUrl,
      testPort: this.testPort,
      origin: this.origin,
    });
  }
}

function createLoadBalancer(
  parent: pulumi.Resource,
  name: string,
  args: LoadBalancerArgs,
  settled: Settled,
  securityGroup: aws.ec2.SecurityGroup,
): aws.lb.LoadBalancer {
  const logs = { bucket: args.logArchive.bucketName, prefix: name, enabled: true };
  return new aws.lb.LoadBalancer(
    `${name}-alb`,
    override<aws.lb.LoadBalancerArgs>(
      {
        loadBalancerType: "application",
        internal: !settled.isPublic,
        subnets: settled.isPublic ? args.network.publicSubnetIds : args.network.privateSubnetIds,
        securityGroups: [securityGroup.id],
        idleTimeout: settled.idleTimeoutSeconds,
        enableHttp2: true,
        enableCrossZoneLoadBalancing: true,
        // Headers that a target could read otherwise than the load balancer does are how requests are smuggled.
        dropInvalidHeaderFields: true,
        desyncMitigationMode: "defensive",
        enableDeletionProtection: args.keep,
        accessLogs: logs,
        // Same prefix: AWS begins the file names of one kind with conn_log.
        connectionLogs: logs,
      },
      args.transform?.loadBalancer,
    ),
    { parent, protect: args.keep },
  );
}
