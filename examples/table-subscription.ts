import { Table } from "../components/table/table";
import { TableSubscription } from "../components/table-subscription/table-subscription";

const stack = {
  keyArn: "arn:aws:kms:ap-northeast-1:111111111111:key/11111111-2222-3333-4444-555555555555",
  alarmTopicArn: "arn:aws:sns:ap-northeast-1:111111111111:alarms",
};
const orders = new Table("orders-table", {
  ...stack,
  partitionKey: { name: "orderId", type: "string" },
  stream: "newImage",
  keep: true,
});

// Only new orders that are paid; everything else is never sent and costs nothing.
const subscription = new TableSubscription("orders-to-search", {
  ...stack,
  table: orders,
  function: {
    arn: "arn:aws:lambda:ap-northeast-1:111111111111:function:index-orders",
    roleName: "index-orders-role",
  },
  filters: [{ eventName: ["INSERT"], dynamodb: { NewImage: { status: { S: ["paid"] } } } }],
});

export const givenUp = subscription.failureQueueUrl;
