import assert from "node:assert/strict";

type Input = Record<string, unknown>;
type Answer = { hookStatus: string; hookDetails?: Input };

interface Aws {
  ecs: (name: string, input: Input) => Promise<Input>;
  now: () => number;
  log: Record<"info" | "error", (line: Input) => void>;
}

// eslint-disable-next-line @typescript-eslint/no-require-imports -- the function is plain JavaScript, as Lambda runs it
const { createHandler } = require("../../components/web-service/hook/handler.js") as {
  createHandler: (aws: Aws) => (event: Input) => Promise<Answer>;
};

const arn = (rest: string) => `arn:aws:ecs:ap-northeast-1:111111111111:${rest}`;
const minute = 60_000;

/** What the service states; ECS passes it to each call. */
const settings = {
  cluster: arn("cluster/main"),
  taskDefinition: arn("task-definition/kiban-dev-api-migration:7"),
  container: "api-migration",
  subnets: "subnet-1,subnet-2",
  securityGroup: "sg-1",
  timeoutMinutes: 15,
};

/** The event of AWS's ECS Developer Guide, "Lifecycle payloads", PRE_SCALE_UP. */
function event(deployment = "EZe5RNVLH6PPzHXINuP28"): Input {
  return {
    executionId: "e8d5a28f-eb01-4f3c-9454-a30ba6dc54bc",
    lifecycleStage: "PRE_SCALE_UP",
    resourceArn: arn(`service-deployment/main/api-service/${deployment}`),
    executionDetails: {
      serviceArn: arn("service/main/api-service"),
      targetServiceRevisionArn: arn("service-revision/main/api-service/9313423515462893900"),
      testTrafficWeights: {},
      productionTrafficWeights: {},
    },
    hookDetails: settings,
  };
}

class EcsError extends Error {
  readonly resourceIds: string[];

  constructor(
    override readonly name: string,
    readonly $fault: "client" | "server",
    ...resourceIds: string[]
  ) {
    super(`${name} of ECS`);
    this.resourceIds = resourceIds;
  }
}

interface Task extends Input {
  taskArn: string;
  lastStatus: string;
}

/** ECS as far as the function sees it: its client tokens, tasks whose state the test sets, errors to come. */
class FakeEcs {
  readonly calls: [string, Input][] = [];
  readonly logged: ["info" | "error", Input][] = [];
  readonly tasks: Task[] = [];
  readonly errors = new Map<string, Error>();
  /** What RunTask answers in place of a task. */
  failures: Input[] = [];
  clock = Date.UTC(2026, 3, 1);
  private readonly tokens = new Map<string, { request: string; task: Task }>();
  private readonly handler = createHandler({
    ecs: (name, input) => this.send(name, input),
    now: () => this.clock,
    log: {
      info: (line) => void this.logged.push(["info", line]),
      error: (line) => void this.logged.push(["error", line]),
    },
  });

  call(input: Input): Promise<Answer> {
    // Through JSON, as Lambda passes both.
    return this.handler(JSON.parse(JSON.stringify(input)) as Input).then(
      (answer) => JSON.parse(JSON.stringify(answer)) as Answer,
    );
  }

  /** The next call of the same hook: what the answer held is added to the service's details. */
  next(input: Input, { hookDetails }: Answer): Promise<Answer> {
    return this.call({ ...input, hookDetails: { ...(input["hookDetails"] as Input), ...hookDetails } });
  }

  count(name: string): number {
    return this.calls.filter(([called]) => called === name).length;
  }

  end(exitCode: number | undefined, more: Input = {}): void {
    Object.assign(this.tasks.at(-1) ?? {}, {
      lastStatus: "STOPPED",
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
      containers: [
        { name: "aws-guardduty-agent-x", exitCode: 137 },
        { name: "api-migration", ...(exitCode !== undefined && { exitCode }) },
      ],
      ...more,
    });
  }

  private async send(name: string, input: Input): Promise<Input> {
    this.calls.push([name, input]);
    await Promise.resolve();
    const error = this.errors.get(name);
    if (error !== undefined) throw error;
    if (name === "RunTask") return this.runTask(input);
    if (name === "StopTask") return {};
    assert.equal(name, "DescribeTasks");
    assert.equal(input["cluster"], settings.cluster);
    const wanted = input["tasks"] as string[];
    return { tasks: this.tasks.filter((task) => wanted.includes(task.taskArn)), failures: [] };
  }

  private runTask(input: Input): Input {
    if (this.failures.length > 0) return { tasks: [], failures: this.failures };
    const request = JSON.stringify(input);
    const token = input["clientToken"] as string;
    let known = this.tokens.get(token);
    if (known !== undefined && known.request !== request) {
      throw new EcsError("ConflictException", "client", known.task.taskArn);
    }
    if (known === undefined) {
      const task = { taskArn: arn(`task/main/${this.tasks.length + 1}`), lastStatus: "PROVISIONING" };
      this.tasks.push(task);
      known = { request, task };
      this.tokens.set(token, known);
    }
    // As the documentation has it: no more than the ARN is sure.
    return { tasks: [{ taskArn: known.task.taskArn }], failures: [] };
  }
}

