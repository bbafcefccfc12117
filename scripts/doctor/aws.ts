import { BedrockClient, GetModelInvocationLoggingConfigurationCommand } from "@aws-sdk/client-bedrock";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CostExplorerClient, GetAnomalyMonitorsCommand } from "@aws-sdk/client-cost-explorer";
import { ECRClient } from "@aws-sdk/client-ecr";
import { EncryptCommand, KMSClient } from "@aws-sdk/client-kms";
import { GetHostedZoneCommand, Route53Client } from "@aws-sdk/client-route-53";
import { HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import {
  ListAWSDefaultServiceQuotasCommand,
  ListServiceQuotasCommand,
  type ServiceQuota,
  ServiceQuotasClient,
} from "@aws-sdk/client-service-quotas";
import { GetAccountCommand, SESv2Client } from "@aws-sdk/client-sesv2";
import { ListSubscriptionsCommand, SNSClient } from "@aws-sdk/client-sns";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

import { type Registry, registryOf } from "../image";
import { isAwsError } from "./finding";

/** A subscription of a topic in the account. */
export interface Subscription {
  readonly protocol: string;
  readonly endpoint: string;
  readonly confirmed: boolean;
}

export interface Zone {
  /** Without the last dot. */
  readonly name: string;
  readonly isPrivate: boolean;
  readonly nameServers: readonly string[];
}

/** What is asked of an account. A method throws what AWS answers, where that is not itself an answer. */
export interface Aws {
  /** Id of the account that the credentials are of. */
  account(): Promise<string>;
  /** Whether a bucket of that owner is there. */
  hasBucket(name: string, owner: string): Promise<boolean>;
  /** Whether the credentials may encrypt with a key, by its id, alias or ARN: why not, undefined where they may. */
  keyFault(key: string, region: string): Promise<string | undefined>;
  /** Undefined where the account has no such zone. */
  zone(id: string): Promise<Zone | undefined>;
  subscriptions(region: string): Promise<readonly Subscription[]>;
  mail(): Promise<{ readonly production: boolean; readonly enabled: boolean; readonly standing: string }>;
  /** A quota as it holds for the account, or AWS's default where nobody changed it; undefined where there is none such. */
  quota(service: string, isIt: (quota: ServiceQuota) => boolean): Promise<number | undefined>;
  readonly registry: Registry;
  /** Name of the log group that Bedrock's invocations are written to. */
  invocationLog(): Promise<string | undefined>;
  hasLogGroup(name: string): Promise<boolean>;
  hasMonitor(arn: string): Promise<boolean>;
}

/** The SDK's clients, each for a region. */
export interface Clients {
  readonly sts: Pick<STSClient, "send">;
  readonly s3: Pick<S3Client, "send">;
  readonly kms: (region: string) => Pick<KMSClient, "send">;
  readonly route53: Pick<Route53Client, "send">;
  readonly sns: (region: string) => Pick<SNSClient, "send">;
  readonly ses: Pick<SESv2Client, "send">;
  readonly quotas: Pick<ServiceQuotasClient, "send">;
  readonly ecr: Pick<ECRClient, "send">;
  readonly bedrock: Pick<BedrockClient, "send">;
  readonly logs: Pick<CloudWatchLogsClient, "send">;
  readonly costs: Pick<CostExplorerClient, "send">;
}

/** With the credentials of the environment, or of the role that they are to assume, as the stack's provider does. */
export function clientsOf(region: string, role?: string): Clients {
  const credentials = role === undefined ? {} : { credentials: () => assume(region, role) };
  const here = { region, ...credentials };
  return {
    sts: new STSClient(here),
    s3: new S3Client(here),
    kms: (region) => new KMSClient({ ...here, region }),
    route53: new Route53Client(here),
    sns: (region) => new SNSClient({ ...here, region }),
    ses: new SESv2Client(here),
    quotas: new ServiceQuotasClient(here),
    ecr: new ECRClient(here),
    bedrock: new BedrockClient(here),
    logs: new CloudWatchLogsClient(here),
    // Cost Explorer has one endpoint for all regions.
    costs: new CostExplorerClient({ ...here, region: "us-east-1" }),
  };
}

async function assume(region: string, RoleArn: string): Promise<AwsCredentialIdentity> {
  const { Credentials } = await new STSClient({ region }).send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: "kiban-doctor" }),
  );
  return {
    accessKeyId: Credentials?.AccessKeyId ?? "",
    secretAccessKey: Credentials?.SecretAccessKey ?? "",
    ...(Credentials?.SessionToken !== undefined && { sessionToken: Credentials.SessionToken }),
    ...(Credentials?.Expiration !== undefined && { expiration: Credentials.Expiration }),
  };
}

