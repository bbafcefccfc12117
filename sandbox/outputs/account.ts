import { byArn, type Maker, type Makers } from "./context";

// Settings of an account, or of it in a region. ARN formats: AWS Service Authorization Reference; ids: the "Import" section of
// each resource in @pulumi/aws.

/** One in a region: the account and the region are the id. */
const ofRegion: Maker = (c) => ({ id: c.region, outputs: {} });

export const account: Makers = {
  "accessanalyzer/analyzer": (c) => ({
    id: c.name("analyzerName"),
    outputs: { arn: c.arn("access-analyzer", `analyzer/${c.name("analyzerName")}`) },
  }),
  "bedrockmodel/invocationLoggingConfiguration": ofRegion,
  "cloudtrail/trail": (c) => byArn(c.arn("cloudtrail", `trail/${c.name()}`), { homeRegion: c.region, snsTopicArn: "" }),
  // `costexplorer` is Pulumi's name; the ARN has the service's, and no region.
  "costexplorer/anomalyMonitor": (c) => byArn(c.arn("ce", `anomalymonitor/${c.uuid()}`, { region: "" })),
  "costexplorer/anomalySubscription": (c) => byArn(c.arn("ce", `anomalysubscription/${c.uuid()}`, { region: "" })),
  "ebs/encryptionByDefault": () => ({ id: "default", outputs: {} }),
  "ebs/snapshotBlockPublicAccess": () => ({ id: "default", outputs: {} }),
  "ec2/instanceMetadataDefaults": ofRegion,
  "ecr/registryScanningConfiguration": (c) => ({ id: c.account, outputs: { registryId: c.account } }),
  "guardduty/detector": (c) => {
    const id = c.hex(32);
    return { id, outputs: { accountId: c.account, arn: c.arn("guardduty", `detector/${id}`) } };
  },
  "iam/accountPasswordPolicy": (c) => ({
    id: "iam-account-password-policy",
    outputs: { expirePasswords: (c.inputs["maxPasswordAge"] ?? 0) !== 0 },
  }),
  "lakeformation/dataLakeSettings": (c) => ({ id: c.hex(10), outputs: {} }),
  "quicksight/accountSubscription": (c) => ({
    id: c.account,
    outputs: { accountSubscriptionStatus: "ACCOUNT_CREATED", awsAccountId: c.account },
  }),
  "s3/accountPublicAccessBlock": (c) => ({ id: c.account, outputs: { accountId: c.account } }),
};
