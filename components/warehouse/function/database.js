"use strict";

/** Seconds between two looks at a statement. */
const pause = 1;

/**
 * SQL as the administrator, by the Data API, which answers later: a statement is sent, then looked after. Each is a
 * transaction of its own, since Redshift takes some statements on external schemas in no other way.
 */
exports.createDatabase = ({ data, sleep, env }) => {
  /** Runs a statement and returns its rows as lists of values; `parameters` are texts by name. */
  async function run(sql, parameters = {}) {
    const given = Object.entries(parameters).map(([name, value]) => ({ name, value }));
    const { Id } = await data("ExecuteStatement", {
      WorkgroupName: env.WORKGROUP,
      SecretArn: env.ADMIN_ARN,
      Database: env.DATABASE,
      Sql: sql,
      ...(given.length > 0 && { Parameters: given }),
    });
    for (;;) {
      const { Status, Error: reason, HasResultSet } = await data("DescribeStatement", { Id });
      if (Status === "FINISHED") return HasResultSet ? rowsOf(Id) : [];
      // The reason names the statement's fault, never its text: that may hold what a password is checked by.
      if (Status === "FAILED" || Status === "ABORTED") throw new Error(`Redshift: ${Status}: ${reason}`);
      await sleep(pause);
    }
  }

  async function rowsOf(Id) {
    const rows = [];
    let NextToken;
    do {
      const page = await data("GetStatementResult", { Id, ...(NextToken !== undefined && { NextToken }) });
      rows.push(...page.Records.map((record) => record.map((field) => Object.values(field)[0])));
      ({ NextToken } = page);
    } while (NextToken !== undefined);
    return rows;
  }

  // Redshift resumes with the first statement, which waits for it: there is nothing to wake.
  return { run, wake: async () => {} };
};
