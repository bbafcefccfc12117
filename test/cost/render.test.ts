import assert from "node:assert/strict";

import { renderCost } from "../../cost/render";
import { paintFor } from "../../plan/paint";
import { costOf, resource } from "./fixture";

const paint = paintFor({ isTTY: false });
const day = (text: string): Date => new Date(`${text}T12:00:00Z`);
const lines = (today: string, type = "aws:kms/key:Key"): string[] =>
  renderCost(costOf([resource(type, "it")]), paint, day(today));

describe("the printed estimate", () => {
  it("says so where the prices are old, from half a year on", () => {
    const says = (today: string): string[] => lines(today).filter((line) => line.includes("days old"));
    // Of 2026-09-03.
    assert.deepEqual(says("2027-03-02"), []);
    assert.deepEqual(says("2027-03-03"), [
      "  the prices of ap-northeast-1 are 181 days old (2026-09-03): npm run prices -- --region ap-northeast-1",
    ]);
  });

  it("shows what costs nothing by its price's first tier, and how much of it is used", () => {
    assert.deepEqual(
      lines("2026-10-01", "aws:budgets/budgetAction:BudgetAction").filter((line) => line.includes("BudgetAction")),
      [
        "    it (aws:budgets/budgetAction:BudgetAction), budget with actions: 30.42 x 0.1 USD/budget-day beyond the first 2, " +
          "30.42 of them free  0.00  0.00      0.00  0.00",
      ],
    );
  });

  it("names what is paid by use and has no limit, and what to set", () => {
    const open = (type: string): string[] => {
      const all = lines("2026-10-01", type);
      const at = all.findIndex((line) => line.startsWith("  Paid by use, without a limit"));
      return at < 0 ? [] : [all[at + 1] ?? ""];
    };
    assert.deepEqual(open("aws:kms/key:Key"), []);
    assert.deepEqual(open("aws:glue/job:Job"), [
      "    minutes of a run, and its workers (it): set timeout and numberOfWorkers",
    ]);
  });
});
