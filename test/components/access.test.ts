import assert from "node:assert/strict";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { type Access, foldAccess, type SecretReference } from "../../components/shared/access";
import { Faults } from "../../components/shared/check";
import { WebService } from "../../components/web-service/web-service";
import { resource, run } from "../harness";
import { container, keyArn, output, policy, worker } from "./web-service-fixture";

/** What an owner of data looks like to its consumers: a group and a secret of its own, and two capabilities. */
class Database extends pulumi.ComponentResource {
  public readonly connect: Access;
  public readonly connectReader: Access;

  constructor(name: string) {
    super("test:index:Database", name, {});
    const group = new aws.ec2.SecurityGroup(`${name}-security-group`, { vpcId: "vpc-0a1b2c3d" }, { parent: this });
    const secret = new aws.secretsmanager.Secret(`${name}-secret`, { kmsKeyId: keyArn }, { parent: this });
    const network = { securityGroupId: group.id, port: 5432 };
    const statements: aws.iam.PolicyStatement[] = [
      { Sid: "Connect", Effect: "Allow", Action: "rds-db:connect", Resource: pulumi.interpolate`${group.arn}/app` },
    ];
    this.connect = {
      name,
      env: { HOST: pulumi.interpolate`writer.${group.id}`, PORT: "5432" },
      secrets: { PASSWORD: { arn: secret.arn, jsonKey: "password", keyArn } },
      statements,
      network,
    };
    this.connectReader = { name: `${name}-reader`, env: { HOST: "reader" }, statements, network };
    this.registerOutputs({});
  }
}

function fold(
  uses: Access[],
  own: { environment?: Record<string, string>; secrets?: Record<string, SecretReference> } = {},
) {
  const faults = new Faults("WebService", "api");
  const folded = foldAccess("api", uses, own, faults);
  try {
    faults.raise();
  } catch (error) {
    return {
      folded,
      lines: (error as Error).message
        .split("\n")
        .slice(1)
        .map((line) => line.trim()),
    };
  }
  return { folded, lines: [] };
}

const table: Access = {
  name: "orders-table",
  env: { NAME: "orders-1234567", STREAM_ARN: "arn:stream" },
  statements: [{ Effect: "Allow", Action: ["dynamodb:GetItem"], Resource: "arn:table" }],
};
const secret: SecretReference = { arn: "arn:aws:secretsmanager:x:111111111111:secret:a" };

