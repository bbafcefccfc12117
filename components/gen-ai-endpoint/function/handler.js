"use strict";

const { allows } = require("./statements.js");

/**
 * Answers two callers: the spend alarm, upon which every role that may invoke the model gets the deny policy, and whoever
 * lifts the stop, with `{ "lift": "<alarm>" }`.
 */
exports.createHandler = (aws) => async (event) => {
  if (typeof event.lift === "string") return lift(aws, event.lift);
  const state = event.alarmData?.state?.value;
  if (state !== "ALARM") return { stopped: [] };
  return { stopped: await stop(aws) };
};

/** Denies the roles that may invoke as IAM has them now, whoever gave them the right. */
async function stop({ iam, env }) {
  const { roles, policies } = await readAccount(iam);
  const actions = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"];
  const invoking = roles.filter((role) => {
    const attached = (role.AttachedManagedPolicies ?? []).map(({ PolicyArn }) => policies.get(PolicyArn));
    const inline = (role.RolePolicyList ?? []).map(({ PolicyDocument }) => parse(PolicyDocument));
    return [...inline, ...attached]
      .filter((document) => document !== undefined)
      .some((document) => actions.some((action) => allows(document, action, env.MODEL_ARN)));
  });
  return forEachRole(
    invoking.map(({ RoleName }) => RoleName),
    (RoleName) => iam("AttachRolePolicy", { RoleName, PolicyArn: env.DENY_POLICY_ARN }),
  );
}

async function lift({ iam, cloudwatch, env }, alarm) {
  const names = [];
  let marker;
  do {
    const page = await iam("ListEntitiesForPolicy", {
      PolicyArn: env.DENY_POLICY_ARN,
      EntityFilter: "Role",
      ...(marker !== undefined && { Marker: marker }),
    });
    names.push(...(page.PolicyRoles ?? []).map(({ RoleName }) => RoleName));
    marker = page.IsTruncated ? page.Marker : undefined;
  } while (marker !== undefined);
  const lifted = await forEachRole(names, (RoleName) =>
    iam("DetachRolePolicy", { RoleName, PolicyArn: env.DENY_POLICY_ARN }),
  );
  // An alarm acts when it goes off, not while it is on: without this, spending that goes on would not be stopped again.
  await cloudwatch("SetAlarmState", { AlarmName: alarm, StateValue: "OK", StateReason: "The stop was lifted by hand" });
  return { lifted };
}

/** Roles, and the documents of the account's own managed policies by ARN. */
async function readAccount(iam) {
  const roles = [];
  const policies = new Map();
  let marker;
  do {
    const page = await iam("GetAccountAuthorizationDetails", {
      Filter: ["Role", "LocalManagedPolicy"],
      ...(marker !== undefined && { Marker: marker }),
    });
    roles.push(...(page.RoleDetailList ?? []));
    for (const { Arn, PolicyVersionList = [] } of page.Policies ?? []) {
      const current = PolicyVersionList.find((version) => version.IsDefaultVersion);
      if (current !== undefined) policies.set(Arn, parse(current.Document));
    }
    marker = page.IsTruncated ? page.Marker : undefined;
  } while (marker !== undefined);
  // Nothing can be attached to a role of AWS's own.
  return { roles: roles.filter(({ Path }) => !(Path ?? "").startsWith("/aws-service-role/")), policies };
}

/** IAM answers with documents as they stand in a URL. */
const parse = (document) => JSON.parse(decodeURIComponent(document));

/** One role that fails must not spare the others; the error then makes Lambda try again, and at last tell the queue. */
async function forEachRole(names, change) {
  const done = [];
  const failed = [];
  for (const name of names) {
    try {
      await change(name);
      done.push(name);
    } catch (error) {
      failed.push(`${name}: ${error.message}`);
    }
  }
  if (failed.length > 0) throw new Error(`Changed ${done.join(", ") || "no role"}; failed: ${failed.join("; ")}`);
  return done;
}
