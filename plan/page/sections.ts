import { type PolicyReport, type Violation } from "../policy/findings";
import { type Plan } from "../run";
import { nameOf, typeOf } from "../urn";
import { html, Html } from "./html";
import { treeOf } from "./tree";

/** One part of the page, with its place in the navigation. */
export interface Section {
  /** Fragment of its address. */
  readonly id: string;
  readonly title: string;
  /** A number beside the title. */
  readonly count?: string;
  readonly body: Html;
}

type Anchors = ReadonlyMap<string, string>;

/** A resource's name, as a link to its place in the tree. */
export function linkTo(urn: string, ids: Anchors): Html {
  const id = ids.get(urn);
  const name = html`<b>${nameOf(urn)}</b> <span class="type">${typeOf(urn).replace(/^aws:/, "")}</span>`;
  return id === undefined ? name : html`<a href="#${id}">${name}</a>`;
}

export function picture(svg: string): Section {
  const body = html`<p class="hint">
      Solid: rights and settings; thick: also over the network; dashed: requests. Choose a component to see its
      resources.
    </p>
    <div class="scroll" tabindex="0" role="group" aria-label="Picture of the stack">${new Html(svg)}</div>`;
  return { id: "picture", title: "Picture", body };
}

function finding({ policy, level, urn, message }: Violation, about: PolicyReport | undefined, ids: Anchors): Html {
  return html`<li class="finding ${level}">
    <p><span class="chip ${level === "mandatory" ? "bad" : "warn"}">${level}</span> ${linkTo(urn, ids)}</p>
    <p>${message}</p>
    <p class="hint">
      ${about?.url === undefined ? policy : html`<a href="${about.url}">${policy}</a>`}${about?.severity !== undefined && `, ${about.severity}`}${about?.framework !== undefined && `, ${about.framework.reference}`}
    </p>
    ${
      about?.remediationSteps !== undefined &&
      html`<details>
        <summary>How to cure it</summary>
        <p>${about.remediationSteps}</p>
      </details>`
    }
  </li>`;
}

export function policies(plan: Plan, ids: Anchors): Section {
  const { summary, violations } = plan;
  const reports = new Map(plan.policies.map((report) => [report.name, report]));
  const order = ["mandatory", "advisory"];
  const sorted = [...violations].sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
  const list =
    summary.policyPack === undefined
      ? html`<p>No policy pack was applied.</p>`
      : sorted.length === 0
        ? html`<p class="good">
            No finding: ${summary.policies} policies of ${summary.policyPack} have nothing to say.
          </p>`
        : html`<ul class="findings">
            ${sorted.map((each) => finding(each, reports.get(each.policy), ids))}
          </ul>`;
  const exempted = plan.exempted.map(
    ({ policy, urn, reason, owner, expires }) =>
      html`<li>${linkTo(urn, ids)}: ${policy}, ${reason} (${owner}, until ${expires})</li>`,
  );
  const body = html`${list}
  ${
    exempted.length > 0 &&
    html`<details>
      <summary>${exempted.length} exempted</summary>
      <ul>
        ${exempted}
      </ul>
    </details>`
  }
  ${summary.notEvaluated > 0 && html`<p class="hint">${summary.notEvaluated} properties were unknown and not judged.</p>`}`;
  return { id: "policies", title: "Policies", count: String(violations.length), body };
}

const usd = (amount: number): string => (amount < 10 ? amount.toFixed(2) : Math.round(amount).toLocaleString("en-US"));

export function cost({ cost: estimate }: Plan, chart: string | undefined): Section | undefined {
  if (estimate === undefined) return undefined;
  const { total, components, unpriced, prices } = estimate;
  const rows = components.map(
    ({ name, type, idle, use, all }) =>
      html`<tr>
        <th scope="row">${name} <span class="type">${type.split(":").at(-1)}</span></th>
        <td>${usd(idle.expected)}</td>
        <td>${usd(use.expected)}</td>
        <td>${usd(all.expected)}</td>
      </tr>`,
  );
  const body = html`<p>
      About <b>${usd(total.all.expected)} USD a month</b> (${usd(total.all.low)} to ${usd(total.all.high)}), of which
      ${usd(total.idle.expected)} run even when nobody comes. List prices of
      ${prices.map(({ region, asOf }) => `${region} (${asOf})`).join(", ")}, uses as usage.yaml assumes them.
    </p>
    ${chart !== undefined && html`<div class="scroll">${new Html(chart)}</div>`}
    <div class="scroll">
      <table class="sums">
        <thead>
          <tr>
            <th scope="col">component</th>
            <th scope="col">idle</th>
            <th scope="col">with use</th>
            <th scope="col">USD a month</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
    ${
      unpriced.length > 0 &&
      html`<details>
        <summary>${unpriced.length} not counted</summary>
        <ul>
          ${unpriced.map(({ type, what, because }) => html`<li>${type}: ${what}, ${because}</li>`)}
        </ul>
      </details>`
    }`;
  return { id: "cost", title: "Cost", count: `${usd(total.all.expected)} USD`, body };
}

export function resources(plan: Plan, ids: Anchors): Section {
  const body = html`<p class="search">
      <label for="search">Find a resource</label>
      <input id="search" type="search" placeholder="name or type" autocomplete="off" aria-describedby="found" />
      <span id="found" role="status"></span>
    </p>
    ${treeOf(plan, ids)}`;
  return { id: "resources", title: "Resources", count: String(plan.summary.resources), body };
}

export function outputs({ outputs: values }: Plan): Section {
  const rows = Object.entries(values)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([name, value]) =>
        html`<tr>
          <th scope="row">${name}</th>
          <td><code>${typeof value === "string" ? value : JSON.stringify(value)}</code></td>
        </tr>`,
    );
  const body =
    rows.length === 0
      ? html`<p>The stack has no outputs.</p>`
      : html`<div class="scroll">
          <table>
            ${rows}
          </table>
        </div>`;
  return { id: "outputs", title: "Outputs", count: String(rows.length), body };
}
