/**
 * Words that end the name of a variable with a secret in it. `DB_PASSWORD_ARN`, `TOKEN_URL`, `SECRET_NAME` only say
 * where it is.
 */
const words =
  /(^|_)(PASSWORD|PASSWD|PASSPHRASE|SECRET|SECRET_KEY|TOKEN|API_?KEY|ACCESS_KEY|PRIVATE_KEY|SIGNING_KEY|ENCRYPTION_KEY|CREDENTIALS?|[A-Z]+_PWD|CONNECTION_STRING)$/;

/** Values under such a name that are none: a switch, a number, and where the secret is to be found. */
const harmless = /^(true|false|yes|no|on|off|none|null|-?\d+(\.\d+)?|arn:.*|\/.*|\{\{resolve:.*\}\})$/i;

/** Shapes that are a secret under any name. */
const shapes: readonly RegExp[] = [
  /\b(AKIA|ASIA)[A-Z2-7]{16}\b/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\bgh[pousr]_[A-Za-z0-9]{36,}\b/,
  /\bgithub_pat_[A-Za-z0-9_]{22,}/,
  /\bglpat-[A-Za-z0-9_-]{20,}/,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/,
  /\b[rs]k_live_[A-Za-z0-9]{16,}/,
  /\bsk-[A-Za-z0-9_-]{32,}/,
  /\bSG\.[\w-]{16,}\.[\w-]{16,}/,
  /\bAIza[\w-]{35}\b/,
  /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/,
  // A password inside a URL.
  /\b[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s:@]+@/i,
];

/** Whether an environment variable holds a secret, by its name or its value. */
export function looksSecret(name: string, value: string): boolean {
  if (value === "") return false;
  if (shapes.some((shape) => shape.test(value)) || isRandom(name, value)) return true;
  return words.test(snake(name)) && !harmless.test(value);
}

/** One word of 32 to 128 letters and digits of base64: the length of generated keys, below that of certificates. */
const generated = /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[A-Za-z0-9+/_-]{32,128}={0,2}$/;

/** Names of what is as random and no secret. */
const publicWords =
  /(^|_)(PUBLIC|HASH|DIGEST|CHECKSUM|SHA\d*|ETAG|NONCE|SITE_KEY|PUBLISHABLE|ID|ARN|NAME|URL|VERSION)(_|$)/;

/** Bits for each character, of which words and paths have less, and random base64 of that length more. */
const mostOrder = 4.5;

/**
 * Whether a value is as disordered as only a generated key is. Hexadecimal, as digests have it, never is, and text in
 * base64 is read as text.
 */
function isRandom(name: string, value: string): boolean {
  if (name === "" || !generated.test(value) || publicWords.test(snake(name))) return false;
  return entropy(value) >= mostOrder && !isText(Buffer.from(value, "base64").toString("latin1"));
}

function isText(decoded: string): boolean {
  return /^[\t\r\n\x20-\x7e]*$/.test(decoded);
}

/** Shannon's entropy, in bits for each character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}

/** `NAME=value`, `name: value`, `"name": "value"` in a script or a file. */
const assignment = /([A-Za-z_][\w.-]*)["']?\s*[=:]\s*["']?([^\s"'<>]+)/g;

/** Whether a script or a configuration file gives a secret as a value. What is read when it runs is none. */
export function holdsSecret(text: string): boolean {
  if (looksSecret("", text)) return true;
  return [...text.matchAll(assignment)].some(
    ([, name = "", value = ""]) => !/^[$`]/.test(value) && looksSecret(name, value),
  );
}

function snake(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[.-]/g, "_")
    .toUpperCase();
}
