import { dataStores } from "../../../policy/lib/data";
import { types } from "../../../policy/lib/types";
import { backupPlan, backupVaultKms } from "../../../policy/rules/backup";
import { cmkByDataClass, dataResidency, tagDataClass } from "../../../policy/rules/data-class";
import { regionAllowList } from "../../../policy/rules/regions";
import { tagCopyToSnapshots, tagExpiry, tagPropagateMisc } from "../../../policy/rules/tag-reach";
import {
  type Break,
  type Case,
  EMPTIED,
  type Proof,
  customerKey,
  isTrue,
  keyArn,
  notTrue,
  one,
  oneOf,
  proof,
  values,
} from "../proof";

const home = { provider: { region: "ap-northeast-1" } };
const restricted = { tagsAll: { DataClass: "restricted" } };
const away = ["eu-west-1", "us-east-1"];
const stays = (path: string): Break => values(path, away, [undefined], { needs: ["tagsAll"] });
/** A class that asks for less lets the same fault pass. */
const tame = values("tagsAll.DataClass", [], ["confidential", "internal", "public", undefined], {
  unread: { tagsAll: false },
});
/** While the whole of `tagsAll` is unknown, the rules read what it is made of: of `home`'s provider all is known. */
const unread = { tagsAll: "provider" };

const keyed = (type: readonly string[], inputs: object, path: string): Case =>
  one(type, { ...restricted, ...inputs }, [customerKey(path)]);
const harmless = (type: readonly string[], at: string): Case =>
  one(type, { tagsAll: { DataClass: "internal" } }, [
    values("tagsAll.DataClass", ["confidential", "restricted"], ["public", undefined], { at, unread }),
  ]);

const inRule = "rules[0].applyServerSideEncryptionByDefault";
const unplanned = { on: "store", at: "backup plan" };
const stores = [...types.volume, ...types.fileSystem];

