import type { Faults } from "../shared/check";
import type { Settled } from "./settle";

export const kebabCase = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

export function checkName(s: Settled, faults: Faults): void {
  // The name prefixes the variables of the accesses.
  if (!kebabCase.test(s.name)) faults.add("name", s.name, "kebab-case, such as users", "rename the component");
}

/** What a tier lacks. AWS: Cognito developer guide, "User pool feature plans". */
export function checkTier(s: Settled, faults: Faults): void {
  if (s.threatProtection !== "off" && s.tier !== "PLUS") {
    faults.add("threatProtection", s.threatProtection, `"off" with tier ${s.tier}`, 'set tier: "PLUS", which has it');
  }
  if (s.tier !== "LITE") return;
  const cure = 'set tier: "ESSENTIALS", or leave it out';
  if (s.password.history > 0) faults.add("password.history", s.password.history, "0 with tier LITE", cure);
  if (s.args.branding !== undefined) faults.add("branding", "set", "none with tier LITE", cure);
  const version = s.args.triggers?.preTokenGeneration?.version;
  if (version !== undefined && version !== "V1_0") {
    faults.add("triggers.preTokenGeneration.version", version, '"V1_0" with tier LITE', cure);
  }
}

export function checkPasskeys(s: Settled, faults: Faults): void {
  if (!s.passkeys) return;
  if (s.args.domain === undefined) {
    const cure = "a passkey is bound to the name of the login pages, and would be lost when that changes: set domain";
    faults.add("passkeys", true, "false without a domain", cure);
  }
  if (s.tier === "LITE") {
    const cure = 'set passkeys: false, or tier: "ESSENTIALS"';
    faults.add("passkeys", true, "false with tier LITE", cure);
  }
  if (s.mfa === "required") {
    const cure =
      "Cognito takes both only when a passkey counts as two factors (WebAuthnConfiguration.FactorConfiguration), which " +
      '@pulumi/aws 7.48 cannot say: set passkeys: false, or mfa: "optional"';
    faults.add("mfa", "required", '"off" or "optional" with passkeys', cure);
  }
}

export function checkPassword({ password }: Settled, faults: Faults): void {
  // Cognito takes 6; NIST SP 800-63B asks for 8 at the least.
  integer(faults, "password.minimumLength", password.minimumLength, 8, 99);
  integer(faults, "password.history", password.history, 0, 24);
  integer(faults, "password.temporaryDays", password.temporaryDays, 1, 365);
}

export function checkTriggers({ args: { triggers = {} } }: Settled, faults: Faults): void {
  const challenge = ["defineAuthChallenge", "createAuthChallenge", "verifyAuthChallengeResponse"] as const;
  const missing = challenge.filter((trigger) => triggers[trigger] === undefined);
  if (missing.length === 0 || missing.length === challenge.length) return;
  for (const trigger of missing) {
    faults.add(`triggers.${trigger}`, undefined, "all three functions of a custom challenge, or none", "add it");
  }
}

export function integer(faults: Faults, path: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  faults.add(path, value, `a whole number from ${min} to ${max}`, "set one in that range");
}
