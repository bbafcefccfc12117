import assert from "node:assert/strict";

import { AuroraCluster, type AuroraClusterArgs } from "../../components/aurora-cluster/aurora-cluster";
import { defaultConnections, isAcu } from "../../components/aurora-cluster/capacity";
import { engines } from "../../components/aurora-cluster/engine";
import { children, resource, run } from "../harness";
import {
  alarmTopicArn,
  clusterOf,
  everything,
  keyArn,
  mysql,
  network,
  output,
  postgresql,
  runCluster,
  statements,
  types,
} from "./aurora-cluster-fixture";

const always = [
  "aws:cloudwatch/logGroup:LogGroup db-iam-db-auth-error-logs",
  "aws:cloudwatch/logGroup:LogGroup db-postgresql-logs",
  "aws:cloudwatch/logGroup:LogGroup db-users-logs",
  "aws:cloudwatch/metricAlarm:MetricAlarm db-capacity-alarm",
  "aws:cloudwatch/metricAlarm:MetricAlarm db-connections-alarm",
  "aws:cloudwatch/metricAlarm:MetricAlarm db-cpu-alarm",
  "aws:cloudwatch/metricAlarm:MetricAlarm db-storage-alarm",
  "aws:ec2/securityGroup:SecurityGroup db-security-group",
  "aws:iam/role:Role db-users-role",
  "aws:iam/rolePolicy:RolePolicy db-users-policy",
  "aws:lambda/function:Function db-users-function",
  "aws:lambda/invocation:Invocation db-users",
  "aws:rds/cluster:Cluster db-cluster",
  "aws:rds/clusterInstance:ClusterInstance db-writer",
  "aws:rds/clusterParameterGroup:ClusterParameterGroup db-parameters",
  "aws:rds/subnetGroup:SubnetGroup db-subnets",
  "aws:secretsmanager/secretRotation:SecretRotation db-master-rotation",
  "random:index/randomId:RandomId db-suffix",
];

const withProxy = [
  "aws:cloudwatch/logGroup:LogGroup db-proxy-logs",
  "aws:ec2/securityGroup:SecurityGroup db-proxy-security-group",
  "aws:iam/role:Role db-proxy-role",
  "aws:iam/rolePolicy:RolePolicy db-proxy-policy",
  "aws:rds/proxy:Proxy db-proxy",
  "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup db-proxy-targets",
  "aws:rds/proxyTarget:ProxyTarget db-proxy-target",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule db-from-proxy",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule db-from-proxy",
];

const lag = "aws:cloudwatch/metricAlarm:MetricAlarm db-replica-lag-alarm";
const password = (user: string) => [
  `aws:lambda/permission:Permission db-${user}-rotation`,
  `aws:secretsmanager/secret:Secret db-${user}-password`,
  `aws:secretsmanager/secretRotation:SecretRotation db-${user}-rotation`,
];