describe("Access", () => {
  describe("foldAccess", () => {
    it("folds nothing into nothing", () => {
      assert.deepEqual(fold([]), { folded: { environment: {}, secrets: {}, statements: [], network: [] }, lines: [] });
    });

    it("prefixes variables and secrets with the access's name", () => {
      const { folded, lines } = fold([{ ...table, secrets: { TOKEN: secret } }], { environment: { LEVEL: "info" } });
      assert.deepEqual(lines, []);
      assert.deepEqual(folded.environment, {
        LEVEL: "info",
        ORDERS_TABLE_NAME: "orders-1234567",
        ORDERS_TABLE_STREAM_ARN: "arn:stream",
      });
      assert.deepEqual(folded.secrets, { ORDERS_TABLE_TOKEN: secret });
      assert.deepEqual(folded.statements, table.statements);
      assert.deepEqual(folded.network, []);
    });

    it("keeps the statements of all owners, whatever Sids they chose", () => {
      const sid = (Action: string) => ({ Sid: "Read", Effect: "Allow" as const, Action, Resource: "*" });
      const a: Access = { name: "a", env: {}, statements: [sid("s3:GetObject")] };
      const b: Access = { name: "b", env: {}, statements: [sid("sqs:SendMessage")] };
      assert.deepEqual(fold([a, b]).folded.statements, [
        { Effect: "Allow", Action: "s3:GetObject", Resource: "*" },
        { Effect: "Allow", Action: "sqs:SendMessage", Resource: "*" },
      ]);
      assert.equal(a.statements[0]?.Sid, "Read", "the owner's own value is left alone");
    });

    it("names the rule after both sides, one for each group and port", () => {
      const at = (name: string, securityGroupId: string, port: number): Access => ({
        name,
        env: {},
        statements: [],
        network: { securityGroupId, port },
      });
      const uses = [
        at("db", "sg-1", 5432),
        at("db-reader", "sg-1", 5432),
        at("cache", "sg-1", 6379),
        at("etl", "sg-2", 5432),
      ];
      assert.deepEqual(fold(uses).folded.network, [
        { name: "api-to-db", securityGroupId: "sg-1", port: 5432 },
        { name: "api-to-cache", securityGroupId: "sg-1", port: 6379 },
        { name: "api-to-etl", securityGroupId: "sg-2", port: 5432 },
      ]);
    });

    it("refuses one name for two network paths", () => {
      const at = (port: number): Access => ({
        name: "db",
        env: {},
        statements: [],
        network: { securityGroupId: "sg-1", port },
      });
      assert.deepEqual(fold([at(5432), at(5433)]).lines, [
        'uses: was "db"; allowed: one security group and port per access name; ' +
          "two accesses of that name open different paths: rename one at its owner",
      ]);
    });

    const twice = (variable: string, one: string, other: string) =>
      `uses: was "${variable}"; allowed: each variable set once; ` +
      `${one} and ${other} both set it: take one access that covers both, or rename one`;

    it("refuses a variable set by two accesses, and names both", () => {
      const other: Access = { name: "orders", env: { TABLE_NAME: "x" }, statements: [] };
      assert.deepEqual(fold([table, other]).lines, [
        twice("ORDERS_TABLE_NAME", 'access "orders-table"', 'access "orders"'),
      ]);
      const hidden: Access = { name: "orders", env: {}, secrets: { TABLE_NAME: secret }, statements: [] };
      assert.deepEqual(fold([table, hidden]).lines, [
        twice("ORDERS_TABLE_NAME", 'access "orders-table"', 'access "orders"'),
      ]);
    });

    it("refuses a variable set by an access and by the consumer, or by the consumer twice", () => {
      assert.deepEqual(fold([table], { environment: { ORDERS_TABLE_NAME: "x" } }).lines, [
        twice("ORDERS_TABLE_NAME", "environment", 'access "orders-table"'),
      ]);
      assert.deepEqual(fold([table], { secrets: { ORDERS_TABLE_NAME: secret } }).lines, [
        twice("ORDERS_TABLE_NAME", "secrets", 'access "orders-table"'),
      ]);
      assert.deepEqual(fold([], { environment: { A: "x" }, secrets: { A: secret } }).lines, [
        twice("A", "environment", "secrets"),
      ]);
    });

    it("refuses the same access twice", () => {
      const both = 'access "orders-table"';
      assert.deepEqual(fold([table, table]).lines, [
        twice("ORDERS_TABLE_NAME", both, both),
        twice("ORDERS_TABLE_STREAM_ARN", both, both),
      ]);
    });

    for (const name of ["Orders", "orders_table", "-orders", "orders-", "1st", ""]) {
      it(`refuses the name "${name}"`, () => {
        assert.deepEqual(fold([{ name, env: {}, statements: [] }]).lines, [
          `uses: was "${name}"; allowed: kebab-case, such as orders-table; rename the access at its owner`,
        ]);
      });
    }
  });

  it("joins an owner and its consumer: rights, variables, secret, and one rule on each side", async () => {
    const result = await run(() => {
      const db = new Database("orders-db");
      new WebService("jobs", worker({ uses: [db.connect, db.connectReader] }));
    });
    assert.equal(result.error, undefined);
    const ownerGroup = resource(result, "aws:ec2/securityGroup:SecurityGroup", "orders-db-security-group");
    const group = resource(result, "aws:ec2/securityGroup:SecurityGroup", "jobs-security-group");
    const secretArn = output(resource(result, "aws:secretsmanager/secret:Secret", "orders-db-secret"), "arn");

    const made = container(resource(result, "aws:ecs/taskDefinition:TaskDefinition", "jobs-task"));
    assert.deepEqual(made["environment"], [
      { name: "ORDERS_DB_HOST", value: `writer.${ownerGroup.id}` },
      { name: "ORDERS_DB_PORT", value: "5432" },
      { name: "ORDERS_DB_READER_HOST", value: "reader" },
    ]);
    assert.deepEqual(made["secrets"], [{ name: "ORDERS_DB_PASSWORD", valueFrom: `${secretArn}:password::` }]);

    const connect = {
      Effect: "Allow",
      Action: "rds-db:connect",
      Resource: `${output(ownerGroup, "arn")}/app`,
    };
    assert.deepEqual(policy(resource(result, "aws:iam/rolePolicy:RolePolicy", "jobs-task-policy")), {
      Version: "2012-10-17",
      Statement: [connect, connect],
    });

    const rules = result.resources.filter((r) => r.name.startsWith("jobs-to-"));
    assert.deepEqual(
      rules
        .map(({ type, name, inputs }) => [
          type.split(":").at(-1),
          name,
          inputs["securityGroupId"],
          inputs["referencedSecurityGroupId"],
          inputs["ipProtocol"],
          inputs["fromPort"],
          inputs["toPort"],
        ])
        .toSorted(),
      [
        ["SecurityGroupEgressRule", "jobs-to-orders-db", group.id, ownerGroup.id, "tcp", 5432, 5432],
        ["SecurityGroupIngressRule", "jobs-to-orders-db", ownerGroup.id, group.id, "tcp", 5432, 5432],
      ],
    );
  });
});
