import assert from "node:assert/strict";

import type { WebServiceArgs } from "../../components/web-service/web-service";
import { runService, listener, web, worker } from "./web-service-fixture";

/** Every line of the one error, without its head; nothing may have been registered. */
async function faults(args: WebServiceArgs, name = "api"): Promise<string[]> {
  const result = await runService(name, args);
  assert.deepEqual(result.resources, []);
  assert.ok(result.error, "an error");
  assert.equal((result.error as { __pulumiRunError?: boolean }).__pulumiRunError, true);
  const [head, ...lines] = result.error.message.split("\n");
  assert.equal(head, `WebService "${name}":`);
  return lines.map((line) => line.trim());
}

const http = { listener, port: 8080, priority: 10 };
const range = (path: string, was: unknown, from: number, to: number) =>
  `${path}: was ${JSON.stringify(was)}; allowed: a whole number from ${from} to ${to}; set one in that range`;
const percent = (path: string, was: number, from: number) =>
  `${path}: was ${was}; allowed: ${from} to 100 percent, with at most one decimal; set one in that range`;
const tag = (was: string) =>
  `image.tag: was "${was}"; allowed: the 40 hexadecimal digits of a git commit; ` +
  "set the SHA that the image was pushed with, so that every deployment can be told apart and repeated";
const image = (value: string) => ({ ...worker().image, tag: value });
const schedule = { name: "night", expression: "rate(1 day)", min: 0, max: 0 };
const retentions =
  "1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653";
const functionArn = "arn:aws:lambda:ap-northeast-1:111111111111:function:smoke-test";
const nameCure = "AWS limits the names made from it: change it";

