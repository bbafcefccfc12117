/**
 * What a deployment may change, by service: the verbs that its actions begin with. Reading is left to AWS's ReadOnlyAccess.
 * Left out on purpose are the verbs that use a service instead of setting it up (InvokeModel, AdminGetUser,
 * PutItem) and services that the platform does not build on: add a line, with a service, for what you add to index.ts.
 */
export const deployVerbs: Readonly<Record<string, string>> = {
  acm: "Add Delete Import Put Remove Request Update",
  "application-autoscaling": "Delete Deregister Put Register Tag Untag",
  athena: "Create Delete Put Tag Untag Update",
  autoscaling: "Attach Cancel Create Delete Detach Disable Enable Put Resume Set Start Suspend Update",
  bedrock: "Create Delete Put Tag Untag Update",
  budgets: "Create Delete Modify Tag Untag Update",
  ce: "Create Delete Tag Untag Update",
  chatbot: "Associate Create Delete Disassociate Tag Untag Update",
  // The Cloud Control API, which some types are made through.
  cloudformation: "CancelResource CreateResource DeleteResource UpdateResource",
  cloudfront: "Allow Associate Create Delete Disassociate Publish Put Tag Untag Update",
  "cloudfront-keyvaluestore": "Delete Put Update",
  cloudwatch: "Create Delete Disable Enable Put Tag Untag Update",
  "cognito-idp": "Add Associate Create Delete Disassociate Set Tag Untag Update",
  dynamodb:
    "Associate CreateBackup CreateTable DeleteResourcePolicy DeleteTable Disable Enable PutResourcePolicy Restore Tag Untag " +
    "UpdateCont UpdateGlobal UpdateKinesis UpdateTable UpdateTimeToLive",
  ec2:
    "Accept Allocate Assign Associate Attach Authorize Create Delete Detach Disable Disassociate Enable Modify Release Replace " +
    "Reset Revoke Unassign Update",
  ecr: "Create Delete PutImageScanning PutImageTag PutLifecycle Set Tag Untag",
  ecs: "Create Delete Deregister Put Register Stop Tag Untag Update",
  elasticloadbalancing: "Add Create Delete Deregister Modify Register Remove Set",
  events: "Create Delete Disable Enable PutPermission PutRule PutTargets Remove Tag Untag Update",
  firehose: "Create Delete Start Stop Tag Untag Update",
  glue: "BatchCreate BatchDelete Create Delete Put Start Stop Tag Untag Update",
  kinesis:
    "Add Create Decrease Delete Deregister Disable Enable Increase PutResource Register Remove Start Stop Tag Untag Update",
  kms: "Cancel Create Delete Disable Enable Put Replicate Retire Revoke Rotate Schedule Tag Untag Update",
  lakeformation: "Add Batch Create Delete Deregister Grant Put Register Remove Revoke Update",
  // The platform sets up database users through a function.
  lambda: "Add Create Delete InvokeFunction Publish Put Remove Tag Untag Update",
  logs: "Associate Create Delete Disassociate Put Tag Untag Update",
  quicksight: "Create Delete Put Register Remove Restore Tag Untag Update",
  rds: "Add Copy Create Delete Deregister Disable Enable Failover Modify Promote Reboot Register Remove Reset Restore Start Stop",
  redshift: "Create Delete Modify Put",
  "redshift-serverless": "Convert Create Delete Put Restore Tag Untag Update",
  route53: "Associate Change Create Delete Disassociate Update",
  s3: "Create Delete Put Tag Untag Update",
  s3vectors: "Create DeleteIndex DeleteVectorBucket PutVectorBucket Tag Untag",
  sagemaker: "Add Create Delete Put Update",
  scheduler: "Create Delete Tag Untag Update",
  secretsmanager: "Cancel Create Delete Put Remove Replicate Restore Rotate Stop Tag Untag Update",
  ses: "Create Delete Put Set Tag Untag Update Verify",
  sns: "Add Create Delete PutData Remove Set Subscribe Tag Unsubscribe Untag",
  sqs: "Add Create Delete Remove Set Tag Untag",
  ssm: "Add DeleteParameter LabelParameter PutParameter Remove UnlabelParameter",
  states: "Create Delete Publish Tag Untag Update",
  wafv2: "Associate Create Delete Disassociate Put Tag Untag Update",
};

/** The same as actions: `acm:Add*`, and so on. */
export function deployActions(): string[] {
  return Object.entries(deployVerbs).flatMap(([service, verbs]) =>
    verbs.split(" ").map((verb) => `${service}:${verb}*`),
  );
}

/** Services beside those above that a deployment only reads, or uses in passing. */
export const otherServices = [
  "apigateway",
  "cloudtrail",
  "iam",
  "rds-data",
  "rds-db",
  "redshift-data",
  "servicequotas",
  "ssmmessages",
  "sts",
  "tag",
  "xray",
];
