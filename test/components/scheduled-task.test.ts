import * as assert from "node:assert/strict";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import {
  ScheduledTask,
  type ScheduledTaskArgs,
  type TaskSchedule,
} from "../../components/scheduled-task/scheduled-task";
import type { Access } from "../../components/shared/access";
import { children, type Registration, resource, type Run, run, type RunOptions } from "../harness";
import { alarmTopicArn, cluster, container, keyArn, network, output, policy, sha, worker } from "./web-service-fixture";

const types = {
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
  alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
  eventRule: "aws:cloudwatch/eventRule:EventRule",
  eventTarget: "aws:cloudwatch/eventTarget:EventTarget",
  securityGroup: "aws:ec2/securityGroup:SecurityGroup",
  taskDefinition: "aws:ecs/taskDefinition:TaskDefinition",
  role: "aws:iam/role:Role",
  rolePolicy: "aws:iam/rolePolicy:RolePolicy",
  group: "aws:scheduler/scheduleGroup:ScheduleGroup",
  schedule: "aws:scheduler/schedule:Schedule",
  queue: "aws:sqs/queue:Queue",
  queuePolicy: "aws:sqs/queuePolicy:QueuePolicy",
  ingress: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  egress: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
};

const nightly: TaskSchedule = { expression: "cron(30 2 * * ? *)", timezone: "Asia/Tokyo" };
const least: ScheduledTaskArgs = { ...worker({}), schedule: nightly } as ScheduledTaskArgs;
const make = (args: Partial<ScheduledTaskArgs> = {}, options?: RunOptions, name = "report") =>
  run(() => void new ScheduledTask(name, { ...least, ...args }), options);

const onceOnly = async (): Promise<Run> => {
  const { schedule: _, ...args } = least;
  return run(() => void new ScheduledTask("report", args));
};

const always = [
  `${types.alarm} report-failures-alarm`,
  `${types.alarm} report-unreported-alarm`,
  `${types.egress} report-https-out`,
  `${types.eventRule} report-failed-runs`,
  `${types.eventTarget} report-failed-runs-target`,
  `${types.logGroup} report-logs`,
  `${types.queue} report-failures`,
  `${types.queuePolicy} report-failures-policy`,
  `${types.role} report-execution-role`,
  `${types.role} report-task-role`,
  `${types.rolePolicy} report-execution-policy`,
  `${types.securityGroup} report-security-group`,
  `${types.taskDefinition} report-task`,
];
const scheduled = [
  `${types.group} report-schedules`,
  `${types.role} report-scheduler-role`,
  `${types.rolePolicy} report-scheduler-policy`,
  `${types.schedule} report-schedule`,
];

const db: Access = {
  name: "orders-db",
  env: { HOST: "db.internal" },
  secrets: { PASSWORD: { arn: "arn:aws:secretsmanager:ap-northeast-1:111111111111:secret:db" } },
  statements: [{ Effect: "Allow", Action: "rds-db:connect", Resource: "arn:aws:rds-db:x" }],
  network: { securityGroupId: "sg-0d0d0d0d0d0d0d0d0", port: 5432 },
};

/** The rights to start the task, from what the run made. */
function startRights(result: Run): unknown[] {
  const definition = resource(result, types.taskDefinition, "report-task");
  return [
    {
      Effect: "Allow",
      Action: "ecs:RunTask",
      Resource: `${output(definition, "arnWithoutRevision")}:*`,
      Condition: { ArnEquals: { "ecs:cluster": cluster.arn } },
    },
    {
      Effect: "Allow",
      Action: "ecs:TagResource",
      Resource: "arn:aws:ecs:ap-northeast-1:111111111111:task/main/*",
      Condition: { StringEquals: { "ecs:CreateAction": "RunTask" } },
    },
    {
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: ["report-task-role", "report-execution-role"].map((name) =>
        output(resource(result, types.role, name), "arn"),
      ),
      Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    },
  ];
}

