import type { Faults } from "../shared/check";
import type { BudgetArgs } from "./budget";

/** Percentages of a limit at which its receivers are told, unless others are given. */
export const usualPercentages = [50, 80, 100];

export function check(args: BudgetArgs, faults: Faults): void {
  const percentages = args.percentages ?? usualPercentages;
  const usd = (path: string, amount: number): void => {
    if (amount > 0 && Number.isFinite(amount)) return;
    faults.add(path, amount, "USD, above 0", "set what may be spent in a month");
  };
  usd("limitUsd", args.limitUsd);
  const { emails = [], topicArn } = args.receivers;
  if (emails.length === 0 && topicArn === undefined) {
    faults.add("receivers", args.receivers, "an address or a topic at least", "set emails, topicArn or both");
  }
  // AWS: Budgets user guide: 10 addresses and one topic for a notification.
  if (emails.length > 10) faults.add("receivers.emails", emails.length, "at most 10", "use a topic for the others");
  for (const email of emails.filter((one) => !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(one))) {
    faults.add("receivers.emails", email, "an e-mail address", "correct the address");
  }
  // AWS: Budgets API reference, CreateBudget: 10 notifications; one of them is the forecast.
  if (percentages.length === 0 || percentages.length > 9 || new Set(percentages).size !== percentages.length) {
    faults.add("percentages", percentages, "1 to 9 of them, each once", "set [50, 80, 100]");
  }
  for (const percentage of percentages.filter((one) => !(one > 0 && one <= 1000))) {
    faults.add("percentages", percentage, "above 0, at most 1000", "set percentages of the limit");
  }
  const { ai, anomalies } = args;
  if (ai !== undefined) {
    usd("ai.limitUsd", ai.limitUsd);
    if (ai.limitUsd > args.limitUsd) {
      faults.add("ai.limitUsd", ai.limitUsd, `at most limitUsd (${args.limitUsd})`, "it is a part of the stack's");
    }
    if (ai.services?.length === 0) faults.add("ai.services", [], "one at least", "name the services, or leave it out");
    if (ai.services !== undefined && args.costTagsActive === true) {
      faults.add("ai.services", ai.services, "none with costTagsActive", "leave it out: the tag says what counts");
    }
    const roles = ai.stop?.roleNames.length ?? 1;
    if (roles < 1 || roles > 100) {
      faults.add("ai.stop.roleNames", `${roles} of them`, "1 to 100", "name the roles that invoke");
    }
  }
  if (anomalies !== undefined && !(anomalies.fromUsd >= 0)) {
    faults.add("anomalies.fromUsd", anomalies.fromUsd, "USD, 0 or more", "set the smallest impact that is told");
  }
}
