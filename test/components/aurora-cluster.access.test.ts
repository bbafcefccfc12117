import assert from "node:assert/strict";

import { AuroraCluster, type AuroraClusterArgs } from "../../components/aurora-cluster/aurora-cluster";
import type { Access } from "../../components/shared/access";
import { WebService } from "../../components/web-service/web-service";
import { resource, type Run, run } from "../harness";
import {
  accessesOf,
  clusterOf,
  everything,
  keyArn,
  mysql,
  output,
  postgresql,
  runCluster,
  statements,
  types,
} from "./aurora-cluster-fixture";
import { worker } from "./web-service-fixture";

const groups = "aws:ec2/securityGroup:SecurityGroup";
const connectAs = (resourceId: string, user: string) => [
  {
    Effect: "Allow",
    Action: "rds-db:connect",
    Resource: `arn:aws:rds-db:ap-northeast-1:111111111111:dbuser:${resourceId}/${user}`,
  },
];
const groupId = (result: Run, name: string) => resource(result, groups, `db-${name}`).id;
const arnOf = (result: Run, type: string, name: string) => output(resource(result, type, name), "arn");

interface User {
  name: string;
  level: string;
  signIn: string;
  secretArn?: string;
  host?: string;
}

interface Input {
  restored: boolean;
  extensions: string[];
  users: User[];
}

/** What the function is told. */
function told(result: Run): Input {
  return JSON.parse(resource(result, types.invocation, "db-users").inputs["input"] as string) as Input;
}

