import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { Faults } from "../shared/check";
import { isLogRetention, type LogRetentionDays, logRetentionDays } from "../shared/log-retention";
import { override } from "../shared/override";
import { createInvocationLog } from "./invocation-log";
import type { AccountServicesNodes, AccountServicesTransform } from "./types";

export type * from "./types";

/** What AccountServices are made of. */
export interface AccountServicesArgs {
  /** Protects what holds data from deletion: the log of model invocations, the QuickSight subscription. */
  keep: boolean;
  /** Logs each invocation of a Bedrock model in the region, whoever makes it. @default off */
  invocationLog?: {
    /** ARN of the key that encrypts the log; its policy admits `logs`. */
    keyArn: pulumi.Input<string>;
    /** Days that it is kept. */
    retentionDays: LogRetentionDays;
    /** Prompts and answers too, not only who asked which model and how much it was. @default false */
    content?: boolean;
  };
  /** Subscribes the account to QuickSight; paid by the user. @default off */
  quickSight?: {
    /** Name of the subscription, unique in the world; it is part of the sign-in page's address. */
    accountName: string;
    /** Address that QuickSight's messages go to. */
    notificationEmail: string;
  };
  /** Makes these roles Lake Formation's administrators, and ends IAM's say on new databases and tables. @default off */
  lakeFormation?: {
    /** ARNs of the roles, that of deployments among them. */
    adminArns: pulumi.Input<string>[];
  };
  /** Last say on each child's arguments. */
  transform?: AccountServicesTransform;
}

/**
 * Settings that an account has once in a region and that its stacks refer to: the scanning of images, the log of model
 * invocations, the QuickSight subscription, Lake Formation's administrators.
 */
export class AccountServices extends pulumi.ComponentResource {
  /** Name of the log of model invocations; undefined without `invocationLog`. */
  public readonly invocationLogName: pulumi.Output<string> | undefined;
  /** The resources themselves. */
  public readonly nodes: AccountServicesNodes;

  constructor(name: string, args: AccountServicesArgs, opts?: pulumi.ComponentResourceOptions) {
    const { keep, invocationLog, quickSight, lakeFormation, transform = {} } = args;
    check(name, args);
    super("kiban:index:AccountServices", name, {}, opts);

    const parent = { parent: this };
    const scanning = new aws.ecr.RegistryScanningConfiguration(
      `${name}-image-scanning`,
      override<aws.ecr.RegistryScanningConfigurationArgs>(
        {
          // Free; ENHANCED scans on, for Amazon Inspector's price.
          scanType: "BASIC",
          rules: [{ scanFrequency: "SCAN_ON_PUSH", repositoryFilters: [{ filter: "*", filterType: "WILDCARD" }] }],
        },
        transform.scanning,
      ),
      parent,
    );
    const log = invocationLog && createInvocationLog(parent, name, { ...invocationLog, keep, transform });
    const subscription = quickSight && createSubscription(parent, name, { ...quickSight, keep, transform });
    const lakeSettings =
      lakeFormation &&
      new aws.lakeformation.DataLakeSettings(
        `${name}-lake-settings`,
        override<aws.lakeformation.DataLakeSettingsArgs>(
          // Without default permissions: with them IAMAllowedPrincipals could do everything, and grants would mean nothing.
          { admins: lakeFormation.adminArns },
          transform.lakeSettings,
        ),
        parent,
      );

    this.invocationLogName = log?.invocationLogGroup.name;
    this.nodes = {
      scanning,
      subscription,
      lakeSettings,
      invocationLogGroup: log?.invocationLogGroup,
      invocationRole: log?.invocationRole,
      invocationRights: log?.invocationRights,
      invocationLogging: log?.invocationLogging,
    };
    this.registerOutputs({
      ...(this.invocationLogName !== undefined && { invocationLogName: this.invocationLogName }),
    });
  }
}

function createSubscription(
  parent: pulumi.CustomResourceOptions,
  name: string,
  args: NonNullable<AccountServicesArgs["quickSight"]> & { keep: boolean; transform: AccountServicesTransform },
): aws.quicksight.AccountSubscription {
  const { accountName, notificationEmail, keep, transform } = args;
  return new aws.quicksight.AccountSubscription(
    `${name}-quicksight`,
    override<aws.quicksight.AccountSubscriptionArgs>(
      { accountName, notificationEmail, edition: "ENTERPRISE", authenticationMethod: "IAM_AND_QUICKSIGHT" },
      transform.subscription,
    ),
    // With it go all users, dashboards and data sets.
    { ...parent, protect: keep },
  );
}

function check(name: string, { invocationLog, quickSight, lakeFormation }: AccountServicesArgs): void {
  const faults = new Faults("AccountServices", name);
  if (invocationLog !== undefined && !isLogRetention(invocationLog.retentionDays)) {
    const allowed = logRetentionDays.join(", ");
    faults.add("invocationLog.retentionDays", invocationLog.retentionDays, allowed, "set one of these");
  }
  if (quickSight !== undefined) {
    // AWS: QuickSight API reference, CreateAccountSubscription.
    if (!/^(?!d-)[A-Za-z0-9]([A-Za-z0-9-]{0,60}[A-Za-z0-9])?$/.test(quickSight.accountName)) {
      const allowed = "1 to 62 letters, digits and - inside, not d-...";
      faults.add("quickSight.accountName", quickSight.accountName, allowed, "choose a name that is yours alone");
    }
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(quickSight.notificationEmail)) {
      faults.add("quickSight.notificationEmail", quickSight.notificationEmail, "an e-mail address", "correct it");
    }
  }
  const admins = lakeFormation?.adminArns.length ?? 1;
  // AWS: Lake Formation developer guide, quotas: 30 administrators.
  if (admins < 1 || admins > 30) {
    faults.add("lakeFormation.adminArns", `${admins} of them`, "1 to 30", "name the role of deployments at least");
  }
  faults.raise();
}
