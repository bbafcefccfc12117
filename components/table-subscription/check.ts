import { Faults } from "../shared/check";
import type { TableSubscriptionArgs } from "./table-subscription";

/** What a subscription does when nothing else is said. */
export interface SubscriptionLimits {
  readonly batchSize: number;
  readonly batchWindowSeconds: number;
  readonly parallelBatches: number;
  readonly retries: number;
  readonly maxAgeHours: number;
  readonly lagMinutes: number;
}

/** Throws one error with every fault of the plain arguments. */
export function check(name: string, args: TableSubscriptionArgs, limits: SubscriptionLimits): void {
  const faults = new Faults("TableSubscription", name);
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    faults.add("name", name, "kebab-case, such as orders-to-search", "rename the component");
  }
  if (args.table.stream === undefined || args.table.streamArn === undefined) {
    faults.add(
      "table.stream",
      undefined,
      "a table with a stream",
      'set stream on the Table, such as "newAndOldImages"',
    );
  }
  // AWS: Lambda developer guide, "Lambda parameters for Amazon DynamoDB event source mappings".
  faults.integer("batchSize", limits.batchSize, 1, 10_000);
  faults.integer("batchWindowSeconds", limits.batchWindowSeconds, 0, 300);
  faults.integer("parallelBatches", limits.parallelBatches, 1, 10);
  faults.integer("retries", limits.retries, 0, 10_000);
  // A stream holds 24 hours; what it drops unread reaches no queue.
  faults.integer("maxAgeHours", limits.maxAgeHours, 1, 23);
  faults.integer("alarms.lagMinutes", limits.lagMinutes, 1, 1440);
  const filters = args.filters ?? [];
  // AWS: Lambda developer guide, "Control which events Lambda sends to your function": 5 patterns of 4096 characters.
  if (args.filters !== undefined && (filters.length < 1 || filters.length > 5)) {
    faults.add("filters", filters.length, "1 to 5 patterns", "join patterns: each field takes a list of values");
  }
  filters.forEach((filter, i) => {
    const fields = Object.keys(filter);
    const unknown = fields.filter((field) => !filterFields.includes(field));
    if (fields.length === 0 || unknown.length > 0) {
      const cure = 'name fields of a stream record, such as { eventName: ["INSERT"] }';
      faults.add(`filters[${i}]`, fields, filterFields.join(", "), cure);
    }
    const { length } = JSON.stringify(filter);
    if (length > 4096) faults.add(`filters[${i}]`, length, "at most 4096 characters as JSON", "shorten the pattern");
  });
  faults.raise();
}

/** Fields of a record (AWS: DynamoDB Streams API reference, Record); a pattern on any other never matches. */
const filterFields = ["awsRegion", "dynamodb", "eventID", "eventName", "eventSource", "eventVersion", "userIdentity"];
