import { requiredTags } from "../../../policy/lib/tags";
import { types } from "../../../policy/lib/types";
import {
  tagAllowedValues,
  tagAsgPropagate,
  tagEcsEbs,
  tagEcsPropagate,
  tagFormat,
  tagLaunchTemplate,
  tagProviderDefaults,
  tagRequiredKeys,
} from "../../../policy/rules/tagging";
import { type Break, EMPTIED, type Proof, given, isTrue, one, oneOf, proof, values } from "../proof";

const tags = {
  Project: "shop",
  Environment: "prod",
  Owner: "web",
  CostCenter: "1000",
  ManagedBy: "pulumi",
  DataClass: "internal",
};
// One of each way in which types take tags; the list itself is compared with the SDK in tagging.test.ts.
const some = [types.cluster[0], types.service[0], types.repository[0], types.lambda[0]];
const owner = "tags (Owner)";
const specifications = "volumeConfiguration.managedEbsVolume.tagSpecifications";
/** While the whole of `tagsAll` is unknown, the rules read what it is made of. */
const unread = { tagsAll: "provider" };
const required = (path: string, at: string): Break[] =>
  requiredTags.map((key) => values(`${path}.${key}`, [undefined, null, EMPTIED], ["any"], { at, unread }));

export const tagging: readonly Proof[] = [
  proof(
    tagRequiredKeys,
    one(some, { tagsAll: tags }, required("tagsAll", "tags lack")),
    one(some, { tags }, required("tags", "tags lack"), { provider: { defaultTags: JSON.stringify({ tags: {} }) } }),
    one(some, {}, required("@provider.defaultTags>tags", "tags lack"), {
      provider: { defaultTags: JSON.stringify({ tags }) },
    }),
  ),
  proof(
    tagAllowedValues,
    one(some, { tagsAll: tags }, [
      values("tagsAll.Environment", ["dev", "Prod", "production"], [undefined], { at: "tags.Environment", unread }),
      values("tagsAll.DataClass", ["secret", "Internal"], ["public", "confidential", "restricted", undefined], {
        at: "tags.DataClass",
        unread,
      }),
      values("tagsAll.ManagedBy", ["terraform", "hand"], [undefined], { at: "tags.ManagedBy", unread }),
      values("tagsAll", [], [undefined], { unread }),
    ]),
    one(
      some,
      { tagsAll: tags },
      [values("tagsAll.CostCenter", ["100", "10000", "a1000"], ["2000", undefined], { at: "tags.CostCenter", unread })],
      { config: { patterns: { CostCenter: "\\d{4}" } } },
    ),
  ),
  proof(
    tagFormat,
    one(some, { tagsAll: { Name: "web one", Team: "a/b" } }, [
      values("tagsAll.Name", ["x".repeat(257), "a<b", "a;b"], ["x".repeat(256), "", "日本 _.:/=+-@"], {
        at: "tags.Name",
        unread,
      }),
      values("tagsAll.name", ["twin", null, EMPTIED], [undefined], {
        at: "tags.name differs",
        evenUnknown: true,
        unread,
      }),
      values("tagsAll.aws:thing", ["any", null, EMPTIED], [undefined], {
        at: "tags.aws:thing",
        evenUnknown: true,
        unread,
      }),
      values(`tagsAll.${"k".repeat(129)}`, ["any", null, EMPTIED], [undefined], {
        at: `tags.${"k".repeat(128)}`,
        evenUnknown: true,
        unread,
      }),
      values(`tagsAll.a*b`, ["any", null, EMPTIED], [undefined], { at: "tags.a*b", evenUnknown: true, unread }),
    ]),
    one(some, { tagsAll: tags }, [
      values("tagsAll", [Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, "v"]))], [undefined], {
        at: "tags are more than 50",
        unread,
      }),
    ]),
  ),
  proof(
    tagProviderDefaults,
    one(types.provider, { defaultTags: JSON.stringify({ tags }) }, [
      ...required("defaultTags>tags", "defaultTags.tags lack"),
      values("defaultTags", [undefined, EMPTIED, "{}"], [], { at: "defaultTags.tags lack" }),
    ]),
    one(
      types.provider,
      { defaultTags: JSON.stringify({ tags }), tagPolicyCompliance: "error" },
      [oneOf("tagPolicyCompliance", ["error"], ["warning", "disabled"])],
      { config: { tagPolicy: true } },
    ),
  ),
  proof(
    tagEcsPropagate,
    one(types.service, { propagateTags: "SERVICE", enableEcsManagedTags: true }, [
      oneOf("propagateTags", ["SERVICE", "TASK_DEFINITION"], ["NONE"]),
      isTrue("enableEcsManagedTags"),
    ]),
  ),
  proof(
    tagEcsEbs,
    one(
      types.service,
      {
        volumeConfiguration: {
          managedEbsVolume: {
            roleArn: "arn",
            tagSpecifications: [{ resourceType: "volume", propagateTags: "SERVICE" }],
          },
        },
      },
      [
        oneOf(`${specifications}[0].propagateTags`, ["SERVICE", "TASK_DEFINITION"], ["NONE"], { at: specifications }),
        oneOf(`${specifications}[0].resourceType`, ["volume"], ["snapshot"], { at: specifications }),
        values(specifications, [undefined, EMPTIED]),
        values("volumeConfiguration", [], [undefined]),
      ],
    ),
    one(
      types.service,
      { volumeConfiguration: { managedEbsVolume: { tagSpecifications: [{ resourceType: "volume", tags }] } } },
      [given(`${specifications}[0].tags`, { at: specifications })],
    ),
  ),
  proof(
    tagAsgPropagate,
    {
      resources: {
        group: {
          type: types.scalingGroup,
          inputs: {
            tags: Object.entries(tags).map(([key, value]) => ({ key, value, propagateAtLaunch: true })),
          },
          breaks: requiredTags.flatMap((key): Break[] => {
            const index = Object.keys(tags).indexOf(key);
            const at = `tags (${key})`;
            return [
              values(`tags[${index}]`, [undefined], [], { at, needs: ["tags"] }),
              isTrue(`tags[${index}].propagateAtLaunch`, { at, needs: [`tags[${index}].key`] }),
              values(`tags[${index}].value`, [undefined, null, EMPTIED], ["any"], {
                at,
                needs: [`tags[${index}].key`],
              }),
              values(`tags[${index}].key`, [key.toLowerCase(), undefined], [], { at, needs: ["tags"] }),
            ];
          }),
        },
      },
      // A tag in a resource of its own.
    },
    {
      config: { keys: ["Owner"] },
      resources: {
        group: { type: types.scalingGroup, inputs: {} },
        tag: {
          type: types.scalingGroupTag,
          inputs: { tag: { key: "Owner", value: "web", propagateAtLaunch: true } },
          links: { autoscalingGroupName: "group" },
          needed: { on: "group", at: owner },
          breaks: [
            values("tag.key", ["owner", undefined], [], { on: "group", at: owner }),
            values("tag.value", [undefined, EMPTIED], ["any"], { on: "group", at: owner, needs: ["tag.key"] }),
            isTrue("tag.propagateAtLaunch", { on: "group", at: owner, needs: ["tag.key"] }),
          ],
        },
      },
    },
  ),
  proof(
    tagLaunchTemplate,
    one(
      types.launchTemplate,
      {
        tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({ resourceType, tags })),
      },
      ["instance", "volume", "network-interface"].flatMap((kind, index) => [
        ...required(`tagSpecifications[${index}].tags`, `tagSpecifications (${kind}) lack`),
        values(`tagSpecifications[${index}].resourceType`, ["fleet", undefined], [], {
          at: `tagSpecifications (${kind}) lack`,
          needs: ["tagSpecifications"],
        }),
        values(`tagSpecifications[${index}]`, [undefined], [], {
          at: `tagSpecifications (${kind}) lack`,
          needs: ["tagSpecifications"],
        }),
      ]),
    ),
    // An interface that is there already.
    one(
      types.launchTemplate,
      {
        networkInterfaces: [{ deviceIndex: 0, networkInterfaceId: "eni-0123456789abcdef0" }],
        tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags })),
      },
      [
        given("networkInterfaces[0].networkInterfaceId", { at: "tagSpecifications (network-interface) lack" }),
        values("networkInterfaces", [undefined, []], [], { at: "tagSpecifications (network-interface) lack" }),
      ],
    ),
  ),
];
