import assert from "node:assert/strict";

import * as aws from "@pulumi/aws";

import { WebService, type WebServiceArgs } from "../../components/web-service/web-service";
import { children, type Registration, resource, type Run, run } from "../harness";
import {
  alarmTopicArn,
  cluster,
  container,
  keyArn,
  listener,
  network,
  output,
  policy,
  runService,
  sha,
  web,
  worker,
} from "./web-service-fixture";

const types = {
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
  alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
  securityGroup: "aws:ec2/securityGroup:SecurityGroup",
  service: "aws:ecs/service:Service",
  taskDefinition: "aws:ecs/taskDefinition:TaskDefinition",
  role: "aws:iam/role:Role",
  rolePolicy: "aws:iam/rolePolicy:RolePolicy",
  attachment: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  rule: "aws:lb/listenerRule:ListenerRule",
  targetGroup: "aws:lb/targetGroup:TargetGroup",
  ingress: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  egress: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
  scalingTarget: "aws:appautoscaling/target:Target",
  scalingPolicy: "aws:appautoscaling/policy:Policy",
  schedule: "aws:appautoscaling/scheduledAction:ScheduledAction",
};

const workerChildren = [
  `${types.alarm} jobs-cpu-alarm`,
  `${types.alarm} jobs-memory-alarm`,
  `${types.egress} jobs-https-out`,
  `${types.logGroup} jobs-logs`,
  `${types.role} jobs-execution-role`,
  `${types.role} jobs-task-role`,
  `${types.rolePolicy} jobs-execution-policy`,
  `${types.securityGroup} jobs-security-group`,
  `${types.service} jobs-service`,
  `${types.taskDefinition} jobs-task`,
];

/** The inputs that a component states, of those that the provider adds to. */
function pick(registration: Registration, ...keys: string[]): Record<string, unknown> {
  return Object.fromEntries(keys.map((key) => [key, registration.inputs[key]]));
}

function service(run: Run, name = "api"): Registration {
  return resource(run, types.service, `${name}-service`);
}

async function apiContainer(args: WebServiceArgs): Promise<Record<string, unknown>> {
  return container(resource(await runService("api", args), types.taskDefinition, "api-task"));
}

