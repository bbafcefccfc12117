import { type DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";

/** What a customer ordered. */
export interface Order {
  readonly id: string;
  readonly item: string;
  readonly quantity: number;
  readonly status: string;
}

/** The orders of one customer are the items of one partition: nobody's request can reach another's. */
export interface Orders {
  list(customer: string): Promise<readonly Order[]>;
  get(customer: string, id: string): Promise<Order | undefined>;
  /** Makes an order. False where there is one of that id: the same request twice makes one order. */
  add(customer: string, order: Order): Promise<boolean>;
}

type Item = Readonly<Record<string, { S?: string; N?: string }>>;

/** The table of `index.ts`: partition key `customer`, sort key `order`. */
export function ordersIn(client: Pick<DynamoDBClient, "send">, TableName: string): Orders {
  return {
    async list(customer) {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: "customer = :customer",
          ExpressionAttributeValues: { ":customer": { S: customer } },
          Limit: 100,
        }),
      );
      return Items.map((item) => orderOf(item as Item));
    },
    async get(customer, id) {
      const Key = { customer: { S: customer }, order: { S: id } };
      const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
      return Item && orderOf(Item);
    },
    async add(customer, { id, item, quantity, status }) {
      try {
        await client.send(
          new PutItemCommand({
            TableName,
            Item: {
              customer: { S: customer },
              order: { S: id },
              item: { S: item },
              quantity: { N: String(quantity) },
              status: { S: status },
            },
            ConditionExpression: "attribute_not_exists(customer)",
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof Error && error.name === "ConditionalCheckFailedException") return false;
        throw error;
      }
    },
  };
}

function orderOf({ order, item, quantity, status }: Item): Order {
  return { id: order?.S ?? "", item: item?.S ?? "", quantity: Number(quantity?.N), status: status?.S ?? "" };
}
