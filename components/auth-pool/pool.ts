import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import type { AuthPoolNodes } from "./nodes";
import { poolSchema } from "./schema";
import type { Settled } from "./settle";
import { createPermissions, lambdaConfig } from "./triggers";

type PoolNodes = Pick<AuthPoolNodes, "pool" | "riskConfiguration" | "triggerPermissions">;

const mfaConfiguration = { off: "OFF", optional: "OPTIONAL", required: "ON" } as const;
const advancedSecurityMode = { off: "OFF", audit: "AUDIT", enforced: "ENFORCED" } as const;

/** The pool, what threat protection does, and the right of the pool to call its functions. */
export function createPool(
  parent: pulumi.Resource,
  s: Settled,
  identityArn: pulumi.Input<string> | undefined,
): PoolNodes {
  const { keep, transform = {} } = s.args;
  const pool = new aws.cognito.UserPool(
    `${s.name}-pool`,
    override<aws.cognito.UserPoolArgs>(poolArgs(s, identityArn), transform.pool),
    {
      parent,
      protect: keep,
      // The provider would change it in place, and no passkey would be good any more. As a replacement it meets `protect`,
      // and the engine refuses it. Without `keep` the passkeys are less than the users that a replacement deletes.
      ...(keep && { replaceOnChanges: ["webAuthnConfiguration.relyingPartyId"] }),
    },
  );
  const riskConfiguration =
    s.threatProtection === "enforced"
      ? new aws.cognito.RiskConfiguration(
          `${s.name}-risk`,
          override<aws.cognito.RiskConfigurationArgs>(riskArgs(pool.id), transform.riskConfiguration),
          { parent },
        )
      : undefined;
  return { pool, riskConfiguration, triggerPermissions: createPermissions(parent, s, pool) };
}

function poolArgs(s: Settled, identityArn: pulumi.Input<string> | undefined): aws.cognito.UserPoolArgs {
  const lambda = lambdaConfig(s);
  const { mixedCharacters } = s.password;
  return {
    userPoolTier: s.tier,
    usernameAttributes: [...s.record.signInAttributes],
    usernameConfiguration: { caseSensitive: s.record.caseSensitive },
    autoVerifiedAttributes: ["email"],
    // A new address counts once it is proven; until then the old one stays.
    userAttributeUpdateSettings: { attributesRequireVerificationBeforeUpdates: ["email"] },
    accountRecoverySetting: { recoveryMechanisms: [{ name: "verified_email", priority: 1 }] },
    adminCreateUserConfig: { allowAdminCreateUserOnly: !s.selfSignUp },
    deletionProtection: s.args.keep ? "ACTIVE" : "INACTIVE",
    schemas: poolSchema(s.record.attributes),
    passwordPolicy: {
      minimumLength: s.password.minimumLength,
      requireLowercase: mixedCharacters,
      requireUppercase: mixedCharacters,
      requireNumbers: mixedCharacters,
      requireSymbols: mixedCharacters,
      temporaryPasswordValidityDays: s.password.temporaryDays,
      // AWS: feature plan Essentials and above.
      ...(s.tier !== "LITE" && { passwordHistorySize: s.password.history }),
    },
    mfaConfiguration: mfaConfiguration[s.mfa],
    ...(s.mfa !== "off" && { softwareTokenMfaConfiguration: { enabled: true } }),
    ...(s.tier !== "LITE" && {
      signInPolicy: { allowedFirstAuthFactors: s.passkeys ? ["PASSWORD", "WEB_AUTHN"] : ["PASSWORD"] },
    }),
    ...(s.record.relyingPartyId !== undefined && {
      // A passkey stands for the password, so the device must ask who holds it.
      webAuthnConfiguration: { relyingPartyId: s.record.relyingPartyId, userVerification: "required" },
    }),
    ...(s.tier === "PLUS" && {
      userPoolAddOns: {
        advancedSecurityMode: advancedSecurityMode[s.threatProtection],
        ...(s.args.triggers?.defineAuthChallenge !== undefined &&
          s.threatProtection !== "off" && {
            advancedSecurityAdditionalFlows: { customAuthMode: advancedSecurityMode[s.threatProtection] },
          }),
      },
    }),
    emailConfiguration: emailConfiguration(s, identityArn),
    ...(lambda !== undefined && { lambdaConfig: lambda }),
  };
}

function emailConfiguration(
  s: Settled,
  identityArn: pulumi.Input<string> | undefined,
): aws.types.input.cognito.UserPoolEmailConfiguration {
  if (s.email === undefined || identityArn === undefined) return { emailSendingAccount: "COGNITO_DEFAULT" };
  return {
    emailSendingAccount: "DEVELOPER",
    fromEmailAddress: s.email.from,
    sourceArn: identityArn,
    ...(s.email.replyTo !== undefined && { replyToEmailAddress: s.email.replyTo }),
  };
}

/** Leaked passwords are refused; a sign-in that looks taken over is stopped, or asked for the second factor. */
function riskArgs(userPoolId: pulumi.Input<string>): aws.cognito.RiskConfigurationArgs {
  return {
    userPoolId,
    compromisedCredentialsRiskConfiguration: { actions: { eventAction: "BLOCK" } },
    accountTakeoverRiskConfiguration: {
      actions: {
        highAction: { eventAction: "BLOCK", notify: false },
        mediumAction: { eventAction: "MFA_IF_CONFIGURED", notify: false },
        lowAction: { eventAction: "NO_ACTION", notify: false },
      },
    },
  };
}
