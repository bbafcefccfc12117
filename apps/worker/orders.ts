import { type DynamoDBClient, paginateScan, UpdateItemCommand } from "@aws-sdk/client-dynamodb";

/** Which order of which customer. */
export interface OrderKey {
  readonly customer: string;
  readonly order: string;
}

export interface Orders {
  /** The orders that nobody has taken up. */
  fresh(): Promise<readonly OrderKey[]>;
  /** Takes an order up. False where another has done so. */
  accept(key: OrderKey): Promise<boolean>;
  /** Number of orders by status. */
  counts(): Promise<Readonly<Record<string, number>>>;
}

/**
 * It scans, which reads the whole table each time: right for a sample, dear for a table that grows. Then let the table's
 * stream call a function (TableSubscription), or add an index on the status.
 */
export function ordersIn(client: DynamoDBClient, TableName: string): Orders {
  return {
    async fresh() {
      const found: OrderKey[] = [];
      const names = { "#order": "order", "#status": "status" };
      const pages = paginateScan(
        { client },
        {
          TableName,
          ProjectionExpression: "customer, #order",
          FilterExpression: "#status = :new",
          ExpressionAttributeNames: names,
          ExpressionAttributeValues: { ":new": { S: "new" } },
        },
      );
      for await (const { Items = [] } of pages) {
        for (const { customer, order } of Items) found.push({ customer: customer?.S ?? "", order: order?.S ?? "" });
      }
      return found;
    },
    async accept({ customer, order }) {
      try {
        await client.send(
          new UpdateItemCommand({
            TableName,
            Key: { customer: { S: customer }, order: { S: order } },
            UpdateExpression: "SET #status = :accepted",
            ConditionExpression: "#status = :new",
            ExpressionAttributeNames: { "#status": "status" },
            ExpressionAttributeValues: { ":accepted": { S: "accepted" }, ":new": { S: "new" } },
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof Error && error.name === "ConditionalCheckFailedException") return false;
        throw error;
      }
    },
    async counts() {
      const counts: Record<string, number> = {};
      const pages = paginateScan(
        { client },
        { TableName, ProjectionExpression: "#status", ExpressionAttributeNames: { "#status": "status" } },
      );
      for await (const { Items = [] } of pages) {
        for (const { status } of Items) counts[status?.S ?? "none"] = (counts[status?.S ?? "none"] ?? 0) + 1;
      }
      return counts;
    },
  };
}