interface AwsCredentialIdentity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

export function awsOf(clients: Clients): Aws {
  return {
    async account() {
      return (await clients.sts.send(new GetCallerIdentityCommand({}))).Account ?? "";
    },
    async hasBucket(Bucket, ExpectedBucketOwner) {
      return found(() => clients.s3.send(new HeadBucketCommand({ Bucket, ExpectedBucketOwner })), "NotFound");
    },
    keyFault: (key, region) => keyFault(clients.kms(region), key),
    zone: (id) => zoneOf(clients.route53, id),
    subscriptions: (region) => subscriptionsOf(clients.sns(region)),
    async mail() {
      const { ProductionAccessEnabled, SendingEnabled, EnforcementStatus } = await clients.ses.send(
        new GetAccountCommand({}),
      );
      return {
        production: ProductionAccessEnabled === true,
        enabled: SendingEnabled === true,
        standing: EnforcementStatus ?? "HEALTHY",
      };
    },
    async quota(service, isIt) {
      const applied = await quotaOf(clients.quotas, ListServiceQuotasCommand, service, isIt);
      return applied ?? quotaOf(clients.quotas, ListAWSDefaultServiceQuotasCommand, service, isIt);
    },
    registry: registryOf(clients.ecr),
    async invocationLog() {
      const { loggingConfig } = await clients.bedrock.send(new GetModelInvocationLoggingConfigurationCommand({}));
      return loggingConfig?.cloudWatchConfig?.logGroupName;
    },
    async hasLogGroup(name) {
      const { logGroups = [] } = await clients.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
      return logGroups.some(({ logGroupName }) => logGroupName === name);
    },
    async hasMonitor(arn) {
      return found(
        () => clients.costs.send(new GetAnomalyMonitorsCommand({ MonitorArnList: [arn] })),
        "UnknownMonitorException",
      );
    },
  };
}

/** Whether a call finds what it asks for: an error of that name says that it is not there. */
async function found(call: () => Promise<unknown>, missing: string): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if (isAwsError(error, missing)) return false;
    throw error;
  }
}

/** A dry run encrypts nothing: AWS answers with an error that says that it would have. */
async function keyFault(client: Pick<KMSClient, "send">, KeyId: string): Promise<string | undefined> {
  try {
    await client.send(new EncryptCommand({ KeyId, Plaintext: new Uint8Array([0]), DryRun: true }));
    return undefined;
  } catch (error) {
    if (isAwsError(error, "DryRunOperationException")) return undefined;
    if (isAwsError(error, "NotFoundException")) return "there is no such key";
    if (isAwsError(error, "DisabledException", "KMSInvalidStateException")) return "the key cannot be used now";
    if (isAwsError(error, "AccessDeniedException")) return "these credentials may not encrypt with it";
    throw error;
  }
}

const withoutDot = (name: string): string => name.replace(/\.$/, "").toLowerCase();

async function zoneOf(client: Pick<Route53Client, "send">, Id: string): Promise<Zone | undefined> {
  try {
    const { HostedZone, DelegationSet } = await client.send(new GetHostedZoneCommand({ Id }));
    return {
      name: withoutDot(HostedZone?.Name ?? ""),
      isPrivate: HostedZone?.Config?.PrivateZone === true,
      nameServers: (DelegationSet?.NameServers ?? []).map(withoutDot),
    };
  } catch (error) {
    if (isAwsError(error, "NoSuchHostedZone")) return undefined;
    throw error;
  }
}

async function subscriptionsOf(client: Pick<SNSClient, "send">): Promise<Subscription[]> {
  const all: Subscription[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new ListSubscriptionsCommand({ NextToken }));
    for (const { Protocol: protocol = "", Endpoint: endpoint = "", SubscriptionArn } of page.Subscriptions ?? []) {
      // Until it is confirmed, a subscription has these words in place of an ARN.
      all.push({ protocol, endpoint, confirmed: SubscriptionArn?.startsWith("arn:") === true });
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return all;
}

type ListQuotas = typeof ListServiceQuotasCommand | typeof ListAWSDefaultServiceQuotasCommand;

async function quotaOf(
  client: Pick<ServiceQuotasClient, "send">,
  List: ListQuotas,
  ServiceCode: string,
  isIt: (quota: ServiceQuota) => boolean,
): Promise<number | undefined> {
  let NextToken: string | undefined;
  do {
    const page = await client.send(new List({ ServiceCode, MaxResults: 100, NextToken }));
    const quota = page.Quotas?.find(isIt);
    if (quota?.Value !== undefined) return quota.Value;
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return undefined;
}
