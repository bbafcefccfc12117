import type * as aws from "@pulumi/aws";

import type { Override } from "../shared/override";

/** The raw children of AccountServices; those that a setting leaves out are undefined. */
export interface AccountServicesNodes {
  readonly scanning: aws.ecr.RegistryScanningConfiguration;
  readonly invocationLogGroup: aws.cloudwatch.LogGroup | undefined;
  readonly invocationRole: aws.iam.Role | undefined;
  readonly invocationRights: aws.iam.RolePolicy | undefined;
  readonly invocationLogging: aws.bedrockmodel.InvocationLoggingConfiguration | undefined;
  readonly subscription: aws.quicksight.AccountSubscription | undefined;
  readonly lakeSettings: aws.lakeformation.DataLakeSettings | undefined;
}

/** Last say on the arguments of each child, by the child's name in `nodes`. */
export interface AccountServicesTransform {
  scanning?: Override<aws.ecr.RegistryScanningConfigurationArgs>;
  invocationLogGroup?: Override<aws.cloudwatch.LogGroupArgs>;
  invocationRole?: Override<aws.iam.RoleArgs>;
  invocationRights?: Override<aws.iam.RolePolicyArgs>;
  invocationLogging?: Override<aws.bedrockmodel.InvocationLoggingConfigurationArgs>;
  subscription?: Override<aws.quicksight.AccountSubscriptionArgs>;
  lakeSettings?: Override<aws.lakeformation.DataLakeSettingsArgs>;
}
