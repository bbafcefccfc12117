import assert from "node:assert/strict";

import { type Registration, resource, type Run } from "../harness";
import { listener, runService, web } from "./web-service-fixture";

/** A value a minute; undefined where CloudWatch has no data point. */
type Series = (number | undefined)[];

interface Query {
  readonly id: string;
  readonly expression?: string;
  readonly returnData: boolean;
  /** Metric, statistic and dimensions, in one spelling for alarms and scaling policies. */
  readonly metric?: { readonly name: string; readonly dimensions: Record<string, string> };
}

/** The part of CloudWatch metric math that WebService uses, point by point, with missing values as CloudWatch has them. */
function evaluate(expression: string, series: ReadonlyMap<string, Series>, minute: number): number | undefined {
  const tokens = expression.match(/[A-Za-z_]\w*|\d+(?:\.\d+)?|>=|<=|[-+*/<>(),[\]]/g) ?? [];
  assert.equal(tokens.join(""), expression.replaceAll(" ", ""), "the evaluator reads every character");
  let at = 0;
  const take = (token: string): void => assert.equal(tokens[at++], token);
  const binary = (next: () => number | undefined, ops: Record<string, (a: number, b: number) => number>) => {
    let left = next();
    for (let op = ops[tokens[at] ?? ""]; op !== undefined; op = ops[tokens[at] ?? ""]) {
      at++;
      const right = next();
      left = left === undefined || right === undefined ? undefined : op(left, right);
    }
    return left;
  };
  const list = (end: string): (number | undefined)[] => {
    const values = [compare()];
    while (tokens[at] === ",") {
      at++;
      values.push(compare());
    }
    take(end);
    return values;
  };
  const atom = (): number | undefined => {
    const token = tokens[at++] ?? "";
    if (token === "-") return -(atom() ?? NaN);
    if (/^\d/.test(token)) return Number(token);
    if (token === "(") return list(")")[0];
    if (tokens[at] !== "(") {
      const found = series.get(token);
      assert.ok(found, `${token} is a query of the same alarm or policy`);
      return found[minute];
    }
    at++;
    if (token === "MAX") {
      take("[");
      const values = list("]").filter((value) => value !== undefined);
      take(")");
      return values.length === 0 ? undefined : Math.max(...values);
    }
    const args = list(")");
    if (token === "FILL") return args[0] ?? args[1];
    assert.equal(token, "IF");
    return args[0] === undefined ? undefined : args[0] !== 0 ? args[1] : args[2];
  };
  const product = () => binary(atom, { "*": (a, b) => a * b, "/": (a, b) => a / b });
  const sum = () => binary(product, { "+": (a, b) => a + b, "-": (a, b) => a - b });
  const compare = (): number | undefined =>
    binary(sum, { ">": (a, b) => Number(a > b), ">=": (a, b) => Number(a >= b), "<": (a, b) => Number(a < b) });
  const result = compare();
  assert.equal(at, tokens.length, "the evaluator reached the end");
  return result;
}

function alarmQueries(alarm: Registration): Query[] {
  return (alarm.inputs["metricQueries"] as Record<string, unknown>[]).map((query) => {
    const metric = query["metric"] as { metricName: string; dimensions: Record<string, string> } | undefined;
    return {
      ...(query as unknown as Query),
      ...(metric !== undefined && { metric: { name: metric.metricName, dimensions: metric.dimensions } }),
    };
  });
}

function scalingQueries(policy: Registration): Query[] {
  const { customizedMetricSpecification } = policy.inputs["targetTrackingScalingPolicyConfiguration"] as {
    customizedMetricSpecification: { metrics: Record<string, unknown>[] };
  };
  return customizedMetricSpecification.metrics.map((query) => {
    const stat = query["metricStat"] as
      { metric: { metricName: string; dimensions: { name: string; value: string }[] } } | undefined;
    const metric = stat?.metric;
    return {
      ...(query as unknown as Query),
      ...(metric !== undefined && {
        metric: {
          name: metric.metricName,
          dimensions: Object.fromEntries(metric.dimensions.map(({ name, value }) => [name, value])),
        },
      }),
    };
  });
}

/** The series that the alarm or policy watches, given what the load balancer reported for each group. */
function watched(queries: Query[], reported: (metric: string, targetGroup: string) => Series): Series {
  const series = new Map<string, Series>();
  for (const { id, metric, expression } of queries) {
    if (metric !== undefined) {
      assert.equal(metric.dimensions["LoadBalancer"], listener.arnSuffix);
      series.set(id, reported(metric.name, metric.dimensions["TargetGroup"] ?? ""));
    } else {
      const length = Math.max(...[...series.values()].map((values) => values.length));
      const values = Array.from({ length }, (_, minute) => evaluate(expression ?? "", series, minute));
      series.set(id, values);
    }
  }
  const returned = queries.filter((query) => query.returnData);
  assert.equal(returned.length, 1, "one query is watched");
  return series.get(returned[0]?.id ?? "") ?? [];
}

/** In alarm at each minute, by CloudWatch's rule: M of the last N at or above the threshold, missing not breaching. */
function inAlarm(alarm: Registration, values: Series): boolean[] {
  const { threshold, evaluationPeriods: n, datapointsToAlarm: m } = alarm.inputs as Record<string, number>;
  assert.equal(alarm.inputs["treatMissingData"], "notBreaching");
  return values.map((_, minute) => {
    const recent = values.slice(Math.max(0, minute + 1 - (n ?? 0)), minute + 1);
    return recent.filter((value) => value !== undefined && value >= (threshold ?? 0)).length >= (m ?? 0);
  });
}