describe("AuroraCluster accesses", () => {
  it("sign in by IAM, each as its own user, to the writer or the readers", async () => {
    const { accesses, result } = await accessesOf(postgresql({ databaseName: "orders", users: { etl_job: "owner" } }));
    const cluster = clusterOf(result);
    const id = output(cluster, "clusterResourceId");
    const network = { securityGroupId: groupId(result, "security-group"), port: 5432 };
    const access = (name: string, user: string, endpoint: string): Access => ({
      name,
      env: { HOST: output(cluster, endpoint), PORT: "5432", NAME: "orders", USER: user },
      statements: connectAs(id, user) as Access["statements"],
      network,
    });
    assert.deepEqual(accesses, {
      connect: access("db", "app", "endpoint"),
      read: access("db-read", "reader", "readerEndpoint"),
      migrate: access("db-migrate", "migrator", "endpoint"),
      etl_job: access("db-etl-job", "etl_job", "endpoint"),
    });
  });

  it("of a user that reads lead to the readers", async () => {
    const { accesses, result } = await accessesOf(mysql({ users: { report: "read" } }));
    assert.equal(accesses["report"]?.env["HOST"], clusterOf(result).outputs["readerEndpoint"]);
    assert.equal(accesses["report"]?.env["PORT"], "3306");
    assert.equal(accesses["report"]?.network?.port, 3306);
  });

  it("lead through the proxy, but for migrations", async () => {
    const { accesses, result } = await accessesOf(
      postgresql({ proxy: {}, readers: [{}], users: { etl: "readWrite" } }),
    );
    const cluster = clusterOf(result);
    const proxy = resource(result, types.proxy, "db-proxy");
    const proxyId = output(proxy, "arn").split(":").at(-1) ?? "";
    assert.match(proxyId, /^prx-/);
    const endpoint = resource(result, "aws:rds/proxyEndpoint:ProxyEndpoint", "db-proxy-read");
    const proxied = { securityGroupId: groupId(result, "proxy-security-group"), port: 5432 };
    const straight = { securityGroupId: groupId(result, "security-group"), port: 5432 };
    for (const [access, user, host, network, resourceId] of [
      ["connect", "app", output(proxy, "endpoint"), proxied, proxyId],
      ["etl", "etl", output(proxy, "endpoint"), proxied, proxyId],
      ["read", "reader", output(endpoint, "endpoint"), proxied, proxyId],
      ["migrate", "migrator", output(cluster, "endpoint"), straight, output(cluster, "clusterResourceId")],
    ] as const) {
      assert.equal(accesses[access]?.env["HOST"], host, access);
      assert.equal(accesses[access]?.env["USER"], user, access);
      assert.deepEqual(accesses[access]?.network, network, access);
      assert.deepEqual(accesses[access]?.statements, connectAs(resourceId, user), access);
    }
  });

  it("to read lead to the proxy itself while there is no reader", async () => {
    const { accesses, result } = await accessesOf(postgresql({ proxy: {} }));
    assert.equal(accesses["read"]?.env["HOST"], resource(result, types.proxy, "db-proxy").outputs["endpoint"]);
  });

  it("to the Data API need no network path, and open its own secret alone", async () => {
    const { accesses, result } = await accessesOf(postgresql({ passwordUsers: ["looker"], dataApi: true }));
    const clusterArn = output(clusterOf(result), "arn");
    const secretArn = arnOf(result, types.secret, "db-data-password");
    assert.deepEqual(accesses["dataApi"], {
      name: "db-data",
      env: { CLUSTER_ARN: clusterArn, SECRET_ARN: secretArn, NAME: "app" },
      statements: [
        {
          Effect: "Allow",
          Action: [
            "rds-data:BatchExecuteStatement",
            "rds-data:BeginTransaction",
            "rds-data:CommitTransaction",
            "rds-data:ExecuteStatement",
            "rds-data:RollbackTransaction",
          ],
          Resource: clusterArn,
        },
        { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: secretArn },
        {
          Effect: "Allow",
          Action: "kms:Decrypt",
          Resource: keyArn,
          Condition: { StringEquals: { "kms:ViaService": ["secretsmanager.ap-northeast-1.amazonaws.com"] } },
        },
      ],
    });
    assert.equal((await accessesOf(postgresql())).accesses["dataApi"], undefined);
  });

  it("never name the master user or its secret", async () => {
    const { accesses, result } = await accessesOf(everything());
    const [secret] = clusterOf(result).outputs["masterUserSecrets"] as { secretArn: string }[];
    assert.ok(secret);
    const text = JSON.stringify(accesses);
    assert.ok(!text.includes(secret.secretArn) && !text.includes("kibanadmin"), text);
  });

  it("let their consumer in, and wait for the users", async () => {
    const result = await run(() => {
      const { connect, read, migrate } = new AuroraCluster("db", postgresql());
      new WebService("api", worker({ uses: [connect, read, migrate] }));
    });
    assert.equal(result.error, undefined);
    const rules = result.resources.filter((r) => r.type.endsWith(":SecurityGroupIngressRule"));
    assert.deepEqual(
      rules.map(({ name, inputs }) => ({ name, ...inputs })),
      [
        {
          name: "api-to-db",
          securityGroupId: groupId(result, "security-group"),
          description: "From api",
          referencedSecurityGroupId: resource(result, groups, "api-security-group").id,
          ipProtocol: "tcp",
          fromPort: 5432,
          toPort: 5432,
        },
      ],
    );
    const task = resource(result, "aws:ecs/taskDefinition:TaskDefinition", "api-task");
    const invocation = resource(result, types.invocation, "db-users");
    assert.ok(task.dependencies.includes(invocation.urn));
    const [container] = JSON.parse(task.inputs["containerDefinitions"] as string) as [
      { environment: { name: string }[] },
    ];
    assert.deepEqual(
      container.environment.map(({ name }) => name),
      ["", "_MIGRATE", "_READ"]
        .flatMap((each) => ["HOST", "NAME", "PORT", "USER"].map((v) => `DB${each}_${v}`))
        .toSorted(),
    );
  });

  it("show the user in a preview, when the function has not answered yet", async () => {
    let user: unknown;
    await run(
      async () => {
        const { connect } = new AuroraCluster("db", postgresql());
        const value = connect.env["USER"] as unknown as { promise(): Promise<unknown>; isKnown: Promise<boolean> };
        user = (await value.isKnown) ? await value.promise() : "unknown";
      },
      { preview: true },
    );
    assert.equal(user, "app");
  });
});

