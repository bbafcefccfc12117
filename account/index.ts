import "../startup";

import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import {
  AccountBaseline,
  AccountServices,
  AuditTrail,
  Budget,
  DeployRoles,
  Key,
  LogArchive,
  Notifications,
  StateBucket,
} from "../components/index";
import { invocationLogGroup as logName, rolePrefix, secretsAlias, secretsProvider, statePrefix } from "./names";
import { readAccountSettings } from "./settings";

// What an account needs before a stack lives in it, and what it has once for all stacks: brought up first, with
// npm run bootstrap -- <stack>, by an administrator. No role of GitHub may change it.
const settings = readAccountSettings();
const { account, keep } = settings;

const provider = new aws.Provider("aws", {
  region: account.region as aws.Region,
  allowedAccountIds: [account.id],
  ...(account.assumeRoleArn !== undefined && { assumeRoles: [{ roleArn: account.assumeRoleArn }] }),
  defaultTags: { tags: settings.defaultTags },
});
const opts: pulumi.ComponentResourceOptions = { providers: { aws: provider } };

// The states of every stack in the account, and the key of their secrets, by the name that the stack files give it.
const stateKey = new Key(
  "pulumi",
  {
    services: [],
    keep,
    description: "Encrypts the Pulumi states of the account and their secrets",
    transform: { alias: ({ namePrefix: _, ...ours }) => ({ ...ours, name: secretsAlias }) },
  },
  opts,
);
const key = new Key("account", { services: ["cloudtrail", "logs", "cloudwatch", "budgets", "costalerts"], keep }, opts);
const logArchive = new LogArchive("logs", { retentionDays: settings.audit.days, keep }, opts);
const state = new StateBucket(
  "state",
  {
    prefix: statePrefix,
    accountId: account.id,
    region: account.region,
    keyArn: stateKey.arn,
    logArchive,
    keep,
  },
  opts,
);

// Who did what, and what holds whatever runs here.
const notifications = new Notifications(
  "alerts",
  { region: account.region, keyArn: key.arn, emails: settings.notifications.emails },
  opts,
);
const audit = new AuditTrail("audit", { keyArn: key.arn, retentionDays: settings.audit.days, logArchive, keep }, opts);
const baseline = new AccountBaseline("baseline", { guardDuty: settings.guardDuty }, opts);

// What GitHub Actions may do.
const { previewFrom, branch, providerArn, ...repository } = settings.github;
const roles = new DeployRoles(
  "github",
  {
    prefix: rolePrefix,
    repository,
    previewFrom,
    environment: settings.stack,
    ...(branch !== undefined && { branch }),
    ...(providerArn !== undefined && { providerArn }),
    state: { bucketArn: state.bucketArn, keyArn: stateKey.arn },
  },
  opts,
);

// What the platform refers to, and an account has once in a region.
const services = new AccountServices(
  "services",
  {
    keep,
    ...(settings.invocationLog && {
      invocationLog: {
        keyArn: key.arn,
        retentionDays: settings.invocationLog.days,
        content: settings.invocationLog.content,
      },
    }),
    ...(settings.quickSight && { quickSight: settings.quickSight }),
    ...(settings.lakeFormation && { lakeFormation: { adminArns: [roles.roleArns.deploy] } }),
    transform: { invocationLogGroup: { name: logName } },
  },
  opts,
);

// What the account may cost, whatever is in it.
const { limitUsd, anomaliesFromUsd, monitorArn } = settings.budget;
const spend = new Budget(
  "spend",
  {
    limitUsd,
    receivers: { topicArn: notifications.topicArn },
    anomalies: { fromUsd: anomaliesFromUsd, ...(monitorArn !== undefined && { monitorArn }) },
  },
  opts,
);

/** For PULUMI_BACKEND_URL, of every stack in the account. */
export const backendUrl = state.backendUrl;
/** For `secretsprovider` of the stack files. */
export const stackSecretsProvider = secretsProvider(account.region);
/** For role-to-assume in the workflows. */
export const roleArns = roles.roleArns;
/** What kiban:account.boundary of the platform names: each role that a deployment makes has to carry it. */
export const boundaryArn = roles.boundaryArn;
/** For kiban:budget.anomalies of the platform: an account has room for one monitor of services. */
export const anomalyMonitorArn = spend.nodes.monitor?.arn ?? monitorArn;
/** For kiban:ai.invocationLogGroup of the platform. */
export const invocationLogGroup = services.invocationLogName ?? "off: kiban-account:invocationLog is not set";
export const auditBucket = audit.bucketName;
export const analyzerArn = baseline.analyzerArn;