describe("AuroraCluster", () => {
  describe("makes", () => {
    const cases: [what: string, args: AuroraClusterArgs, more: string[], less?: string[]][] = [
      ["a writer alone, without any switch", postgresql(), []],
      [
        "the logs of MySQL",
        mysql(),
        ["audit", "error", "slowquery"].map((log) => `aws:cloudwatch/logGroup:LogGroup db-${log}-logs`),
        ["aws:cloudwatch/logGroup:LogGroup db-postgresql-logs"],
      ],
      [
        "readers and the alarm on their lag",
        postgresql({ readers: [{}, { promotionTier: 15 }] }),
        [lag, ...[1, 2].map((i) => `aws:rds/clusterInstance:ClusterInstance db-reader-${i}`)],
      ],
      [
        "the scaling of readers",
        postgresql({ readerScaling: { min: 1, max: 2 } }),
        [
          lag,
          "aws:appautoscaling/policy:Policy db-scale-readers",
          "aws:appautoscaling/target:Target db-reader-scaling",
        ],
      ],
      [
        "a role for enhanced monitoring",
        postgresql({ enhancedMonitoringSeconds: 60 }),
        [
          "aws:iam/role:Role db-monitoring-role",
          "aws:iam/rolePolicyAttachment:RolePolicyAttachment db-monitoring-policy",
        ],
      ],
      ["nothing more for more users", postgresql({ users: { etl: "read" } }), []],
      ["a secret for each password user", postgresql({ passwordUsers: ["tableau"] }), password("tableau")],
      ["a secret for the Data API", postgresql({ dataApi: true }), password("data")],
      ["a proxy", postgresql({ proxy: {} }), withProxy],
      [
        "a second endpoint of the proxy with readers",
        postgresql({ proxy: {}, readers: [{}] }),
        [
          ...withProxy,
          lag,
          "aws:rds/clusterInstance:ClusterInstance db-reader-1",
          "aws:rds/proxyEndpoint:ProxyEndpoint db-proxy-read",
        ],
      ],
    ];
    for (const [what, args, more, less = []] of cases) {
      it(what, async () => {
        const result = await runCluster(args);
        assert.equal(result.error, undefined);
        assert.deepEqual(
          children(result, "db"),
          [...always, ...more].filter((child) => !less.includes(child)).toSorted(),
        );
      });
    }
  });

  it("is encrypted, private, backed up and signed in to by IAM: every input of the cluster", async () => {
    const result = await runCluster(postgresql());
    const identifier = `kiban-dev-db-${output(resource(result, "random:index/randomId:RandomId", "db-suffix"), "hex")}`;
    assert.deepEqual(clusterOf(result).inputs, {
      clusterIdentifier: identifier,
      engine: "aurora-postgresql",
      engineMode: "provisioned",
      engineVersion: "17.7",
      allowMajorVersionUpgrade: false,
      serverlessv2ScalingConfiguration: { minCapacity: 0.5, maxCapacity: 4 },
      databaseName: "app",
      masterUsername: "kibanadmin",
      manageMasterUserPassword: true,
      masterUserSecretKmsKeyId: keyArn,
      iamDatabaseAuthenticationEnabled: true,
      enableHttpEndpoint: true,
      port: 5432,
      dbSubnetGroupName: output(resource(result, "aws:rds/subnetGroup:SubnetGroup", "db-subnets"), "name"),
      vpcSecurityGroupIds: [resource(result, "aws:ec2/securityGroup:SecurityGroup", "db-security-group").id],
      dbClusterParameterGroupName: output(resource(result, types.parameters, "db-parameters"), "name"),
      storageEncrypted: true,
      kmsKeyId: keyArn,
      enabledCloudwatchLogsExports: ["postgresql", "iam-db-auth-error"],
      databaseInsightsMode: "standard",
      performanceInsightsEnabled: true,
      performanceInsightsKmsKeyId: keyArn,
      performanceInsightsRetentionPeriod: 7,
      backupRetentionPeriod: 7,
      copyTagsToSnapshot: true,
      deletionProtection: false,
      deleteAutomatedBackups: true,
      skipFinalSnapshot: true,
      applyImmediately: true,
    });
    const subnets = resource(result, "aws:rds/subnetGroup:SubnetGroup", "db-subnets");
    assert.deepEqual(subnets.inputs["subnetIds"], network.isolatedSubnetIds);
  });

  it("is as small as MySQL", async () => {
    const { inputs } = clusterOf(await runCluster(mysql()));
    assert.equal(inputs["engine"], "aurora-mysql");
    assert.equal(inputs["engineVersion"], "8.0.mysql_aurora.3.10.0");
    assert.equal(inputs["port"], 3306);
    assert.deepEqual(inputs["enabledCloudwatchLogsExports"], ["audit", "error", "slowquery", "iam-db-auth-error"]);
  });

  it("has no rule on its security group of its own", async () => {
    const result = await runCluster(postgresql());
    const { inputs } = resource(result, "aws:ec2/securityGroup:SecurityGroup", "db-security-group");
    assert.deepEqual(inputs, { vpcId: network.vpcId, description: "Database db" });
    assert.deepEqual(
      result.resources.filter((r) => /SecurityGroup(Ingress|Egress)?Rule$/.test(r.type)),
      [],
    );
  });

  for (const [keep, days] of [
    [true, 35],
    [false, 7],
  ] as const) {
    it(`with keep ${keep}: protection, ${days} days of backups and ${keep ? "a" : "no"} final snapshot`, async () => {
      const result = await runCluster(everything({ keep }));
      const { inputs } = clusterOf(result);
      assert.equal(inputs["deletionProtection"], keep);
      assert.equal(inputs["backupRetentionPeriod"], days);
      assert.equal(inputs["deleteAutomatedBackups"], !keep);
      assert.equal(inputs["skipFinalSnapshot"], !keep);
      const identifier = inputs["clusterIdentifier"] as string;
      assert.equal(inputs["finalSnapshotIdentifier"], keep ? `${identifier}-final` : undefined);
      const stateful = [types.cluster, types.instance, types.logGroup, types.secret] as string[];
      for (const r of result.resources.filter((each) => stateful.includes(each.type))) {
        assert.equal(r.options["protect"], keep, r.name);
        if (r.type === types.logGroup) assert.equal(r.inputs["deletionProtectionEnabled"], keep, r.name);
        if (r.type === types.secret) assert.equal(r.inputs["recoveryWindowInDays"], keep ? 30 : 7, r.name);
      }
    });
  }

  it("can be let go with a final snapshot", async () => {
    const { inputs } = clusterOf(await runCluster(postgresql({ finalSnapshot: true })));
    assert.equal(inputs["deletionProtection"], false);
    assert.equal(inputs["skipFinalSnapshot"], false);
    assert.equal(inputs["finalSnapshotIdentifier"], `${inputs["clusterIdentifier"] as string}-final`);
  });

  it("gets a new identifier, and so a last snapshot of its own, with each thing that replaces it", async () => {
    const result = await runCluster(postgresql({ databaseName: "orders" }));
    assert.deepEqual(resource(result, "random:index/randomId:RandomId", "db-suffix").inputs, {
      byteLength: 4,
      keepers: { engine: "postgresql", databaseName: "orders", keyArn },
    });
  });

  it("takes windows, backups, versions and the time of changes as given", async () => {
    const result = await runCluster(
      postgresql({
        backupRetentionDays: 3,
        backupWindow: "18:00-18:30",
        maintenanceWindow: "sun:19:00-sun:19:30",
        applyImmediately: false,
        allowMajorVersionUpgrade: true,
        insights: "advanced",
      }),
    );
    const { inputs, options } = clusterOf(result);
    assert.equal(inputs["backupRetentionPeriod"], 3);
    assert.equal(inputs["preferredBackupWindow"], "18:00-18:30");
    assert.equal(inputs["preferredMaintenanceWindow"], "sun:19:00-sun:19:30");
    assert.equal(inputs["applyImmediately"], false);
    assert.equal(inputs["allowMajorVersionUpgrade"], true);
    assert.equal(inputs["databaseInsightsMode"], "advanced");
    assert.equal(inputs["performanceInsightsRetentionPeriod"], 465);
    assert.deepEqual(options["ignoreChanges"], ["snapshotIdentifier", "restoreToPointInTime"]);
    const writer = resource(result, types.instance, "db-writer").inputs;
    assert.equal(writer["preferredMaintenanceWindow"], "sun:19:00-sun:19:30");
    assert.equal(writer["applyImmediately"], false);
  });

  it("leaves minor versions to AWS", async () => {
    const result = await runCluster(postgresql());
    assert.deepEqual(clusterOf(result).options["ignoreChanges"], [
      "snapshotIdentifier",
      "restoreToPointInTime",
      "engineVersion",
    ]);
    assert.equal(resource(result, types.instance, "db-writer").inputs["autoMinorVersionUpgrade"], true);
  });

  describe("capacity", () => {
    it("pauses at 0 after the given time, by default five minutes", async () => {
      for (const [given, seconds] of [
        [undefined, 300],
        [900, 900],
      ] as const) {
        const acu = { min: 0, max: 2, ...(given !== undefined && { secondsUntilAutoPause: given }) };
        assert.deepEqual(clusterOf(await runCluster(postgresql({ acu }))).inputs["serverlessv2ScalingConfiguration"], {
          minCapacity: 0,
          maxCapacity: 2,
          secondsUntilAutoPause: seconds,
        });
      }
    });

    it("is 0 to 256 in steps of 0.5", () => {
      for (const value of [0, 0.5, 1, 127.5, 256]) assert.equal(isAcu(value), true, String(value));
      for (const value of [-0.5, 0.25, 0.75, 256.5, Number.NaN]) assert.equal(isAcu(value), false, String(value));
    });

    it("decides how many connections there may be", () => {
      for (const [engine, min, max, expected] of [
        ["postgresql", 1, 1, 189],
        ["postgresql", 1, 3.5, 189],
        ["postgresql", 1, 4, 823],
        ["postgresql", 1, 8, 1669],
        ["postgresql", 1, 16, 3360],
        ["postgresql", 0.5, 16, 2000],
        ["postgresql", 0, 256, 2000],
        ["postgresql", 1, 256, 5000],
        ["mysql", 0, 1, 90],
        ["mysql", 0, 4, 135],
        ["mysql", 0.5, 16, 2000],
        ["mysql", 1, 128, 5000],
        ["mysql", 1, 256, 6000],
      ] as const) {
        assert.equal(defaultConnections(engine, { min, max }), expected, `${engine} ${min} to ${max}`);
      }
    });
  });

  describe("engine", () => {
    it("knows the family of each version that it can run", () => {
      for (const [engine, version, family] of [
        ["postgresql", "15.7", "aurora-postgresql15"],
        ["postgresql", "15.6", undefined],
        ["postgresql", "16.3", "aurora-postgresql16"],
        ["postgresql", "16.2", undefined],
        ["postgresql", "17.4", "aurora-postgresql17"],
        ["postgresql", "17.3", undefined],
        ["postgresql", "18.3", "aurora-postgresql18"],
        ["postgresql", "14.20", undefined],
        ["postgresql", "17", undefined],
        ["postgresql", "17.7.1", undefined],
        ["mysql", "8.0.mysql_aurora.3.08.0", "aurora-mysql8.0"],
        ["mysql", "8.0.mysql_aurora.3.07.1", undefined],
        ["mysql", "8.0.mysql_aurora.3.10", undefined],
        ["mysql", "8.0", undefined],
        ["mysql", "5.7.mysql_aurora.2.12.0", undefined],
      ] as const) {
        assert.equal(engines[engine].family(version), family, `${engine} ${version}`);
      }
    });

    it("forces TLS, whatever else is set", async () => {
      const parameters = {
        work_mem: "65536",
        "rds.logical_replication": { value: "1", apply: "pendingReboot" },
      } as const;
      const result = await runCluster(postgresql({ parameters }));
      assert.deepEqual(resource(result, types.parameters, "db-parameters").inputs, {
        family: "aurora-postgresql17",
        description: "Database db",
        parameters: [
          { name: "rds.force_ssl", value: "1", applyMethod: "immediate" },
          { name: "rds.logical_replication", value: "1", applyMethod: "pending-reboot" },
          { name: "work_mem", value: "65536", applyMethod: "immediate" },
        ],
      });
    });

    it("turns on what the logs of MySQL need, and takes another value for it", async () => {
      const result = await runCluster(mysql({ parameters: { server_audit_events: "CONNECT" }, logs: ["audit"] }));
      assert.deepEqual(resource(result, types.parameters, "db-parameters").inputs["parameters"], [
        { name: "require_secure_transport", value: "ON", applyMethod: "immediate" },
        { name: "server_audit_events", value: "CONNECT", applyMethod: "immediate" },
        { name: "server_audit_logging", value: "1", applyMethod: "immediate" },
      ]);
      const all = await runCluster(mysql({ logs: ["slowquery", "general"] }));
      assert.deepEqual(
        (resource(all, types.parameters, "db-parameters").inputs["parameters"] as { name: string }[]).map(
          (p) => p.name,
        ),
        ["general_log", "require_secure_transport", "slow_query_log"],
      );
    });
  });

  it("makes the log groups before the cluster, under the names that RDS writes to", async () => {
    const result = await runCluster(postgresql({ logs: ["postgresql", "instance"], logRetentionDays: 90 }));
    const cluster = clusterOf(result);
    const identifier = cluster.inputs["clusterIdentifier"] as string;
    for (const log of ["postgresql", "instance"]) {
      const group = resource(result, types.logGroup, `db-${log}-logs`);
      assert.deepEqual(group.inputs, {
        name: `/aws/rds/cluster/${identifier}/${log}`,
        kmsKeyId: keyArn,
        retentionInDays: 90,
        deletionProtectionEnabled: false,
      });
      assert.ok(cluster.dependencies.includes(group.urn), log);
    }
    assert.deepEqual(cluster.inputs["enabledCloudwatchLogsExports"], ["postgresql", "instance"]);
  });

  it("makes instances that nobody reaches from outside, the writer first in line", async () => {
    const result = await runCluster(everything());
    const cluster = clusterOf(result);
    const role = resource(result, "aws:iam/role:Role", "db-monitoring-role");
    for (const [name, promotionTier] of [
      ["writer", 0],
      ["reader-1", 1],
      ["reader-2", 2],
    ] as const) {
      assert.deepEqual(resource(result, types.instance, `db-${name}`).inputs, {
        identifier: `${cluster.inputs["clusterIdentifier"] as string}-${name}`,
        clusterIdentifier: cluster.id,
        engine: "aurora-postgresql",
        instanceClass: "db.serverless",
        dbSubnetGroupName: cluster.inputs["dbSubnetGroupName"],
        promotionTier,
        publiclyAccessible: false,
        autoMinorVersionUpgrade: true,
        copyTagsToSnapshot: true,
        applyImmediately: true,
        monitoringInterval: 60,
        monitoringRoleArn: role.outputs["arn"],
      });
    }
    assert.deepEqual(statements(role, "assumeRolePolicy"), [
      {
        Effect: "Allow",
        Principal: { Service: "monitoring.rds.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": "111111111111" } },
      },
    ]);
  });

  it("takes fifteen readers", async () => {
    const readers = Array.from({ length: 15 }, () => ({}));
    const result = await runCluster(postgresql({ readers }));
    assert.equal(result.resources.filter((r) => r.type === types.instance).length, 16);
  });

  it("scales readers by CPU, or by connections", async () => {
    for (const [args, metric, value] of [
      [{}, "RDSReaderAverageCPUUtilization", 70],
      [{ cpuPercent: 50 }, "RDSReaderAverageCPUUtilization", 50],
      [{ connections: 400 }, "RDSReaderAverageDatabaseConnections", 400],
    ] as const) {
      const result = await runCluster(postgresql({ readerScaling: { min: 1, max: 3, ...args } }));
      const target = resource(result, "aws:appautoscaling/target:Target", "db-reader-scaling");
      assert.deepEqual(target.inputs, {
        serviceNamespace: "rds",
        scalableDimension: "rds:cluster:ReadReplicaCount",
        resourceId: `cluster:${clusterOf(result).id}`,
        minCapacity: 1,
        maxCapacity: 3,
      });
      const { inputs } = resource(result, "aws:appautoscaling/policy:Policy", "db-scale-readers");
      assert.deepEqual(inputs["targetTrackingScalingPolicyConfiguration"], {
        targetValue: value,
        predefinedMetricSpecification: { predefinedMetricType: metric },
        scaleOutCooldown: 300,
        scaleInCooldown: 300,
      });
    }
  });

  it("rotates the master user's password on RDS's own account", async () => {
    for (const [args, days] of [
      [{}, 7],
      [{ masterRotationDays: 30 }, 30],
    ] as const) {
      const result = await runCluster(postgresql(args));
      const [secret] = clusterOf(result).outputs["masterUserSecrets"] as { secretArn: string }[];
      assert.deepEqual(resource(result, types.rotation, "db-master-rotation").inputs, {
        secretId: secret?.secretArn,
        rotationRules: { automaticallyAfterDays: days },
        rotateImmediately: false,
      });
    }
  });

  describe("proxy", () => {
    it("takes TLS and IAM alone, on both sides", async () => {
      const result = await runCluster(
        postgresql({ proxy: { maxConnectionsPercent: 50, idleClientTimeoutSeconds: 60 } }),
      );
      const cluster = clusterOf(result);
      const group = resource(result, "aws:ec2/securityGroup:SecurityGroup", "db-proxy-security-group");
      const role = resource(result, "aws:iam/role:Role", "db-proxy-role");
      const proxy = resource(result, types.proxy, "db-proxy");
      assert.deepEqual(proxy.inputs, {
        name: cluster.inputs["clusterIdentifier"],
        engineFamily: "POSTGRESQL",
        defaultAuthScheme: "IAM_AUTH",
        requireTls: true,
        idleClientTimeout: 60,
        debugLogging: false,
        roleArn: role.outputs["arn"],
        vpcSubnetIds: network.isolatedSubnetIds,
        vpcSecurityGroupIds: [group.id],
      });
      const targets = resource(result, "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup", "db-proxy-targets");
      assert.deepEqual(targets.inputs["connectionPoolConfig"], { maxConnectionsPercent: 50 });
      assert.deepEqual(statements(role, "assumeRolePolicy"), [
        { Effect: "Allow", Principal: { Service: "rds.amazonaws.com" }, Action: "sts:AssumeRole" },
      ]);
      const logs = resource(result, types.logGroup, "db-proxy-logs");
      assert.equal(logs.inputs["name"], `/aws/rds/proxy/${cluster.inputs["clusterIdentifier"] as string}`);
      assert.ok(proxy.dependencies.includes(logs.urn));
    });

    it("signs in as those who come through it, and as nobody else", async () => {
      const result = await runCluster(postgresql({ proxy: {}, users: { etl: "read" } }));
      const id = output(clusterOf(result), "clusterResourceId");
      assert.deepEqual(
        statements(resource(result, types.policy, "db-proxy-policy")),
        ["app", "reader", "etl"].map((user) => ({
          Effect: "Allow",
          Action: "rds-db:connect",
          Resource: `arn:aws:rds-db:ap-northeast-1:111111111111:dbuser:${id}/${user}`,
        })),
      );
    });

    it("reaches the database, at its port alone", async () => {
      const result = await runCluster(mysql({ proxy: {} }));
      const proxyGroup = resource(result, "aws:ec2/securityGroup:SecurityGroup", "db-proxy-security-group").id;
      const group = resource(result, "aws:ec2/securityGroup:SecurityGroup", "db-security-group").id;
      const tcp = { ipProtocol: "tcp", fromPort: 3306, toPort: 3306 };
      const type = "aws:vpc/securityGroup";
      assert.deepEqual(resource(result, `${type}EgressRule:SecurityGroupEgressRule`, "db-from-proxy").inputs, {
        securityGroupId: proxyGroup,
        description: "To database db",
        referencedSecurityGroupId: group,
        ...tcp,
      });
      assert.deepEqual(resource(result, `${type}IngressRule:SecurityGroupIngressRule`, "db-from-proxy").inputs, {
        securityGroupId: group,
        description: "From the proxy of database db",
        referencedSecurityGroupId: proxyGroup,
        ...tcp,
      });
    });

    it("reads from readers by an endpoint of its own", async () => {
      const result = await runCluster(postgresql({ proxy: {}, readers: [{}] }));
      const { inputs } = resource(result, "aws:rds/proxyEndpoint:ProxyEndpoint", "db-proxy-read");
      assert.equal(inputs["targetRole"], "READ_ONLY");
      assert.equal(inputs["dbProxyEndpointName"], `${clusterOf(result).inputs["clusterIdentifier"] as string}-read`);
    });
  });

  describe("restoreFrom", () => {
    it("takes a snapshot, with its database and master user", async () => {
      const { inputs } = clusterOf(await runCluster(postgresql({ restoreFrom: { snapshotIdentifier: "before" } })));
      assert.equal(inputs["snapshotIdentifier"], "before");
      assert.equal(inputs["databaseName"], undefined);
      assert.equal(inputs["masterUsername"], undefined);
      assert.equal(inputs["manageMasterUserPassword"], true);
    });

    for (const [what, pointInTime, expected] of [
      [
        "the latest moment",
        { sourceClusterIdentifier: "kiban-dev-db-1" },
        { sourceClusterIdentifier: "kiban-dev-db-1", useLatestRestorableTime: true, restoreType: "full-copy" },
      ],
      [
        "a moment of a deleted cluster",
        { sourceClusterResourceId: "cluster-1", restoreToTime: "2026-04-01T09:30:00Z" },
        { sourceClusterResourceId: "cluster-1", restoreToTime: "2026-04-01T09:30:00Z", restoreType: "full-copy" },
      ],
      [
        "a clone",
        { sourceClusterIdentifier: "kiban-dev-db-1", copyOnWrite: true },
        { sourceClusterIdentifier: "kiban-dev-db-1", useLatestRestorableTime: true, restoreType: "copy-on-write" },
      ],
    ] as const) {
      it(`takes ${what}`, async () => {
        const { inputs } = clusterOf(await runCluster(postgresql({ restoreFrom: { pointInTime } })));
        assert.deepEqual(inputs["restoreToPointInTime"], expected);
        assert.equal(inputs["snapshotIdentifier"], undefined);
        assert.equal(inputs["databaseName"], undefined);
      });
    }

    it("lets the function turn the Data API on, which no restore takes over", async () => {
      const actions = async (args: AuroraClusterArgs) => {
        const result = await runCluster(args);
        const { input } = resource(result, types.invocation, "db-users").inputs;
        const policy = statements(resource(result, types.policy, "db-users-policy")) as { Action: string[] }[];
        return { action: policy[1]?.Action.includes("rds:EnableHttpEndpoint"), restored: restoredIn(input) };
      };
      const restoreFrom = { snapshotIdentifier: "before" };
      assert.deepEqual(await actions(postgresql({ restoreFrom })), { action: true, restored: true });
      assert.deepEqual(await actions(postgresql()), { action: false, restored: false });
    });

    it("makes a second cluster beside the first, which takes over the name of its accesses", async () => {
      const result = await run(() => {
        const first = new AuroraCluster("db", postgresql({ keep: true }));
        const pointInTime = { sourceClusterIdentifier: first.clusterIdentifier };
        const second = new AuroraCluster("db-2", postgresql({ restoreFrom: { pointInTime }, accessName: "db" }));
        assert.deepEqual(
          [second.connect.name, second.read.name, second.migrate.name],
          [first.connect.name, first.read.name, first.migrate.name],
        );
      });
      assert.equal(result.error, undefined);
      const second = resource(result, types.cluster, "db-2-cluster").inputs;
      const source = (second["restoreToPointInTime"] as { sourceClusterIdentifier: string }).sourceClusterIdentifier;
      assert.equal(source, clusterOf(result).inputs["clusterIdentifier"]);
      assert.notEqual(second["clusterIdentifier"], source);
    });
  });

  describe("alarms", () => {
    const common = {
      namespace: "AWS/RDS",
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      treatMissingData: "notBreaching",
      alarmActions: [alarmTopicArn],
      okActions: [alarmTopicArn],
    };
    const quarter = { period: 300, evaluationPeriods: 3, datapointsToAlarm: 3 };
    const minutes = { period: 60, evaluationPeriods: 5, datapointsToAlarm: 3 };
    const expected: [role: string, inputs: object, Role?: string][] = [
      ["capacity", { metricName: "ACUUtilization", statistic: "Maximum", threshold: 90, ...quarter }],
      ["cpu", { metricName: "CPUUtilization", statistic: "Average", threshold: 90, ...quarter }, "WRITER"],
      ["connections", { metricName: "DatabaseConnections", statistic: "Maximum", threshold: 658, ...minutes }],
      ["replica-lag", { metricName: "AuroraReplicaLag", statistic: "Maximum", threshold: 1000, ...minutes }, "READER"],
      [
        "storage",
        {
          metricName: "VolumeBytesUsed",
          statistic: "Maximum",
          threshold: 100 * 1024 ** 3,
          period: 3600,
          evaluationPeriods: 1,
          datapointsToAlarm: 1,
        },
      ],
    ];
    for (const [role, inputs, Role] of expected) {
      it(`watches ${role} of this cluster`, async () => {
        const result = await runCluster(postgresql({ readers: [{}] }));
        const { alarmDescription, ...rest } = resource(result, types.alarm, `db-${role}-alarm`).inputs;
        const DBClusterIdentifier = output(clusterOf(result), "clusterIdentifier");
        const dimensions = { DBClusterIdentifier, ...(Role !== undefined && { Role }) };
        assert.deepEqual(rest, { ...common, ...inputs, dimensions });
        assert.match(alarmDescription as string, /^db: .+(Look for|[Rr]aise) /);
      });
    }

    it("take thresholds", async () => {
      const alarms = {
        capacityPercent: 50,
        cpuPercent: 60,
        connectionsPercent: 10,
        replicaLagMilliseconds: 30,
        storageGiB: 1,
      };
      const result = await runCluster(postgresql({ readers: [{}], alarms, parameters: { max_connections: "300" } }));
      const threshold = (role: string) => resource(result, types.alarm, `db-${role}-alarm`).inputs["threshold"];
      assert.deepEqual(["capacity", "cpu", "connections", "replica-lag", "storage"].map(threshold), [
        50,
        60,
        30,
        30,
        1024 ** 3,
      ]);
    });
  });

  it("lives twice in one program", async () => {
    const result = await run(() => {
      for (const name of ["one", "two"]) new AuroraCluster(name, everything({ accessName: name }));
    });
    assert.equal(result.error, undefined);
    assert.equal(new Set(result.resources.map((r) => r.urn)).size, result.resources.length);
    const identifiers = ["one", "two"].map((n) => resource(result, types.cluster, `${n}-cluster`).id);
    assert.notEqual(identifiers[0], identifiers[1]);
  });

  it("can be previewed, when nothing of it is known yet", async () => {
    const result = await runCluster(everything(), { preview: true });
    assert.equal(result.error, undefined);
    assert.equal(children(result, "db").length, children(await runCluster(everything()), "db").length);
  });

  it("gives out its endpoints apart, its names and ARNs", async () => {
    const result = await runCluster(postgresql({ passwordUsers: ["tableau"], dataApi: true }));
    const cluster = clusterOf(result).outputs;
    assert.notEqual(cluster["endpoint"], cluster["readerEndpoint"]);
    const [secret] = cluster["masterUserSecrets"] as { secretArn: string }[];
    assert.deepEqual(resource(result, "kiban:index:AuroraCluster", "db").outputs, {
      writerEndpoint: cluster["endpoint"],
      readerEndpoint: cluster["readerEndpoint"],
      port: 5432,
      databaseName: "app",
      arn: cluster["arn"],
      clusterIdentifier: cluster["clusterIdentifier"],
      clusterResourceId: cluster["clusterResourceId"],
      securityGroupId: resource(result, "aws:ec2/securityGroup:SecurityGroup", "db-security-group").id,
      masterSecretArn: secret?.secretArn,
      passwordSecretArns: { tableau: resource(result, types.secret, "db-tableau-password").outputs["arn"] },
    });
  });
});

function restoredIn(input: unknown): unknown {
  return (JSON.parse(input as string) as { restored: boolean }).restored;
}
