import assert from "node:assert/strict";

import * as aurora from "../../policy/rules/aurora";
import * as rules from "../../policy/rules/database";
import * as dynamodb from "../../policy/rules/dynamodb";
import { type Break, type Props, StackBuilder, UNKNOWN, analyse, assertLevels, replaced, testRule } from "./harness";

const cluster = "aws:rds/cluster:Cluster";
const instance = "aws:rds/instance:Instance";
const clusterInstance = "aws:rds/clusterInstance:ClusterInstance";
const proxy = "aws:rds/proxy:Proxy";
const key = "arn:aws:kms:ap-northeast-1:111111111111:key/1";
const environments = ["dev", "stg", "prod"] as const;

describe("databases", () => {
  const ownKey = (path: string, set: string): Break[] =>
    [undefined, "", "alias/aws/rds"].map((value) => [path, value, `${path} is not a customer-managed key: ${set}`]);
  const insights = ownKey("performanceInsightsKmsKeyId", "set it to the ARN of the stack's key");
  const secretKey = ownKey("masterUserSecretKmsKeyId", "set it to the stack's key");
  const auxiliary = {
    manageMasterUserPassword: true,
    masterUserSecretKmsKeyId: key,
    performanceInsightsEnabled: true,
    performanceInsightsKmsKeyId: key,
  };
  testRule(rules.rdsAuxKeys, cluster, auxiliary, [...insights, ...secretKey]);
  testRule(rules.rdsAuxKeys, instance, auxiliary, [...insights, ...secretKey]);
  testRule(rules.rdsAuxKeys, clusterInstance, auxiliary, insights);
  testRule(rules.rdsAuxKeys, cluster, { manageMasterUserPassword: false, performanceInsightsEnabled: false }, []);

  testRule(rules.rdsProxyTls, proxy, { requireTls: true, auths: [{ iamAuth: "REQUIRED" }] }, [
    ["requireTls", undefined, "requireTls is not on: set it to true"],
    ["requireTls", false, "requireTls is not on: set it to true"],
    ...[undefined, "DISABLED"].map((value): Break => [
      "auths[0].iamAuth",
      value,
      "auths[0].iamAuth lets clients in by password: set it to REQUIRED",
    ]),
  ]);
  testRule(rules.rdsProxyTls, proxy, { requireTls: true, defaultAuthScheme: "IAM_AUTH" }, [
    ...[undefined, "NONE"].map((value): Break => [
      "defaultAuthScheme",
      value,
      "defaultAuthScheme names no way to sign in: set it to IAM_AUTH, or give auths with iamAuth REQUIRED",
    ]),
  ]);

  for (const [type, password, user] of [
    [cluster, "masterPassword", "masterUsername"],
    [instance, "password", "username"],
  ] as const) {
    testRule(rules.dbManagedPassword, type, { manageMasterUserPassword: true, [user]: "owner" }, [
      ["manageMasterUserPassword", undefined, "manageMasterUserPassword is not on: set it to true"],
      ["manageMasterUserPassword", false, "manageMasterUserPassword is not on: set it to true"],
    ]);
    testRule(rules.dbManagedPassword, type, { [user]: "owner", [`${password}Wo`]: "hunter2" }, []);
    testRule(rules.dbManagedPassword, type, { snapshotIdentifier: "before" }, []);
    it(`db-managed-password reports ${password}, known or not, and never prints it`, () => {
      for (const value of ["hunter2", UNKNOWN]) {
        for (const environment of environments) {
          const findings = analyse(rules.dbManagedPassword, type, { [password]: value }, { stack: environment });
          assertLevels(rules.dbManagedPassword, environment, findings, [
            `${password} is in the program and the state: remove it and set manageMasterUserPassword to true`,
          ]);
        }
      }
    });

    const named = { engine: "aurora-postgresql", [user]: "kibanadmin", iamDatabaseAuthenticationEnabled: true };
    testRule(rules.dbAdminNameIam, type, named, [
      ...["admin", "postgres", "Root", "awsuser"].map((name): Break => [
        user,
        name,
        `${user} is a name that is tried first: choose another`,
      ]),
      ["iamDatabaseAuthenticationEnabled", undefined, "iamDatabaseAuthenticationEnabled is not on: set it to true"],
      ["iamDatabaseAuthenticationEnabled", false, "iamDatabaseAuthenticationEnabled is not on: set it to true"],
    ]);
    testRule(rules.dbAdminNameIam, type, { engine: "oracle-ee", [user]: "owner" }, []);
  }

  for (const [engine, logs] of [
    ["aurora-postgresql", ["postgresql"]],
    ["aurora-mysql", ["audit", "error"]],
  ] as const) {
    const exported = { engine, enabledCloudwatchLogsExports: ["instance", ...logs] };
    testRule(rules.auroraLogExports, cluster, exported, [
      ...[undefined, [], ["instance"]].map((value): Break => [
        "enabledCloudwatchLogsExports",
        value,
        `enabledCloudwatchLogsExports lacks ${logs.join(", ")}: add ${logs.join(", ")}`,
      ]),
    ]);
  }
  testRule(rules.auroraLogExports, cluster, { engine: "neptune" }, []);
  it("aurora-log-exports passes a list with an unknown in it", () => {
    const props = { engine: "aurora-mysql", enabledCloudwatchLogsExports: ["audit", UNKNOWN] };
    assert.deepEqual(analyse(rules.auroraLogExports, cluster, props), []);
  });

  testRule(rules.minorUpgrades, clusterInstance, { autoMinorVersionUpgrade: true }, [
    ["autoMinorVersionUpgrade", false, "autoMinorVersionUpgrade is off: remove it, or set it to true"],
  ]);
  for (const type of [instance, cluster]) testRule(rules.minorUpgrades, type, {}, []);
});

