import * as assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type * as aws from "@pulumi/aws";

import { columnType } from "../../components/dashboards/columns";
import { tagList } from "../../components/dashboards/content";
import { Dashboards, type DashboardsArgs, type DataSetOptions } from "../../components/dashboards/dashboards";
import { children, type Registration, resource, type Run, run, type RunOptions } from "../harness";

const folder = mkdtempSync(join(tmpdir(), "dashboards-"));
const file = (name: string, content: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
};
const sheets = [{ SheetId: "one", Name: "One" }];
const saved = {
  DataSetIdentifierDeclarations: [
    { Identifier: "orders", DataSetArn: "arn:aws:quicksight:x:999999999999:dataset/dev" },
  ],
  Sheets: sheets,
};
const definition = file("sales.json", saved);

const keyArn = "arn:aws:kms:ap-northeast-1:111111111111:key/11111111-2222-3333-4444-555555555555";
const secretArn = "arn:aws:secretsmanager:ap-northeast-1:111111111111:secret:bi-a1b2c3";
const asking: aws.iam.PolicyStatement = { Effect: "Allow", Action: "athena:StartQueryExecution", Resource: "wg" };
const query = { name: "warehouse", env: { WORKGROUP: "lake" }, statements: [asking] };
const lake = { kind: "athena", workGroupName: "lake", uses: [query] } as const;
const database = {
  kind: "redshift",
  host: "dw.example",
  port: 5439,
  databaseName: "warehouse",
  securityGroupId: "sg-0d0d0d0d0d0d0d0d0",
  login: { secretArn, keyArn },
} as const;
const network = {
  vpcId: "vpc-0a1b2c3d4e5f60718",
  publicSubnetIds: [],
  privateSubnetIds: [],
  isolatedSubnetIds: ["subnet-0ccccccccccccccc1", "subnet-0ccccccccccccccc2"],
};
const table = {
  databaseName: "analytics",
  tableName: "daily",
  columns: [{ name: "total", type: "decimal(12,2)" }],
  partitions: [{ name: "day", type: "date" }],
};
const daily: DataSetOptions = { source: "lake", table };
const subscription = { secretsRoleName: "aws-quicksight-secretsmanager-role-v0" };

const onLake: DashboardsArgs = { sources: { lake } };
const full: DashboardsArgs = {
  sources: { lake, dw: database },
  network,
  quicksight: {
    subscription,
    authors: ["ann"],
    readers: ["bob"],
    dataSets: { daily },
    dashboards: { sales: { definition, dataSets: { orders: "daily" } } },
  },
};
const tableau: DashboardsArgs = {
  tool: "external",
  sources: { lake, dw: database },
  external: {
    principalArn: "arn:aws:iam::222222222222:role/tableau",
    externalId: "kiban-1a2b",
    cidrs: ["10.200.0.0/24"],
    bridgeSecurityGroupId: "sg-0b0b0b0b0b0b0b0b0",
  },
};
const make = (args: DashboardsArgs = onLake, options?: RunOptions, name = "bi") =>
  run(() => void new Dashboards(name, args), options);

const types = {
  group: "aws:quicksight/group:Group",
  membership: "aws:quicksight/groupMembership:GroupMembership",
  source: "aws:quicksight/dataSource:DataSource",
  dataSet: "aws:quicksight/dataSet:DataSet",
  refresh: "aws:quicksight/refreshSchedule:RefreshSchedule",
  vpc: "aws:quicksight/vpcConnection:VpcConnection",
  dashboard: "aws:cloudcontrol/resource:Resource",
  securityGroup: "aws:ec2/securityGroup:SecurityGroup",
  ingress: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  egress: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
  role: "aws:iam/role:Role",
  policy: "aws:iam/rolePolicy:RolePolicy",
};
const lakeOnly = [
  `${types.group} bi-authors`,
  `${types.group} bi-readers`,
  `${types.role} bi-lake-role`,
  `${types.policy} bi-lake-policy`,
  `${types.source} bi-lake`,
];
const everything = [
  ...lakeOnly,
  `${types.membership} bi-author-ann`,
  `${types.membership} bi-reader-bob`,
  `${types.securityGroup} bi-security-group`,
  `${types.egress} bi-to-dw`,
  `${types.ingress} bi-to-dw`,
  `${types.ingress} bi-to-dw-answers`,
  `${types.role} bi-vpc-role`,
  `${types.policy} bi-vpc-policy`,
  `${types.vpc} bi-vpc-connection`,
  `${types.policy} bi-secrets-policy`,
  `${types.source} bi-dw`,
  `${types.dataSet} bi-daily`,
  `${types.refresh} bi-daily-refresh`,
  `${types.dashboard} bi-sales-dashboard`,
];

