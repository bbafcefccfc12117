import assert from "node:assert/strict";

import { readPrices } from "../../cost/prices";
import { costOf, resource, tokyo } from "./fixture";

const cents = (usd: number): string => usd.toFixed(2);

describe("the estimate of a plan", () => {
  it("groups by the outermost component, dearest first, and leaves out what is free", () => {
    const outer = resource("kiban:index:Network", "network");
    const inner = resource("awsx:ec2:Vpc", "vpc", { parent: outer });
    const nat = resource("aws:ec2/natGateway:NatGateway", "nat", { parent: inner });
    const key = resource("aws:kms/key:Key", "key");
    const role = resource("aws:iam/role:Role", "role");
    const { components, free, unpriced, total } = costOf([outer, inner, nat, key, role]);
    assert.deepEqual(
      components.map(({ name, type, resources }) => [name, type, resources.map((each) => each.name)]),
      [
        ["network", "kiban:index:Network", ["nat"]],
        ["test", "", ["key"]],
      ],
    );
    assert.deepEqual(free, [{ type: "aws:iam/role:Role", because: "describes access, which AWS does not bill" }]);
    assert.deepEqual(unpriced, []);
    assert.equal(cents(total.all.expected), "46.26");
  });

  it("takes the prices of a resource's own region", () => {
    const nat = resource("aws:ec2/natGateway:NatGateway", "nat", { inputs: { region: "us-east-1" } });
    const { components, prices } = costOf([nat]);
    assert.equal(cents(components[0]?.all.expected ?? 0), cents(730 * 0.045));
    assert.deepEqual(prices, [{ region: "us-east-1", asOf: readPrices("us-east-1").asOf }]);
  });

  it("names a type that no rule knows", () => {
    const { unpriced, total } = costOf([resource("aws:elasticache/cluster:Cluster", "cache")]);
    assert.deepEqual(unpriced, [
      {
        type: "aws:elasticache/cluster:Cluster",
        what: "all of it",
        because: "its type is not known to cost/rules",
        names: ["cache"],
      },
    ]);
    assert.equal(total.all.high, 0);
  });

  it("names a position whose price the table does not have, and counts the rest", () => {
    const delivery = resource("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", "d", {
      inputs: { extendedS3Configuration: { dataFormatConversionConfiguration: { enabled: true } } },
    });
    const table = readPrices(tokyo);
    const without = { ...table.prices["firehose.formatConversion"], price: null } as (typeof table.prices)[string];
    const prices = () => ({ ...table, prices: { ...table.prices, "firehose.formatConversion": without } });
    const { unpriced, components } = costOf(
      [delivery],
      "stream: { millionEvents: 1.048576, kilobytesPerEvent: 5 }",
      prices,
    );
    assert.deepEqual(
      unpriced.map(({ what, because }) => `${what}: ${because}`),
      ["converted to Parquet: no price of firehose.formatConversion found for ap-northeast-1"],
    );
    assert.equal(components[0]?.all.expected, 5 * 0.036);
  });

  it("takes off what an account has free each month, once for all its resources", () => {
    const alarms = Array.from({ length: 12 }, (_, i) =>
      resource("aws:cloudwatch/metricAlarm:MetricAlarm", `alarm-${i}`),
    );
    const { credits, total } = costOf(alarms);
    assert.deepEqual(
      credits.map(({ what, idle, use }) => [what, cents(idle.expected), use.expected]),
      [["alarms", "-1.00", 0]],
    );
    assert.equal(cents(total.all.expected), "0.20");
  });

  it("takes off no more than there is", () => {
    const { total } = costOf(
      [resource("aws:sns/topic:Topic", "t")],
      "messages: { thousandPerTopic: [10, 1000, 3000] }",
    );
    assert.deepEqual([total.all.low, total.all.expected, total.all.high].map(cents), ["0.00", "0.00", "1.00"]);
  });

  it("counts at the price that the program states, where AWS publishes none", () => {
    const bought = resource("aws:bedrock/provisionedModelThroughput:ProvisionedModelThroughput", "bought", {
      inputs: { modelUnits: 2, tags: { UnitUsdPerHour: "10" } },
    });
    const { total, components, unpriced } = costOf([bought]);
    // 2 units, 730 hours, 10 USD.
    assert.deepEqual([total.idle.low, total.idle.expected, total.all.high], [14_600, 14_600, 14_600]);
    assert.equal(components[0]?.resources[0]?.lines[0]?.price, "stated");
    assert.deepEqual(unpriced, []);
  });

  it("counts the first two budgets with actions at nothing, and each action's budget once", () => {
    const action = (name: string, budgetName: string) =>
      resource("aws:budgets/budgetAction:BudgetAction", name, { inputs: { budgetName } });
    const idle = (...actions: ReturnType<typeof action>[]): string[] => {
      const { components, credits, total } = costOf(actions);
      // The price's own tier: nothing is taken off afterwards.
      assert.deepEqual(credits, []);
      assert.equal(cents(total.all.high), cents(total.idle.low));
      return components.flatMap(({ resources }) => resources).map(({ name, all }) => `${name} ${cents(all.expected)}`);
    };
    const [a, again, b, c] = [action("a", "ai"), action("again", "ai"), action("b", "data"), action("c", "all")];
    assert.deepEqual(idle(a), ["a 0.00"]);
    assert.deepEqual(idle(a, again, b), ["a 0.00", "b 0.00"]);
    // 730 / 24 days of each: 91.25 - 62 = 29.25 days at 0.10.
    assert.deepEqual(idle(a, b, c).sort(), ["a 0.00", "b 0.00", "c 2.93"]);
  });

  it("counts the users of an account once, whoever made their groups", () => {
    const groups = ["sales-authors", "ops-authors"].map((name) => resource("aws:quicksight/group:Group", name));
    assert.equal(costOf(groups, "dashboards: { authors: 1 }").total.idle.expected, 24);
  });

  it("has a component's own figures over the stack's", () => {
    const orders = resource("kiban:index:Table", "orders");
    const table = (name: string, parent?: typeof orders) =>
      resource("aws:dynamodb/table:Table", name, {
        inputs: { billingMode: "PAY_PER_REQUEST" },
        ...(parent && { parent }),
      });
    const changes = "tables: { millionReads: 1 }\ncomponents: { orders: { tables: { millionReads: 3 } } }";
    const { components } = costOf([orders, table("busy", orders), table("quiet")], changes);
    assert.deepEqual(
      components.map(({ name, all }) => [name, all.expected]),
      [
        ["orders", 3 * 0.1425],
        ["test", 0.1425],
      ],
    );
  });
});