describe("aurora-backup", () => {
  const rule = rules.auroraBackup;
  const good = {
    backupRetentionPeriod: 7,
    skipFinalSnapshot: false,
    finalSnapshotIdentifier: "last",
    deleteAutomatedBackups: false,
  };
  const at = (props: Props, stack = "prod", config = {}) => {
    const findings = analyse(rule, cluster, props, { stack, config });
    return typeof findings === "string" ? findings : findings.map((finding) => finding.message);
  };
  const days = "backupRetentionPeriod is less than 7 days: set it to 7 or more";
  const snapshot =
    "skipFinalSnapshot lets the data go with the database: set it to false, with finalSnapshotIdentifier";
  const unnamed = "finalSnapshotIdentifier is not set: set it: the database cannot be deleted without";
  const backups = "deleteAutomatedBackups lets the backups go with the database: set it to false";

  it("reports each broken field in stg and prod, the retention alone in dev", () => {
    for (const environment of environments) {
      for (const [path, value, message] of [
        ["backupRetentionPeriod", undefined, days],
        ["backupRetentionPeriod", 6, days],
        ["skipFinalSnapshot", true, snapshot],
        ["finalSnapshotIdentifier", undefined, unnamed],
        ["deleteAutomatedBackups", undefined, backups],
        ["deleteAutomatedBackups", true, backups],
      ] as const) {
        const findings = analyse(rule, cluster, replaced(good, path, value), { stack: environment });
        assertLevels(rule, environment, findings, environment === "dev" && message !== days ? [] : [message]);
      }
    }
  });

  it("passes what complies and goes past each unknown", () => {
    for (const type of [cluster, instance]) assert.deepEqual(analyse(rule, type, good), []);
    for (const path of Object.keys(good)) assert.deepEqual(at(replaced(good, path, UNKNOWN)), [], path);
  });

  it("takes the least number of days from its configuration", () => {
    assert.deepEqual(at(good, "prod", { days: 14 }), [
      "backupRetentionPeriod is less than 14 days: set it to 14 or more",
    ]);
  });

  it("leaves a replica to its source", () => {
    assert.deepEqual(analyse(rule, instance, { replicateSourceDb: "main", skipFinalSnapshot: true }), []);
  });
});