describe("the function that runs a migration", () => {
  let ecs: FakeEcs;
  beforeEach(() => (ecs = new FakeEcs()));

  it("starts the task that the service names, where the service names it", async () => {
    const answer = await ecs.call(event());
    assert.deepEqual(answer, {
      hookStatus: "IN_PROGRESS",
      hookDetails: { since: ecs.clock, taskArn: ecs.tasks[0]?.taskArn },
    });
    const { clientToken, ...request } = ecs.calls[0]?.[1] ?? {};
    assert.deepEqual(request, {
      cluster: settings.cluster,
      taskDefinition: settings.taskDefinition,
      count: 1,
      capacityProviderStrategy: [{ capacityProvider: "FARGATE", weight: 1 }],
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: ["subnet-1", "subnet-2"],
          securityGroups: ["sg-1"],
          assignPublicIp: "DISABLED",
        },
      },
      propagateTags: "TASK_DEFINITION",
      enableECSManagedTags: true,
      tags: [{ key: "Migration", value: "api-migration" }],
      startedBy: "migration/9313423515462893900",
    });
    // AWS: RunTask takes up to 64 characters of the range 33 to 126 as token.
    assert.match(clientToken as string, /^[0-9a-f]{64}$/);
  });

  it("waits, with one task, and lets the deployment go on when it ended with 0", async () => {
    let answer = await ecs.call(event());
    for (const lastStatus of ["PENDING", "RUNNING", "DEPROVISIONING"]) {
      Object.assign(ecs.tasks[0] ?? {}, { lastStatus });
      ecs.clock += 30_000;
      answer = await ecs.next(event(), answer);
      assert.equal(answer.hookStatus, "IN_PROGRESS", lastStatus);
    }
    ecs.end(0);
    assert.deepEqual(await ecs.next(event(), answer), { hookStatus: "SUCCEEDED" });
    assert.equal(ecs.count("RunTask"), 1);
    assert.equal(ecs.count("StopTask"), 0);
    assert.deepEqual(
      ecs.logged.filter(([level]) => level === "error"),
      [],
    );
  });

  describe("stops the deployment, and says why in the log", () => {
    const cases: [string, (ecs: FakeEcs) => void, RegExp][] = [
      ["a migration that ends with another code", (fake) => fake.end(3), /exit code 3/],
      [
        "an image that cannot be pulled",
        (fake) =>
          fake.end(undefined, {
            stopCode: "TaskFailedToStart",
            stoppedReason: "CannotPullContainerError: no such tag",
          }),
        /it never ran: TaskFailedToStart: CannotPullContainerError: no such tag/,
      ],
      [
        "a task without containers",
        (fake) => fake.end(undefined, { stopCode: "TaskFailedToStart", containers: undefined }),
        /never ran/,
      ],
      [
        "a task that somebody stopped, whatever it ended with",
        (fake) => fake.end(0, { stopCode: "UserInitiated" }),
        /UserInitiated/,
      ],
      [
        "a migration that ran out of memory",
        (fake) => fake.end(137, { containers: [{ name: "api-migration", exitCode: 137, reason: "OutOfMemoryError" }] }),
        /exit code 137: .*OutOfMemoryError/,
      ],
      [
        "another container's 0",
        (fake) => fake.end(undefined, { containers: [{ name: "other", exitCode: 0 }] }),
        /never ran/,
      ],
    ];
    for (const [what, end, reason] of cases) {
      it(`for ${what}`, async () => {
        const answer = await ecs.call(event());
        end(ecs);
        assert.deepEqual(await ecs.next(event(), answer), { hookStatus: "FAILED" });
        const [level, line] = ecs.logged.at(-1) ?? [];
        assert.equal(level, "error");
        assert.match(line?.["reason"] as string, reason);
        assert.equal(line?.["taskArn"], ecs.tasks[0]?.taskArn);
      });
    }

    it("for a task that is not started", async () => {
      ecs.failures = [{ reason: "Capacity is unavailable at this time" }];
      assert.deepEqual(await ecs.call(event()), { hookStatus: "FAILED" });
      assert.match(ecs.logged[0]?.[1]["reason"] as string, /not started: Capacity is unavailable/);
    });

    it("for one that takes too long, which it stops", async () => {
      const started = await ecs.call(event());
      ecs.clock += 15 * minute - 1;
      assert.equal((await ecs.next(event(), started)).hookStatus, "IN_PROGRESS");
      ecs.clock += 1;
      assert.deepEqual(await ecs.next(event(), started), { hookStatus: "FAILED" });
      assert.deepEqual(ecs.calls.at(-1), [
        "StopTask",
        {
          cluster: settings.cluster,
          task: ecs.tasks[0]?.taskArn,
          reason: "the migration took more than 15 minutes",
        },
      ]);
    });
  });

  it("takes a migration that ended just before its time was over", async () => {
    const started = await ecs.call(event());
    ecs.end(0);
    ecs.clock += 20 * minute;
    assert.deepEqual(await ecs.next(event(), started), { hookStatus: "SUCCEEDED" });
  });

  it("counts the time from the first call, not from the last", async () => {
    let answer = await ecs.call(event());
    for (let i = 0; i < 30; i++) {
      assert.equal(answer.hookStatus, "IN_PROGRESS");
      ecs.clock += 30_000;
      answer = await ecs.next(event(), answer);
    }
    assert.equal(answer.hookStatus, "FAILED");
  });

  describe("starts one task for a deployment", () => {
    it("when it is called twice at once", async () => {
      const answers = await Promise.all([ecs.call(event()), ecs.call(event())]);
      assert.equal(ecs.count("RunTask"), 2);
      assert.equal(ecs.tasks.length, 1);
      assert.deepEqual(answers[0], answers[1]);
    });

    it("when ECS passes nothing on from the call before", async () => {
      await ecs.call(event());
      await ecs.call(event());
      ecs.end(0);
      assert.deepEqual(await ecs.call(event()), { hookStatus: "SUCCEEDED" });
      assert.equal(ecs.tasks.length, 1);
    });

    it("when the answer to the start was lost", async () => {
      ecs.errors.set("DescribeTasks", new EcsError("ServerException", "server"));
      const answer = await ecs.call(event());
      ecs.errors.clear();
      await ecs.next(event(), { hookStatus: answer.hookStatus });
      assert.equal(ecs.tasks.length, 1);
    });

    it("when the request has changed since", async () => {
      await ecs.call(event());
      const changed = { ...event(), hookDetails: { ...settings, securityGroup: "sg-2" } };
      const answer = await ecs.call(changed);
      assert.equal(answer.hookDetails?.["taskArn"], ecs.tasks[0]?.taskArn);
      assert.equal(ecs.tasks.length, 1);
    });

    it("and another for the next, of the same revision too", async () => {
      await ecs.call(event());
      await ecs.call(event("anotherDeployment"));
      assert.equal(ecs.tasks.length, 2);
    });
  });

  describe("does not end a deployment for a fault of AWS's own", () => {
    const faults = [
      new EcsError("ServerException", "server"),
      new EcsError("ThrottlingException", "client"),
      new EcsError("TimeoutError", "client"),
    ];
    for (const operation of ["RunTask", "DescribeTasks"]) {
      for (const fault of faults) {
        it(`${fault.name} of ${operation}`, async () => {
          ecs.errors.set(operation, fault);
          const answer = await ecs.call(event());
          assert.equal(answer.hookStatus, "IN_PROGRESS");
          assert.equal(answer.hookDetails?.["since"], ecs.clock);
          ecs.errors.clear();
          await ecs.next(event(), answer);
          ecs.end(0);
          assert.equal((await ecs.next(event(), answer)).hookStatus, "SUCCEEDED");
          assert.equal(ecs.tasks.length, 1);
        });
      }
    }

    it("until the time is over", async () => {
      const answer = await ecs.call(event());
      ecs.errors.set("DescribeTasks", new EcsError("ServerException", "server"));
      ecs.clock += 15 * minute;
      assert.equal((await ecs.next(event(), answer)).hookStatus, "FAILED");
      assert.equal(ecs.logged.at(-1)?.[0], "error");
    });

    it("or for a task that is not known yet", async () => {
      const answer = await ecs.call(event());
      const [task] = ecs.tasks.splice(0);
      assert.equal((await ecs.next(event(), answer)).hookStatus, "IN_PROGRESS");
      ecs.tasks.push(task ?? assert.fail());
      ecs.end(0);
      assert.equal((await ecs.next(event(), answer)).hookStatus, "SUCCEEDED");
    });
  });

  it("gives its rights a minute to be known, and fails as a function then", async () => {
    ecs.errors.set("RunTask", new EcsError("AccessDeniedException", "client"));
    const answer = await ecs.call(event());
    assert.equal(answer.hookStatus, "IN_PROGRESS");
    ecs.clock += minute;
    await assert.rejects(ecs.next(event(), answer), { name: "AccessDeniedException" });
  });

  it("fails as a function for what asking again does not mend", async () => {
    ecs.errors.set("RunTask", new EcsError("InvalidParameterException", "client"));
    await assert.rejects(ecs.call(event()), { name: "InvalidParameterException" });
    ecs.errors.set("RunTask", new EcsError("ConflictException", "client"));
    await assert.rejects(ecs.call(event()), { name: "ConflictException" });
  });
});