const cases: [what: string, args: WebServiceArgs, expected: string[]][] = [
  ["latest", worker({ image: image("latest") }), [tag("latest")]],
  ["no tag", worker({ image: image("") }), [tag("")]],
  ["a short SHA", worker({ image: image("0123456") }), [tag("0123456")]],
  ["a SHA in capitals", worker({ image: image("A".repeat(40)) }), [tag("A".repeat(40))]],
  [
    "an unknown CPU size",
    worker({ cpu: 300 }),
    ["cpu: was 300; allowed: 256, 512, 1024, 2048, 4096, 8192, 16384, 32768; set one of Fargate's sizes, in CPU units"],
  ],
  [
    "a wrong pair",
    worker({ cpu: 256, memory: 4096 }),
    ["memory: was 4096; allowed: 512, 1024, 2048 with cpu 256; set one of Fargate's pairs, in MiB"],
  ],
  [
    "memory between two steps",
    worker({ cpu: 8192, memory: 17408 }),
    ["memory: was 17408; allowed: 16384 to 61440 in steps of 4096 with cpu 8192; set one of Fargate's pairs, in MiB"],
  ],
  [
    "a retention that CloudWatch has not",
    worker({ logRetentionDays: 31 as 30 }),
    [`logRetentionDays: was 31; allowed: ${retentions}; set one that CloudWatch Logs takes`],
  ],
  ["stop timeout too short", worker({ stopTimeoutSeconds: 1 }), [range("stopTimeoutSeconds", 1, 2, 120)]],
  ["stop timeout too long", worker({ stopTimeoutSeconds: 121 }), [range("stopTimeoutSeconds", 121, 2, 120)]],
  ...["root", "0", "0:1000", "root:app", "", "a b"].map((user): (typeof cases)[number] => [
    `user "${user}"`,
    worker({ user }),
    [
      `user: was ${JSON.stringify(user)}; allowed: uid, uid:gid, user or user:group, and not root; ` +
        "run the image as an ordinary user",
    ],
  ]),
  [
    "writable paths that are no paths or there already",
    worker({
      exec: true,
      writablePaths: ["cache", "/a/", "/tmp", "/b", "/b", "/var/log/amazon"].map((path) => ({ path })),
    }),
    [
      'writablePaths: was "cache"; allowed: an absolute path; write it as /var/cache/app',
      'writablePaths: was "/a/"; allowed: an absolute path; write it as /var/cache/app',
      ...["/tmp", "/b", "/var/log/amazon"].map(
        (path) => `writablePaths: was "${path}"; allowed: each directory once; leave it out: it is there already`,
      ),
    ],
  ],
  [
    "memory file systems that leave too little memory",
    worker({ tmpMiB: 200, writablePaths: [{ path: "/run/app", memoryMiB: 57 }] }),
    [
      "tmpMiB: was 257; allowed: with writablePaths, at most half of memory (256); " +
        "memory file systems use the task's memory: lower tmpMiB and memoryMiB, or raise memory",
    ],
  ],
  ["no /tmp", worker({ tmpMiB: 0 }), [range("tmpMiB", 0, 1, 512)]],
  [
    "a health check out of range",
    worker({
      healthCheck: { command: ["curl"], intervalSeconds: 4, timeoutSeconds: 61, retries: 0, startPeriodSeconds: 301 },
    }),
    [
      'healthCheck.command: was ["curl"]; allowed: ["CMD", program, ...] or ["CMD-SHELL", line]; ' +
        'begin with "CMD" or "CMD-SHELL"',
      range("healthCheck.intervalSeconds", 4, 5, 300),
      range("healthCheck.timeoutSeconds", 61, 2, 60),
      range("healthCheck.retries", 0, 1, 10),
      range("healthCheck.startPeriodSeconds", 301, 0, 300),
    ],
  ],
  ["port 0", web({ http: { ...http, port: 0 } }), [range("http.port", 0, 1, 65535)]],
  ["port 65536", web({ http: { ...http, port: 65536 } }), [range("http.port", 65536, 1, 65535)]],
  ["priority 0", web({ http: { ...http, priority: 0 } }), [range("http.priority", 0, 1, 50000)]],
  ["priority 50001", web({ http: { ...http, priority: 50001 } }), [range("http.priority", 50001, 1, 50000)]],
  [
    "six values in one rule",
    web({ http: { ...http, paths: ["/a", "/b", "/c"], hosts: ["a.example.com", "b.example.com", "c.example.com"] } }),
    ["http.paths and http.hosts: was 6; allowed: 1 to 5 values together; widen the patterns, or split the service"],
  ],
  [
    "no value at all",
    web({ http: { ...http, paths: [] } }),
    ["http.paths and http.hosts: was 0; allowed: 1 to 5 values together; widen the patterns, or split the service"],
  ],
  [
    "patterns that are none",
    web({ http: { ...http, paths: ["api"], hosts: ["localhost"], healthCheckPath: "up" } }),
    [
      'http.paths: was "api"; allowed: a pattern of at most 128 characters that begins with / or *; write it as /api/*',
      'http.hosts: was "localhost"; allowed: a host name of at most 128 characters with a dot; ' +
        "write it as api.example.com or *.example.com",
      'http.healthCheckPath: was "up"; allowed: a path that begins with /; write it as /healthz',
    ],
  ],
  [
    "delays out of range",
    web({ http: { ...http, healthCheckGracePeriodSeconds: -1, deregistrationDelaySeconds: 3601 } }),
    [
      range("http.healthCheckGracePeriodSeconds", -1, 0, 2147483647),
      range("http.deregistrationDelaySeconds", 3601, 0, 3600),
    ],
  ],
  ...(["blueGreen", "canary", "linear"] as const).map((strategy): (typeof cases)[number] => [
    `${strategy} without http`,
    worker({ deployment: { strategy } }),
    [
      `deployment.strategy: was "${strategy}"; allowed: rolling, for a service without http; ` +
        "set http, or leave the deployment out",
    ],
  ]),
  [
    "bake time over a day",
    web({ deployment: { strategy: "blueGreen", bakeMinutes: 1441 } }),
    [range("deployment.bakeMinutes", 1441, 0, 1440)],
  ],
  [
    "a canary of nothing",
    web({ deployment: { strategy: "canary", canaryPercent: 0, canaryMinutes: -1 } }),
    [percent("deployment.canaryPercent", 0, 0.1), range("deployment.canaryMinutes", -1, 0, 1440)],
  ],
  [
    "linear steps too small and too fine",
    web({ deployment: { strategy: "linear", stepPercent: 2.55, stepMinutes: 1.5 } }),
    [percent("deployment.stepPercent", 2.55, 3), range("deployment.stepMinutes", 1.5, 0, 1440)],
  ],
  [
    "hooks without a stage, or with one twice",
    web({
      deployment: {
        strategy: "blueGreen",
        hooks: [
          { functionArn, stages: [] },
          { functionArn, stages: ["POST_SCALE_UP", "POST_SCALE_UP"], timeoutMinutes: 0 },
        ],
      },
    }),
    [
      "deployment.hooks[0].stages: was []; allowed: at least one stage, each once; name when the function is called",
      'deployment.hooks[1].stages: was ["POST_SCALE_UP","POST_SCALE_UP"]; allowed: at least one stage, each once; ' +
        "name when the function is called",
      range("deployment.hooks[1].timeoutMinutes", 0, 1, 1440),
    ],
  ],
  [
    "min over max",
    worker({ scaling: { min: 3, max: 2 } }),
    ["scaling.min: was 3; allowed: at most scaling.max (2); swap them, or raise max"],
  ],
  [
    "limits that are no counts",
    worker({ scaling: { min: -1, max: 5001 } }),
    [range("scaling.min", -1, 0, 5000), range("scaling.max", 5001, 0, 5000)],
  ],
  [
    "targets out of range",
    web({ scaling: { min: 1, max: 2, cpuPercent: 0, memoryPercent: 101, requestsPerTarget: 0 } }),
    [
      percent("scaling.cpuPercent", 0, 1),
      percent("scaling.memoryPercent", 101, 1),
      range("scaling.requestsPerTarget", 0, 1, 1_000_000),
    ],
  ],
  [
    "requests without http",
    worker({ scaling: { min: 1, max: 2, requestsPerTarget: 100 } }),
    [
      "scaling.requestsPerTarget: was 100; allowed: not set, without http; " +
        "set http, or scale by cpuPercent or memoryPercent",
    ],
  ],
  [
    "a count beside scaling",
    worker({ desiredCount: 2, scaling: { min: 1, max: 2 } }),
    ["desiredCount: was 2; allowed: not set, with scaling; set scaling.min and scaling.max instead"],
  ],
  ["a negative count", worker({ desiredCount: -1 }), [range("desiredCount", -1, 0, 5000)]],
  [
    "schedules that are none",
    worker({
      scaling: {
        min: 1,
        max: 2,
        schedules: [
          schedule,
          { ...schedule, expression: "0 20 * * *", timezone: "Tokyo", min: 2, max: 1 },
          { ...schedule, name: "No Go" },
        ],
      },
    }),
    [
      'scaling.schedules[1].name: was "night"; allowed: kebab-case, each name once; ' +
        "name what the schedule does, such as night",
      'scaling.schedules[1].expression: was "0 20 * * *"; ' +
        "allowed: cron(minutes hours day-of-month month day-of-week year), at(yyyy-mm-ddThh:mm:ss) or rate(value unit); " +
        "write it as cron(0 20 ? * MON-FRI *)",
      'scaling.schedules[1].timezone: was "Tokyo"; allowed: an IANA time zone; write it as Asia/Tokyo',
      "scaling.schedules[1].min: was 2; allowed: at most scaling.schedules[1].max (1); swap them, or raise max",
      'scaling.schedules[2].name: was "No Go"; allowed: kebab-case, each name once; ' +
        "name what the schedule does, such as night",
    ],
  ],
  [
    "a Spot mix out of range",
    worker({ capacity: { base: -1, spotPercent: 101 } }),
    [range("capacity.base", -1, 0, 100_000), range("capacity.spotPercent", 101, 0, 100)],
  ],
  [
    "alarms that cannot go off",
    worker({
      alarms: {
        serverErrorPercent: 0,
        minimumRequests: 0,
        latencySeconds: 0,
        unhealthyTasks: 0,
        cpuPercent: 101,
        memoryPercent: 101,
      },
    }),
    [
      percent("alarms.serverErrorPercent", 0, 0.1),
      range("alarms.minimumRequests", 0, 1, 1_000_000),
      "alarms.latencySeconds: was 0; allowed: more than 0; set the slowest acceptable answer",
      range("alarms.unhealthyTasks", 0, 1, 5000),
      percent("alarms.cpuPercent", 101, 1),
      percent("alarms.memoryPercent", 101, 1),
    ],
  ],
  [
    "a variable set twice",
    worker({
      environment: { ORDERS_TABLE_NAME: "mine", TOKEN: "a" },
      secrets: { TOKEN: { arn: functionArn } },
      uses: [{ name: "orders-table", env: { NAME: "theirs" }, statements: [] }],
    }),
    [
      'uses: was "TOKEN"; allowed: each variable set once; ' +
        "environment and secrets both set it: take one access that covers both, or rename one",
      'uses: was "ORDERS_TABLE_NAME"; allowed: each variable set once; ' +
        'environment and access "orders-table" both set it: take one access that covers both, or rename one',
    ],
  ],
];

