import { costChart } from "../../cost/chart";
import { sentenceOf, spoken } from "../../cost/delta";
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

/** Where each resource stands in the tree, by its URN. */
export type Anchors = ReadonlyMap<string, string>;

/** A resource's name, as a link to its place in the tree; `text` where a link has no room, such as in a summary. */
export function linkTo(urn: string, ids: Anchors, as: "link" | "text" = "link"): Html {
  const id = as === "link" ? ids.get(urn) : undefined;
  const name = html`<b>${nameOf(urn)}</b> <span class="type">${typeOf(urn).replace(/^aws:/, "")}</span>`;
  return id === undefined ? name : html`<a href="#${id}">${name}</a>`;
}

export function picture(svg: string, { diff }: Plan): Section {
  const body = html`<p class="hint">
      Solid: rights and settings; thick: also over the network; dashed: requests. Choose a component to see its
      resources${diff && ", outlined in red where data would be lost, in amber where something changes, in green where it is new"}.
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

/** `+31` and `-4.20`; nothing where there is no difference. */
function signed(amount: number): string {
  return Math.abs(amount) < 0.005 ? "" : `${amount > 0 ? "+" : "-"}${spoken(amount)}`;
}

export function cost({ cost: estimate, stack }: Plan): Section | undefined {
  if (estimate === undefined) return undefined;
  const { total, components, unpriced, prices, delta, budgets } = estimate;
  const change = new Map(delta?.components.map(({ name, type, all }) => [`${type} ${name}`, all.expected]));
  const over = budgets.filter(({ verdict }) => verdict !== "within");
  const rows = components.map(
    ({ name, type, idle, use, all }) =>
      html`<tr>
        <th scope="row">${name} <span class="type">${type.split(":").at(-1)}</span></th>
        <td>${spoken(idle.expected)}</td>
        <td>${spoken(use.expected)}</td>
        <td>${spoken(all.expected)}</td>
        ${delta && html`<td>${signed(change.get(`${type} ${name}`) ?? 0)}</td>`}
      </tr>`,
  );
  const body = html`<p>
      About <b>${spoken(total.all.expected)} USD a month</b> (${spoken(total.all.low)} to ${spoken(total.all.high)}), of
      which ${spoken(total.idle.expected)} run even when nobody comes. List prices of
      ${prices.map(({ region, asOf }) => `${region} (${asOf})`).join(", ")}, uses as usage.yaml assumes them.
    </p>
    ${delta && html`<p>${sentenceOf(delta, stack).replace(/^this/, "This")}.</p>`}
    ${over.map(({ name, limitUsd, verdict }) => html`<p class="bad">Budget ${name} of ${spoken(limitUsd)} USD: ${verdict}.</p>`)}
    <div class="scroll">${new Html(costChart(estimate))}</div>
    <div class="scroll">
      <table class="sums">
        <thead>
          <tr>
            <th scope="col">component</th>
            <th scope="col">idle</th>
            <th scope="col">with use</th>
            <th scope="col">USD a month</th>
            ${delta && html`<th scope="col">change</th>`}
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
  return { id: "cost", title: "Cost", count: `${spoken(total.all.expected)} USD`, body };
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
