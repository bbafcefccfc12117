import { checkNames } from "../certificate/domain";
import type { Faults } from "../shared/check";
import type { Settled } from "./settle";

/** AWS appends `-` and 12 digits here; Cognito takes 63 characters in all. */
const longestPrefix = 63 - "-123456789012".length;

export function checkLogin({ args, loginPrefix }: Settled, faults: Faults): void {
  if (args.domain !== undefined) {
    const { name } = args.domain;
    checkNames(faults, "domain.name", [name], false);
    // AWS: API reference, CreateUserPoolDomain, `Domain`.
    if (name.length > 63) faults.add("domain.name", name, "at most 63 characters (Cognito)", "set a shorter name");
    if (name.split(".").length < 3) {
      const cure = "Cognito wants an A record at the parent: set one such as auth.example.com";
      faults.add("domain.name", name, "a name below a domain of yours", cure);
    }
    if (args.loginPrefix !== undefined) {
      faults.add("loginPrefix", args.loginPrefix, "none with a domain", "leave it out: the domain is the address");
    }
    return;
  }
  if (loginPrefix === undefined) return;
  const own = args.loginPrefix === undefined ? " (made of project, stack and name)" : "";
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(loginPrefix) || loginPrefix.length > longestPrefix) {
    const allowed = `lower-case letters, digits and -, at most ${longestPrefix} characters${own}`;
    faults.add("loginPrefix", loginPrefix, allowed, "set a shorter one; the account's number follows it");
  }
  // AWS: Cognito developer guide, "Using the Amazon Cognito prefix domain": these words are reserved.
  if (/aws|amazon|cognito/.test(loginPrefix)) {
    faults.add("loginPrefix", loginPrefix, `no aws, amazon or cognito in it${own}`, "set one without them");
  }
}

export function checkEmail({ args, email }: Settled, faults: Faults): void {
  // A sender that was not given is at the domain, which has its own faults.
  if (email === undefined || args.email === undefined) return;
  const sender = parseSender(email.from);
  if (sender === undefined) {
    const allowed = "an address, or a name and <address>";
    faults.add("email.from", email.from, allowed, "write it as Example <no-reply@example.com>");
  } else if (email.identityArn === undefined && email.ownIdentity === undefined) {
    const allowed = args.domain === undefined ? "set" : `set, or email.from at ${args.domain.name}`;
    const cure = "SES sends for verified domains alone: set the ARN of the identity of the sender's domain";
    faults.add("email.identityArn", undefined, allowed, cure);
  }
  if (email.replyTo !== undefined && parseSender(email.replyTo) === undefined) {
    faults.add("email.replyTo", email.replyTo, "an address", "write it as help@example.com");
  }
}

/** The address of `name@example.com` or `Example <name@example.com>`; undefined when it is neither. */
export function parseSender(text: string): { address: string; domain: string } | undefined {
  const match = /^(?:[^<>]+<([^<>]+)>|([^<>]+))$/.exec(text);
  const address = match?.[1] ?? match?.[2] ?? "";
  const parts = /^[^\s@]+@([a-z0-9.-]+\.[a-z]{2,})$/i.exec(address);
  return parts?.[1] === undefined ? undefined : { address, domain: parts[1].toLowerCase() };
}
