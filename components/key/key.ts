import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { Faults } from "../shared/check";
import { override, type Override } from "../shared/override";
import { keyPolicy, type KeyService, keyServices } from "./policy";

export type { KeyService } from "./policy";

/** What a Key is made of. */
export interface KeyArgs {
  /** Services that use the key on their own account; each is admitted for this account alone. */
  services: KeyService[];
  /** Protects the key, and its replicas, from deletion. */
  keep: boolean;
  /**
   * Makes the key a multi-Region primary, which can have replicas. Decided at creation: changing it replaces the key,
   * and what the old one encrypted is lost with it. ECS refuses a multi-Region key for the storage of its tasks.
   * @default false
   */
  multiRegion?: boolean;
  /** Regions to replicate the key to, such as `us-east-1` for the edge; needs `multiRegion`. @default [] */
  replicaRegions?: string[];
  /** Region of the key; changing it replaces the key. @default the provider's region */
  region?: string;
  /** Days from a deletion until the key is gone, 7 to 30. @default 30 with keep, otherwise 7 */
  deletionWindowDays?: number;
  /** Days between rotations of the key material, 90 to 2560. @default 365 */
  rotationDays?: number;
  /** Shown in the console. @default "Encrypts the data of <project> <stack>" */
  description?: pulumi.Input<string>;
  /** Last say on each child's arguments; `replicas` applies to each replica. */
  transform?: KeyTransform;
}

/** Last say on the arguments of each child, by the child's name in `nodes`. */
export interface KeyTransform {
  key?: Override<aws.kms.KeyArgs>;
  alias?: Override<aws.kms.AliasArgs>;
  replicas?: Override<aws.kms.ReplicaKeyArgs>;
}

/**
 * One customer-managed KMS key that encrypts the data of a stack, with an alias, rotation and a policy built from a plain
 * list of services. Other components take its ARN; the rights of people and roles come from IAM.
 */
export class Key extends pulumi.ComponentResource {
  /** ARN of the key: what components take as `keyArn`. */
  public readonly arn: pulumi.Output<string>;
  /** Id of the key, the last part of its ARN. */
  public readonly keyId: pulumi.Output<string>;
  /** ARN of each replica, by region. */
  public readonly replicaArns: Readonly<Record<string, pulumi.Output<string>>>;
  /** The resources themselves. */
  public readonly nodes: {
    readonly key: aws.kms.Key;
    readonly alias: aws.kms.Alias;
    readonly replicas: Readonly<Record<string, aws.kms.ReplicaKey>>;
  };

  constructor(name: string, args: KeyArgs, opts?: pulumi.ComponentResourceOptions) {
    const { services, keep, transform } = args;
    const multiRegion = args.multiRegion ?? false;
    const replicaRegions = args.replicaRegions ?? [];
    const deletionWindowInDays = args.deletionWindowDays ?? (keep ? 30 : 7);
    const rotationPeriodInDays = args.rotationDays ?? 365;
    const description = args.description ?? `Encrypts the data of ${pulumi.getProject()} ${pulumi.getStack()}`;
    check(name, args, { deletionWindowInDays, rotationPeriodInDays });
    super("kiban:index:Key", name, {}, opts);

    const parent = { parent: this };
    const { accountId } = aws.getCallerIdentityOutput({}, parent);
    const { partition } = aws.getPartitionOutput({}, parent);
    const place = args.region !== undefined ? { region: args.region } : {};
    const policyIn = (region: pulumi.Input<string>) =>
      pulumi.jsonStringify(keyPolicy(services, { accountId, partition, region }));

    const key = new aws.kms.Key(
      `${name}-key`,
      override<aws.kms.KeyArgs>(
        {
          description,
          policy: policyIn(args.region ?? aws.getRegionOutput({}, parent).region),
          multiRegion,
          enableKeyRotation: true,
          rotationPeriodInDays,
          deletionWindowInDays,
          ...place,
        },
        transform?.key,
      ),
      { ...parent, protect: keep },
    );
    const alias = new aws.kms.Alias(
      `${name}-alias`,
      // A prefix: auto-naming would leave out the `alias/` that KMS wants.
      override<aws.kms.AliasArgs>({ namePrefix: `alias/${name}-`, targetKeyId: key.keyId, ...place }, transform?.alias),
      parent,
    );
    const replicas = Object.fromEntries(
      replicaRegions.map((region) => [
        region,
        new aws.kms.ReplicaKey(
          `${name}-replica-${region}`,
          override<aws.kms.ReplicaKeyArgs>(
            { region, primaryKeyArn: key.arn, description, policy: policyIn(region), deletionWindowInDays },
            transform?.replicas,
          ),
          { ...parent, protect: keep },
        ),
      ]),
    );

    this.arn = key.arn;
    this.keyId = key.keyId;
    this.replicaArns = Object.fromEntries(Object.entries(replicas).map(([region, replica]) => [region, replica.arn]));
    this.nodes = { key, alias, replicas };
    this.registerOutputs({ arn: this.arn, keyId: this.keyId, replicaArns: this.replicaArns });
  }
}

function check(
  name: string,
  args: KeyArgs,
  settled: { deletionWindowInDays: number; rotationPeriodInDays: number },
): void {
  const faults = new Faults("Key", name);
  for (const service of args.services) {
    if (!keyServices.includes(service)) {
      faults.add("services", service, keyServices.join(", "), "remove it, or use the service's name from the list");
    }
  }
  const { deletionWindowInDays: window, rotationPeriodInDays: rotation } = settled;
  // AWS: KMS API reference, ScheduleKeyDeletion.
  if (!Number.isInteger(window) || window < 7 || window > 30) {
    faults.add("deletionWindowDays", window, "7 to 30", "set a whole number of days in that range");
  }
  // AWS: KMS API reference, EnableKeyRotation.
  if (!Number.isInteger(rotation) || rotation < 90 || rotation > 2560) {
    faults.add("rotationDays", rotation, "90 to 2560", "set a whole number of days in that range");
  }
  const regions = args.replicaRegions ?? [];
  if (regions.length > 0 && args.multiRegion !== true) {
    faults.add(
      "multiRegion",
      args.multiRegion,
      "true while there are replicaRegions",
      "set it before the key is first made, or make a key of its own in each region with `region`",
    );
  }
  for (const [index, region] of regions.entries()) {
    if (!regionName.test(region)) {
      faults.add(`replicaRegions[${index}]`, region, "an AWS region, such as us-east-1", "correct the region's name");
    }
    if (regions.indexOf(region) !== index || region === args.region) {
      faults.add(`replicaRegions[${index}]`, region, "each region once, the key's own not at all", "remove it");
    }
  }
  if (args.region !== undefined && !regionName.test(args.region)) {
    faults.add("region", args.region, "an AWS region, such as us-east-1", "correct the region's name");
  }
  faults.raise();
}

const regionName = /^[a-z]{2}(-[a-z]+)+-\d+$/;
