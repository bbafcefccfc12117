import { join } from "node:path";

import { Dashboards } from "../components/dashboards/dashboards";

// In a program of yours: `warehouse.query` of a Warehouse, and a table of a DataLake.
const query = {
  name: "warehouse",
  env: { WORKGROUP: "lake" },
  statements: [
    {
      Effect: "Allow" as const,
      Action: ["athena:GetQueryExecution", "athena:GetQueryResults", "athena:StartQueryExecution"],
      Resource: "arn:aws:athena:ap-northeast-1:111111111111:workgroup/lake",
    },
  ],
};
const orders = {
  databaseName: "lake_analytics",
  tableName: "daily_orders",
  columns: [
    { name: "customer", type: "string" },
    { name: "total", type: "decimal(12,2)" },
  ],
  partitions: [{ name: "day", type: "date" }],
};
const database = {
  kind: "auroraPostgresql" as const,
  host: "orders.cluster-ro-c1a2b3c4d5e6.ap-northeast-1.rds.amazonaws.com",
  port: 5432,
  databaseName: "orders",
  securityGroupId: "sg-0123456789abcdef0",
  login: {
    secretArn: "arn:aws:secretsmanager:ap-northeast-1:111111111111:secret:orders-tableau-a1b2c3",
    keyArn: "arn:aws:kms:ap-northeast-1:111111111111:key/11111111-2222-3333-4444-555555555555",
  },
};

// QuickSight: one file for the dashboard, the same in each stack.
const dashboards = new Dashboards("dashboards", {
  sources: { lake: { kind: "athena", workGroupName: "lake", uses: [query] }, orders: database },
  network: {
    vpcId: "vpc-0123456789abcdef0",
    publicSubnetIds: [],
    privateSubnetIds: [],
    isolatedSubnetIds: ["subnet-0a1b2c3d4e5f60005", "subnet-0a1b2c3d4e5f60006"],
  },
  quicksight: {
    subscription: { identityRegion: "us-east-1", secretsRoleName: "aws-quicksight-secretsmanager-role-v0" },
    authors: ["hanako@example.com"],
    dataSets: {
      "daily-orders": { source: "lake", table: orders, refresh: { at: "06:30", timezone: "Asia/Tokyo" } },
    },
    dashboards: {
      sales: { definition: join(__dirname, "dashboards-sales.json"), dataSets: { orders: "daily-orders" } },
    },
  },
});

// Tableau, from the office's network over a VPN: the role that it takes, and the database's address and secret.
const tableau = new Dashboards("tableau", {
  tool: "external",
  sources: { lake: { kind: "athena", workGroupName: "lake", uses: [query] }, orders: database },
  external: {
    principalArn: "arn:aws:iam::222222222222:role/tableau-cloud",
    externalId: "kiban-tableau-1a2b3c",
    cidrs: ["10.200.0.0/24"],
  },
});

export const saveSales = dashboards.saveCommands["sales"];
export const tableauConnections = tableau.connections;
