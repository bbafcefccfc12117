"use strict";

/** Letters and digits: no quoting in SQL, URLs or the files of a BI tool goes wrong with them. */
exports.newPassword = async (secrets) => {
  const { RandomPassword } = await secrets("GetRandomPassword", { PasswordLength: 40, ExcludePunctuation: true });
  return RandomPassword;
};

/** What the secret holds now, undefined while it is empty. */
exports.currentValue = (secrets, secretArn) => valueOf(secrets, { SecretId: secretArn, VersionStage: "AWSCURRENT" });

async function valueOf(secrets, which) {
  try {
    return JSON.parse((await secrets("GetSecretValue", which)).SecretString);
  } catch (error) {
    if (error.name === "ResourceNotFoundException") return undefined;
    throw error;
  }
}

/** One step of a rotation. AWS: Secrets Manager user guide, "Lambda rotation functions". */
exports.rotate = async ({ secrets, env, engine, database }, { Step, SecretId, ClientRequestToken }) => {
  const pending = { SecretId, VersionId: ClientRequestToken, VersionStage: "AWSPENDING" };
  const steps = {
    async createSecret() {
      // Secrets Manager may call a step twice: the password must stay the first one.
      if ((await valueOf(secrets, pending)) !== undefined) return;
      const current = await exports.currentValue(secrets, SecretId);
      if (current === undefined) throw new Error("the secret is empty: deploy the cluster's users first");
      const value = { ...current, password: await exports.newPassword(secrets) };
      await secrets("PutSecretValue", {
        SecretId,
        ClientRequestToken,
        SecretString: JSON.stringify(value),
        VersionStages: ["AWSPENDING"],
      });
    },
    async setSecret() {
      const { username, password } = await valueOf(secrets, pending);
      // Whoever may write the secret must not choose whose password is set.
      if (!env.ROTATED_USERS.split(",").includes(username)) throw new Error(`${username} is no password user`);
      await database.wake();
      await engine.setPassword(database, username, password);
    },
    // The Data API signs in with the version that is current, so the new password cannot be tried before it is.
    async testSecret() {},
    async finishSecret() {
      const { VersionIdsToStages } = await secrets("DescribeSecret", { SecretId });
      const [current] = Object.entries(VersionIdsToStages).find(([, stages]) => stages.includes("AWSCURRENT"));
      if (current === ClientRequestToken) return;
      await secrets("UpdateSecretVersionStage", {
        SecretId,
        VersionStage: "AWSCURRENT",
        MoveToVersionId: ClientRequestToken,
        RemoveFromVersionId: current,
      });
    },
  };
  const step = steps[Step];
  if (step === undefined) throw new Error(`unknown step ${Step}`);
  await step();
};