describe("AuroraCluster users", () => {
  it("are told to the function: names, levels, how they sign in", async () => {
    const result = await runCluster(postgresql({ users: { etl: "owner" }, extensions: ["pg_trgm", "uuid-ossp"] }));
    assert.deepEqual(told(result), {
      restored: false,
      extensions: ["pg_trgm", "uuid-ossp"],
      users: [
        { name: "app", level: "readWrite", signIn: "iam" },
        { name: "reader", level: "read", signIn: "iam" },
        { name: "migrator", level: "owner", signIn: "iam" },
        { name: "etl", level: "owner", signIn: "iam" },
      ],
    });
  });

  it("with a password read, from the readers; that of the Data API writes", async () => {
    const result = await runCluster(postgresql({ passwordUsers: ["tableau"], dataApi: true }));
    const cluster = clusterOf(result);
    assert.deepEqual(told(result).users.slice(3), [
      {
        name: "tableau",
        level: "read",
        signIn: "password",
        secretArn: arnOf(result, types.secret, "db-tableau-password"),
        host: output(cluster, "readerEndpoint"),
      },
      {
        name: "dataapi",
        level: "readWrite",
        signIn: "password",
        secretArn: arnOf(result, types.secret, "db-data-password"),
        host: output(cluster, "endpoint"),
      },
    ]);
  });

  it("are made again when the list, the extensions, the cluster or the function's source change", async () => {
    const made = async (args: AuroraClusterArgs) => {
      const result = await runCluster(args);
      const { input, triggers } = resource(result, types.invocation, "db-users").inputs;
      return { input, triggers: triggers as { cluster: string; source: string }, result };
    };
    const plain = await made(postgresql());
    assert.notEqual((await made(postgresql({ users: { etl: "read" } }))).input, plain.input);
    assert.notEqual((await made(postgresql({ extensions: ["vector"] }))).input, plain.input);
    assert.equal((await made(postgresql({ keep: true, readers: [{}] }))).input, plain.input);
    assert.equal(plain.triggers.cluster, clusterOf(plain.result).outputs["clusterResourceId"]);
    assert.match(plain.triggers.source, /^[0-9a-f]{64}$/);
  });

  it("are made once the writer is there", async () => {
    const result = await runCluster(postgresql());
    const { dependencies } = resource(result, types.invocation, "db-users");
    for (const [type, name] of [
      [types.instance, "db-writer"],
      [types.policy, "db-users-policy"],
    ] as const) {
      assert.ok(dependencies.includes(resource(result, type, name).urn), name);
    }
  });

  it("are made by a function that may do that, on this cluster, and nothing else", async () => {
    const result = await runCluster(postgresql());
    const [secret] = clusterOf(result).outputs["masterUserSecrets"] as { secretArn: string }[];
    const logs = arnOf(result, types.logGroup, "db-users-logs");
    const services = ["lambda.ap-northeast-1.amazonaws.com", "secretsmanager.ap-northeast-1.amazonaws.com"];
    const own = [
      { Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: `${logs}:*` },
      {
        Effect: "Allow",
        Action: [
          "rds-data:BeginTransaction",
          "rds-data:CommitTransaction",
          "rds-data:ExecuteStatement",
          "rds-data:RollbackTransaction",
        ],
        Resource: output(clusterOf(result), "arn"),
      },
      { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: secret?.secretArn },
    ];
    const key = (Action: string | string[]) => ({
      Effect: "Allow",
      Action,
      Resource: keyArn,
      Condition: { StringEquals: { "kms:ViaService": services } },
    });
    assert.deepEqual(statements(resource(result, types.policy, "db-users-policy")), [...own, key("kms:Decrypt")]);
    assert.deepEqual(statements(resource(result, "aws:iam/role:Role", "db-users-role"), "assumeRolePolicy"), [
      { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]);

    const withPassword = await runCluster(postgresql({ passwordUsers: ["tableau"] }));
    assert.deepEqual(statements(resource(withPassword, types.policy, "db-users-policy")), [
      ...own,
      {
        Effect: "Allow",
        Action: [
          "secretsmanager:DescribeSecret",
          "secretsmanager:GetSecretValue",
          "secretsmanager:PutSecretValue",
          "secretsmanager:UpdateSecretVersionStage",
        ],
        Resource: [arnOf(withPassword, types.secret, "db-tableau-password")],
      },
      { Effect: "Allow", Action: "secretsmanager:GetRandomPassword", Resource: "*" },
      key(["kms:Decrypt", "kms:GenerateDataKey"]),
    ]);
  });

  it("are made by a function without a way into the network", async () => {
    const result = await runCluster(postgresql({ passwordUsers: ["tableau", "looker"] }));
    const { code, ...inputs } = resource(result, types.lambda, "db-users-function").inputs;
    const [secret] = clusterOf(result).outputs["masterUserSecrets"] as { secretArn: string }[];
    assert.deepEqual(inputs, {
      description: "Makes the users of database db and rotates their passwords",
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      handler: "index.handler",
      role: arnOf(result, "aws:iam/role:Role", "db-users-role"),
      timeout: 300,
      memorySize: 256,
      loggingConfig: {
        logFormat: "JSON",
        logGroup: output(resource(result, types.logGroup, "db-users-logs"), "name"),
      },
      kmsKeyArn: keyArn,
      environment: {
        variables: {
          CLUSTER_ARN: output(clusterOf(result), "arn"),
          MASTER_ARN: secret?.secretArn,
          ENGINE: "postgresql",
          DATABASE: "app",
          PORT: "5432",
          ROTATED_USERS: "tableau,looker",
        },
      },
    });
    assert.deepEqual(Object.keys((code as { assets: object }).assets).toSorted(), [
      "database.js",
      "handler.js",
      "index.js",
      "mysql.js",
      "postgresql.js",
      "rotation.js",
    ]);
    const plain = resource(await runCluster(postgresql()), types.lambda, "db-users-function").inputs;
    const { variables } = plain["environment"] as { variables: Record<string, string> };
    assert.equal(variables["ROTATED_USERS"], undefined);
  });

  it("with a password have it changed by the function, called by Secrets Manager for that secret alone", async () => {
    const result = await runCluster(postgresql({ passwordUsers: ["tableau"], passwordRotationDays: 10 }));
    const secretId = arnOf(result, types.secret, "db-tableau-password");
    const permission = resource(result, "aws:lambda/permission:Permission", "db-tableau-rotation");
    assert.deepEqual(permission.inputs, {
      function: output(resource(result, types.lambda, "db-users-function"), "name"),
      action: "lambda:InvokeFunction",
      principal: "secretsmanager.amazonaws.com",
      sourceArn: secretId,
    });
    const rotation = resource(result, types.rotation, "db-tableau-rotation");
    assert.deepEqual(rotation.inputs, {
      secretId,
      rotationLambdaArn: arnOf(result, types.lambda, "db-users-function"),
      rotationRules: { automaticallyAfterDays: 10 },
      rotateImmediately: false,
    });
    for (const urn of [permission.urn, resource(result, types.invocation, "db-users").urn]) {
      assert.ok(rotation.dependencies.includes(urn), urn);
    }
    assert.equal(resource(result, types.secret, "db-tableau-password").inputs["kmsKeyId"], keyArn);
    assert.ok(!result.resources.some((r) => r.type.includes("SecretVersion") || r.type.includes("RandomPassword")));
  });
});