const out = (registration: Registration, property: string): string => registration.outputs[property] as string;
const policyOf = (Statement: unknown[]) => ({ Version: "2012-10-17", Statement });
const trusted = { Effect: "Allow", Principal: { Service: "quicksight.amazonaws.com" }, Action: "sts:AssumeRole" };
const browsing = [
  { Effect: "Allow", Action: ["athena:ListDataCatalogs", "athena:ListWorkGroups"], Resource: "*" },
  {
    Effect: "Allow",
    Action: [
      "athena:GetDataCatalog",
      "athena:GetDatabase",
      "athena:GetTableMetadata",
      "athena:ListDatabases",
      "athena:ListTableMetadata",
    ],
    Resource: "arn:aws:athena:ap-northeast-1:111111111111:datacatalog/AwsDataCatalog",
  },
  {
    Effect: "Allow",
    Action: "glue:GetDatabases",
    Resource: ["catalog", "database/*"].map((each) => `arn:aws:glue:ap-northeast-1:111111111111:${each}`),
  },
];
const groupArn = (result: Run, kind: string) => out(resource(result, types.group, `bi-${kind}`), "arn");
const state = (result: Run) => {
  const text = resource(result, types.dashboard, "bi-sales-dashboard").inputs["desiredState"] as string;
  return JSON.parse(text) as Record<string, unknown>;
};
const viewing = ["DescribeDashboard", "ListDashboardVersions", "QueryDashboard"].map((each) => `quicksight:${each}`);

after(() => {
  rmSync(folder, { recursive: true });
});

