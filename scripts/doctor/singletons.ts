import { bringUp } from "./access";
import { ok, wrong } from "./finding";
import type { Check } from "./patient";

/** Bedrock has one log of invocations for an account and region: the account stack's. */
export const invocations: Check = {
  name: "invocations",
  looksAt: "whether Bedrock's invocations are logged, where the account stack is to log them",
  needs: { account: true, plan: true },
  run: async ({ aws, wants, accountFile, place }) => {
    if (!wants.invokes) return [ok("the stack invokes no model")];
    if (accountFile.value(["config", "kiban-account:invocationLog"]) === undefined) {
      return [ok(`account/Pulumi.${place.stack}.yaml asks for no log of invocations`)];
    }
    const log = await aws.invocationLog();
    if (log === undefined) return [wrong("nothing logs Bedrock's invocations", bringUp(place.stack))];
    if (await aws.hasLogGroup(log)) return [ok(`Bedrock's invocations are logged in ${log}`)];
    return [wrong(`Bedrock logs to ${log}, which is not there`, bringUp(place.stack))];
  },
};

/** An account has room for one monitor of services: the account stack's, to which the platform subscribes. */
export const monitor: Check = {
  name: "monitor",
  looksAt: "whether the monitor of unusual spending is there, where the stack wants to hear of it",
  needs: { account: true, plan: true },
  run: async ({ aws, wants, place }) => {
    if (wants.monitors.length === 0) return [ok("the stack does not ask to hear of unusual spending")];
    return Promise.all(
      wants.monitors.map(async (arn) =>
        (await aws.hasMonitor(arn))
          ? ok(`${arn} is there`)
          : wrong(
              `${arn} is not there`,
              `set kiban:budget.anomalies.monitorArn to what says: pulumi stack output anomalyMonitorArn -C account --stack ${place.stack}`,
            ),
      ),
    );
  },
};
