"use strict";

/**
 * How long an error of the first call may go on, in seconds. A paused cluster takes up to half a minute to resume, an
 * endpoint that was just turned on and a policy that was just attached take a while to be known.
 */
const patience = {
  DatabaseResumingException: 180,
  DatabaseUnavailableException: 180,
  HttpEndpointNotEnabledException: 180,
  AccessDeniedException: 30,
  ForbiddenException: 30,
};
const pause = 5;

/** The cluster through the Data API, signed in as the master user. */
exports.createDatabase = ({ data, sleep, env }) => {
  const target = { resourceArn: env.CLUSTER_ARN, secretArn: env.MASTER_ARN };

  /** Rows as lists of values; `:name` in the text stands for a parameter. */
  async function run(sql, parameters = {}, transactionId = undefined) {
    const { records = [] } = await data("ExecuteStatement", {
      ...target,
      database: env.DATABASE,
      sql,
      parameters: Object.entries(parameters).map(([name, value]) => ({ name, value: { stringValue: value } })),
      ...(transactionId !== undefined && { transactionId }),
    });
    return records.map((fields) => fields.map((field) => (field.isNull ? null : Object.values(field)[0])));
  }

  async function transaction(work) {
    const { transactionId } = await data("BeginTransaction", { ...target, database: env.DATABASE });
    try {
      const result = await work((sql, parameters) => run(sql, parameters, transactionId));
      await data("CommitTransaction", { ...target, transactionId });
      return result;
    } catch (error) {
      // What went wrong first is what the caller has to see.
      await data("RollbackTransaction", { ...target, transactionId }).catch(() => {});
      throw error;
    }
  }

  /** Waits until the cluster answers. */
  async function wake() {
    for (let waited = 0; ; waited += pause) {
      try {
        await run("SELECT 1");
        return;
      } catch (error) {
        if (waited >= (patience[error.name] ?? 0)) throw error;
        await sleep(pause);
      }
    }
  }

  return { run, transaction, wake };
};