// Ten minutes on blue, two of both (the bake time), ten on green, when blue has no tasks and reports nothing.
const nothing = undefined;
const repeat = (value: number | undefined, times: number): Series => Array.from({ length: times }, () => value);
const phases = { blue: [0, 10], both: [10, 12], green: [12, 22] } as const;

describe("WebService when a deployment swaps the groups", () => {
  let result: Run;
  let blue: string;
  let green: string;
  const alarmOf = (role: string) => resource(result, "aws:cloudwatch/metricAlarm:MetricAlarm", `api-${role}-alarm`);
  const policyOf = (by: string) => resource(result, "aws:appautoscaling/policy:Policy", `api-scale-by-${by}`);

  before(async () => {
    result = await runService("api", web({ scaling: { min: 2, max: 10, requestsPerTarget: 600 } }));
    const suffix = (name: string) =>
      resource(result, "aws:lb/targetGroup:TargetGroup", name).outputs["arnSuffix"] as string;
    [blue, green] = [suffix("api-blue"), suffix("api-green")];
    assert.ok(blue && green && blue !== green);
  });

  /** The same measure on whichever group has the traffic. */
  function moving(value: number): (metric: string, group: string) => Series {
    return (_, group) => {
      if (group === blue) return [...repeat(value, 10), ...repeat(0, 2), ...repeat(nothing, 10)];
      assert.equal(group, green, "every metric is of one of the two groups");
      return [...repeat(nothing, 10), ...repeat(value, 2), ...repeat(value, 10)];
    };
  }

  it("scaling sees the same requests per task before, during and after", () => {
    assert.deepEqual(watched(scalingQueries(policyOf("requests")), moving(900)), repeat(900, 22));
  });

  it("scaling sees all requests while a canary shares them", () => {
    const shared = (_: string, group: string): Series => repeat(group === blue ? 855 : 45, 5);
    assert.deepEqual(watched(scalingQueries(policyOf("requests")), shared), repeat(900, 5));
  });

  it("scaling waits for late data instead of taking it for no traffic", () => {
    const late = (_: string, group: string): Series => (group === green ? [900, 900, nothing] : repeat(nothing, 3));
    assert.deepEqual(watched(scalingQueries(policyOf("requests")), late), [900, 900, nothing]);
  });

  it("scaling tracks both groups by metric math alone, at the given target", () => {
    const tracking = policyOf("requests").inputs["targetTrackingScalingPolicyConfiguration"] as Record<string, unknown>;
    assert.equal(tracking["targetValue"], 600);
    assert.ok(!tracking["predefinedMetricSpecification"]);
  });

  for (const [phase, [from, to]] of Object.entries(phases)) {
    it(`one server error in ten raises the alarm while the traffic is on ${phase}`, () => {
      const reported = (metric: string, group: string): Series => {
        const share = moving(1)(metric, group).map((value, minute) =>
          // All of it within the phase, nothing of it before.
          minute < from || value === undefined ? undefined : value,
        );
        const factor = { RequestCount: 1000, HTTPCode_Target_5XX_Count: 100, TargetConnectionErrorCount: 0 }[metric];
        assert.ok(factor !== undefined, metric);
        // Like the load balancer, no data point for a count of 0.
        return share.map((value) => (value === undefined || value * factor === 0 ? undefined : value * factor));
      };
      const values = watched(alarmQueries(alarmOf("server-errors")), reported);
      assert.deepEqual(values.slice(from, to), repeat(10, to - from));
      const states = inAlarm(alarmOf("server-errors"), values);
      assert.equal(states.at(-1), true);
      assert.ok(states.slice(0, from).every((state) => !state));
    });
  }

  it("failed connections count as errors", () => {
    const reported = (metric: string, group: string): Series =>
      repeat(group === green && metric !== "HTTPCode_Target_5XX_Count" ? 50 : nothing, 5);
    assert.deepEqual(watched(alarmQueries(alarmOf("server-errors")), reported), repeat(100, 5));
  });

  it("a handful of requests says nothing about errors", () => {
    const reported = (_: string, group: string): Series => repeat(group === green ? 9 : nothing, 5);
    const values = watched(alarmQueries(alarmOf("server-errors")), reported);
    assert.deepEqual(values, repeat(nothing, 5));
    assert.ok(inAlarm(alarmOf("server-errors"), values).every((state) => !state));
  });

  it("slow answers raise the alarm on either group, and through the swap", () => {
    const values = watched(alarmQueries(alarmOf("latency")), moving(3));
    assert.deepEqual(values, repeat(3, 22));
    const states = inAlarm(alarmOf("latency"), values);
    assert.deepEqual(states, [false, false, ...Array.from({ length: 20 }, () => true)]);
  });

  it("the slower group counts, not the sum", () => {
    const values = watched(alarmQueries(alarmOf("latency")), (_, group) => repeat(group === blue ? 1.5 : 1.2, 5));
    assert.deepEqual(values, repeat(1.5, 5));
  });

  it("unhealthy tasks raise the alarm on either group, and add up over both", () => {
    assert.equal(inAlarm(alarmOf("unhealthy"), watched(alarmQueries(alarmOf("unhealthy")), moving(1))).at(-1), true);
    assert.deepEqual(
      watched(alarmQueries(alarmOf("unhealthy")), () => repeat(1, 3)),
      repeat(2, 3),
    );
  });

  it("no traffic at all raises no alarm", () => {
    for (const role of ["server-errors", "latency", "unhealthy"]) {
      const values = watched(alarmQueries(alarmOf(role)), () => repeat(nothing, 10));
      assert.ok(
        inAlarm(alarmOf(role), values).every((state) => !state),
        role,
      );
    }
  });
});
