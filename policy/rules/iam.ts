import type * as aws from "@pulumi/aws";

import { boundaryPath, onAllowed } from "../lib/allowed";
import { isEveryone, list, statements } from "../lib/documents";
import { on, rule } from "../lib/rule";
import { types } from "../lib/types";
import type { Value } from "../lib/value";

const isAny = (values: Value): boolean => list(values).some((value) => value.is("*"));
const isAnyAction = (action: Value): boolean => action.is("*", "*:*");

export const iamAdmin = rule(
  {
    name: "iam-admin",
    description: "No policy allows everything on everything",
    severity: "critical",
    levels: "M/M/M",
    fsbp: ["IAM.1", 'IAM policies should not allow full "*" administrative privileges'],
    remediationSteps: "Name the actions and the resources.",
  },
  ...onAllowed((statement, { report }) => {
    if (!list(statement.dig("Action")).some(isAnyAction) || !isAny(statement.dig("Resource"))) return;
    report(statement, "allows everything on everything", "name the actions and the resources");
  }),
);

/**
 * Actions that take the ARN of a resource, and on all resources of the account read its secrets, change its data or
 * make the caller more than it is. Reading lists and writing metrics take no ARN and are not among them.
 */
const restrictable = new RegExp(
  `^(${[
    "s3:(PutObject|DeleteObject|DeleteBucket|PutBucketPolicy)",
    "dynamodb:(PutItem|UpdateItem|DeleteItem|BatchWriteItem|DeleteTable)",
    "sqs:(SendMessage|DeleteMessage|PurgeQueue)",
    "secretsmanager:(GetSecretValue|PutSecretValue|DeleteSecret)",
    "ssm:(GetParameters?|GetParametersByPath|PutParameter|SendCommand)",
    "kms:(Decrypt|ReEncryptFrom|CreateGrant|PutKeyPolicy|ScheduleKeyDeletion)",
    "lambda:(InvokeFunction|UpdateFunctionCode|AddPermission)",
    "rds-db:connect",
    "rds:(DeleteDBCluster|DeleteDBInstance|ModifyDBCluster)",
    "ecs:(RunTask|UpdateService|ExecuteCommand)",
    "sts:AssumeRole",
    "iam:(PassRole|PutRolePolicy|PutUserPolicy|PutGroupPolicy|AttachRolePolicy|AttachUserPolicy|AttachGroupPolicy)",
    "iam:(CreatePolicyVersion|SetDefaultPolicyVersion|UpdateAssumeRolePolicy|AddUserToGroup)",
    "iam:(CreateAccessKey|CreateLoginProfile|UpdateLoginProfile)",
  ].join("|")})$`,
  "i",
);

export const iamWildcards = rule(
  {
    name: "iam-wildcards",
    description: "Policies name actions, and the resources of those that read secrets, change data or give rights",
    severity: "high",
    levels: "A/M/M",
    fsbp: ["IAM.21", "IAM customer managed policies that you create should not allow wildcard actions for services"],
    remediationSteps: "Name the actions in place of service:*, the resources in place of *, and use no NotAction.",
  },
  ...onAllowed((statement, { report }) => {
    const everywhere = isAny(statement.dig("Resource"));
    const except = statement.dig("NotAction");
    if (!except.unknown && !except.isEmpty()) {
      report(except, "allows all that it does not name", "name the actions that are needed in Action");
    }
    const conditions = statement.dig("Condition");
    for (const action of list(statement.dig("Action"))) {
      const name = action.text ?? "";
      // Everything on everything is the finding of iam-admin.
      if (isAnyAction(action) && everywhere) continue;
      if (isAnyAction(action) || /^[^:]+:\*$/.test(name)) {
        report(action, "allows every action", "name the actions that are needed");
      } else if (everywhere && restrictable.test(name) && (conditions.isEmpty() || /^iam:PassRole$/i.test(name))) {
        // A condition may name the resources another way, but iam:PassedToService says nothing about the role.
        report(action, "is allowed on every resource", "name the resources in Resource");
      }
    }
  }),
);

const admin = /:aws:policy\/(job-function\/)?(AdministratorAccess|PowerUserAccess|IAMFullAccess|SystemAdministrator)$/;

export const iamManagedAdmin = rule(
  {
    name: "iam-managed-admin",
    description: "Nothing is given AWS's policies for administrators, nor a permissions boundary as a policy",
    severity: "critical",
    levels: "M/M/M",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
    remediationSteps: "Write a policy with the actions that are needed.",
  },
  on<{ policyArn: string }>(types.policyAttachment, ({ props, report }) => ordinary(props.at("policyArn"), report)),
  on<{ policyArns: string[] }>(types.policyAttachments, ({ props, report }) => {
    for (const arn of props.at("policyArns").items()) ordinary(arn, report);
  }),
  on<aws.iam.RoleArgs>(types.role, ({ props, report }) => {
    for (const arn of props.at("managedPolicyArns").items()) ordinary(arn, report);
  }),
);

function ordinary(arn: Value, report: (at: Value, wrong: string, set: string) => void): void {
  if (admin.test(arn.text ?? "")) report(arn, "is for administrators", "write a policy with what is needed");
  if ((arn.text ?? "").includes(`:policy${boundaryPath}`)) {
    report(arn, "is a permissions boundary", "set it as the role's permissionsBoundary");
  }
}

/** Services that say on whose behalf they assume a role, as AWS documents of each ("confused deputy"). */
const deputies = [
  "bedrock.amazonaws.com",
  "chatbot.amazonaws.com",
  "ecs-tasks.amazonaws.com",
  "monitoring.rds.amazonaws.com",
  "rds.amazonaws.com",
  "scheduler.amazonaws.com",
  "vpc-flow-logs.amazonaws.com",
];

const sources = ["aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths"];
const limits = ["sts:externalid", "aws:principalorgid", "aws:principalorgpaths", "aws:principalarn"];

export const iamTrust = rule(
  {
    name: "iam-trust",
    description:
      "Roles are assumed by named principals: no stranger, no account without its external id, no deputy for all",
    severity: "high",
    levels: "M/M/M",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
    remediationSteps:
      "Name the principal; add sts:ExternalId for another account, aws:SourceAccount or aws:SourceArn for a service.",
  },
  on<aws.iam.RoleArgs>(types.role, ({ props, provider, report }) => {
    const [account] = provider.dig("allowedAccountIds").json<string[]>().items();
    for (const statement of statements(props.at("assumeRolePolicy"))) {
      if (!statement.dig("Effect").is("Allow")) continue;
      const conditions = statement.dig("Condition");
      const keys = conditions.keys().flatMap((operator) => conditions.dig(operator).keys());
      const has = (wanted: readonly string[]): boolean =>
        conditions.unknown || keys.some((key) => wanted.includes(key.toLowerCase()));
      if (isEveryone(statement) && !has(limits)) {
        report(statement, "lets everyone assume the role", "name the principal");
        continue;
      }
      for (const principal of list(statement.dig("Principal", "AWS"))) {
        const other = /^(?:arn:[^:]+:(?:iam|sts)::)?(\d{12})/.exec(principal.text ?? "")?.[1];
        if (other === undefined || account?.text === undefined || other === account.text || has(limits)) continue;
        report(principal, "is another account", "add a condition on sts:ExternalId or aws:PrincipalOrgID");
      }
      for (const service of list(statement.dig("Principal", "Service"))) {
        if (!service.is(...deputies) || has(sources)) continue;
        report(service, "may act for any account", "add a condition on aws:SourceAccount or aws:SourceArn");
      }
    }
  }),
);