describe("WebService", () => {
  describe("children", () => {
    it("makes a worker from ten resources, without a way in", async () => {
      const result = await runService("jobs", worker());
      assert.equal(result.error, undefined);
      assert.deepEqual(children(result, "jobs"), workerChildren.toSorted());
      assert.deepEqual(
        result.resources.filter((r) => r.type === types.ingress),
        [],
      );
    });

    it("makes a web service with both target groups, both rules and the infrastructure role", async () => {
      const result = await runService("api", web());
      assert.equal(result.error, undefined);
      assert.deepEqual(
        children(result, "api"),
        [
          ...workerChildren.map((child) => child.replace(" jobs-", " api-")),
          `${types.alarm} api-latency-alarm`,
          `${types.alarm} api-server-errors-alarm`,
          `${types.alarm} api-unhealthy-alarm`,
          `${types.attachment} api-infrastructure-policy`,
          `${types.egress} api-from-load-balancer`,
          `${types.ingress} api-from-load-balancer`,
          `${types.role} api-infrastructure-role`,
          `${types.rule} api-production`,
          `${types.rule} api-test`,
          `${types.targetGroup} api-blue`,
          `${types.targetGroup} api-green`,
        ].toSorted(),
      );
    });

    it("puts every child directly under the component", async () => {
      const result = await runService("api", web({ scaling: { min: 1, max: 2 } }));
      const component = result.resources.find((r) => r.name === "api");
      assert.equal(component?.type, "kiban:index:WebService");
      for (const child of result.resources.filter((r) => r.custom)) {
        assert.equal(child.parent, component.urn, child.urn);
      }
    });

    it("lives beside another of its kind, and beside itself as worker", async () => {
      const result = await run(() => {
        new WebService("api", web());
        new WebService("front", web({ http: { listener, port: 3000, priority: 20 } }));
        new WebService("jobs", worker());
      });
      assert.equal(result.error, undefined);
      assert.equal(new Set(result.resources.map((r) => r.urn)).size, result.resources.length);
      assert.deepEqual(children(result, "jobs"), workerChildren.toSorted());
      assert.equal(children(result, "front").length, children(result, "api").length);
    });

    it("makes the same in a first preview, when the cloud's values are unknown", async () => {
      const up = await runService("api", web({ exec: true, scaling: { min: 1, max: 2, requestsPerTarget: 9 } }));
      const preview = await run(
        () => {
          const made = new aws.ecs.Cluster("cluster");
          const placement = { ...cluster, arn: made.arn, name: made.name };
          new WebService(
            "api",
            web({ exec: true, cluster: placement, scaling: { min: 1, max: 2, requestsPerTarget: 9 } }),
          );
        },
        { preview: true },
      );
      assert.equal(preview.error, undefined);
      assert.deepEqual(children(preview, "api"), children(up, "api"));
    });

    it("gives names, ARNs and the image", async () => {
      const result = await runService("api", web());
      const component = result.resources.find((r) => r.name === "api");
      const taskRole = resource(result, types.role, "api-task-role");
      assert.deepEqual(component?.outputs, {
        image: `111111111111.dkr.ecr.ap-northeast-1.amazonaws.com/api:${sha}`,
        logGroupName: resource(result, types.logGroup, "api-logs").outputs["name"],
        securityGroupId: resource(result, types.securityGroup, "api-security-group").id,
        serviceArn: service(result).outputs["arn"],
        serviceName: service(result).outputs["name"],
        taskDefinitionArn: resource(result, types.taskDefinition, "api-task").outputs["arn"],
        taskRoleArn: taskRole.outputs["arn"],
        taskRoleName: taskRole.outputs["name"],
      });
    });
  });

  describe("container", () => {
    it("is pinned, read-only, not root, with /tmp in memory", async () => {
      const result = await runService("api", web());
      const logs = resource(result, types.logGroup, "api-logs");
      assert.deepEqual(container(resource(result, types.taskDefinition, "api-task")), {
        name: "api",
        image: `111111111111.dkr.ecr.ap-northeast-1.amazonaws.com/api:${sha}`,
        essential: true,
        user: "1000:1000",
        readonlyRootFilesystem: true,
        portMappings: [{ containerPort: 8080, protocol: "tcp" }],
        environment: [],
        secrets: [],
        linuxParameters: {
          initProcessEnabled: true,
          tmpfs: [{ containerPath: "/tmp", size: 64, mountOptions: ["rw", "noexec", "nosuid", "nodev", "mode=1777"] }],
        },
        mountPoints: [],
        stopTimeout: 30,
        logConfiguration: {
          logDriver: "awslogs",
          options: {
            "awslogs-group": logs.outputs["name"],
            "awslogs-region": "ap-northeast-1",
            "awslogs-stream-prefix": "api",
            mode: "non-blocking",
            "max-buffer-size": "25m",
          },
        },
      });
    });

    it("takes command, user, stop timeout, /tmp size and health check", async () => {
      const made = await apiContainer(
        web({
          command: ["node", "server.js"],
          user: "app",
          stopTimeoutSeconds: 120,
          tmpMiB: 256,
          healthCheck: { command: ["CMD-SHELL", "wget -q localhost:8080"], startPeriodSeconds: 20 },
        }),
      );
      assert.deepEqual(made["command"], ["node", "server.js"]);
      assert.equal(made["user"], "app");
      assert.equal(made["stopTimeout"], 120);
      assert.equal((made["linuxParameters"] as { tmpfs: { size: number }[] }).tmpfs[0]?.size, 256);
      assert.deepEqual(made["healthCheck"], {
        command: ["CMD-SHELL", "wget -q localhost:8080"],
        interval: 30,
        timeout: 5,
        retries: 3,
        startPeriod: 20,
      });
    });

    it("mounts writable paths in memory or on the task's disk", async () => {
      const writablePaths = [{ path: "/run/app", memoryMiB: 16 }, { path: "/var/cache/app" }];
      const result = await runService("api", web({ writablePaths }));
      const task = resource(result, types.taskDefinition, "api-task");
      const { tmpfs } = container(task)["linuxParameters"] as { tmpfs: { containerPath: string; size: number }[] };
      assert.deepEqual(
        tmpfs.map(({ containerPath, size }) => [containerPath, size]),
        [
          ["/tmp", 64],
          ["/run/app", 16],
        ],
      );
      assert.deepEqual(container(task)["mountPoints"], [
        { sourceVolume: "disk-0", containerPath: "/var/cache/app", readOnly: false },
      ]);
      assert.deepEqual(task.inputs["volumes"], [{ name: "disk-0" }]);
    });

    it("lists variables and secrets by name, with ECS's syntax for one key of a secret", async () => {
      const secret = "arn:aws:secretsmanager:ap-northeast-1:111111111111:secret:stripe-AbCdEf";
      const made = await apiContainer(
        web({
          environment: { ZONE: "a", LEVEL: "info" },
          secrets: { WHOLE: { arn: secret }, PART: { arn: secret, jsonKey: "key" } },
        }),
      );
      assert.deepEqual(made["environment"], [
        { name: "LEVEL", value: "info" },
        { name: "ZONE", value: "a" },
      ]);
      assert.deepEqual(made["secrets"], [
        { name: "PART", valueFrom: `${secret}:key::` },
        { name: "WHOLE", valueFrom: secret },
      ]);
    });
  });

  describe("task definition", () => {
    it("is a Fargate one of the given size that outlives its successor", async () => {
      const result = await runService("api", web({ cpu: 1024, memory: 4096 }));
      const task = resource(result, types.taskDefinition, "api-task");
      const keys = [
        "family",
        "requiresCompatibilities",
        "networkMode",
        "cpu",
        "memory",
        "runtimePlatform",
        "skipDestroy",
      ];
      assert.deepEqual(pick(task, ...keys), {
        family: "kiban-dev-api",
        requiresCompatibilities: ["FARGATE"],
        networkMode: "awsvpc",
        cpu: "1024",
        memory: "4096",
        runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: "ARM64" },
        skipDestroy: true,
      });
      assert.equal(task.inputs["volumes"], undefined);
      assert.equal(task.inputs["taskRoleArn"], resource(result, types.role, "api-task-role").outputs["arn"]);
      assert.equal(task.inputs["executionRoleArn"], resource(result, types.role, "api-execution-role").outputs["arn"]);
    });

    it("runs x86_64 when asked to", async () => {
      const result = await runService("api", web({ architecture: "x86_64" }));
      assert.deepEqual(resource(result, types.taskDefinition, "api-task").inputs["runtimePlatform"], {
        operatingSystemFamily: "LINUX",
        cpuArchitecture: "X86_64",
      });
    });

    it("keeps logs with the stack's key, and protects them by keep", async () => {
      const off = resource(await runService("api", web()), types.logGroup, "api-logs");
      assert.deepEqual(pick(off, "kmsKeyId", "retentionInDays", "deletionProtectionEnabled"), {
        kmsKeyId: keyArn,
        retentionInDays: 30,
        deletionProtectionEnabled: false,
      });
      assert.equal(off.options["protect"], false);
      const on = resource(await runService("api", web({ keep: true })), types.logGroup, "api-logs");
      assert.equal(on.inputs["deletionProtectionEnabled"], true);
      assert.equal(on.options["protect"], true);
    });
  });

  describe("network", () => {
    it("admits the load balancer at the container's port and lets out HTTPS alone", async () => {
      const result = await runService("api", web());
      const group = resource(result, types.securityGroup, "api-security-group");
      assert.equal(group.inputs["ingress"], undefined);
      assert.equal(group.inputs["egress"], undefined);
      assert.equal(group.inputs["vpcId"], network.vpcId);
      const keys = ["securityGroupId", "referencedSecurityGroupId", "cidrIpv4", "ipProtocol", "fromPort", "toPort"];
      const at = (port: number) => ({ ipProtocol: "tcp", fromPort: port, toPort: port });
      const lb = listener.securityGroupId;
      assert.deepEqual(pick(resource(result, types.ingress, "api-from-load-balancer"), ...keys), {
        ...at(8080),
        securityGroupId: group.id,
        referencedSecurityGroupId: lb,
        cidrIpv4: undefined,
      });
      assert.deepEqual(pick(resource(result, types.egress, "api-from-load-balancer"), ...keys), {
        ...at(8080),
        securityGroupId: lb,
        referencedSecurityGroupId: group.id,
        cidrIpv4: undefined,
      });
      assert.deepEqual(pick(resource(result, types.egress, "api-https-out"), ...keys), {
        ...at(443),
        securityGroupId: group.id,
        referencedSecurityGroupId: undefined,
        cidrIpv4: "0.0.0.0/0",
      });
    });

    it("places tasks in private subnets, without a public address", async () => {
      const result = await runService("api", web());
      assert.deepEqual(service(result).inputs["networkConfiguration"], {
        subnets: network.privateSubnetIds,
        securityGroups: [resource(result, types.securityGroup, "api-security-group").id],
        assignPublicIp: false,
      });
    });
  });

  describe("roles", () => {
    const assume = (Service: string, Condition?: object) => ({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service },
          Action: "sts:AssumeRole",
          ...(Condition !== undefined && { Condition }),
        },
      ],
    });

    it("lets only tasks of this account and region assume the task's roles", async () => {
      const result = await runService("api", web());
      const expected = assume("ecs-tasks.amazonaws.com", {
        StringEquals: { "aws:SourceAccount": "111111111111" },
        ArnLike: { "aws:SourceArn": "arn:aws:ecs:ap-northeast-1:111111111111:*" },
      });
      for (const name of ["api-task-role", "api-execution-role"]) {
        assert.deepEqual(policy(resource(result, types.role, name), "assumeRolePolicy"), expected);
      }
    });

    it("gives ECS AWS's own policy for moving traffic", async () => {
      const result = await runService("api", web());
      const role = resource(result, types.role, "api-infrastructure-role");
      assert.deepEqual(policy(role, "assumeRolePolicy"), assume("ecs.amazonaws.com"));
      assert.deepEqual(pick(resource(result, types.attachment, "api-infrastructure-policy"), "role", "policyArn"), {
        role: role.outputs["name"],
        policyArn: "arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers",
      });
    });

    it("limits the execution role to its own logs and image", async () => {
      const args = web();
      const result = await runService("api", args);
      assert.deepEqual(policy(resource(result, types.rolePolicy, "api-execution-policy")), {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
            Resource: `${output(resource(result, types.logGroup, "api-logs"), "arn")}:*`,
          },
          ...args.image.repository.pull.statements,
        ],
      });
    });

    it("adds each secret and each key once, the key for the two stores alone", async () => {
      const arn = "arn:aws:secretsmanager:ap-northeast-1:111111111111:secret:stripe-AbCdEf";
      const parameter = "arn:aws:ssm:ap-northeast-1:111111111111:parameter/flag";
      const result = await runService(
        "api",
        web({ secrets: { A: { arn, jsonKey: "a", keyArn }, B: { arn, jsonKey: "b", keyArn }, C: { arn: parameter } } }),
      );
      const { Statement } = policy(resource(result, types.rolePolicy, "api-execution-policy")) as {
        Statement: unknown[];
      };
      assert.deepEqual(Statement.slice(2), [
        { Effect: "Allow", Action: ["secretsmanager:GetSecretValue", "ssm:GetParameters"], Resource: [arn, parameter] },
        {
          Effect: "Allow",
          Action: "kms:Decrypt",
          Resource: [keyArn],
          Condition: {
            StringEquals: {
              "kms:ViaService": ["secretsmanager.ap-northeast-1.amazonaws.com", "ssm.ap-northeast-1.amazonaws.com"],
            },
          },
        },
      ]);
    });
  });

  describe("ECS Exec", () => {
    it("is off by default: no switch, no rights, no mounts", async () => {
      const result = await runService("api", web());
      assert.equal(service(result).inputs["enableExecuteCommand"], false);
      assert.equal(result.resources.filter((r) => r.name === "api-task-policy").length, 0);
    });

    it("turns on the switch, the rights and the agent's two mounts", async () => {
      const result = await runService("api", web({ exec: true }));
      assert.equal(service(result).inputs["enableExecuteCommand"], true);
      assert.deepEqual(policy(resource(result, types.rolePolicy, "api-task-policy")), {
        Version: "2012-10-17",
        Statement: cluster.execStatements,
      });
      const task = resource(result, types.taskDefinition, "api-task");
      assert.deepEqual(task.inputs["volumes"], [{ name: "disk-0" }, { name: "disk-1" }]);
      assert.deepEqual(container(task)["mountPoints"], [
        { sourceVolume: "disk-0", containerPath: "/var/lib/amazon", readOnly: false },
        { sourceVolume: "disk-1", containerPath: "/var/log/amazon", readOnly: false },
      ]);
      assert.equal(container(task)["readonlyRootFilesystem"], true);
    });
  });

  describe("uses", () => {
    const ordersDb = {
      name: "orders-db",
      env: { HOST: "db.internal" },
      secrets: { PASSWORD: { arn: "arn:aws:secretsmanager:ap-northeast-1:111111111111:secret:db-AbCdEf", keyArn } },
      statements: [{ Effect: "Allow" as const, Action: "rds-db:connect", Resource: "arn:aws:rds-db:x:1:dbuser:y/z" }],
      network: { securityGroupId: "sg-0d0d0d0d0d0d0d0d0", port: 5432 },
    };

    it("becomes variables, secrets, rights, and a rule on each side", async () => {
      const result = await runService("jobs", worker({ uses: [ordersDb] }));
      const made = container(resource(result, types.taskDefinition, "jobs-task"));
      assert.deepEqual(made["environment"], [{ name: "ORDERS_DB_HOST", value: "db.internal" }]);
      assert.deepEqual(made["secrets"], [{ name: "ORDERS_DB_PASSWORD", valueFrom: ordersDb.secrets.PASSWORD.arn }]);
      assert.deepEqual(policy(resource(result, types.rolePolicy, "jobs-task-policy")), {
        Version: "2012-10-17",
        Statement: ordersDb.statements,
      });
      const own = resource(result, types.securityGroup, "jobs-security-group").id;
      const owner = ordersDb.network.securityGroupId;
      const keys = ["securityGroupId", "referencedSecurityGroupId", "ipProtocol", "fromPort", "toPort"];
      const at = { ipProtocol: "tcp", fromPort: 5432, toPort: 5432 };
      assert.deepEqual(pick(resource(result, types.ingress, "jobs-to-orders-db"), ...keys), {
        ...at,
        securityGroupId: owner,
        referencedSecurityGroupId: own,
      });
      assert.deepEqual(pick(resource(result, types.egress, "jobs-to-orders-db"), ...keys), {
        ...at,
        securityGroupId: own,
        referencedSecurityGroupId: owner,
      });
    });

    it("lets several consumers use one owner", async () => {
      const result = await run(() => {
        new WebService("jobs", worker({ uses: [ordersDb] }));
        new WebService("mail", worker({ uses: [ordersDb] }));
      });
      assert.equal(result.error, undefined);
      assert.ok(resource(result, types.ingress, "jobs-to-orders-db"));
      assert.ok(resource(result, types.ingress, "mail-to-orders-db"));
    });
  });

  describe("alarms", () => {
    it("tell the topic, both ways, and take no data for no fault", async () => {
      const result = await runService("api", web());
      const alarms = result.resources.filter((r) => r.type === types.alarm);
      assert.equal(alarms.length, 5);
      const keys = ["alarmActions", "okActions", "treatMissingData", "evaluationPeriods", "datapointsToAlarm"];
      for (const alarm of alarms) {
        assert.deepEqual(
          pick(alarm, ...keys, "comparisonOperator"),
          {
            alarmActions: [alarmTopicArn],
            okActions: [alarmTopicArn],
            treatMissingData: "notBreaching",
            evaluationPeriods: 5,
            datapointsToAlarm: 3,
            comparisonOperator: "GreaterThanOrEqualToThreshold",
          },
          alarm.name,
        );
        assert.match(alarm.inputs["alarmDescription"] as string, /^api: .*(Look|Raise)/);
      }
    });

    it("watch CPU and memory of this service in this cluster", async () => {
      const result = await runService("jobs", worker({ alarms: { cpuPercent: 80 } }));
      const dimensions = { ClusterName: "main", ServiceName: service(result, "jobs").outputs["name"] };
      const keys = ["namespace", "metricName", "statistic", "period", "dimensions", "threshold"];
      const common = { namespace: "AWS/ECS", statistic: "Average", period: 60, dimensions };
      assert.deepEqual(pick(resource(result, types.alarm, "jobs-cpu-alarm"), ...keys), {
        ...common,
        metricName: "CPUUtilization",
        threshold: 80,
      });
      assert.deepEqual(pick(resource(result, types.alarm, "jobs-memory-alarm"), ...keys), {
        ...common,
        metricName: "MemoryUtilization",
        threshold: 90,
      });
    });

    it("take their thresholds from the arguments", async () => {
      const alarms = {
        serverErrorPercent: 1.5,
        latencySeconds: 0.5,
        latencyPercentile: "p99",
        unhealthyTasks: 2,
      } as const;
      const result = await runService("api", web({ alarms }));
      const threshold = (role: string) => resource(result, types.alarm, `api-${role}-alarm`).inputs["threshold"];
      assert.deepEqual(["server-errors", "latency", "unhealthy"].map(threshold), [1.5, 0.5, 2]);
      const queries = resource(result, types.alarm, "api-latency-alarm").inputs["metricQueries"] as {
        metric?: { stat: string };
      }[];
      assert.deepEqual(
        queries.flatMap((query) => (query.metric === undefined ? [] : [query.metric.stat])),
        ["p99", "p99"],
      );
    });
  });
});