describe("aurora clusters and what is around them", () => {
  const group = "aws:rds/clusterParameterGroup:ClusterParameterGroup";
  const withParameters = (inputs: Props, engine = "aurora-postgresql", stack = "prod") =>
    new StackBuilder(stack)
      .add(group, "parameters", inputs)
      .add(
        cluster,
        "db",
        { engine, dbClusterParameterGroupName: UNKNOWN },
        { links: { dbClusterParameterGroupName: ["parameters"] } },
      );
  const parameter = (name: unknown, value: unknown) => ({
    parameters: [
      { name: "other", value: "1" },
      { name, value },
    ],
  });

  it("aurora-force-ssl passes a group that forces TLS, and what is unknown", () => {
    const rule = aurora.auroraForceSsl;
    for (const inputs of [
      parameter("rds.force_ssl", "1"),
      parameter("rds.force_ssl", UNKNOWN),
      parameter(UNKNOWN, UNKNOWN),
      { parameters: UNKNOWN },
    ]) {
      assert.deepEqual(withParameters(inputs).messages(rule), [], JSON.stringify(inputs));
    }
    assert.deepEqual(withParameters(parameter("require_secure_transport", "ON"), "aurora-mysql").messages(rule), []);
    const elsewhere = new StackBuilder().add(cluster, "db", {
      engine: "aurora-mysql",
      dbClusterParameterGroupName: "theirs",
    });
    assert.deepEqual(elsewhere.messages(rule), []);
  });

  it("aurora-force-ssl reports a group that does not, and none", () => {
    const rule = aurora.auroraForceSsl;
    const at = "dbClusterParameterGroupName";
    for (const environment of environments) {
      for (const [engine, name, off, on] of [
        ["aurora-postgresql", "rds.force_ssl", "0", "1"],
        ["aurora-mysql", "require_secure_transport", "OFF", "ON"],
      ] as const) {
        const set = `set ${name} to ${on} in a ClusterParameterGroup`;
        for (const inputs of [{}, { parameters: [] }, parameter(name, off), parameter("x", on)]) {
          const findings = withParameters(inputs, engine, environment).check(rule);
          assertLevels(rule, environment, findings, [`${at} lacks ${name}: ${set}`]);
        }
        for (const given of [undefined, "default.aurora-postgresql17"]) {
          const bare = new StackBuilder(environment).add(cluster, "db", replaced({ engine }, at, given));
          assertLevels(rule, environment, bare.check(rule), [`${at} is AWS's default: ${set}`]);
        }
      }
    }
  });

  it("aurora-multi-az wants two instances in prod, of different zones", () => {
    const rule = aurora.auroraMultiAz;
    const link = { links: { clusterIdentifier: ["db"] } };
    const build = (stack: string, ...instances: Props[]) => {
      const built = new StackBuilder(stack).add(cluster, "db", { engine: "aurora-postgresql" });
      instances.forEach((inputs, i) => built.add(clusterInstance, `instance${i}`, inputs, link));
      return built;
    };
    const missing = "readers are missing: add a ClusterInstance: Aurora places it in another zone";
    for (const environment of environments) {
      assertLevels(rule, environment, build(environment, {}).check(rule), [missing]);
      assertLevels(rule, environment, build(environment, { availabilityZone: "a" }).check(rule), [missing]);
      const same = build(environment, { availabilityZone: "a" }, { availabilityZone: "a" }).check(rule);
      assertLevels(rule, environment, same, ["availabilityZone is that of all instances: set another one, or none"]);
    }
    assert.deepEqual(build("prod", {}, {}).messages(rule), []);
    assert.deepEqual(build("prod", { availabilityZone: "a" }, { availabilityZone: "c" }).messages(rule), []);
    assert.deepEqual(build("prod", { availabilityZone: "a" }, { availabilityZone: UNKNOWN }).messages(rule), []);
    const scaled = (inputs: Props) =>
      build("prod", {}).add("aws:appautoscaling/target:Target", "readers", inputs, { links: { resourceId: ["db"] } });
    const readers = { scalableDimension: "rds:cluster:ReadReplicaCount", minCapacity: 1 };
    assert.deepEqual(scaled(readers).messages(rule), []);
    assert.deepEqual(scaled({ ...readers, minCapacity: 0 }).messages(rule), [`db: ${missing}`]);
    assert.deepEqual(scaled({ ...readers, scalableDimension: "other" }).messages(rule), [`db: ${missing}`]);
    assert.deepEqual(new StackBuilder().add(cluster, "db", { engine: "mysql" }).messages(rule), []);
  });
});

