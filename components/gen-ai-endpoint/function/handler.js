"use strict";

const { spent } = require("./spending.js");
const { allows } = require("./statements.js");

/** Metrics come by the minute: a function that has just looked would see the same, and pay for it. */
const pause = 15_000;

/**
 * Answers three callers. The spend alarm, upon which every role that may invoke the model gets the deny policy. A call to the
 * model, upon which the function looks at the spending itself. And whoever lifts the stop, with `{ "lift": "<alarm>" }`, or
 * `{ "lift": true }` where there is no alarm.
 */
exports.createHandler = (aws) => {
  let looked = -Infinity;
  return async (event) => {
    if (event.lift !== undefined) return lift(aws, event.lift);
    if (event["detail-type"] === "AWS API Call via CloudTrail") {
      if (aws.now() - looked < pause) return { stopped: [] };
      looked = aws.now();
      return look(aws);
    }
    if (event.alarmData?.state?.value !== "ALARM") return { stopped: [] };
    return { stopped: await stop(aws) };
  };
};

/** Stops at the ceiling, and tells: no alarm does it here. */
async function look(aws) {
  const { ENDPOINT, CEILING_USD } = aws.env;
  const usd = await orTell(aws, `${ENDPOINT}: its spending could not be read`, () => spent(aws));
  if (usd < Number(CEILING_USD)) return { usd, stopped: [] };
  const stopped = await orTell(aws, `${ENDPOINT}: ceiling reached, invoking could NOT be stopped`, () => stop(aws));
  // Calls from before the stop still come in: of roles that it finds stopped nobody is told again.
  if (stopped.length > 0) {
    await tell(aws, `${ENDPOINT}: ceiling reached, invoking was stopped`, [
      `Tokens cost ${usd.toFixed(2)} USD within an hour; the ceiling is ${CEILING_USD} USD.`,
      `Denied: ${stopped.join(", ")}.`,
      "Find the caller (invocation log, metric Invocations). Lift the stop with output liftCommand an hour later, or raise the " +
        "ceiling first.",
    ]);
  }
  return { usd, stopped };
}

/** What fails is told, and fails still: Lambda tries again, and at last puts the event in the queue. */
async function orTell(aws, title, work) {
  try {
    return await work();
  } catch (error) {
    // First of all: telling may fail too.
    console.error(error);
    await tell(aws, title, [
      `${error.message}.`,
      "If it does not end, attach the policy of output stopPolicyArn to the invoking roles by hand; the function's log says more.",
    ]);
    throw error;
  }
}

/** A chat channel shows the schema of its own alone. AWS: Amazon Q Developer in chat applications, "Custom notifications". */
async function tell({ sns, env }, title, lines) {
  const description = lines.join("\n");
  await sns("Publish", {
    TopicArn: env.ALARM_TOPIC_ARN,
    Subject: title,
    MessageStructure: "json",
    Message: JSON.stringify({
      default: description,
      https: JSON.stringify({ version: "1.0", source: "custom", content: { title, description } }),
    }),
  });
}

/** Denies the roles that may invoke as IAM has them now, whoever gave them the right; returns those that were not yet. */
async function stop({ iam, env }) {
  const { roles, policies } = await readAccount(iam);
  const actions = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"];
  const invoking = roles.filter((role) => {
    if ((role.AttachedManagedPolicies ?? []).some(({ PolicyArn }) => PolicyArn === env.DENY_POLICY_ARN)) return false;
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
  if (typeof alarm !== "string") return { lifted };
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
