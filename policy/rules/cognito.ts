import type * as aws from "@pulumi/aws";

import { on, rule } from "../lib/rule";
import { types } from "../lib/types";
import type { Value } from "../lib/value";

type Report = (at: Value, wrong: string, set: string) => void;

const classes = ["requireLowercase", "requireUppercase", "requireNumbers", "requireSymbols"] as const;

export const cognitoPassword = rule(
  {
    name: "cognito-password",
    description: "User pools ask for strong passwords and take no old one again",
    severity: "medium",
    levels: "A/M/M",
    fsbp: ["Cognito.3", "Password policies for Cognito user pools should have strong configurations"],
    remediationSteps:
      "Set passwordPolicy: minimumLength 8 or more, all four classes, 7 days for temporary passwords, a history.",
    config: { length: { type: "integer", minimum: 6, maximum: 99, default: 8, description: "least length" } },
  },
  on<aws.cognito.UserPoolArgs>(types.userPool, ({ props, config, report }) => {
    const policy = props.at("passwordPolicy");
    const least = config.length as number;
    const length = policy.at("minimumLength");
    if (!length.unknown && Number(length.known ?? 0) < least) {
      report(length, `is not set to ${least} or more`, `set it to ${least} or more`);
    }
    for (const key of classes) if (policy.at(key).isNot(true)) report(policy.at(key), "is not on", "set it to true");
    // AWS: a temporary password is valid for 7 days where nothing is said.
    const days = policy.at("temporaryPasswordValidityDays");
    if (!days.unknown && Number(days.known ?? 7) > 7) report(days, "is more than a week", "set it to 7 or less");
    // AWS: the tier LITE has no history.
    const history = policy.at("passwordHistorySize");
    if (props.at("userPoolTier").isNot("LITE") && !history.unknown && Number(history.known ?? 0) < 1) {
      report(history, "is not set", "set it to 5, or to what the organisation asks for");
    }
  }),
);

export const cognitoMfa = rule(
  {
    name: "cognito-mfa",
    description: "Users can, or must, sign in with a second factor or a passkey",
    severity: "medium",
    levels: "0/A/M",
    url: "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html",
    remediationSteps:
      "Set mfaConfiguration to OPTIONAL or ON and softwareTokenMfaConfiguration.enabled to true, or offer passkeys.",
  },
  on<aws.cognito.UserPoolArgs>(types.userPool, ({ props, report }) => {
    const first = props.at("signInPolicy").at("allowedFirstAuthFactors");
    const passkeys = first.unknown || first.items().some((factor) => !factor.isNot("WEB_AUTHN"));
    if (passkeys && !props.at("webAuthnConfiguration").isEmpty()) return;
    const mode = props.at("mfaConfiguration");
    if (mode.isNot("ON", "OPTIONAL")) {
      report(mode, "leaves the password alone", "set it to OPTIONAL or ON");
      return;
    }
    const app = props.at("softwareTokenMfaConfiguration").at("enabled");
    if (app.isNot(true)) report(app, "is not on", "set it to true: codes by SMS can be stolen");
  }),
);

export const cognitoThreat = rule(
  {
    name: "cognito-threat",
    description: "User pools act on sign-ins that look like an attack",
    severity: "medium",
    levels: "0/0/A",
    url: "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-threat-protection.html",
    remediationSteps:
      "Set userPoolTier to PLUS, which costs more per user, and userPoolAddOns.advancedSecurityMode to ENFORCED.",
  },
  on<aws.cognito.UserPoolArgs>(types.userPool, ({ props, report }) => {
    const mode = props.at("userPoolAddOns").at("advancedSecurityMode");
    if (mode.isNot("ENFORCED")) report(mode, "is not ENFORCED", "set it, with userPoolTier PLUS");
    const tier = props.at("userPoolTier");
    if (mode.is("ENFORCED") && tier.isNot("PLUS")) report(tier, "has no threat protection", "set it to PLUS");
  }),
);

/** Minutes in Cognito's units; `hours` where nothing is said, `days` for refresh tokens. */
const minutes: Readonly<Record<string, number>> = { seconds: 1 / 60, minutes: 1, hours: 60, days: 1440 };

export const cognitoClient = rule(
  {
    name: "cognito-client",
    description: "App clients take no password over the API, no implicit flow and no plain HTTP, and tokens end soon",
    severity: "high",
    levels: "A/M/M",
    url: "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-client-apps.html",
    remediationSteps:
      "Use the code flow with https:// callbacks, preventUserExistenceErrors ENABLED and tokens of an hour.",
  },
  on<aws.cognito.UserPoolClientArgs>(types.userPoolClient, ({ props, report }) => {
    const errors = props.at("preventUserExistenceErrors");
    if (errors.isNot("ENABLED")) report(errors, "tells who has an account", "set it to ENABLED");
    for (const flow of props.at("allowedOauthFlows").items()) {
      if (flow.is("implicit")) report(flow, "shows tokens in URLs", 'use "code"');
    }
    for (const flow of props.at("explicitAuthFlows").items()) {
      if (flow.is("ALLOW_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH")) {
        report(flow, "sends passwords to the API", "use ALLOW_USER_SRP_AUTH or ALLOW_USER_AUTH");
      }
    }
    const urls = [
      ...props.at("callbackUrls").items(),
      ...props.at("logoutUrls").items(),
      props.at("defaultRedirectUri"),
    ];
    for (const url of urls) {
      if (isPlainHttp(url.text ?? "")) report(url, "is plain HTTP", "use https://");
    }
    // On where nothing is said.
    const revocation = props.at("enableTokenRevocation");
    if (revocation.is(false)) report(revocation, "is off", "set it to true");
    const units = props.at("tokenValidityUnits");
    lifetime(props.at("accessTokenValidity"), units.at("accessToken"), 60, "an hour", report);
    lifetime(props.at("idTokenValidity"), units.at("idToken"), 60, "an hour", report);
    lifetime(props.at("refreshTokenValidity"), units.at("refreshToken"), 365 * 1440, "a year", report, "days");
  }),
);

/** Cognito and browsers take localhost over HTTP; apps have schemes of their own. */
function isPlainHttp(url: string): boolean {
  return /^http:/i.test(url) && !/^http:\/\/(localhost|127\.0\.0\.1|\[::1\])([:/]|$)/i.test(url);
}

function lifetime(at: Value, unit: Value, most: number, words: string, report: Report, normal = "hours"): void {
  const amount = at.known;
  if (typeof amount !== "number" || unit.unknown) return;
  const factor = minutes[unit.isEmpty() ? normal : (unit.text ?? normal)] ?? 0;
  if (amount * factor > most) report(at, `is longer than ${words}`, `set it to ${words} or less`);
}

export const cognitoNoGuest = rule(
  {
    name: "cognito-no-guest",
    description: "Identity pools give credentials to users who signed in, by the enhanced flow, and to nobody else",
    severity: "high",
    levels: "M/M/M",
    fsbp: ["Cognito.2", "Cognito identity pools should not allow unauthenticated identities"],
    remediationSteps: "Set allowUnauthenticatedIdentities and allowClassicFlow to false.",
  },
  on<aws.cognito.IdentityPoolArgs>(types.identityPool, ({ props, report }) => {
    const guests = props.at("allowUnauthenticatedIdentities");
    if (guests.is(true)) report(guests, "gives everyone credentials", "set it to false");
    const classic = props.at("allowClassicFlow");
    if (classic.is(true)) report(classic, "lets clients choose their role's session", "set it to false");
  }),
);
