import { Table } from "../components/table/table";

// Orders of many customers, found by customer or, through the index, by status.
const orders = new Table("orders-table", {
  partitionKey: { name: "customerId", type: "string" },
  sortKey: { name: "orderId", type: "string" },
  keyAttributes: { status: "string", createdAt: "number" },
  globalIndexes: { "by-status": { partitionKey: "status", sortKey: "createdAt", projection: ["total"] } },
  ttl: { attribute: "expiresAt" },
  stream: "newAndOldImages",
  // For dev: a loop that never ends costs about 0.6 USD an hour, table and index together, and not more.
  ceiling: { readUnits: 100, writeUnits: 100 },
  keyArn: "arn:aws:kms:ap-northeast-1:111111111111:key/11111111-2222-3333-4444-555555555555",
  keep: false,
  alarmTopicArn: "arn:aws:sns:ap-northeast-1:111111111111:alarms",
});

// What consumers take: `uses: [orders.readWrite]`, or for a role that serves one customer alone:
export const oneCustomer = orders.forLeadingKeys({ equals: ["customer-42"] }, "read").statements;
export const tableName = orders.tableName;