describe("WebService faults", () => {
  for (const [what, args, expected] of cases) {
    it(`refuses ${what}`, async () => assert.deepEqual(await faults(args), expected));
  }

  it("limits the name to what target groups and roles can carry", async () => {
    const long = (n: number) => "a".repeat(n);
    assert.deepEqual(await faults(web(), long(19)), [
      `name: was "${long(19)}"; allowed: kebab-case, at most 18 characters; ${nameCure}`,
    ]);
    assert.deepEqual(await faults(worker(), long(42)), [
      `name: was "${long(42)}"; allowed: kebab-case, at most 41 characters; ${nameCure}`,
    ]);
    assert.deepEqual(await faults(worker(), "My_Api"), [
      `name: was "My_Api"; allowed: kebab-case, at most 41 characters; ${nameCure}`,
    ]);
    assert.equal((await runService(long(18), web())).error, undefined);
    assert.equal((await runService(long(41), worker())).error, undefined);
  });

  it("reports all of them together", async () => {
    const lines = await faults(
      web({ cpu: 1, logRetentionDays: 2 as 1, image: image("v1"), http: { ...http, port: -1 } }),
    );
    assert.deepEqual(
      lines.map((line) => line.split(":")[0]),
      ["image.tag", "cpu", "logRetentionDays", "http.port"],
    );
  });
});