export const placement: readonly Proof[] = [
  proof(
    tagDataClass,
    one(dataStores, { tagsAll: { DataClass: "internal" } }, [
      values("tagsAll.DataClass", [undefined, EMPTIED, "secret"], ["public", "confidential", "restricted"], {
        at: "tags.DataClass",
        unread,
      }),
    ]),
    one(
      dataStores,
      {},
      [values("@provider.defaultTags>tags.DataClass", [undefined, "secret"], [], { at: "tags.DataClass" })],
      {
        provider: { defaultTags: JSON.stringify({ tags: { DataClass: "internal" } }) },
      },
    ),
  ),
  proof(
    cmkByDataClass,
    keyed([...types.dbCluster, ...types.dbInstance], { kmsKeyId: keyArn }, "kmsKeyId"),
    keyed(
      types.table,
      { serverSideEncryption: { enabled: true, kmsKeyArn: keyArn } },
      "serverSideEncryption.kmsKeyArn",
    ),
    keyed([...types.queue, ...types.topic], { kmsMasterKeyId: keyArn }, "kmsMasterKeyId"),
    keyed(
      [...types.stream, ...types.secret, ...types.logGroup, ...types.volume, ...types.fileSystem],
      { kmsKeyId: keyArn },
      "kmsKeyId",
    ),
    keyed(types.repository, { encryptionConfigurations: [{ kmsKey: keyArn }] }, "encryptionConfigurations[0].kmsKey"),
    keyed([...types.warehouseNamespace, ...types.warehouseCluster, ...types.cache], { kmsKeyId: keyArn }, "kmsKeyId"),
    harmless(types.dbCluster, "kmsKeyId"),
    harmless([...types.queue, ...types.bucket], "kmsMasterKeyId"),
    {
      resources: {
        bucket: { type: types.bucket, inputs: restricted },
        encryption: {
          type: types.bucketEncryption,
          inputs: { rules: [{ applyServerSideEncryptionByDefault: { kmsMasterKeyId: keyArn } }] },
          links: { bucket: "bucket" },
          needed: { on: "bucket", at: "kmsMasterKeyId" },
          breaks: [customerKey(`${inRule}.kmsMasterKeyId`, { on: "bucket", at: "kmsMasterKeyId" })],
        },
      },
    },
  ),
  proof(
    dataResidency,
    one(
      [
        ...types.bucket,
        ...types.dbCluster,
        ...types.dbInstance,
        ...types.stream,
        ...types.queue,
        ...types.fileSystem,
        ...types.warehouseNamespace,
        ...types.catalogDatabase,
      ],
      { ...restricted, region: "ap-northeast-1" },
      [stays("region"), tame],
      home,
    ),
    one(
      types.table,
      { ...restricted, replicas: [{ regionName: "ap-northeast-1" }] },
      [stays("region"), stays("replicas[0].regionName")],
      home,
    ),
    one(
      types.secret,
      { ...restricted, replicas: [{ region: "ap-northeast-1" }] },
      [stays("region"), stays("replicas[0].region")],
      home,
    ),
    // A region that the configuration names is as good as home.
    one(
      types.table,
      { ...restricted, replicas: [{ regionName: "ap-northeast-3" }] },
      [stays("replicas[0].regionName")],
      {
        ...home,
        config: { regions: ["ap-northeast-3"] },
      },
    ),
    one(types.key, { ...restricted, multiRegion: false }, [notTrue("multiRegion", { needs: ["tagsAll"] }), tame]),
    one(
      [...types.dbGlobalCluster, ...types.tableReplica, ...types.bucketReplication],
      { tagsAll: { DataClass: "internal" } },
      [values("tagsAll.DataClass", ["confidential", "restricted"], ["public"], { at: "copy", unread })],
    ),
  ),
  proof(
    regionAllowList,
    one(
      [...types.bucket, ...types.dbCluster, ...types.lambda, ...types.bucketPolicy, ...types.athenaDatabase],
      { region: "ap-northeast-1" },
      [values("region", ["eu-west-1"], [undefined])],
      home,
    ),
    one([...types.bucket, ...types.dbCluster], { region: "ap-northeast-1" }, [values("region", ["us-east-1"])], home),
    // What CloudFront needs in us-east-1 may be there, and nowhere else.
    one(
      [...types.webAcl, ...types.topic, ...types.key, ...types.logGroup],
      {},
      [values("region", ["eu-west-1"], ["us-east-1"])],
      home,
    ),
    one(
      types.table,
      { replicas: [{ regionName: "ap-northeast-1" }] },
      [values("region", away), values("replicas[0].regionName", away)],
      home,
    ),
    one(
      types.secret,
      { replicas: [{ region: "ap-northeast-1" }] },
      [values("region", away), values("replicas[0].region", away)],
      home,
    ),
    one(types.provider, { region: "ap-northeast-1" }, [values("region", away, ["ap-northeast-3"])], {
      config: { regions: ["ap-northeast-1", "ap-northeast-3"] },
    }),
    one(types.bucket, {}, [values("region", away, ["ap-northeast-3"])], { config: { regions: ["ap-northeast-3"] } }),
  ),
  proof(
    tagCopyToSnapshots,
    one([...types.dbCluster, ...types.dbInstance], { copyTagsToSnapshot: true }, [isTrue("copyTagsToSnapshot")]),
  ),
  proof(
    tagPropagateMisc,
    one(types.table, { replicas: [{ regionName: "eu-west-1", propagateTags: true }] }, [
      isTrue("replicas[0].propagateTags"),
    ]),
    one(types.studioDomain, { tagPropagation: "ENABLED" }, [oneOf("tagPropagation", ["ENABLED"], ["DISABLED"])]),
    one(types.instance, { volumeTags: { Owner: "web" } }, [values("volumeTags", [undefined, EMPTIED])]),
    one(types.instance, { rootBlockDevice: { tags: { Owner: "web" } } }, [
      values("rootBlockDevice.tags", [undefined, EMPTIED], [], { at: "volumeTags" }),
    ]),
  ),
  proof(
    tagExpiry,
    one(
      [types.bucket[0], types.service[0]],
      { tagsAll: { ExpiresOn: "2026-03-01" } },
      [
        values(
          "tagsAll.ExpiresOn",
          ["soon", "2026-02-31", "01.03.2026", "2026-01-09", "2026-04-11"],
          [undefined, "2026-01-10", "2026-04-10"],
          { at: "tags.ExpiresOn", unread },
        ),
      ],
      { config: { today: "2026-01-10" } },
    ),
    one(
      [types.bucket[0]],
      { tagsAll: { ExpiresOn: "2026-03-01" } },
      [values("tagsAll.ExpiresOn", [undefined, EMPTIED], [], { at: "tags.ExpiresOn", unread })],
      {
        config: { today: "2026-01-10", required: true },
      },
    ),
  ),
  proof(backupVaultKms, one(types.backupVault, { kmsKeyArn: keyArn }, [customerKey("kmsKeyArn")])),
  proof(
    backupPlan,
    {
      resources: {
        store: { type: [...stores, ...types.table], inputs: {} },
        selection: {
          type: types.backupSelection,
          inputs: {},
          links: { resources: "store" },
          needed: unplanned,
        },
      },
    },
    ...(
      [
        [types.volume, "arn:aws:ec2:*:*:volume/*"],
        [types.fileSystem, "arn:aws:elasticfilesystem:*:*:file-system/*"],
        [types.table, "arn:aws:dynamodb:*:*:table/*"],
        [types.dbInstance, "arn:aws:rds:*:*:*"],
      ] as const
    ).map(([type, arn]): Case => ({
      resources: {
        store: { type, inputs: { backupRetentionPeriod: 0 } },
        selection: {
          type: types.backupSelection,
          inputs: { resources: [arn] },
          breaks: [
            values("resources[0]", ["arn:aws:s3:::*", undefined], ["*"], unplanned),
            values("resources", [undefined, EMPTIED], [], unplanned),
          ],
        },
      },
    })),
    {
      resources: {
        store: {
          type: stores,
          inputs: { tagsAll: { Backup: "daily" } },
          breaks: [
            values("tagsAll.Backup", [undefined, "never"], [], { ...unplanned, needs: ["selection.selectionTags"] }),
          ],
        },
        selection: {
          type: types.backupSelection,
          inputs: { selectionTags: [{ type: "STRINGEQUALS", key: "Backup", value: "daily" }] },
          needed: unplanned,
          breaks: [
            values("selectionTags[0].key", [undefined, "Other"], [], { ...unplanned, needs: ["store.tagsAll"] }),
            values("selectionTags[0].value", [undefined, "weekly"], [], {
              ...unplanned,
              needs: ["store.tagsAll", "selectionTags[0].key"],
            }),
          ],
        },
      },
    },
    one(types.table, { pointInTimeRecovery: { enabled: true } }, [
      isTrue("pointInTimeRecovery.enabled", { at: "backup plan" }),
    ]),
    one([...types.dbCluster, ...types.dbInstance], { backupRetentionPeriod: 7 }, [
      values("backupRetentionPeriod", [0], [undefined, 1], { at: "backup plan" }),
    ]),
  ),
];
