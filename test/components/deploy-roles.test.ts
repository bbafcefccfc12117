import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { DeployRoles, type DeployRolesArgs, type Purpose } from "../../components/deploy-roles/deploy-roles";
import { deployVerbs } from "../../components/deploy-roles/services";
import { children, resource, run, type Run } from "../harness";
import { denied, granted, type Ruling, rulingsOf } from "../iam/evaluate";
import { account, boundaryArn, bucketArn, keyArn, least, provider } from "./deploy-roles-fixture";

const make = (args: Partial<DeployRolesArgs> = {}): Promise<Run> =>
  run(() => void new DeployRoles("github", { ...least, ...args }), { stack: "stg" });

const types = {
  provider: "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
  policy: "aws:iam/policy:Policy",
  role: "aws:iam/role:Role",
  rights: "aws:iam/rolePolicy:RolePolicy",
  attachment: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
};
const purposes = ["preview", "deploy", "push", "site"] as const;

const rightsOf = (result: Run, purpose: Purpose): Ruling[] =>
  rulingsOf(resource(result, types.rights, `github-${purpose}-rights`).checked["policy"]);
const boundaryOf = (result: Run): Ruling[] =>
  rulingsOf(resource(result, types.policy, "github-boundary").checked["policy"]);

describe("DeployRoles", () => {
  const own = [
    `${types.policy} github-boundary`,
    `${types.policy} github-deploy-services-1`,
    `${types.policy} github-deploy-services-2`,
    `${types.role} github-deploy-role`,
    `${types.role} github-preview-role`,
    `${types.role} github-push-role`,
    `${types.role} github-site-role`,
    `${types.rights} github-deploy-rights`,
    `${types.rights} github-preview-rights`,
    `${types.rights} github-push-rights`,
    `${types.rights} github-site-rights`,
    `${types.attachment} github-deploy-reader`,
    `${types.attachment} github-deploy-services-1-attachment`,
    `${types.attachment} github-deploy-services-2-attachment`,
    `${types.attachment} github-preview-reader`,
  ];

  it("makes the provider, the boundary, four roles and their rights", async () => {
    assert.deepEqual(children(await make(), "github"), [`${types.provider} github-provider`, ...own].sort());
  });

  it("adopts the account's provider", async () => {
    const result = await make({ providerArn: provider });
    assert.deepEqual(children(result, "github"), own);
    assert.match(JSON.stringify(resource(result, types.role, "github-deploy-role").inputs), new RegExp(provider));
  });

  it("makes the provider for AWS's audience, without a thumbprint", async () => {
    const result = await make();
    assert.deepEqual(resource(result, types.provider, "github-provider").inputs, {
      url: "https://token.actions.githubusercontent.com",
      clientIdLists: ["sts.amazonaws.com"],
    });
    assert.equal(resource(result, types.provider, "github-provider").outputs["arn"], provider);
  });

  it("bounds each role, for an hour, under the name that workflows know", async () => {
    const result = await make();
    for (const purpose of purposes) {
      const { inputs } = resource(result, types.role, `github-${purpose}-role`);
      assert.equal(inputs["name"], `kiban-${purpose}`);
      assert.equal(inputs["maxSessionDuration"], 3600);
      assert.equal(inputs["permissionsBoundary"], boundaryArn);
    }
    assert.equal(resource(result, types.policy, "github-boundary").outputs["arn"], boundaryArn);
  });

  it("gives AWS's ReadOnlyAccess to preview and deploy, and to nobody else", async () => {
    const result = await make();
    const readers = result.resources
      .filter((r) => r.type === types.attachment && (r.inputs["policyArn"] as string).includes("::aws:"))
      .map((r) => [r.inputs["role"], r.inputs["policyArn"]]);
    const readOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    assert.deepEqual(readers.sort(), [
      ["kiban-deploy", readOnly],
      ["kiban-preview", readOnly],
    ]);
  });

  it("lets a preview read the state and the way things are set up", async () => {
    const policy = rightsOf(await make(), "preview");
    assert.deepEqual(policy.slice(0, 5), [
      { Sid: "FindState", Effect: "Allow", Action: ["s3:GetBucketLocation", "s3:ListBucket"], Resource: bucketArn },
      { Sid: "ReadState", Effect: "Allow", Action: "s3:GetObject", Resource: `${bucketArn}/*` },
      { Sid: "DecryptState", Effect: "Allow", Action: ["kms:Decrypt", "kms:DescribeKey"], Resource: keyArn },
      {
        Sid: "CompareSitePointers",
        Effect: "Allow",
        Action: ["DescribeKeyValueStore", "GetKey", "ListKeys"].map((action) => `cloudfront-keyvaluestore:${action}`),
        Resource: `arn:aws:cloudfront::${account}:key-value-store/*`,
      },
      {
        Sid: "ReadWhatReadOnlyAccessLeavesOut",
        Effect: "Allow",
        Action: [
          "bedrock:ListTagsForResource",
          ...["Dashboard", "DashboardPermissions", "DataSet", "DataSetPermissions", "DataSetRefreshProperties"].map(
            (what) => `quicksight:Describe${what}`,
          ),
          ...[
            "DataSource",
            "DataSourcePermissions",
            "Group",
            "GroupMembership",
            "RefreshSchedule",
            "VPCConnection",
          ].map((what) => `quicksight:Describe${what}`),
          "quicksight:ListTagsForResource",
          "s3vectors:ListTagsForResource",
        ],
        Resource: ["bedrock", "quicksight", "s3vectors"].map((service) => `arn:aws:${service}:*:${account}:*`),
      },
    ]);
    assert.deepEqual(
      policy.slice(5).filter(({ Effect }) => Effect !== "Deny"),
      [],
    );
  });

  it("lets a push do nothing but images, in repositories of the account", async () => {
    const repositories = `arn:aws:ecr:ap-northeast-1:${account}:repository/*`;
    assert.deepEqual(rightsOf(await make(), "push"), [
      {
        Sid: "Images",
        Effect: "Allow",
        Action: [
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:CompleteLayerUpload",
          "ecr:DescribeImages",
          "ecr:DescribeImageScanFindings",
          "ecr:GetDownloadUrlForLayer",
          "ecr:InitiateLayerUpload",
          "ecr:PutImage",
          "ecr:UploadLayerPart",
        ],
        Resource: repositories,
      },
      { Sid: "SignIn", Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
      { Sid: "Find", Effect: "Allow", Action: "ecr:DescribeRepositories", Resource: repositories },
    ]);
  });

  it("lets a site's release upload and switch, and overwrite nothing", async () => {
    const policy = rightsOf(await make({ siteBuckets: ["shop-site-*"] }), "site");
    const bucket = "arn:aws:s3:::shop-site-*";
    const own = { "aws:ResourceAccount": account };
    assert.deepEqual(policy, [
      {
        Sid: "UploadOnce",
        Effect: "Allow",
        Action: "s3:PutObject",
        Resource: [`${bucket}/releases/*`, `${bucket}/immutable/*`],
        Condition: { Null: { "s3:if-none-match": "false" }, StringEquals: own },
      },
      {
        Sid: "SeeReleases",
        Effect: "Allow",
        Action: "s3:ListBucket",
        Resource: [bucket],
        Condition: { StringLike: { "s3:prefix": ["releases/*", "immutable/*"] }, StringEquals: own },
      },
      {
        Sid: "ClearOldReleases",
        Effect: "Allow",
        Action: "s3:DeleteObject",
        Resource: [`${bucket}/releases/*`],
        Condition: { StringEquals: own },
      },
      {
        Sid: "EncryptFiles",
        Effect: "Allow",
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: `arn:aws:kms:*:${account}:key/*`,
        Condition: { StringLike: { "kms:EncryptionContext:aws:s3:arn": [bucket] } },
      },
      {
        Sid: "SwitchRelease",
        Effect: "Allow",
        Action: ["DescribeKeyValueStore", "GetKey", "ListKeys", "UpdateKeys"].map(
          (action) => `cloudfront-keyvaluestore:${action}`,
        ),
        Resource: `arn:aws:cloudfront::${account}:key-value-store/*`,
      },
    ]);
  });

  it("lets a deployment keep the state, and make roles within the boundary alone", async () => {
    const policy = rightsOf(await make(), "deploy");
    const found = (sid: string): Ruling | undefined => policy.find(({ Sid }) => Sid === sid);
    assert.deepEqual(found("WriteState"), {
      Sid: "WriteState",
      Effect: "Allow",
      Action: ["s3:DeleteObject", "s3:PutObject"],
      Resource: `${bucketArn}/*`,
    });
    assert.deepEqual(found("RolesWithTheBoundary")?.Condition, {
      StringEquals: { "iam:PermissionsBoundary": boundaryArn },
    });
    const free = policy.filter((statement) => statement.Condition === undefined);
    const role = `arn:aws:iam::${account}:role/any`;
    for (const action of ["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:CreateUser"]) {
      assert.equal(granted(free, action, role), false, action);
    }
    assert.equal(granted(free, "iam:PassRole", role), true);
  });
});

describe("what a deployment may change", () => {
  const changes = JSON.parse(readFileSync(join(__dirname, "../iam/actions.json"), "utf8")) as Record<string, string>;

  it("is of services that AWS has, by verbs that their actions have", () => {
    for (const [service, verbs] of Object.entries(deployVerbs)) {
      const actions = changes[service]?.split(" ") ?? assert.fail(`${service} is not in actions.json; see extract.py`);
      const idle = verbs.split(" ").filter((verb) => !actions.some((action) => action.startsWith(verb)));
      assert.deepEqual(idle, [], service);
    }
  });

  /** Actions of setting up that are left out, with the reason. */
  const withheld: Readonly<Record<string, string>> = {
    cloudformation: "its Cloud Control API alone: ^(?!(Create|Delete|Update)Resource$)",
    dynamodb:
      "items are the programs', copies are made by UpdateTable, and backups stay: (Delete|Put|Update)Item|Global|Abac|DeleteBackup",
    ec2: "IPAM alone: PutResourcePolicy",
    ecr: "images are the builds', the registry is the account's: Image|Registry|PutAccount|Replication|Signing|PullThrough|Template",
    events: "events are the programs': PutEvents|PutPartnerEvents",
    firehose: "records are the programs': PutRecord",
    glue: "integrations with other systems: ModifyIntegration",
    kinesis: "records are the programs': PutRecord",
    redshift: "clusters are not built on: Tag|Update|Untag",
    s3vectors: "vectors are Bedrock's: (Delete|Put)Vectors$",
    sns: "publishing is the programs': PutData$",
    ssm: "only parameters are set up: ^((?!Parameter).)*$",
  };

  it("is all that sets a service up", () => {
    const all = Object.entries(deployVerbs).flatMap(([service, verbs]) => {
      const reason = withheld[service];
      const left = reason === undefined ? undefined : new RegExp(reason.slice(reason.indexOf(": ") + 2));
      return (changes[service] ?? "")
        .split(" ")
        .filter((action) => /^(Create|Delete|Put|Update|Modify|Tag|Untag)/.test(action))
        .filter((action) => !verbs.split(" ").some((verb) => action.startsWith(verb)))
        .filter((action) => left?.test(action) !== true)
        .map((action) => `${service}:${action}`);
    });
    assert.deepEqual(all, []);
  });

  it("fits into IAM's policies, and leaves using a service out", async () => {
    const result = await make();
    const policies = result.resources.filter((r) => r.type === types.policy);
    for (const { name, checked } of policies) {
      const size = (checked["policy"] as string).replace(/\s/g, "").length;
      assert.ok(size <= 6144, `${name}: ${size}`);
    }
    const all = policies
      .filter(({ name }) => name.includes("deploy-services"))
      .flatMap(({ checked }) => rulingsOf(checked["policy"]));
    assert.deepEqual(
      all.flatMap(({ Action }) => Action).sort(),
      Object.entries(deployVerbs)
        .flatMap(([service, verbs]) => verbs.split(" ").map((verb) => `${service}:${verb}*`))
        .sort(),
    );
    for (const action of [
      "ec2:RunInstances",
      "bedrock:InvokeModel",
      "dynamodb:PutItem",
      "iam:CreateUser",
      "ecr:PutImage",
    ]) {
      assert.equal(granted(all, action, "*"), false, action);
    }
  });
});

describe("the boundary of DeployRoles", () => {
  const other = `arn:aws:iam::${account}:role/api-task-role`;
  const guarded: [string, string][] = [
    ["iam:UpdateAssumeRolePolicy", `arn:aws:iam::${account}:role/kiban-deploy`],
    ["iam:PutRolePolicy", `arn:aws:iam::${account}:role/kiban-preview`],
    ["iam:PassRole", `arn:aws:iam::${account}:role/OrganizationAccountAccessRole`],
    ["sts:AssumeRole", `arn:aws:iam::${account}:role/AWSControlTowerExecution`],
    ["iam:CreatePolicyVersion", boundaryArn],
    ["iam:DeletePolicy", boundaryArn],
    ["iam:DeleteRolePermissionsBoundary", other],
    ["iam:CreateUser", "*"],
    ["iam:CreateAccessKey", "*"],
    ["iam:CreateOpenIDConnectProvider", "*"],
    ["iam:UpdateOpenIDConnectProviderThumbprint", provider],
    ["s3:DeleteBucket", bucketArn],
    ["s3:PutBucketPolicy", bucketArn],
    ["s3:DeleteObjectVersion", `${bucketArn}/.pulumi/stacks/kiban/stg.json`],
    ["kms:ScheduleKeyDeletion", keyArn],
    ["kms:PutKeyPolicy", keyArn],
    ["cloudtrail:StopLogging", "*"],
    ["s3:PutAccountPublicAccessBlock", "*"],
    ["ec2:DisableEbsEncryptionByDefault", "*"],
  ];
  for (const [action, on] of guarded) {
    it(`denies ${action} on ${on.split(":").at(-1)}`, async () => {
      assert.equal(denied(boundaryOf(await make()), action, on), true);
    });
  }

  it("lets a deployment set up the platform, and its roles do their work", async () => {
    const policy = boundaryOf(await make()).filter((statement) => statement.Sid !== "RolesCarryTheBoundary");
    for (const [action, on] of [
      ["iam:UpdateAssumeRolePolicy", other],
      ["iam:PassRole", other],
      ["iam:CreatePolicy", `arn:aws:iam::${account}:policy/assistant-stop`],
      ["s3:PutObject", `${bucketArn}/.pulumi/stacks/kiban/stg.json`],
      ["s3:DeleteBucket", "arn:aws:s3:::site-bucket-1"],
      ["kms:ScheduleKeyDeletion", keyArn.replace(/.$/, "6")],
      ["dynamodb:PutItem", "*"],
      ["bedrock:InvokeModel", "*"],
      ["rds-db:connect", "*"],
    ] as const) {
      assert.equal(denied(policy, action, on), false, `${action} is denied`);
      assert.equal(granted(policy, action, on), true, `${action} is not allowed`);
    }
    assert.equal(granted(policy, "organizations:LeaveOrganization", "*"), false);
    assert.equal(granted(policy, "account:CloseAccount", "*"), false);
  });

  it("refuses roles without the boundary", async () => {
    const found = boundaryOf(await make()).find(({ Sid }) => Sid === "RolesCarryTheBoundary");
    assert.deepEqual(found, {
      Sid: "RolesCarryTheBoundary",
      Effect: "Deny",
      Action: ["iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"],
      Resource: "*",
      Condition: { StringNotEquals: { "iam:PermissionsBoundary": boundaryArn } },
    });
  });

  it("guards the roles that it is told to", async () => {
    const policy = boundaryOf(await make({ guardedRoles: ["break-glass-*"], prefix: "shop" }));
    assert.deepEqual(
      policy.find(({ Sid }) => Sid === "TheAccountsRoles")?.Resource,
      ["shop-preview", "shop-deploy", "shop-push", "shop-site", "break-glass-*"].map(
        (name) => `arn:aws:iam::${account}:role/${name}`,
      ),
    );
  });
});

describe("DeployRoles refuses", () => {
  const repository = { owner: "example", name: "shop" };
  const faults: [object, string][] = [
    [
      { repository: { owner: "*", name: "shop" } },
      'repository.owner: was "*"; allowed: an account or organization of GitHub; write it as in the repository\'s address',
    ],
    [
      { repository: { owner: "example", name: "shop/*" } },
      "repository.name: was \"shop/*\"; allowed: a repository's name without its owner; write it as in the repository's address",
    ],
    [
      { repository: { ...repository, ownerId: 1 } },
      "repository.repositoryId: was not set; allowed: a number together with ownerId; set both, or neither",
    ],
    [
      { repository: { ...repository, ownerId: 0, repositoryId: 1 } },
      "repository.ownerId: was 0; allowed: a whole number above 0; ask: gh api repos/<owner>/<name>",
    ],
    [
      { subjects: ["ids"] },
      'subjects: was ["ids"]; allowed: ["names"] without the ids; set repository.ownerId and repositoryId',
    ],
    [{ subjects: [] }, "subjects: was []; allowed: one at least; leave it out"],
    [{ environment: "stg*" }, 'environment: was "stg*"; allowed: lower case, digits and -; use the stack\'s name'],
    [{ branch: "*" }, 'branch: was "*"; allowed: a branch, such as main; use its full name'],
    [{ prefix: "a/b" }, 'prefix: was "a/b"; allowed: letters, digits and -, at most 56; use a short name'],
    [
      { siteBuckets: ["*"] },
      "siteBuckets: was \"*\"; allowed: a bucket's name that begins with 3 characters at least, wildcards after them; name the sites' buckets",
    ],
  ];
  for (const [args, line] of faults) {
    it(JSON.stringify(args), async () => {
      const result = await make(args);
      assert.equal(result.error?.message, `DeployRoles "github":\n  ${line}`);
      assert.deepEqual(result.resources, []);
    });
  }
});

describe("DeployRoles as a component", () => {
  it("gives each transform its child", async () => {
    const result = await make({
      transform: {
        provider: { clientIdLists: ["other"] },
        boundary: { description: "b" },
        roles: {
          preview: { description: "r" },
          deploy: { description: "r" },
          push: (ours) => ({ ...ours, path: "/ci/" }),
        },
        rights: { site: { name: "n" } },
        deployServices: { description: "s" },
        deployAttachments: { policyArn: "arn:a" },
        readers: { preview: { policyArn: "arn:p" }, deploy: { policyArn: "arn:d" } },
      },
    });
    const input = (type: string, name: string, key: string): unknown => resource(result, type, name).inputs[key];
    assert.deepEqual(input(types.provider, "github-provider", "clientIdLists"), ["other"]);
    assert.equal(input(types.policy, "github-boundary", "description"), "b");
    assert.equal(input(types.role, "github-preview-role", "description"), "r");
    assert.equal(input(types.role, "github-deploy-role", "description"), "r");
    assert.equal(input(types.role, "github-push-role", "path"), "/ci/");
    assert.equal(input(types.rights, "github-site-rights", "name"), "n");
    assert.equal(input(types.policy, "github-deploy-services-1", "description"), "s");
    assert.equal(input(types.attachment, "github-deploy-services-1-attachment", "policyArn"), "arn:a");
    assert.equal(input(types.attachment, "github-preview-reader", "policyArn"), "arn:p");
    assert.equal(input(types.attachment, "github-deploy-reader", "policyArn"), "arn:d");
  });

  it("gives out the ARNs", async () => {
    const result = await make();
    const outputs = resource(result, "kiban:index:DeployRoles", "github").outputs;
    assert.deepEqual(outputs, {
      providerArn: provider,
      boundaryArn,
      roleArns: Object.fromEntries(purposes.map((p) => [p, `arn:aws:iam::${account}:role/kiban-${p}`])),
    });
  });

  it("lives twice in one account, with one provider", async () => {
    const result = await run(() => {
      const { providerArn } = new DeployRoles("shop", { ...least, prefix: "shop" });
      new DeployRoles("blog", { ...least, prefix: "blog", providerArn });
    });
    assert.equal(result.error, undefined);
    const names = result.resources.filter((r) => r.type === types.role).map((r) => r.inputs["name"]);
    assert.equal(new Set(names).size, 8);
    assert.equal(new Set(result.resources.map((r) => r.urn)).size, result.resources.length);
  });
});
