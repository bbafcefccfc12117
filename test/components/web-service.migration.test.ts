import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Access } from "../../components/shared/access";
import { type Migration, WebService, type WebServiceArgs } from "../../components/web-service/web-service";
import { children, type Registration, resource, type Run, run } from "../harness";
import {
  alarmTopicArn,
  cluster,
  container,
  keyArn,
  output,
  policy,
  runService,
  web,
  worker,
} from "./web-service-fixture";

const types = {
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
  filter: "aws:cloudwatch/logMetricFilter:LogMetricFilter",
  alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
  securityGroup: "aws:ec2/securityGroup:SecurityGroup",
  service: "aws:ecs/service:Service",
  taskDefinition: "aws:ecs/taskDefinition:TaskDefinition",
  role: "aws:iam/role:Role",
  rolePolicy: "aws:iam/rolePolicy:RolePolicy",
  lambda: "aws:lambda/function:Function",
  ingress: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  egress: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
};

const db = (name: string, group: string): Access => ({
  name,
  env: { HOST: `${name}.example` },
  secrets: { PASSWORD: { arn: `arn:aws:secretsmanager:x:111111111111:secret:${name}` } },
  statements: [
    { Effect: "Allow", Action: "rds-db:connect", Resource: `arn:aws:rds-db:x:111111111111:dbuser:c/${name}` },
  ],
  network: { securityGroupId: group, port: 5432 },
});
const app = db("db", "sg-0d0d0d0d0d0d0d0d0");
const owner = db("schema", "sg-0e0e0e0e0e0e0e0e0");
const migration: Migration = { command: ["node", "migrate.js"] };

/** What a migration adds, without `uses` and then with. */
const added = [
  `${types.alarm} api-migration-alarm`,
  `${types.filter} api-migration-failures`,
  `${types.lambda} api-migration-function`,
  `${types.logGroup} api-migration-logs`,
  `${types.role} api-hook-role`,
  `${types.role} api-migration-function-role`,
  `${types.rolePolicy} api-hook-policy`,
  `${types.rolePolicy} api-migration-function-policy`,
  `${types.taskDefinition} api-migration-task`,
];
const own = [
  `${types.egress} api-migration-https-out`,
  `${types.egress} api-migration-to-schema`,
  `${types.ingress} api-migration-to-schema`,
  `${types.role} api-migration-execution-role`,
  `${types.role} api-migration-task-role`,
  `${types.rolePolicy} api-migration-execution-policy`,
  `${types.rolePolicy} api-migration-task-policy`,
  `${types.securityGroup} api-migration-security-group`,
];

/** The resources of `api` by type and name. */
const of = (result: Run, type: keyof typeof types, role: string): Registration =>
  resource(result, types[type], `api-${role}`);

async function migrate(more: Partial<Migration> = {}, args: Partial<WebServiceArgs> = {}): Promise<Run> {
  const result = await runService("api", web({ uses: [app], ...args, migration: { ...migration, ...more } }));
  assert.equal(result.error, undefined);
  return result;
}

/** What the service's one hook says, and its details read. */
function hookOf(result: Run): { hook: Record<string, unknown>; details: Record<string, unknown> } {
  const { lifecycleHooks } = of(result, "service", "service").inputs["deploymentConfiguration"] as {
    lifecycleHooks: Record<string, unknown>[];
  };
  const [{ hookDetails, ...hook } = {}] = lifecycleHooks;
  return { hook, details: JSON.parse(hookDetails as string) as Record<string, unknown> };
}