describe("db-reachability", () => {
  const rule = aurora.dbReachability;
  const [subnets, subnet] = ["aws:rds/subnetGroup:SubnetGroup", "aws:ec2/subnet:Subnet"];
  const [table, association] = ["aws:ec2/routeTable:RouteTable", "aws:ec2/routeTableAssociation:RouteTableAssociation"];
  const finding = "subnetIds name subnet, which an internet gateway reaches: use isolated subnets";
  const build = (routes: unknown, stack = "prod", routesOf: string[] = []) =>
    new StackBuilder(stack)
      .add("aws:ec2/internetGateway:InternetGateway", "gateway", {})
      .add(subnet, "subnet", {})
      .add(table, "table", { routes }, { links: { routes: routesOf } })
      .add(
        association,
        "association",
        { subnetId: UNKNOWN, routeTableId: UNKNOWN },
        { links: { subnetId: ["subnet"], routeTableId: ["table"] } },
      )
      .add(subnets, "db", { subnetIds: [UNKNOWN] }, { links: { subnetIds: ["subnet"] } });
  const route = (inputs: Props, gateway: string[]) =>
    build([]).add(
      "aws:ec2/route:Route",
      "route",
      { routeTableId: UNKNOWN, ...inputs },
      { links: { routeTableId: ["table"], gatewayId: gateway } },
    );

  it("reports an inline route and a route resource, by link and by id", () => {
    for (const environment of environments) {
      const inline = build([{ cidrBlock: "0.0.0.0/0", gatewayId: UNKNOWN }], environment, ["gateway"]);
      assertLevels(rule, environment, inline.check(rule), [finding]);
    }
    assert.deepEqual(build([{ gatewayId: "igw-1" }]).messages(rule), [`db: ${finding}`]);
    assert.deepEqual(route({ gatewayId: UNKNOWN }, ["gateway"]).messages(rule), [`db: ${finding}`]);
    assert.deepEqual(route({ gatewayId: "igw-1" }, []).messages(rule), [`db: ${finding}`]);
  });

  it("passes routes to a NAT gateway, to endpoints, and none", () => {
    assert.deepEqual(build([]).messages(rule), []);
    assert.deepEqual(build([{ natGatewayId: "nat-1" }]).messages(rule), []);
    assert.deepEqual(route({ gatewayId: "vgw-1" }, []).messages(rule), []);
    assert.deepEqual(route({ natGatewayId: UNKNOWN }, []).messages(rule), []);
  });

  it("judges the subnets that are named, not all that an output was picked from", () => {
    const stack = build([{ gatewayId: "igw-1" }]).add(subnet, "isolated", {});
    const links = { links: { subnetIds: ["subnet", "isolated"] } };
    stack.add(subnets, "picked", { subnetIds: UNKNOWN }, links);
    stack.add(subnets, "one", { subnetIds: [UNKNOWN] }, links);
    assert.deepEqual(stack.messages(rule), [`db: ${finding}`]);
    stack.add(subnets, "both", { subnetIds: [UNKNOWN, UNKNOWN] }, links);
    assert.deepEqual(stack.messages(rule), [`both: ${finding}`, `db: ${finding}`]);
    const known = new StackBuilder()
      .add(subnet, "subnet", {}, { outputs: { id: "subnet-1" } })
      .add(table, "table", { routes: [{ gatewayId: "igw-1" }] }, { outputs: { id: "rtb-1" } })
      .add(association, "association", { subnetId: "subnet-1", routeTableId: "rtb-1" });
    assert.deepEqual(known.add(subnets, "db", { subnetIds: ["subnet-1"] }).messages(rule), [`db: ${finding}`]);
    assert.deepEqual(known.add(subnets, "other", { subnetIds: ["subnet-10"] }).messages(rule), [`db: ${finding}`]);
  });
});

