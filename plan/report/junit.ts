import { escapeMarkup } from "../markup";
import { type PolicyReport } from "../policy/findings";
import { type Plan } from "../run";
import { nameOf, typeOf } from "../urn";
import { totals } from "./totals";

/** Text for XML 1.0, which has no place for most control characters. */
function escaped(text: string): string {
  const xml = text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD");
  return escapeMarkup(xml);
}

function element(name: string, attributes: Readonly<Record<string, string | number>>, inside: string[] = []): string {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
  return `<${name}${given.join("")}${inside.length === 0 ? "/>" : `>\n${inside.join("\n")}\n</${name}>`}`;
}

function testcase(policy: string, name: string, inside: string[] = []): string {
  return element("testcase", { classname: policy, name }, inside);
}

function resource(urn: string): string {
  return `${nameOf(urn)} (${typeOf(urn)})`;
}

/** One suite for a policy: a case for each finding, and one for all that pass. Advisory findings do not fail a build. */
function suite(plan: Plan, policy: PolicyReport): string {
  const { name, description, remediationSteps, url, counts } = policy;
  const own = <T extends { policy: string }>(list: readonly T[]): T[] => list.filter((one) => one.policy === name);
  const violations = own(plan.violations);
  const mandatory = violations.filter(({ level }) => level === "mandatory");
  const failures = mandatory.map(({ urn, message }) => {
    const detail = [message, urn, remediationSteps, url].filter((line) => line !== undefined).join("\n");
    const failure = element("failure", { type: "mandatory", message }, [escaped(detail)]);
    return testcase(name, resource(urn), [failure]);
  });
  const notes: [urn: string, message: string][] = [
    ...violations
      .filter(({ level }) => level !== "mandatory")
      .map(({ urn, message }): [string, string] => [urn, `advisory: ${message}`]),
    ...own(plan.exempted).map(({ urn, message, reason, owner, expires }): [string, string] => {
      return [urn, `exempted until ${expires} by ${owner} (${reason}): ${message}`];
    }),
    ...own(plan.notEvaluated).map(({ urn, path }): [string, string] => [urn, `not evaluated: ${path} is unknown`]),
  ];
  const skipped = notes.map(([urn, message]) => testcase(name, resource(urn), [element("skipped", { message })]));
  const passed = counts.passed === 0 ? [] : [testcase(name, `${counts.passed} passed: ${description}`)];
  const cases = [...failures, ...skipped, ...passed];
  const sums = { tests: cases.length, failures: failures.length, skipped: skipped.length, errors: 0 };
  return element("testsuite", { name, ...sums }, cases);
}

/** JUnit's XML, as CI systems read it. */
export function junit(plan: Plan): string {
  const suites = plan.policies.filter(({ counts }) => counts.notApplicable === 0 || applied(counts));
  const counts = Object.entries<number>({ ...totals(plan) }).map(([name, value]) =>
    element("property", { name, value }),
  );
  const about = element("testsuite", { name: `${plan.project}/${plan.stack}`, tests: 0, failures: 0 }, [
    element("properties", {}, counts),
  ]);
  const all = element("testsuites", { name: plan.summary.policyPack ?? "no policy pack" }, [
    about,
    ...suites.map((policy) => suite(plan, policy)),
  ]);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${all}\n`;
}

function applied({ passed, failed, exempted, notEvaluated }: PolicyReport["counts"]): boolean {
  return passed + failed + exempted + notEvaluated > 0;
}
