import { types } from "../../../policy/lib/types";
import { accountBaseline, ignoredChanges, wafLogs } from "../../../policy/rules/audit";
import { type Case, type Proof, given, isTrue, notFalse, proof, values } from "../proof";

/** An account that is watched, after what it needs already to be judged. */
const watched = (...expects: string[]): Case => ({
  config: { expects },
  resources: {
    block: { type: types.accountPublicAccessBlock, inputs: {} },
    ...Object.fromEntries(
      expects.map((name) => [
        name,
        {
          type: { detector: types.detector, recorder: types.recorder, analyzer: types.analyzer }[name] ?? types.trail,
          inputs: {},
          needed: { on: "block", at: name },
        },
      ]),
    ),
  },
});

/** One property of each kind of resource that the rule guards, and one that it does not. */
const ignoring = (type: readonly string[], property: string): Case => ({
  resources: {
    it: {
      type,
      inputs: {},
      options: { ignoreChanges: [] },
      breaks: [
        values("@ignoreChanges", [[property]], [["tags"]], { at: `ignoreChanges (${property})` }),
        values("@ignoreChanges", [[`${property}[0].deep`]], [], { at: `ignoreChanges (${property}[0].deep)` }),
        values("@ignoreChanges", [["*"]], [], { at: "ignoreChanges (*)" }),
      ],
    },
  },
});

export const audit: readonly Proof[] = [
  proof(wafLogs, {
    resources: {
      acl: { type: types.webAcl, inputs: {} },
      log: { type: types.webAclLogging, inputs: {}, links: { resourceArn: "acl" }, needed: { on: "acl", at: "log" } },
    },
  }),
  proof(accountBaseline, watched("detector", "recorder", "analyzer"), {
    config: { expects: ["trail"] },
    resources: {
      block: { type: types.accountPublicAccessBlock, inputs: {} },
      trail: {
        type: types.trail,
        inputs: { isMultiRegionTrail: true, enableLogFileValidation: true, kmsKeyId: "key" },
        needed: { on: "block", at: "trail" },
        breaks: [
          isTrue("isMultiRegionTrail"),
          isTrue("enableLogFileValidation"),
          given("kmsKeyId"),
          notFalse("enableLogging"),
        ],
      },
    },
  }),
  proof(
    ignoredChanges,
    ...(
      [
        [types.provider, "allowedAccountIds"],
        [types.bucketPolicy, "policy"],
        [types.bucketPublicAccessBlock, "restrictPublicBuckets"],
        [types.bucketEncryption, "rules"],
        [types.key, "enableKeyRotation"],
        [[...types.keyPolicy, ...types.queuePolicy, ...types.topicPolicy, ...types.repositoryPolicy], "policy"],
        [types.secretPolicy, "blockPublicPolicy"],
        [[...types.queue, ...types.topic], "kmsMasterKeyId"],
        [types.role, "assumeRolePolicy"],
        [types.policy, "policy"],
        [types.securityGroup, "ingress"],
        [types.ingressRule, "cidrIpv4"],
        [types.dbCluster, "deletionProtection"],
        [types.dbInstance, "publiclyAccessible"],
        [types.dbClusterInstance, "publiclyAccessible"],
        [types.table, "pointInTimeRecovery"],
        [types.repository, "imageTagMutability"],
        [types.listener, "sslPolicy"],
        [types.loadBalancer, "internal"],
        [types.distribution, "viewerCertificate"],
        [types.taskDefinition, "containerDefinitions"],
        [types.service, "networkConfiguration"],
        [types.lambda, "environment"],
        [types.lambdaUrl, "authorizationType"],
        [types.userPool, "mfaConfiguration"],
        [types.userPoolClient, "callbackUrls"],
      ] as const
    ).map(([type, property]) => ignoring(type, property)),
  ),
];