const schedule = (result: Run): Registration => resource(result, types.schedule, "report-schedule");
const target = (result: Run): Record<string, unknown> => schedule(result).inputs["target"] as Record<string, unknown>;
const ecs = (result: Run): Record<string, unknown> => target(result)["ecsParameters"] as Record<string, unknown>;
const group = (result: Run): Registration => resource(result, types.securityGroup, "report-security-group");
const queue = (result: Run): Registration => resource(result, types.queue, "report-failures");

describe("ScheduledTask", () => {
  describe("children", () => {
    it("makes the task, its failures and its schedule", async () => {
      const result = await make();
      assert.equal(result.error, undefined);
      assert.deepEqual(children(result, "report"), [...always, ...scheduled].toSorted());
    });

    it("makes no schedule, group and role for a task that runs by hand alone", async () => {
      assert.deepEqual(children(await onceOnly(), "report"), always.toSorted());
    });

    it("adds rules on both groups, and rights, for what it uses", async () => {
      const result = await make({ uses: [db] });
      const more = [
        `${types.egress} report-to-orders-db`,
        `${types.ingress} report-to-orders-db`,
        `${types.rolePolicy} report-task-policy`,
      ];
      assert.deepEqual(children(result, "report"), [...always, ...scheduled, ...more].toSorted());
      const rule = resource(result, types.ingress, "report-to-orders-db").inputs;
      assert.equal(rule["securityGroupId"], "sg-0d0d0d0d0d0d0d0d0");
      assert.equal(rule["referencedSecurityGroupId"], group(result).id);
      assert.deepEqual([rule["ipProtocol"], rule["fromPort"], rule["toPort"]], ["tcp", 5432, 5432]);
      assert.deepEqual(policy(resource(result, types.rolePolicy, "report-task-policy")), {
        Version: "2012-10-17",
        Statement: db.statements,
      });
    });

    it("puts every child directly under the component", async () => {
      const result = await make({ uses: [db] });
      const component = resource(result, "kiban:index:ScheduledTask", "report");
      for (const child of result.resources.filter((r) => r.custom)) {
        assert.equal(child.parent, component.urn, child.urn);
      }
    });

    it("makes the same in a first preview, when the cloud's values are unknown", async () => {
      const preview = await run(
        () => {
          const made = new aws.ecs.Cluster("cluster");
          new ScheduledTask("report", { ...least, cluster: { ...cluster, arn: made.arn, name: made.name } });
        },
        { preview: true },
      );
      assert.equal(preview.error, undefined);
      assert.deepEqual(children(preview, "report"), children(await make(), "report"));
    });

    it("lives twice in one program", async () => {
      const result = await run(() => {
        for (const name of ["one", "two"]) new ScheduledTask(name, least);
      });
      assert.equal(result.error, undefined);
      assert.equal(new Set(result.resources.map((r) => r.urn)).size, 2 * (1 + always.length + scheduled.length));
    });
  });

  describe("container", () => {
    it("is pinned, read-only, not root, without ports", async () => {
      const result = await make({ command: ["node", "report.js"], uses: [db] });
      const definition = resource(result, types.taskDefinition, "report-task");
      assert.deepEqual(container(definition), {
        name: "report",
        image: `111111111111.dkr.ecr.ap-northeast-1.amazonaws.com/api:${sha}`,
        essential: true,
        user: "1000:1000",
        readonlyRootFilesystem: true,
        command: ["node", "report.js"],
        environment: [{ name: "ORDERS_DB_HOST", value: "db.internal" }],
        secrets: [{ name: "ORDERS_DB_PASSWORD", valueFrom: db.secrets?.["PASSWORD"]?.arn }],
        linuxParameters: {
          initProcessEnabled: true,
          tmpfs: [{ containerPath: "/tmp", size: 64, mountOptions: ["rw", "noexec", "nosuid", "nodev", "mode=1777"] }],
        },
        mountPoints: [],
        stopTimeout: 30,
        logConfiguration: {
          logDriver: "awslogs",
          options: {
            "awslogs-group": output(resource(result, types.logGroup, "report-logs"), "name"),
            "awslogs-region": "ap-northeast-1",
            "awslogs-stream-prefix": "report",
            mode: "non-blocking",
            "max-buffer-size": "25m",
          },
        },
      });
      assert.equal(definition.inputs["skipDestroy"], true);
      assert.equal(definition.inputs["networkMode"], "awsvpc");
      assert.deepEqual(definition.inputs["runtimePlatform"], {
        operatingSystemFamily: "LINUX",
        cpuArchitecture: "ARM64",
      });
    });

    it("keeps its logs, encrypted, when told to", async () => {
      for (const keep of [true, false]) {
        const logs = resource(await make({ keep }), types.logGroup, "report-logs");
        assert.equal(logs.options["protect"], keep);
        assert.deepEqual(
          [logs.inputs["kmsKeyId"], logs.inputs["retentionInDays"], logs.inputs["deletionProtectionEnabled"]],
          [keyArn, 30, keep],
        );
      }
    });

    it("lets in nothing, and out HTTPS alone", async () => {
      const result = await make();
      assert.deepEqual(
        result.resources.filter((r) => r.type === types.ingress),
        [],
      );
      const { inputs } = resource(result, types.egress, "report-https-out");
      assert.deepEqual([inputs["cidrIpv4"], inputs["fromPort"], inputs["toPort"]], ["0.0.0.0/0", 443, 443]);
    });
  });

  describe("schedule", () => {
    it("starts one task of this revision in the private subnets, and gives up after an hour into the queue", async () => {
      const result = await make();
      const { inputs } = schedule(result);
      assert.equal(inputs["scheduleExpression"], "cron(30 2 * * ? *)");
      assert.equal(inputs["scheduleExpressionTimezone"], "Asia/Tokyo");
      assert.equal(inputs["state"], "ENABLED");
      assert.equal(inputs["groupName"], output(resource(result, types.group, "report-schedules"), "name"));
      assert.deepEqual(inputs["flexibleTimeWindow"], { mode: "OFF" });
      assert.deepEqual(inputs["target"], {
        arn: cluster.arn,
        roleArn: output(resource(result, types.role, "report-scheduler-role"), "arn"),
        ecsParameters: {
          taskDefinitionArn: output(resource(result, types.taskDefinition, "report-task"), "arn"),
          taskCount: 1,
          capacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1 }],
          networkConfiguration: {
            subnets: network.privateSubnetIds,
            securityGroups: [group(result).id],
            assignPublicIp: false,
          },
          propagateTags: "TASK_DEFINITION",
          enableEcsManagedTags: true,
          enableExecuteCommand: false,
        },
        retryPolicy: { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 3600 },
        deadLetterConfig: { arn: output(queue(result), "arn") },
      });
    });

    it("takes UTC, a window, retries and a pause as asked", async () => {
      const result = await make({
        schedule: { expression: "rate(6 hours)", flexibleMinutes: 30, retries: 0, retryMinutes: 1, enabled: false },
        capacity: "spot",
        exec: true,
      });
      const { inputs } = schedule(result);
      assert.equal(inputs["scheduleExpressionTimezone"], "Etc/UTC");
      assert.equal(inputs["state"], "DISABLED");
      assert.deepEqual(inputs["flexibleTimeWindow"], { mode: "FLEXIBLE", maximumWindowInMinutes: 30 });
      assert.deepEqual(target(result)["retryPolicy"], { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 });
      assert.deepEqual(ecs(result)["capacityProviderStrategies"], [{ capacityProvider: "FARGATE_SPOT", weight: 1 }]);
      assert.equal(ecs(result)["enableExecuteCommand"], true);
    });

    it("is started by a role that Scheduler may take for this group alone", async () => {
      const result = await make();
      assert.deepEqual(policy(resource(result, types.role, "report-scheduler-role"), "assumeRolePolicy"), {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "scheduler.amazonaws.com" },
            Action: "sts:AssumeRole",
            Condition: {
              StringEquals: {
                "aws:SourceAccount": "111111111111",
                "aws:SourceArn": output(resource(result, types.group, "report-schedules"), "arn"),
              },
            },
          },
        ],
      });
    });

    it("may start this task in this cluster, hand it its two roles, and report to the queue", async () => {
      const result = await make();
      const rights = resource(result, types.rolePolicy, "report-scheduler-policy");
      assert.deepEqual(policy(rights), {
        Version: "2012-10-17",
        Statement: [
          ...startRights(result),
          { Effect: "Allow", Action: "sqs:SendMessage", Resource: output(queue(result), "arn") },
          {
            Effect: "Allow",
            Action: ["kms:Decrypt", "kms:GenerateDataKey"],
            Resource: keyArn,
            Condition: { StringEquals: { "kms:ViaService": "sqs.ap-northeast-1.amazonaws.com" } },
          },
        ],
      });
      const role = resource(result, types.role, "report-scheduler-role");
      assert.equal(rights.inputs["role"], output(role, "name"));
    });

    it("comes after all that a run needs", async () => {
      const result = await make({ uses: [db] });
      const needed = [
        resource(result, types.rolePolicy, "report-scheduler-policy"),
        resource(result, types.rolePolicy, "report-execution-policy"),
        resource(result, types.rolePolicy, "report-task-policy"),
        resource(result, types.egress, "report-https-out"),
        resource(result, types.egress, "report-to-orders-db"),
        resource(result, types.ingress, "report-to-orders-db"),
        resource(result, types.eventTarget, "report-failed-runs-target"),
      ];
      for (const { urn } of needed) assert.ok(schedule(result).dependencies.includes(urn), urn);
    });
  });

  describe("failures", () => {
    it("are the runs that did not end well, by the clock or by hand", async () => {
      for (const result of [await make(), await onceOnly()]) {
        const rule = resource(result, types.eventRule, "report-failed-runs");
        const definition = resource(result, types.taskDefinition, "report-task");
        assert.deepEqual(policy(rule, "eventPattern"), {
          source: ["aws.ecs"],
          "detail-type": ["ECS Task State Change"],
          detail: {
            clusterArn: [cluster.arn],
            taskDefinitionArn: [{ prefix: `${output(definition, "arnWithoutRevision")}:` }],
            lastStatus: ["STOPPED"],
            $or: [
              { containers: { exitCode: [{ "anything-but": 0 }] } },
              { stopCode: [{ "anything-but": ["EssentialContainerExited", "UserInitiated"] }] },
            ],
          },
        });
        const { inputs, dependencies } = resource(result, types.eventTarget, "report-failed-runs-target");
        assert.equal(inputs["rule"], output(rule, "name"));
        assert.equal(inputs["arn"], output(queue(result), "arn"));
        assert.ok(dependencies.includes(resource(result, types.queuePolicy, "report-failures-policy").urn));
      }
    });

    it("wait in an encrypted queue that takes them from this rule, over TLS", async () => {
      const result = await make();
      assert.deepEqual(queue(result).inputs, { kmsMasterKeyId: keyArn, messageRetentionSeconds: 1_209_600 });
      const queueArn = output(queue(result), "arn");
      const made = resource(result, types.queuePolicy, "report-failures-policy");
      assert.equal(made.inputs["queueUrl"], output(queue(result), "url"));
      assert.deepEqual(policy(made), {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "TlsOnly",
            Effect: "Deny",
            Principal: "*",
            Action: "sqs:*",
            Resource: queueArn,
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
          {
            Sid: "FailedRuns",
            Effect: "Allow",
            Principal: { Service: "events.amazonaws.com" },
            Action: "sqs:SendMessage",
            Resource: queueArn,
            Condition: {
              ArnEquals: { "aws:SourceArn": output(resource(result, types.eventRule, "report-failed-runs"), "arn") },
            },
          },
        ],
      });
    });

    it("alarm while one of them waits", async () => {
      const result = await make();
      const { inputs } = resource(result, types.alarm, "report-failures-alarm");
      assert.deepEqual(
        [inputs["namespace"], inputs["metricName"], inputs["dimensions"], inputs["threshold"]],
        ["AWS/SQS", "ApproximateNumberOfMessagesVisible", { QueueName: output(queue(result), "name") }, 1],
      );
      assert.deepEqual([inputs["alarmActions"], inputs["okActions"]], [[alarmTopicArn], [alarmTopicArn]]);
      assert.equal(inputs["treatMissingData"], "notBreaching");
      assert.match(inputs["alarmDescription"] as string, /^report: .*Run it again by hand/);
    });

    for (const [what, by] of [
      ["by the clock", make],
      ["by hand", onceOnly],
    ] as const) {
      it(`alarm when they did not reach the queue, ${what}`, async () => {
        const result = await by();
        const { inputs } = resource(result, types.alarm, "report-unreported-alarm");
        const metric = (id: string, namespace: string, metricName: string, dimensions: unknown) => ({
          id,
          returnData: false,
          metric: { namespace, metricName, stat: "Sum", period: 60, dimensions },
        });
        const rule = output(resource(result, types.eventRule, "report-failed-runs"), "name");
        const events = metric("events", "AWS/Events", "FailedInvocations", { RuleName: rule });
        const sum = (expression: string) => ({
          id: "unreported",
          label: "Unreported failures",
          expression,
          returnData: true,
        });
        if (by === onceOnly) {
          assert.deepEqual(inputs["metricQueries"], [events, sum("FILL(events, 0)")]);
        } else {
          const ScheduleGroup = output(resource(result, types.group, "report-schedules"), "name");
          assert.deepEqual(inputs["metricQueries"], [
            events,
            metric("starts", "AWS/Scheduler", "InvocationsFailedToBeSentToDeadLetterCount", { ScheduleGroup }),
            sum("FILL(events, 0) + FILL(starts, 0)"),
          ]);
        }
        assert.deepEqual([inputs["alarmActions"], inputs["okActions"]], [[alarmTopicArn], [alarmTopicArn]]);
        assert.deepEqual([inputs["threshold"], inputs["treatMissingData"]], [1, "notBreaching"]);
      });
    }
  });

  describe("by hand", () => {
    for (const [what, args, strategy, rest] of [
      ["as it is", {}, "FARGATE", ""],
      ["on Spot, with a shell", { capacity: "spot", exec: true }, "FARGATE_SPOT", " --enable-execute-command"],
    ] as const) {
      it(`is run by this command, ${what}`, async () => {
        const result = await make(args);
        const definition = output(resource(result, types.taskDefinition, "report-task"), "arn");
        const configuration = JSON.stringify({
          awsvpcConfiguration: {
            subnets: network.privateSubnetIds,
            securityGroups: [group(result).id],
            assignPublicIp: "DISABLED",
          },
        });
        assert.equal(
          resource(result, "kiban:index:ScheduledTask", "report").outputs["runCommand"],
          `aws ecs run-task --region ap-northeast-1 --cluster ${cluster.arn} --task-definition ${definition}` +
            ` --capacity-provider-strategy capacityProvider=${strategy},weight=1` +
            ` --network-configuration '${configuration}'` +
            ` --propagate-tags TASK_DEFINITION --enable-ecs-managed-tags${rest}`,
        );
      });
    }

    it("is run by a program that takes run, with these rights and variables", async () => {
      let access: unknown;
      const result = await run(async () => {
        const made = new ScheduledTask("report", least);
        access = await new Promise((resolve) => pulumi.output(made.run).apply(resolve));
      });
      assert.deepEqual(access, {
        name: "report",
        env: {
          CLUSTER_ARN: cluster.arn,
          TASK_DEFINITION_ARN: output(resource(result, types.taskDefinition, "report-task"), "arn"),
          SUBNET_IDS: network.privateSubnetIds.join(","),
          SECURITY_GROUP_ID: group(result).id,
        },
        statements: startRights(result),
      });
    });
  });

  it("gives names, ARNs, the image and the command", async () => {
    const result = await make();
    const { runCommand, ...rest } = resource(result, "kiban:index:ScheduledTask", "report").outputs;
    assert.match(runCommand as string, /^aws ecs run-task /);
    const taskRole = resource(result, types.role, "report-task-role");
    assert.deepEqual(rest, {
      scheduleArn: output(schedule(result), "arn"),
      taskDefinitionArn: output(resource(result, types.taskDefinition, "report-task"), "arn"),
      securityGroupId: group(result).id,
      logGroupName: output(resource(result, types.logGroup, "report-logs"), "name"),
      failureQueueUrl: output(queue(result), "url"),
      taskRoleArn: output(taskRole, "arn"),
      taskRoleName: output(taskRole, "name"),
      image: `111111111111.dkr.ecr.ap-northeast-1.amazonaws.com/api:${sha}`,
    });
    assert.equal("scheduleArn" in resource(await onceOnly(), "kiban:index:ScheduledTask", "report").outputs, false);
  });

  describe("faults", () => {
    const expression = (was: string): string =>
      `schedule.expression: was ${JSON.stringify(was)}; allowed: cron(minutes hours day-of-month month day-of-week year) with ? for one of the two days, rate(value unit) or at(yyyy-mm-ddThh:mm:ss); write it as cron(30 2 * * ? *)`;
    const cases: [string, Partial<ScheduledTaskArgs>, string[]][] = [
      ...[
        "30 2 * * *",
        "cron(30 2 * * *)",
        "cron(30 2 * * * *)",
        "cron(30 2 1 * MON *)",
        "cron(30 2 ? * ? *)",
        "cron(60 2 * * ? *)",
        "rate(1 hours)",
        "rate(6 hour)",
        "rate(0 days)",
        "at(2026-04-01 09:00:00)",
        "at(2026-02-30T09:00:00)",
      ].map((was): [string, Partial<ScheduledTaskArgs>, string[]] => [
        was,
        { schedule: { expression: was } },
        [expression(was)],
      ]),
      [
        "a time zone, a window and retries that Scheduler does not know",
        { schedule: { ...nightly, timezone: "Asia/Tokio", flexibleMinutes: 0, retries: 186, retryMinutes: 1441 } },
        [
          'schedule.timezone: was "Asia/Tokio"; allowed: an IANA time zone; write it as Asia/Tokyo',
          "schedule.flexibleMinutes: was 0; allowed: a whole number from 1 to 1440; set one in that range",
          "schedule.retries: was 186; allowed: a whole number from 0 to 185; set one in that range",
          "schedule.retryMinutes: was 1441; allowed: a whole number from 1 to 1440; set one in that range",
        ],
      ],
      [
        "a mix of capacities",
        { capacity: { spotPercent: 50 } as unknown as "spot" },
        ['capacity: was {"spotPercent":50}; allowed: onDemand, spot; set one of them: a single task cannot be split'],
      ],
      [
        "an image, a size and a user that WebService refuses too",
        { image: { ...least.image, tag: "latest" }, cpu: 300, user: "root" },
        [
          'image.tag: was "latest"; allowed: the 40 hexadecimal digits of a git commit; set the SHA that the image was pushed with, so that every deployment can be told apart and repeated',
          "cpu: was 300; allowed: 256, 512, 1024, 2048, 4096, 8192, 16384, 32768; set one of Fargate's sizes, in CPU units",
          'user: was "root"; allowed: uid, uid:gid, user or user:group, and not root; run the image as an ordinary user',
        ],
      ],
      [
        "two accesses that set one variable",
        { uses: [db, { ...db, network: { securityGroupId: "sg-0d0d0d0d0d0d0d0d0", port: 5432 } }] },
        [
          'uses: was "ORDERS_DB_HOST"; allowed: each variable set once; access "orders-db" and access "orders-db" both set it: take one access that covers both, or rename one',
          'uses: was "ORDERS_DB_PASSWORD"; allowed: each variable set once; access "orders-db" and access "orders-db" both set it: take one access that covers both, or rename one',
        ],
      ],
    ];
    for (const [what, args, lines] of cases) {
      it(`refuses ${what}`, async () => {
        const result = await make(args);
        const expected = ['ScheduledTask "report":', ...lines.map((line) => `  ${line}`)].join("\n");
        assert.equal(result.error?.message, expected);
        assert.deepEqual(result.resources, []);
      });
    }

    it("refuses a name that is no kebab-case, or too long for its roles", async () => {
      for (const name of ["Report", "a".repeat(42)]) {
        const { error } = await make({}, undefined, name);
        assert.equal(
          error?.message,
          `ScheduledTask "${name}":\n  name: was "${name}"; allowed: kebab-case, at most 41 characters; AWS limits the names made from it: change it`,
        );
      }
    });
  });

  it("gives each transform its child", async () => {
    const description = "transformed";
    const result = await make({
      uses: [db],
      transform: {
        logGroup: { retentionInDays: 1 },
        securityGroup: { description },
        httpsEgress: { description },
        accessIngress: { description },
        accessEgress: { description },
        executionRole: { description },
        executionPolicy: { policy: "{}" },
        taskRole: { description },
        taskPolicy: { policy: "{}" },
        taskDefinition: (ours) => ({ ...ours, family: "other" }),
        failureQueue: { messageRetentionSeconds: 60 },
        failureQueuePolicy: { policy: "{}" },
        failuresAlarm: { threshold: 2 },
        failedRuns: { description },
        failedRunsTarget: { targetId: "other" },
        unreportedAlarm: { threshold: 3 },
        scheduleGroup: { name: "other" },
        schedulerRole: { description },
        schedulerPolicy: { policy: "{}" },
        schedule: { description },
      },
    });
    assert.equal(result.error, undefined);
    for (const [type, name, property, value] of [
      [types.logGroup, "logs", "retentionInDays", 1],
      [types.securityGroup, "security-group", "description", description],
      [types.egress, "https-out", "description", description],
      [types.ingress, "to-orders-db", "description", description],
      [types.egress, "to-orders-db", "description", description],
      [types.role, "execution-role", "description", description],
      [types.rolePolicy, "execution-policy", "policy", "{}"],
      [types.role, "task-role", "description", description],
      [types.rolePolicy, "task-policy", "policy", "{}"],
      [types.taskDefinition, "task", "family", "other"],
      [types.queue, "failures", "messageRetentionSeconds", 60],
      [types.queuePolicy, "failures-policy", "policy", "{}"],
      [types.alarm, "failures-alarm", "threshold", 2],
      [types.eventRule, "failed-runs", "description", description],
      [types.eventTarget, "failed-runs-target", "targetId", "other"],
      [types.alarm, "unreported-alarm", "threshold", 3],
      [types.group, "schedules", "name", "other"],
      [types.role, "scheduler-role", "description", description],
      [types.rolePolicy, "scheduler-policy", "policy", "{}"],
      [types.schedule, "schedule", "description", description],
    ] as const) {
      assert.equal(resource(result, type, `report-${name}`).inputs[property], value, name);
    }
  });
});