describe("dynamodb", () => {
  const table = "aws:dynamodb/table:Table";
  const off = (path: string): Break[] =>
    [undefined, false].map((value) => [path, value, `${path} is not on: set it to true`]);
  const recovered = { pointInTimeRecovery: { enabled: true }, replicas: [{ pointInTimeRecovery: true }] };
  testRule(dynamodb.dynamodbPitr, table, recovered, [
    ...off("pointInTimeRecovery.enabled"),
    ["pointInTimeRecovery", undefined, "pointInTimeRecovery.enabled is not on: set it to true"],
    ...off("replicas[0].pointInTimeRecovery"),
  ]);
  testRule(dynamodb.dynamodbPitr, "aws:dynamodb/tableReplica:TableReplica", { pointInTimeRecovery: true }, [
    ...off("pointInTimeRecovery"),
  ]);

  const rule = dynamodb.dynamodbCapacity;
  const onDemand = {
    billingMode: "PAY_PER_REQUEST",
    onDemandThroughput: { maxReadRequestUnits: 100, maxWriteRequestUnits: 100 },
  };
  const one = (inputs: Props, stack = "prod") => new StackBuilder(stack).add(table, "table", inputs);

  it("dynamodb-capacity wants requests to be paid one by one, or a target that scales", () => {
    const message = "billingMode is not PAY_PER_REQUEST: set it, or let an aws.appautoscaling.Target scale the table";
    for (const environment of environments) {
      for (const inputs of [{}, { billingMode: "PROVISIONED" }]) {
        assertLevels(rule, environment, one(inputs, environment).check(rule), [message]);
      }
      assert.deepEqual(one(onDemand, environment).messages(rule), []);
    }
    const target = ["aws:appautoscaling/target:Target", "scaling", { resourceId: UNKNOWN }] as const;
    assert.deepEqual(
      one({})
        .add(...target, { links: { resourceId: ["table"] } })
        .messages(rule),
      [],
    );
    assert.deepEqual(
      one({})
        .add(...target)
        .messages(rule),
      [`table: ${message}`],
    );
    assert.deepEqual(one({ billingMode: UNKNOWN }).messages(rule), []);
  });

  it("dynamodb-capacity wants a ceiling in dev", () => {
    for (const key of ["maxReadRequestUnits", "maxWriteRequestUnits"]) {
      const path = `onDemandThroughput.${key}`;
      for (const value of [undefined, -1]) {
        const message = `${path} is not set: set it, so that a loop cannot cost much`;
        assertLevels(rule, "dev", one(replaced(onDemand, path, value), "dev").check(rule), [message]);
        assert.deepEqual(one(replaced(onDemand, path, value), "stg").messages(rule), []);
      }
      assert.deepEqual(one(replaced(onDemand, path, UNKNOWN), "dev").messages(rule), []);
    }
    assert.deepEqual(one({ ...onDemand, onDemandThroughput: UNKNOWN }, "dev").messages(rule), []);
  });
});
