import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { readFileSync } from "node:fs";

import { taggableTypes, untaggedRegionalTypes } from "../../policy/lib/tags";
import * as rules from "../../policy/rules/tagging";
import { taggableSource } from "../../policy/scripts/taggable";
import { type Break, type Props, StackBuilder, UNKNOWN, analyse, replaced, testRule } from "./harness";

const tags = {
  Project: "shop",
  Environment: "prod",
  Owner: "team@example.com",
  CostCenter: "1234",
  ManagedBy: "pulumi",
  DataClass: "internal",
};
const cluster = "aws:ecs/cluster:Cluster";
const good = { tagsAll: tags };
const provider = { defaultTags: JSON.stringify({ tags }) };
const cureKeys = "set them in the provider's defaultTags, or in tags here";

describe("tagging", () => {
  testRule(rules.tagRequiredKeys, cluster, good, [
    ...Object.keys(tags).map((key): Break => [`tagsAll.${key}`, undefined, `tags lack ${key}: ${cureKeys}`]),
    ...Object.keys(tags).map((key): Break => [`tagsAll.${key}`, "", `tags lack ${key}: ${cureKeys}`]),
    ["tagsAll", {}, `tags lack ${Object.keys(tags).join(", ")}: ${cureKeys}`],
  ]);

  describe("tag-required-keys", () => {
    it("falls back to the provider's default tags where tagsAll is not known or not there", () => {
      for (const props of [{}, { tagsAll: UNKNOWN }, { tags: { Name: UNKNOWN }, tagsAll: UNKNOWN }]) {
        assert.deepEqual(analyse(rules.tagRequiredKeys, cluster, props, { provider }), []);
      }
      const bare = { defaultTags: JSON.stringify({ tags: { ...tags, Owner: "" } }) };
      const findings = analyse(rules.tagRequiredKeys, cluster, { tags: { CostCenter: "7" } }, { provider: bare });
      assert.deepEqual(findings, [{ message: `tags lack Owner: ${cureKeys}`, severity: "medium" }]);
    });

    it("lets no default tag stand for one that the resource takes away", () => {
      const findings = analyse(rules.tagRequiredKeys, cluster, { tags: { Owner: "" } }, { provider });
      assert.deepEqual(findings, [{ message: `tags lack Owner: ${cureKeys}`, severity: "medium" }]);
    });

    it("reports nothing that an unknown map may hold", () => {
      assert.deepEqual(analyse(rules.tagRequiredKeys, cluster, { tags: UNKNOWN, tagsAll: UNKNOWN }), []);
      assert.deepEqual(analyse(rules.tagRequiredKeys, cluster, {}, { provider: { defaultTags: UNKNOWN } }), []);
    });

    it("leaves types alone that take no tags", () => {
      for (const type of ["aws:kms/alias:Alias", "aws:iam/rolePolicy:RolePolicy", "aws:s3/bucketPolicy:BucketPolicy"]) {
        assert.equal(typeof analyse(rules.tagRequiredKeys, type, {}), "string");
      }
    });

    it("takes other keys from the configuration", () => {
      const findings = analyse(
        rules.tagRequiredKeys,
        cluster,
        { tagsAll: { a: "1" } },
        { config: { keys: ["a", "b"] } },
      );
      assert.deepEqual(findings, [{ message: `tags lack b: ${cureKeys}`, severity: "medium" }]);
    });
  });

  describe("tag-allowed-values", () => {
    const rule = rules.tagAllowedValues;
    const text = (path: string, allowed: string) => `tags.${path} is not an allowed value: set it to ${allowed}`;
    const only = (props: Props, stack: string, config: Props = {}) => analyse(rule, cluster, props, { stack, config });

    it("passes what complies, whatever the stack is called", () => {
      for (const stack of ["dev", "stg", "prod", "blue"]) {
        assert.deepEqual(only(replaced(good, "tagsAll.Environment", stack), stack), []);
      }
    });

    it("reports each wrong value, at the level of the stack's environment", () => {
      const classes = "public or internal or confidential or restricted";
      for (const [key, value, message] of [
        ["Environment", "production", text("Environment", "prod")],
        ["Environment", "dev", text("Environment", "prod")],
        ["ManagedBy", "terraform", text("ManagedBy", "pulumi")],
        ["DataClass", "Internal", text("DataClass", classes)],
      ] as const) {
        const findings = only(replaced(good, `tagsAll.${key}`, value), "prod");
        assert.deepEqual(findings, [{ message, severity: "medium" }]);
      }
      assert.deepEqual(only(good, "dev"), [
        { message: text("Environment", "dev"), severity: "medium", enforcementLevel: "advisory" },
      ]);
    });

    it("goes past unknown and missing tags, one by one", () => {
      assert.deepEqual(only(replaced(good, "tagsAll.Environment", UNKNOWN), "prod"), []);
      assert.deepEqual(only({ tagsAll: {} }, "prod"), []);
      const both = replaced(replaced(good, "tagsAll.Environment", UNKNOWN), "tagsAll.ManagedBy", "hand");
      assert.equal((only(both, "prod") as unknown[]).length, 1);
    });

    it("takes the name of the environment too, where the configuration maps the stack to one", () => {
      const config = { environments: { blue: "prod" } };
      assert.deepEqual(only(good, "blue", config), []);
      assert.deepEqual(only(replaced(good, "tagsAll.Environment", "blue"), "blue", config), []);
      assert.equal((only(good, "blue") as unknown[]).length, 1);
    });

    it("never prints the value", () => {
      const findings = JSON.stringify(only(replaced(good, "tagsAll.DataClass", "hunter2"), "prod"));
      assert.ok(!findings.includes("hunter2"));
    });
  });

  const characters = "letters, digits, spaces or _ . : / = + - @";
  testRule(rules.tagFormat, cluster, good, [
    ["tagsAll", { "a*b": "x" }, `tags.a*b is no valid key: use 1 to 128 ${characters}`],
    ["tagsAll", { ["k".repeat(129)]: "x" }, `tags.${"k".repeat(128)} is no valid key: use 1 to 128 ${characters}`],
    ["tagsAll", { "aws:x": "x" }, "tags.aws:x starts with aws:, which is reserved: rename the tag"],
    ["tagsAll.Owner", "v".repeat(257), `tags.Owner has no valid value: use at most 256 ${characters}`],
    ["tagsAll.Owner", "a|b", `tags.Owner has no valid value: use at most 256 ${characters}`],
    ["tagsAll", { Owner: "x", owner: "x" }, "tags.owner differs from tags.Owner by case alone: keep one of the two"],
    [
      "tagsAll",
      Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, "v"])),
      "tags are more than 50: remove some: AWS takes 50 on a resource",
    ],
  ]);

  testRule(rules.tagProviderDefaults, "pulumi:providers:aws", provider, [
    [
      "defaultTags",
      undefined,
      `defaultTags.tags lack ${Object.keys(tags).join(", ")}: set them, so that every resource inherits them`,
    ],
    [
      "defaultTags",
      JSON.stringify({ tags: { ...tags, Owner: undefined } }),
      "defaultTags.tags lack Owner: set them, so that every resource inherits them",
    ],
  ]);

  const service = "aws:ecs/service:Service";
  testRule(rules.tagEcsPropagate, service, { propagateTags: "SERVICE", enableEcsManagedTags: true }, [
    ...[undefined, "NONE"].map((value): Break => [
      "propagateTags",
      value,
      "propagateTags leaves the tasks without tags: set it to SERVICE or TASK_DEFINITION",
    ]),
    ...[undefined, false].map((value): Break => [
      "enableEcsManagedTags",
      value,
      "enableEcsManagedTags is not on: set it to true, for costs by cluster and service",
    ]),
  ]);

  const volumeTags = "volumeConfiguration.managedEbsVolume.tagSpecifications";
  const untagged = `${volumeTags} leave the volume without tags: add { resourceType: "volume", propagateTags: "SERVICE" }`;
  testRule(
    rules.tagEcsEbs,
    service,
    {
      volumeConfiguration: {
        managedEbsVolume: { sizeInGb: 1, tagSpecifications: [{ resourceType: "volume", propagateTags: "SERVICE" }] },
      },
    },
    [
      [volumeTags, undefined, untagged],
      [volumeTags, [], untagged],
      [`${volumeTags}[0].propagateTags`, "NONE", untagged],
      [`${volumeTags}[0].propagateTags`, undefined, untagged],
      [`${volumeTags}[0].resourceType`, "snapshot", untagged],
    ],
  );

  const kinds = ["instance", "volume", "network-interface"];
  testRule(
    rules.tagLaunchTemplate,
    "aws:ec2/launchTemplate:LaunchTemplate",
    { tagSpecifications: kinds.map((resourceType) => ({ resourceType, tags })) },
    kinds.flatMap((kind, i): Break[] => [
      [
        `tagSpecifications[${i}].tags.Owner`,
        undefined,
        `tagSpecifications (${kind}) lack Owner: add them: default tags do not reach it`,
      ],
      [
        `tagSpecifications[${i}].resourceType`,
        "spot-instances-request",
        `tagSpecifications (${kind}) lack ${Object.keys(tags).join(", ")}: add them: default tags do not reach it`,
      ],
    ]),
  );

  // An interface that is there already has tags of its own.
  testRule(
    rules.tagLaunchTemplate,
    "aws:ec2/launchTemplate:LaunchTemplate",
    {
      tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags })),
      networkInterfaces: [{ networkInterfaceId: "eni-1" }],
    },
    [
      [
        "networkInterfaces[0].networkInterfaceId",
        undefined,
        `tagSpecifications (network-interface) lack ${Object.keys(tags).join(", ")}: add them: default tags do not reach it`,
      ],
    ],
  );

  describe("tag-asg-propagate", () => {
    const group = "aws:autoscaling/group:Group";
    const list = Object.entries(tags).map(([key, value]) => ({ key, value, propagateAtLaunch: true }));
    const wrong = "group: tags (Owner) does not reach the instances: add it with propagateAtLaunch: true";

    it("passes tags on the group and tags apart from it", () => {
      assert.deepEqual(new StackBuilder().add(group, "group", { tags: list }).messages(rules.tagAsgPropagate), []);
      const apart = new StackBuilder().add(group, "group", { tags: list.slice(1) });
      apart.add("aws:autoscaling/tag:Tag", "tag", { tag: list[0] }, { links: { autoscalingGroupName: ["group"] } });
      assert.deepEqual(apart.messages(rules.tagAsgPropagate), []);
    });

    it("reports each tag that does not reach the instances", () => {
      for (const [path, value] of [
        ["tags[2].key", "owner"],
        ["tags[2].value", ""],
        ["tags[2].propagateAtLaunch", false],
      ] as const) {
        const stack = new StackBuilder().add(group, "group", replaced({ tags: list }, path, value));
        assert.deepEqual(stack.messages(rules.tagAsgPropagate), [wrong]);
      }
    });

    it("goes past unknown tags", () => {
      for (const tags of [UNKNOWN, [UNKNOWN], [{ key: UNKNOWN, value: "x", propagateAtLaunch: true }]]) {
        assert.deepEqual(new StackBuilder().add(group, "group", { tags }).messages(rules.tagAsgPropagate), []);
      }
    });
  });

  it("knows the types of the installed @pulumi/aws that take tags, and the others that take a region", () => {
    const root = dirname(require.resolve("@pulumi/aws/package.json"));
    const committed = readFileSync(join(__dirname, "../../policy/lib/taggable.ts"), "utf8");
    assert.equal(committed, taggableSource(root), "stale: run npx ts-node policy/scripts/taggable.ts");
    assert.ok(taggableTypes.includes("aws:s3/bucket:Bucket"));
    assert.ok(taggableTypes.length > 800);
    const all = [...taggableTypes, ...untaggedRegionalTypes];
    assert.ok(all.length > 1_500);
    assert.equal(new Set(all).size, all.length);
  });
});
