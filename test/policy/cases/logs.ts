import { types } from "../../../policy/lib/types";
import { s3AccessLogs } from "../../../policy/rules/buckets";
import { cfLogs } from "../../../policy/rules/cloudfront";
import { logRetention } from "../../../policy/rules/containers";
import { auroraLogExports } from "../../../policy/rules/database";
import { alarmsHaveActions, albLogs, stateMachineLogs } from "../../../policy/rules/logging";
import { UNKNOWN } from "../harness";
import { EMPTIED, type Proof, given, isTrue, notFalse, one, oneOf, proof, values } from "../proof";

const logs = { enabled: true, bucket: "logs" };

export const logging: readonly Proof[] = [
  proof(
    albLogs,
    one(types.loadBalancer, { accessLogs: logs, connectionLogs: logs }, [
      ...["accessLogs", "connectionLogs"].flatMap((key) => [
        isTrue(`${key}.enabled`),
        given(`${key}.bucket`, { needs: [`${key}.enabled`] }),
        values(key, [undefined, EMPTIED], []),
      ]),
      values("loadBalancerType", [], ["application", "network", "gateway"]),
    ]),
  ),
  proof(
    cfLogs,
    one(types.distribution, { loggingConfig: { bucket: "logs.s3.amazonaws.com" } }, [
      given("loggingConfig.bucket", { at: "access log" }),
      values("loggingConfig", [undefined], [], { at: "access log" }),
    ]),
    {
      resources: {
        site: { type: types.distribution, inputs: {} },
        source: {
          type: types.logDeliverySource,
          inputs: { logType: "ACCESS_LOGS" },
          links: { resourceArn: "site" },
          needed: { on: "site", at: "access log" },
        },
        delivery: {
          type: types.logDelivery,
          inputs: {},
          links: { deliverySourceName: "source" },
          needed: { on: "site", at: "access log" },
        },
      },
    },
  ),
  proof(
    s3AccessLogs,
    {
      resources: {
        data: { type: types.bucket, inputs: {} },
        logs: { type: types.bucket, inputs: {} },
        logging: {
          type: types.bucketLogging,
          inputs: { targetBucket: UNKNOWN },
          links: { bucket: "data", targetBucket: "logs" },
        },
      },
    },
    {
      resources: {
        data: { type: types.bucket, inputs: {} },
        logging: {
          type: types.bucketLogging,
          inputs: { targetBucket: "elsewhere" },
          links: { bucket: "data" },
          needed: { on: "data", at: "logging" },
          breaks: [given("targetBucket", { on: "data", at: "logging" })],
        },
      },
    },
    one(types.bucket, { logging: { targetBucket: "logs" } }, [
      given("logging"),
      given("logging.targetBucket", { at: "logging" }),
    ]),
  ),
  proof(
    auroraLogExports,
    one(types.dbCluster, { engine: "aurora-postgresql", enabledCloudwatchLogsExports: ["postgresql"] }, [
      values(
        "enabledCloudwatchLogsExports",
        [undefined, EMPTIED, ["iam-db-auth-error"]],
        [["iam-db-auth-error", "postgresql"]],
      ),
    ]),
    one(types.dbCluster, { engine: "aurora-mysql", enabledCloudwatchLogsExports: ["audit", "error"] }, [
      values(
        "enabledCloudwatchLogsExports",
        [undefined, EMPTIED, ["audit"], ["error"], ["slowquery"]],
        [["error", "slowquery", "audit"]],
      ),
    ]),
  ),
  proof(
    logRetention,
    one(types.logGroup, { retentionInDays: 30 }, [values("retentionInDays", [undefined, null, 0, 1, 14], [30, 3653])]),
    one(types.logGroup, { retentionInDays: 90 }, [values("retentionInDays", [undefined, 0, 120, 3653], [1, 90])], {
      stack: "dev",
    }),
    one(types.logGroup, { retentionInDays: 365 }, [values("retentionInDays", [undefined, 0, 364, 401], [365, 400])], {
      config: { days: { prod: { least: 365, most: 400 } } },
    }),
    one(types.logGroup, { logGroupClass: "DELIVERY" }, [
      values("logGroupClass", [undefined, "STANDARD", "INFREQUENT_ACCESS"], [], { at: "retentionInDays" }),
    ]),
  ),
  proof(
    stateMachineLogs,
    one(types.stateMachine, { loggingConfiguration: { level: "ERROR", logDestination: "arn:aws:logs:x:*" } }, [
      oneOf("loggingConfiguration.level", ["ALL", "ERROR", "FATAL"], ["OFF"]),
      given("loggingConfiguration.logDestination", { needs: ["loggingConfiguration.level"] }),
      given("loggingConfiguration", { at: "loggingConfiguration.level" }),
    ]),
  ),
  proof(
    alarmsHaveActions,
    one(types.metricAlarm, { alarmActions: ["arn:aws:sns:ap-northeast-1:111111111111:alarms"] }, [
      given("alarmActions"),
      notFalse("actionsEnabled"),
    ]),
    {
      resources: {
        part: { type: types.metricAlarm, inputs: {} },
        whole: {
          type: types.compositeAlarm,
          inputs: {},
          links: { alarmRule: "part" },
          needed: { on: "part", at: "alarmActions" },
        },
      },
    },
  ),
];