describe("WebService migration", () => {
  let plain: Run;
  let shared: Run;
  let separate: Run;
  before(async () => {
    plain = await runService("api", web({ uses: [app] }));
    shared = await migrate();
    separate = await migrate({ uses: [owner] });
  });

  describe("children", () => {
    it("are there with a migration alone", () => {
      assert.deepEqual(children(shared, "api"), [...children(plain, "api"), ...added].toSorted());
    });

    it("have a network and roles of their own with uses", () => {
      assert.deepEqual(children(separate, "api"), [...children(shared, "api"), ...own].toSorted());
    });

    it("with uses that are empty: roles that may do nothing, and a network that leads to HTTPS", async () => {
      const without = own.filter((child) => !/-to-schema$|-task-policy$/.test(child));
      assert.deepEqual(
        children(await migrate({ uses: [] }), "api"),
        [...children(shared, "api"), ...without].toSorted(),
      );
    });

    it("live beside those of another service, and are the same in a first preview", async () => {
      const result = await run(
        () => {
          new WebService("api", web({ uses: [app], migration: { ...migration, uses: [owner] } }));
          new WebService("front", web({ uses: [app], migration }));
        },
        { preview: true },
      );
      assert.equal(result.error, undefined);
      assert.equal(new Set(result.resources.map((r) => r.urn)).size, result.resources.length);
      assert.deepEqual(children(result, "api"), children(separate, "api"));
    });
  });

  describe("task", () => {
    const task = (result: Run) => of(result, "taskDefinition", "migration-task");

    it("is the service's container with another command and another log stream", () => {
      const ours = container(task(shared));
      const service = container(of(shared, "taskDefinition", "task"));
      const { portMappings: _ports, logConfiguration, ...rest } = service;
      const { options } = logConfiguration as { options: Record<string, string> };
      assert.deepEqual(ours, {
        ...rest,
        name: "api-migration",
        command: ["node", "migrate.js"],
        logConfiguration: {
          logDriver: "awslogs",
          options: { ...options, "awslogs-stream-prefix": "api-migration" },
        },
      });
      assert.equal(options["awslogs-stream-prefix"], "api");
    });

    it("has the service's size and roles, and a family of its own", () => {
      const { inputs } = task(shared);
      const service = of(shared, "taskDefinition", "task").inputs;
      for (const key of ["cpu", "memory", "executionRoleArn", "taskRoleArn", "runtimePlatform", "skipDestroy"]) {
        assert.deepEqual(inputs[key], service[key], key);
      }
      assert.equal(inputs["family"], "kiban-dev-api-migration");
    });

    it("takes a size of its own", async () => {
      const { inputs } = task(await migrate({ cpu: 1024, memory: 2048 }));
      assert.deepEqual([inputs["cpu"], inputs["memory"]], ["1024", "2048"]);
    });

    it("has no shell, no health check, and none of the service's own command", async () => {
      const result = await migrate(
        {},
        { exec: true, healthCheck: { command: ["CMD", "check"] }, command: ["node", "server.js"] },
      );
      const made = container(task(result));
      assert.deepEqual(made["command"], ["node", "migrate.js"]);
      assert.equal(made["healthCheck"], undefined);
      assert.deepEqual(made["mountPoints"], []);
    });

    it("has the service's own variables and secrets, and the accesses of its own uses in place of the service's", async () => {
      const secret = "arn:aws:secretsmanager:x:111111111111:secret:own";
      const result = await migrate(
        { uses: [owner] },
        { environment: { LOG_LEVEL: "info" }, secrets: { TOKEN: { arn: secret } } },
      );
      const made = container(task(result));
      assert.deepEqual(made["environment"], [
        { name: "LOG_LEVEL", value: "info" },
        { name: "SCHEMA_HOST", value: "schema.example" },
      ]);
      assert.deepEqual(made["secrets"], [
        { name: "SCHEMA_PASSWORD", valueFrom: owner.secrets?.["PASSWORD"]?.arn },
        { name: "TOKEN", valueFrom: secret },
      ]);
      const { Statement } = policy(of(result, "rolePolicy", "migration-execution-policy")) as {
        Statement: { Action: unknown; Resource: unknown }[];
      };
      const logs = Statement[0];
      assert.equal(logs?.Resource, `${output(of(result, "logGroup", "logs"), "arn")}:*`);
      const secrets = Statement.find(({ Action }) => Array.isArray(Action) && Action.includes("ssm:GetParameters"));
      assert.deepEqual(secrets?.Resource, [secret, owner.secrets?.["PASSWORD"]?.arn]);
    });

    it("with uses, may do what they grant, and the service may not", () => {
      const { inputs } = task(separate);
      assert.equal(inputs["taskRoleArn"], output(of(separate, "role", "migration-task-role"), "arn"));
      assert.equal(inputs["executionRoleArn"], output(of(separate, "role", "migration-execution-role"), "arn"));
      const granted = (role: string) => (policy(of(separate, "rolePolicy", role)) as { Statement: unknown }).Statement;
      assert.deepEqual(granted("migration-task-policy"), owner.statements);
      assert.deepEqual(granted("task-policy"), app.statements);
      const ingress = of(separate, "ingress", "migration-to-schema").inputs;
      assert.equal(ingress["securityGroupId"], owner.network?.securityGroupId);
      assert.equal(ingress["referencedSecurityGroupId"], of(separate, "securityGroup", "migration-security-group").id);
    });
  });

  describe("hook", () => {
    it("asks the function before the tasks start, and tells it all that it needs", () => {
      for (const [result, group] of [
        [shared, "security-group"],
        [separate, "migration-security-group"],
      ] as const) {
        const { hook, details } = hookOf(result);
        assert.deepEqual(hook, {
          hookTargetArn: output(of(result, "lambda", "migration-function"), "arn"),
          roleArn: output(of(result, "role", "hook-role"), "arn"),
          lifecycleStages: ["PRE_SCALE_UP"],
        });
        assert.deepEqual(details, {
          cluster: cluster.arn,
          taskDefinition: output(of(result, "taskDefinition", "migration-task"), "arn"),
          container: "api-migration",
          subnets: "subnet-0bbbbbbbbbbbbbbb1,subnet-0bbbbbbbbbbbbbbb2",
          securityGroup: of(result, "securityGroup", group).id,
          timeoutMinutes: 15,
        });
      }
    });

    it("goes before hooks of the service's own, by the same role", async () => {
      const functionArn = "arn:aws:lambda:ap-northeast-1:111111111111:function:smoke-test";
      const result = await migrate(
        {},
        { deployment: { strategy: "canary", hooks: [{ functionArn, stages: ["POST_SCALE_UP"] }] } },
      );
      const configuration = of(result, "service", "service").inputs["deploymentConfiguration"] as {
        lifecycleHooks: { hookTargetArn: string }[];
      };
      const functions = [output(of(result, "lambda", "migration-function"), "arn"), functionArn];
      assert.deepEqual(
        configuration.lifecycleHooks.map((hook) => hook.hookTargetArn),
        functions,
      );
      assert.deepEqual(policy(of(result, "rolePolicy", "hook-policy")), {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "lambda:InvokeFunction", Resource: functions }],
      });
    });

    for (const strategy of ["blueGreen", "canary", "linear"] as const) {
      it(`is there for ${strategy}`, async () => {
        const result = await migrate({}, { deployment: { strategy } });
        assert.deepEqual(hookOf(result).hook["lifecycleStages"], ["PRE_SCALE_UP"]);
      });
    }

    it("has its time in that of the service, and in what the function is told", async () => {
      const minutes = (result: Run) => {
        const { create, update } = of(result, "service", "service").options["customTimeouts"] as Record<string, string>;
        return [create, update].map((value) => String(value));
      };
      assert.deepEqual(
        minutes(shared),
        minutes(await runService("api", web({ deployment: { strategy: "blueGreen", bakeMinutes: 20 } }))),
      );
      const longer = await migrate({ timeoutMinutes: 90 });
      assert.deepEqual(
        minutes(longer),
        minutes(await runService("api", web({ deployment: { strategy: "blueGreen", bakeMinutes: 95 } }))),
      );
      assert.equal(hookOf(longer).details["timeoutMinutes"], 90);
    });

    it("comes before the service, with all that its task needs", () => {
      const service = of(separate, "service", "service");
      const needed = separate.resources.filter(
        (r) => /^api-migration/.test(r.name) && /(Policy|IngressRule|EgressRule)$/.test(r.type),
      );
      assert.equal(needed.length, 3 + 1 + 2);
      for (const child of needed) assert.ok(service.dependencies.includes(child.urn), child.urn);
    });
  });

  describe("function", () => {
    it("runs in no VPC, with its source as it is and nothing in its environment", () => {
      const { inputs } = of(shared, "lambda", "migration-function");
      const { code, ...rest } = inputs;
      const source = (file: string) =>
        readFileSync(join(__dirname, "..", "..", "components", "web-service", "hook", file), "utf8");
      const text = JSON.stringify(code);
      for (const file of ["index.js", "handler.js"]) {
        assert.ok(text.includes(JSON.stringify(source(file))), file);
      }
      assert.deepEqual(rest, {
        description: "Runs the migration of api before a deployment starts its tasks",
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        handler: "index.handler",
        role: output(of(shared, "role", "migration-function-role"), "arn"),
        timeout: 60,
        memorySize: 256,
        loggingConfig: { logFormat: "JSON", logGroup: of(shared, "logGroup", "migration-logs").outputs["name"] },
      });
    });

    it("logs under the stack's key, for as long as the service", async () => {
      const { inputs } = of(shared, "logGroup", "migration-logs");
      assert.equal(inputs["kmsKeyId"], keyArn);
      assert.equal(inputs["retentionInDays"], 30);
      assert.equal(inputs["deletionProtectionEnabled"], false);
      const kept = of(await migrate({}, { keep: true }), "logGroup", "migration-logs");
      assert.equal(kept.inputs["deletionProtectionEnabled"], true);
      assert.equal(kept.options["protect"], true);
    });

    it("may run this task, with its two roles, watch it and stop it, in this cluster, and nothing else", () => {
      for (const [result, prefix] of [
        [shared, ""],
        [separate, "migration-"],
      ] as const) {
        const inCluster = { "ecs:cluster": cluster.arn };
        const tasks = "arn:aws:ecs:ap-northeast-1:111111111111:task/main/*";
        const family = output(of(result, "taskDefinition", "migration-task"), "arnWithoutRevision");
        assert.deepEqual(policy(of(result, "rolePolicy", "migration-function-policy")), {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
              Resource: `${output(of(result, "logGroup", "migration-logs"), "arn")}:*`,
            },
            {
              Effect: "Allow",
              Action: "ecs:RunTask",
              Resource: `${family}:*`,
              Condition: { ArnEquals: inCluster },
            },
            {
              Effect: "Allow",
              Action: "ecs:TagResource",
              Resource: tasks,
              Condition: { StringEquals: { "ecs:CreateAction": "RunTask" } },
            },
            {
              Effect: "Allow",
              Action: "iam:PassRole",
              Resource: [
                output(of(result, "role", `${prefix}task-role`), "arn"),
                output(of(result, "role", `${prefix}execution-role`), "arn"),
              ],
              Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
            },
            { Effect: "Allow", Action: "ecs:DescribeTasks", Resource: tasks, Condition: { ArnEquals: inCluster } },
            {
              Effect: "Allow",
              Action: "ecs:StopTask",
              Resource: tasks,
              Condition: {
                ArnEquals: inCluster,
                StringEquals: { "aws:ResourceTag/Migration": "api-migration" },
              },
            },
          ],
        });
        assert.match(family, /task-definition\/kiban-dev-api-migration$/);
        assert.deepEqual(policy(of(result, "role", "migration-function-role"), "assumeRolePolicy"), {
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
        });
      }
    });

    it("is there after its rights", () => {
      const policyUrn = of(shared, "rolePolicy", "migration-function-policy").urn;
      assert.ok(of(shared, "lambda", "migration-function").dependencies.includes(policyUrn));
    });

    it("raises an alarm when a migration fails, or the function does", () => {
      const name = of(shared, "lambda", "migration-function").outputs["name"];
      const filter = of(shared, "filter", "migration-failures").inputs;
      assert.deepEqual(filter, {
        logGroupName: of(shared, "logGroup", "migration-logs").outputs["name"],
        pattern: '{ $.level = "ERROR" }',
        metricTransformation: { namespace: "Kiban/Migrations", name, value: "1", unit: "Count" },
      });
      const alarm = of(shared, "alarm", "migration-alarm").inputs;
      assert.deepEqual(alarm["metricQueries"], [
        {
          id: "errors",
          returnData: false,
          metric: {
            namespace: "AWS/Lambda",
            metricName: "Errors",
            stat: "Sum",
            period: 60,
            dimensions: { FunctionName: name },
          },
        },
        {
          id: "failures",
          returnData: false,
          metric: { namespace: "Kiban/Migrations", metricName: name, stat: "Sum", period: 60 },
        },
        {
          id: "failed",
          label: "Failed migrations",
          expression: "FILL(errors, 0) + FILL(failures, 0)",
          returnData: true,
        },
      ]);
      assert.equal(alarm["threshold"], 1);
      assert.equal(alarm["comparisonOperator"], "GreaterThanOrEqualToThreshold");
      assert.equal(alarm["evaluationPeriods"], 1);
      assert.equal(alarm["treatMissingData"], "notBreaching");
      assert.deepEqual(alarm["alarmActions"], [alarmTopicArn]);
      assert.deepEqual(alarm["okActions"], [alarmTopicArn]);
    });
  });

  describe("faults", () => {
    const strategy =
      'deployment.strategy: was "rolling"; allowed: blueGreen, canary or linear, with migration; ' +
      "ECS has no hooks in a rolling deployment: change it, or give the migration to a service with http";
    const minutes = (was: number) =>
      `migration.timeoutMinutes: was ${was}; allowed: a whole number from 1 to 1380; set one in that range`;
    const cases: [what: string, args: WebServiceArgs, expected: string[]][] = [
      ["a worker", worker({ migration }), [strategy]],
      ["a rolling deployment", web({ deployment: { strategy: "rolling" }, migration }), [strategy]],
      [
        "no command",
        web({ migration: { command: [] } }),
        ['migration.command: was []; allowed: a program and its arguments; write it as ["node", "migrate.js"]'],
      ],
      ["no time", web({ migration: { ...migration, timeoutMinutes: 0 } }), [minutes(0)]],
      ["more than a day", web({ migration: { ...migration, timeoutMinutes: 1381 } }), [minutes(1381)]],
      [
        "an unknown CPU size",
        web({ migration: { ...migration, cpu: 300 } }),
        [
          "migration.cpu: was 300; allowed: 256, 512, 1024, 2048, 4096, 8192, 16384, 32768; " +
            "set one of Fargate's sizes, in CPU units",
        ],
      ],
      [
        "a CPU size that the service's memory does not fit",
        web({ migration: { ...migration, cpu: 512 } }),
        [
          "migration.memory: was 512; allowed: 1024 to 4096 in steps of 1024 with cpu 512; " +
            "set one of Fargate's pairs, in MiB",
        ],
      ],
      [
        "too little memory for the service's memory file systems",
        web({ memory: 2048, tmpMiB: 900, migration: { ...migration, memory: 1024 } }),
        [
          "migration.memory: was 1024; allowed: at least 1800; " +
            "it has the service's memory file systems, which may take half: raise it, or lower tmpMiB",
        ],
      ],
      [
        "a variable that is set twice",
        web({ environment: { SCHEMA_HOST: "x" }, migration: { ...migration, uses: [owner] } }),
        [
          'migration.uses: was "SCHEMA_HOST"; allowed: each variable set once; ' +
            'environment and access "schema" both set it: take one access that covers both, or rename one',
        ],
      ],
    ];
    for (const [what, args, expected] of cases) {
      it(`are told for ${what}, before anything is there`, async () => {
        const result = await runService("api", args);
        assert.deepEqual(result.resources, []);
        const [head, ...lines] = result.error?.message.split("\n") ?? [];
        assert.equal(head, 'WebService "api":');
        assert.deepEqual(
          lines.map((line) => line.trim()),
          expected,
        );
      });
    }

    it("are none at the limits", async () => {
      for (const timeoutMinutes of [1, 1380]) await migrate({ timeoutMinutes });
      await migrate({ memory: 1024 }, { memory: 2048, tmpMiB: 512 });
    });
  });
});