describe("Dashboards", () => {
  describe("in QuickSight", () => {
    it("makes groups, and a source with a role of its own", async () => {
      const result = await make();
      assert.equal(result.error, undefined);
      assert.deepEqual(children(result, "bi"), lakeOnly.toSorted());
    });

    it("adds a way into the network, data sets and dashboards", async () => {
      const result = await make(full);
      assert.equal(result.error, undefined);
      assert.deepEqual(children(result, "bi"), everything.toSorted());
    });

    it("asks Athena with the rights of the access, over TLS, shown to authors alone", async () => {
      const result = await make();
      const role = resource(result, types.role, "bi-lake-role");
      assert.deepEqual(role.inputs["assumeRolePolicy"], policyOf([trusted]));
      assert.deepEqual(
        resource(result, types.policy, "bi-lake-policy").inputs["policy"],
        policyOf([asking, ...browsing]),
      );
      assert.deepEqual(resource(result, types.source, "bi-lake").inputs, {
        dataSourceId: "bi-lake",
        name: "lake",
        type: "ATHENA",
        parameters: { athena: { workGroup: "lake", roleArn: out(role, "arn") } },
        sslProperties: { disableSsl: false },
        permissions: [
          {
            principal: groupArn(result, "authors"),
            actions: [
              "quicksight:DescribeDataSource",
              "quicksight:DescribeDataSourcePermissions",
              "quicksight:PassDataSource",
            ],
          },
        ],
      });
    });

    for (const [kind, type, key] of [
      ["redshift", "REDSHIFT", "redshift"],
      ["auroraPostgresql", "AURORA_POSTGRESQL", "auroraPostgresql"],
      ["auroraMysql", "AURORA", "aurora"],
    ] as const) {
      it(`asks ${kind} through the network, over TLS, with a secret`, async () => {
        const result = await make({ ...full, sources: { lake, dw: { ...database, kind } } });
        const { inputs } = resource(result, types.source, "bi-dw");
        assert.equal(inputs["type"], type);
        assert.deepEqual(inputs["parameters"], { [key]: { host: "dw.example", port: 5439, database: "warehouse" } });
        assert.deepEqual(inputs["credentials"], { secretArn });
        assert.deepEqual(inputs["sslProperties"], { disableSsl: false });
        assert.deepEqual(inputs["vpcConnectionProperties"], {
          vpcConnectionArn: out(resource(result, types.vpc, "bi-vpc-connection"), "arn"),
        });
      });
    }

    it("opens the way to the database's port, and for its answers, and no other", async () => {
      const result = await make(full);
      const own = resource(result, types.securityGroup, "bi-security-group").id;
      const rule = (type: string, name: string) => {
        const { description: _, ...inputs } = resource(result, type, name).inputs;
        return inputs;
      };
      const port = { ipProtocol: "tcp", fromPort: 5439, toPort: 5439 };
      const theirs = database.securityGroupId;
      assert.deepEqual(rule(types.egress, "bi-to-dw"), {
        securityGroupId: own,
        referencedSecurityGroupId: theirs,
        ...port,
      });
      assert.deepEqual(rule(types.ingress, "bi-to-dw"), {
        securityGroupId: theirs,
        referencedSecurityGroupId: own,
        ...port,
      });
      assert.deepEqual(rule(types.ingress, "bi-to-dw-answers"), {
        securityGroupId: own,
        referencedSecurityGroupId: theirs,
        ipProtocol: "tcp",
        fromPort: 0,
        toPort: 65_535,
      });
      assert.deepEqual(resource(result, types.vpc, "bi-vpc-connection").inputs, {
        vpcConnectionId: "bi",
        name: "bi",
        roleArn: out(resource(result, types.role, "bi-vpc-role"), "arn"),
        securityGroupIds: [own],
        subnetIds: network.isolatedSubnetIds,
      });
    });

    it("stands in its subnets and with its group alone", async () => {
      const result = await make(full);
      const ec2 = "arn:aws:ec2:ap-northeast-1:111111111111";
      const here = { ArnEquals: { "ec2:Vpc": `${ec2}:vpc/${network.vpcId}` } };
      const group = out(resource(result, types.securityGroup, "bi-security-group"), "arn");
      assert.deepEqual(resource(result, types.role, "bi-vpc-role").inputs["assumeRolePolicy"], policyOf([trusted]));
      assert.deepEqual(
        resource(result, types.policy, "bi-vpc-policy").inputs["policy"],
        policyOf([
          {
            Effect: "Allow",
            Action: "ec2:CreateNetworkInterface",
            Resource: [
              `${ec2}:network-interface/*`,
              group,
              ...network.isolatedSubnetIds.map((id) => `${ec2}:subnet/${id}`),
            ],
          },
          {
            Effect: "Allow",
            Action: "ec2:ModifyNetworkInterfaceAttribute",
            Resource: [`${ec2}:network-interface/*`, group],
            Condition: here,
          },
          {
            Effect: "Allow",
            Action: "ec2:DeleteNetworkInterface",
            Resource: `${ec2}:network-interface/*`,
            Condition: here,
          },
          { Effect: "Allow", Action: ["ec2:DescribeSecurityGroups", "ec2:DescribeSubnets"], Resource: "*" },
        ]),
      );
    });

    it("lets the account's role read these secrets and no other", async () => {
      const result = await make({ ...full, sources: { lake, dw: database, again: { ...database, port: 5440 } } });
      assert.deepEqual(resource(result, types.policy, "bi-secrets-policy").inputs, {
        role: subscription.secretsRoleName,
        policy: policyOf([
          { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: [secretArn] },
          {
            Effect: "Allow",
            Action: "kms:Decrypt",
            Resource: [keyArn],
            Condition: { StringEquals: { "kms:ViaService": "secretsmanager.ap-northeast-1.amazonaws.com" } },
          },
        ]),
      });
    });

    it("puts users in groups, where the account keeps them", async () => {
      const place = { identityRegion: "us-east-1", namespace: "shop" };
      const result = await make({
        ...full,
        quicksight: { ...full.quicksight, subscription: { ...subscription, ...place } },
      });
      for (const kind of ["authors", "readers"]) {
        const { inputs } = resource(result, types.group, `bi-${kind}`);
        assert.deepEqual(
          [inputs["groupName"], inputs["region"], inputs["namespace"]],
          [`bi-${kind}`, "us-east-1", "shop"],
        );
      }
      assert.deepEqual(resource(result, types.membership, "bi-author-ann").inputs, {
        groupName: "bi-authors",
        memberName: "ann",
        region: "us-east-1",
        namespace: "shop",
      });
      assert.equal(resource(result, types.membership, "bi-reader-bob").inputs["groupName"], "bi-readers");
    });

    it("copies a table into memory, with its partition columns, anew each morning", async () => {
      const result = await make(full);
      const { inputs } = resource(result, types.dataSet, "bi-daily");
      assert.equal(inputs["importMode"], "SPICE");
      assert.deepEqual(inputs["physicalTableMaps"], [
        {
          physicalTableMapId: "table",
          relationalTable: {
            dataSourceArn: out(resource(result, types.source, "bi-lake"), "arn"),
            catalog: "AwsDataCatalog",
            schema: "analytics",
            name: "daily",
            inputColumns: [
              { name: "total", type: "DECIMAL" },
              { name: "day", type: "DATETIME" },
            ],
          },
        },
      ]);
      const [permissions] = inputs["permissions"] as { principal: string; actions: string[] }[];
      assert.equal(permissions?.principal, groupArn(result, "authors"));
      assert.ok(!permissions.actions.some((action) => /Update|Delete|Create/.test(action)));
      assert.deepEqual(resource(result, types.refresh, "bi-daily-refresh").inputs, {
        dataSetId: "bi-daily",
        scheduleId: "daily",
        schedule: {
          refreshType: "FULL_REFRESH",
          scheduleFrequency: { interval: "DAILY", timeOfTheDay: "06:00", timezone: "UTC" },
        },
      });
    });

    it("asks the source each time on request, without a schedule", async () => {
      const direct: DataSetOptions = { ...daily, source: "dw", mode: "direct", title: "Each day" };
      const result = await make({
        ...full,
        quicksight: { ...full.quicksight, dataSets: { daily: { ...daily }, live: direct } },
      });
      const { inputs } = resource(result, types.dataSet, "bi-live");
      assert.equal(inputs["importMode"], "DIRECT_QUERY");
      assert.equal(inputs["name"], "Each day");
      const [map] = inputs["physicalTableMaps"] as { relationalTable: Record<string, unknown> }[];
      assert.equal(map?.relationalTable["catalog"], undefined);
      assert.ok(!children(result, "bi").includes(`${types.refresh} bi-live-refresh`));
    });

    it("makes a dashboard from its file, on this stack's data sets, shown to both groups", async () => {
      const result = await make(full);
      assert.equal(
        resource(result, types.dashboard, "bi-sales-dashboard").inputs["typeName"],
        "AWS::QuickSight::Dashboard",
      );
      const { VersionDescription, ...rest } = state(result);
      assert.match(VersionDescription as string, /^Definition [0-9a-f]{12}$/);
      assert.deepEqual(rest, {
        AwsAccountId: "111111111111",
        DashboardId: "bi-sales",
        Name: "sales",
        Definition: {
          Sheets: sheets,
          DataSetIdentifierDeclarations: [
            { Identifier: "orders", DataSetArn: out(resource(result, types.dataSet, "bi-daily"), "arn") },
          ],
        },
        Permissions: ["authors", "readers"].map((kind) => ({ Principal: groupArn(result, kind), Actions: viewing })),
        Tags: [],
      });
    });

    it("takes what the command prints as a whole, and data sets by their own names", async () => {
      const whole = file("whole.json", { Status: 200, Definition: saved });
      const result = await make({
        ...onLake,
        quicksight: { dataSets: { orders: daily }, dashboards: { sales: { definition: whole, title: "Sales" } } },
      });
      assert.equal(result.error, undefined);
      assert.equal(state(result)["Name"], "Sales");
      assert.deepEqual((state(result)["Definition"] as Record<string, unknown>)["Sheets"], sheets);
    });

    it("offers connections, ids and the commands that save dashboards", async () => {
      let made: Dashboards | undefined;
      const result = await run(() => {
        made = new Dashboards("bi", full);
      });
      const outputs = resource(result, "kiban:index:Dashboards", "bi").outputs;
      assert.deepEqual(outputs["connections"], {
        lake: {
          region: "ap-northeast-1",
          workgroup: "lake",
          roleArn: out(resource(result, types.role, "bi-lake-role"), "arn"),
        },
        dw: { host: "dw.example", port: "5439", database: "warehouse", secretArn, tls: "required" },
      });
      assert.deepEqual(outputs["dashboardIds"], { sales: "bi-sales" });
      const command = await new Promise((resolve) => made?.saveCommands["sales"]?.apply(resolve));
      assert.equal(
        command,
        "aws quicksight describe-dashboard-definition --aws-account-id 111111111111 --dashboard-id bi-sales --query Definition",
      );
    });

    it("previews before anything is known", async () => {
      assert.equal((await make(full, { preview: true })).error, undefined);
    });
  });

  describe("in a tool outside", () => {
    it("makes a role and ways in, and nothing of QuickSight", async () => {
      const result = await make(tableau);
      assert.equal(result.error, undefined);
      assert.deepEqual(children(result, "bi"), [
        `${types.role} bi-lake-role`,
        `${types.policy} bi-lake-policy`,
        `${types.ingress} bi-to-dw`,
        `${types.ingress} bi-to-dw-from-10.200.0.0/24`,
      ]);
    });

    it("lets the tool take the role with its external id, to do what the access says", async () => {
      const result = await make(tableau);
      assert.deepEqual(
        resource(result, types.role, "bi-lake-role").inputs["assumeRolePolicy"],
        policyOf([
          {
            Effect: "Allow",
            Principal: { AWS: "arn:aws:iam::222222222222:role/tableau" },
            Action: "sts:AssumeRole",
            Condition: { StringEquals: { "sts:ExternalId": "kiban-1a2b" } },
          },
        ]),
      );
      assert.deepEqual(
        resource(result, types.policy, "bi-lake-policy").inputs["policy"],
        policyOf([asking, ...browsing]),
      );
    });

    it("lets nobody take the role in the first of two steps", async () => {
      const first = await make({ tool: "external", sources: { lake } });
      assert.deepEqual(
        resource(first, types.role, "bi-lake-role").inputs["assumeRolePolicy"],
        policyOf([{ Effect: "Deny", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }]),
      );
    });

    it("opens the database's port to the tool's addresses and bridge", async () => {
      const result = await make(tableau);
      const port = { ipProtocol: "tcp", fromPort: 5439, toPort: 5439 };
      assert.deepEqual(resource(result, types.ingress, "bi-to-dw-from-10.200.0.0/24").inputs, {
        securityGroupId: database.securityGroupId,
        description: "From bi at 10.200.0.0/24",
        cidrIpv4: "10.200.0.0/24",
        ...port,
      });
      assert.deepEqual(resource(result, types.ingress, "bi-to-dw").inputs, {
        securityGroupId: database.securityGroupId,
        description: "From the bridge of bi",
        referencedSecurityGroupId: "sg-0b0b0b0b0b0b0b0b0",
        ...port,
      });
    });

    it("says how to connect", async () => {
      const result = await make(tableau);
      assert.deepEqual(resource(result, "kiban:index:Dashboards", "bi").outputs["connections"], {
        lake: {
          region: "ap-northeast-1",
          workgroup: "lake",
          roleArn: out(resource(result, types.role, "bi-lake-role"), "arn"),
          externalId: "kiban-1a2b",
        },
        dw: { host: "dw.example", port: "5439", database: "warehouse", secretArn, tls: "required" },
      });
    });

    it("makes nothing for a database that can be reached already", async () => {
      assert.deepEqual(children(await make({ tool: "external", sources: { dw: database } }), "bi"), []);
    });
  });

  describe("faults", () => {
    const save = "save it with aws quicksight describe-dashboard-definition";
    const dashboards = (path: string) => ({ quicksight: { dashboards: { sales: { definition: path } } } });
    for (const [args, lines] of [
      [{ sources: {} }, ["sources: was {}; allowed: at least one source; name one"]],
      [{ tool: "excel" }, ['tool: was "excel"; allowed: quicksight, external; take one of these']],
      [
        { sources: { My_Lake: lake, vpc: lake } },
        [
          'sources: was "My_Lake"; allowed: kebab-case, such as lake; rename it',
          'sources: was "vpc"; allowed: neither vpc nor secrets; rename it',
        ],
      ],
      [
        { sources: { lake: { ...lake, uses: [] } } },
        ["sources.lake.uses: was []; allowed: at least one access; take warehouse.query"],
      ],
      [
        { sources: { lake: { ...lake, uses: [{ ...query, network: { securityGroupId: "sg", port: 5439 } }] } } },
        [
          'sources.lake.uses: was "bi-lake-to-warehouse"; allowed: no access through the network; take the access of an ' +
            "Athena warehouse or of the lake; a database is a source of its own kind",
        ],
      ],
      [
        { external: {} },
        ['external: was "set"; allowed: only with tool external; tool is quicksight: remove it, or set the tool'],
      ],
      [
        { sources: { dw: { ...database, port: 0 } } },
        [
          "sources.dw.port: was 0; allowed: a whole number from 1 to 65535; set one in that range",
          "network: was not set; allowed: the network of the databases; sources dw are in it: give it",
          "quicksight.subscription.secretsRoleName: was not set; allowed: the account's role; sources dw have passwords: " +
            "turn Secrets Manager on in QuickSight's security page and name its role",
        ],
      ],
      [
        { ...full, network: { ...network, isolatedSubnetIds: ["subnet-0ccccccccccccccc1"] } },
        ["network.isolatedSubnetIds: was 1; allowed: 2 to 15 subnets; QuickSight stands in two at least: add one"],
      ],
      [
        { quicksight: { authors: ["ann", "ann"], readers: [""] } },
        [
          'quicksight.authors[1]: was "ann"; allowed: each user once; remove it',
          'quicksight.readers[0]: was ""; allowed: the name of a user; remove it',
        ],
      ],
      [
        { quicksight: { dataSets: { daily: { ...daily, source: "sea" } } } },
        ['quicksight.dataSets.daily.source: was "sea"; allowed: lake; name one of the sources'],
      ],
      [
        {
          quicksight: {
            dataSets: { daily: { ...daily, table: { ...table, columns: [{ name: "tags", type: "array<string>" }] } } },
          },
        },
        [
          'quicksight.dataSets.daily.table.columns.tags: was "array<string>"; allowed: text, numbers, dates and booleans; ' +
            "QuickSight reads no lists and structures: leave the column out, or show a view that takes it apart",
        ],
      ],
      [
        { quicksight: { dataSets: { daily: { source: "lake", table: { ...table, columns: [], partitions: [] } } } } },
        ["quicksight.dataSets.daily.table.columns: was []; allowed: at least one column; name those to show"],
      ],
      [
        { quicksight: { dataSets: { daily: { ...daily, refresh: { at: "24:00", timezone: "Tokyo" } } } } },
        [
          'quicksight.dataSets.daily.refresh.at: was "24:00"; allowed: HH:MM from 00:00 to 23:59; set a time of the day',
          'quicksight.dataSets.daily.refresh.timezone: was "Tokyo"; allowed: an IANA time zone, such as Asia/Tokyo; ' +
            "correct its name",
        ],
      ],
      [
        {
          quicksight: { dataSets: { daily: { ...daily, mode: "direct", refresh: { at: "06:00", timezone: "UTC" } } } },
        },
        [
          'quicksight.dataSets.daily.refresh: was {"at":"06:00","timezone":"UTC"}; allowed: only with mode spice; there is ' +
            "no copy to refresh: remove it",
        ],
      ],
      [
        dashboards("/nowhere.json"),
        [`quicksight.dashboards.sales.definition: was "/nowhere.json"; allowed: a file that can be read; ${save}`],
      ],
      ...(
        [
          ["text.json", "{", "a JSON file"],
          ["empty.json", {}, "a definition, with Sheets"],
          ["bare.json", { Sheets: [] }, "a definition, with DataSetIdentifierDeclarations"],
          [
            "nameless.json",
            { Sheets: [], DataSetIdentifierDeclarations: [{}] },
            "an Identifier for each of its data sets",
          ],
        ] as const
      ).map(([name, content, allowed]) => {
        const path = file(name, content);
        return [
          dashboards(path),
          [`quicksight.dashboards.sales.definition: was ${JSON.stringify(path)}; allowed: ${allowed}; ${save}`],
        ];
      }),
      [
        dashboards(definition),
        [
          'quicksight.dashboards.sales.dataSets: was "orders"; allowed: none, there are no data sets; the definition calls ' +
            'a data set "orders": say which one that is',
        ],
      ],
      [
        {
          quicksight: {
            dataSets: { daily },
            dashboards: { sales: { definition, dataSets: { orders: "daily", more: "daily" } } },
          },
        },
        ['quicksight.dashboards.sales.dataSets: was "more"; allowed: orders; the definition has no such identifier'],
      ],
      [
        { tool: "external", external: { externalId: "kiban-1a2b" } },
        [
          "external.principalArn: was not set; allowed: set together with externalId; set the role or user that the tool has " +
            "in AWS, or neither: nobody can take the role then",
        ],
      ],
      [
        { tool: "external", external: { principalArn: "arn:aws:iam::222222222222:root" } },
        [
          'external.principalArn: was "arn:aws:iam::222222222222:root"; allowed: the ARN of an IAM role or user; take it ' +
            "from the tool's connection page",
          "external.externalId: was not set; allowed: set together with principalArn; any customer of the tool could take " +
            "the role: set the one that the tool shows",
        ],
      ],
      [
        { ...tableau, external: { ...tableau.external, externalId: "*", cidrs: ["0.0.0.0/0", "10.0.0.1/24"] } },
        [
          'external.externalId: was "*"; allowed: 2 to 1224 letters, digits and +=,.@:/-_; correct it',
          'external.cidrs[0]: was "0.0.0.0/0"; allowed: an IPv4 block of /16 or smaller; name the addresses that the tool ' +
            "comes from, not a whole network",
          'external.cidrs[1]: was "10.0.0.1/24"; allowed: an IPv4 block of /16 or smaller; name the addresses that the tool ' +
            "comes from, not a whole network",
        ],
      ],
    ] as [Partial<DashboardsArgs>, string[]][]) {
      it(`refuses ${lines[0]?.split(";")[0]}`, async () => {
        const result = await make({ ...onLake, ...args });
        assert.equal(result.error?.message, [`Dashboards "bi":`, ...lines.map((line) => `  ${line}`)].join("\n"));
        assert.deepEqual(result.resources, []);
      });
    }
  });

  it("reads columns by their SQL types", () => {
    for (const [type, expected] of [
      ["varchar(20)", "STRING"],
      ["STRING", "STRING"],
      ["bigint", "INTEGER"],
      ["int", "INTEGER"],
      ["decimal(12, 2)", "DECIMAL"],
      ["double precision", "DECIMAL"],
      ["timestamp with time zone", "DATETIME"],
      ["timestamp(3)", "DATETIME"],
      ["date", "DATETIME"],
      ["boolean", "BOOLEAN"],
      ["array<int>", undefined],
      ["interval", undefined],
      ["", undefined],
    ] as const) {
      assert.equal(columnType(type), expected, type);
    }
  });

  it("gives each transform its child", async () => {
    const transformed = new Map<string, number>();
    const transform = (keys: string[]) =>
      Object.fromEntries(
        keys.map((key) => [
          key,
          (ours: object) => {
            transformed.set(key, (transformed.get(key) ?? 0) + 1);
            return ours;
          },
        ]),
      ) as NonNullable<DashboardsArgs["transform"]>;
    const keys = [
      ...["authorsGroup", "readersGroup", "memberships", "securityGroup", "sourceEgress", "sourceIngress"],
      ...["returnIngress", "vpcRole", "vpcPolicy", "vpcConnection", "secretsPolicy", "sourceRoles", "sourcePolicies"],
      ...["dataSources", "dataSets", "refreshSchedules", "dashboards"],
    ];
    await make({ ...full, transform: transform(keys) });
    assert.deepEqual([...transformed.keys()].sort(), keys.toSorted());
    assert.equal(transformed.get("dataSources"), 2);
    await make({ ...tableau, transform: transform(["cidrIngress", "sourceIngress", "sourceRoles"]) });
    assert.equal(transformed.get("cidrIngress"), 1);
    assert.equal(transformed.get("sourceIngress"), 2);
    const renamed = await make({ ...onLake, transform: { authorsGroup: { groupName: "everyone" } } });
    assert.equal(resource(renamed, types.group, "bi-authors").inputs["groupName"], "everyone");
  });

  it("writes tags as CloudFormation's types want them", () => {
    assert.deepEqual(tagList({ Owner: "data", Stage: "dev" }), [
      { Key: "Owner", Value: "data" },
      { Key: "Stage", Value: "dev" },
    ]);
  });

  it("lives twice in one program", async () => {
    const result = await run(() => {
      for (const name of ["one", "two"]) new Dashboards(name, full);
    });
    assert.equal(result.error, undefined);
    assert.equal(new Set(result.resources.map((r) => r.urn)).size, 2 * (everything.length + 1));
  });
});
