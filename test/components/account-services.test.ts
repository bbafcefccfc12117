import * as assert from "node:assert/strict";

import { AccountServices, type AccountServicesArgs } from "../../components/account-services/account-services";
import { children, resource, run } from "../harness";

const account = "111111111111";
const keyArn = `arn:aws:kms:ap-northeast-1:${account}:key/11111111-2222-3333-4444-555555555555`;
const adminArn = `arn:aws:iam::${account}:role/kiban-deploy`;
const full: AccountServicesArgs = {
  keep: true,
  invocationLog: { keyArn, retentionDays: 90 },
  quickSight: { accountName: "example-shop", notificationEmail: "data@example.com" },
  lakeFormation: { adminArns: [adminArn] },
};
const make = (args: AccountServicesArgs) => run(() => void new AccountServices("services", args));

const types = {
  logs: "aws:cloudwatch/logGroup:LogGroup",
  logging: "aws:bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration",
  scanning: "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration",
  role: "aws:iam/role:Role",
  rights: "aws:iam/rolePolicy:RolePolicy",
  lake: "aws:lakeformation/dataLakeSettings:DataLakeSettings",
  quicksight: "aws:quicksight/accountSubscription:AccountSubscription",
};

describe("AccountServices", () => {
  it("scans every image that is pushed, and does no more by itself", async () => {
    const result = await make({ keep: false });
    assert.deepEqual(children(result, "services"), [`${types.scanning} services-image-scanning`]);
    assert.deepEqual(resource(result, types.scanning, "services-image-scanning").inputs, {
      scanType: "BASIC",
      rules: [{ scanFrequency: "SCAN_ON_PUSH", repositoryFilters: [{ filter: "*", filterType: "WILDCARD" }] }],
    });
  });

  const switches: [keyof AccountServicesArgs, string[]][] = [
    [
      "invocationLog",
      [
        `${types.logging} services-invocation-logging`,
        `${types.logs} services-invocation-logs`,
        `${types.role} services-invocation-role`,
        `${types.rights} services-invocation-rights`,
      ],
    ],
    ["quickSight", [`${types.quicksight} services-quicksight`]],
    ["lakeFormation", [`${types.lake} services-lake-settings`]],
  ];
  for (const [name, expected] of switches) {
    it(`makes ${expected.length} more with ${name}`, async () => {
      const result = await make({ keep: true, [name]: full[name] });
      assert.deepEqual(children(result, "services"), [`${types.scanning} services-image-scanning`, ...expected].sort());
    });
  }

  it("logs invocations without what was said, encrypted, for Bedrock of this account and region alone", async () => {
    const result = await make(full);
    const logs = resource(result, types.logs, "services-invocation-logs");
    assert.deepEqual(logs.inputs, { retentionInDays: 90, kmsKeyId: keyArn, deletionProtectionEnabled: true });
    const role = resource(result, types.role, "services-invocation-role");
    assert.deepEqual(JSON.parse(role.checked["assumeRolePolicy"] as string), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "bedrock.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: { "aws:SourceAccount": account },
            ArnLike: { "aws:SourceArn": `arn:aws:bedrock:ap-northeast-1:${account}:*` },
          },
        },
      ],
    });
    const rights = resource(result, types.rights, "services-invocation-rights").checked["policy"] as string;
    assert.deepEqual((JSON.parse(rights) as { Statement: object }).Statement, [
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: `${logs.outputs["arn"] as string}:log-stream:aws/bedrock/modelinvocations`,
      },
    ]);
    const logging = resource(result, types.logging, "services-invocation-logging");
    assert.deepEqual(logging.inputs["loggingConfig"], {
      cloudwatchConfig: { logGroupName: logs.outputs["name"], roleArn: role.outputs["arn"] },
      textDataDeliveryEnabled: false,
      imageDataDeliveryEnabled: false,
      embeddingDataDeliveryEnabled: false,
      videoDataDeliveryEnabled: false,
    });
    assert.ok(logging.dependencies.some((urn) => urn.endsWith("::services-invocation-rights")));
  });

  it("logs prompts and answers where that is asked for", async () => {
    const result = await make({ ...full, invocationLog: { keyArn, retentionDays: 90, content: true } });
    const config = resource(result, types.logging, "services-invocation-logging").inputs["loggingConfig"] as object;
    assert.deepEqual(
      Object.entries(config).filter(([key]) => key.endsWith("Enabled")),
      ["embedding", "image", "text", "video"].map((kind) => [`${kind}DataDeliveryEnabled`, true]),
    );
  });

  it("subscribes to QuickSight, and names Lake Formation's administrators without default permissions", async () => {
    const result = await make(full);
    assert.deepEqual(resource(result, types.quicksight, "services-quicksight").inputs, {
      accountName: "example-shop",
      notificationEmail: "data@example.com",
      edition: "ENTERPRISE",
      authenticationMethod: "IAM_AND_QUICKSIGHT",
    });
    assert.deepEqual(resource(result, types.lake, "services-lake-settings").inputs, { admins: [adminArn] });
  });

  for (const keep of [true, false]) {
    it(`with keep ${keep}: protects log and subscription: ${keep}`, async () => {
      const result = await make({ ...full, keep });
      assert.equal(resource(result, types.logs, "services-invocation-logs").options["protect"], keep);
      assert.equal(resource(result, types.logs, "services-invocation-logs").inputs["deletionProtectionEnabled"], keep);
      assert.equal(resource(result, types.quicksight, "services-quicksight").options["protect"], keep);
    });
  }

  const quickSight = { accountName: "shop", notificationEmail: "data@example.com" };
  const faults: [Partial<AccountServicesArgs>, RegExp][] = [
    [
      { quickSight: { ...quickSight, accountName: "d-shop" } },
      /quickSight\.accountName: was "d-shop"; allowed: 1 to 62 letters, digits and - inside, not d-\.\.\.; choose a name that is yours alone$/,
    ],
    [
      { quickSight: { ...quickSight, notificationEmail: "data" } },
      /quickSight\.notificationEmail: was "data"; allowed: an e-mail address; correct it$/,
    ],
    [
      { lakeFormation: { adminArns: [] } },
      /lakeFormation\.adminArns: was "0 of them"; allowed: 1 to 30; name the role of deployments at least$/,
    ],
    [
      { invocationLog: { keyArn, retentionDays: 91 as 90 } },
      /invocationLog\.retentionDays: was 91; allowed: 1, 3, .*; set one of these$/,
    ],
  ];
  for (const [args, line] of faults) {
    it(`refuses ${JSON.stringify(args)}`, async () => {
      const result = await make({ ...full, ...args });
      assert.match(result.error?.message ?? "", new RegExp(`^AccountServices "services":\n  ${line.source}`));
      assert.deepEqual(result.resources, []);
    });
  }

  it("gives each transform its child", async () => {
    const result = await make({
      ...full,
      transform: {
        scanning: { scanType: "ENHANCED" },
        invocationLogGroup: { retentionInDays: 1 },
        invocationRole: { description: "r" },
        invocationRights: { name: "n" },
        invocationLogging: { region: "us-east-1" },
        subscription: { edition: "ENTERPRISE_AND_Q" },
        lakeSettings: (ours) => ({ ...ours, allowExternalDataFiltering: true }),
      },
    });
    const input = (type: string, name: string, key: string) => resource(result, type, `services-${name}`).inputs[key];
    assert.equal(input(types.scanning, "image-scanning", "scanType"), "ENHANCED");
    assert.equal(input(types.logs, "invocation-logs", "retentionInDays"), 1);
    assert.equal(input(types.role, "invocation-role", "description"), "r");
    assert.equal(input(types.rights, "invocation-rights", "name"), "n");
    assert.equal(input(types.logging, "invocation-logging", "region"), "us-east-1");
    assert.equal(input(types.quicksight, "quicksight", "edition"), "ENTERPRISE_AND_Q");
    assert.equal(input(types.lake, "lake-settings", "allowExternalDataFiltering"), true);
  });

  it("lives twice in one program", async () => {
    const result = await run(() => {
      for (const name of ["one", "two"]) new AccountServices(name, full);
    });
    assert.equal(result.error, undefined);
    assert.equal(new Set(result.resources.map((r) => r.urn)).size, result.resources.length);
  });
});
