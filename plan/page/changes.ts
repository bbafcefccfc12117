import { newsOf, principalOf, seen, wayOf } from "../access/render";
import { dangers } from "../diff/compare";
import { byComponent, common, countsLine, marks, propertyLines, verbs } from "../diff/render";
import { type ChangeKind, type PlanDiff, type PropertyChange, type ResourceChange } from "../diff/types";
import { type Plan } from "../run";
import { nameOf, typeOf } from "../urn";
import { html, type Html } from "./html";
import { type Anchors, linkTo, type Section } from "./sections";

const tones: Readonly<Record<ChangeKind, string>> = {
  create: "good",
  update: "warn",
  replace: "bad",
  move: "note",
  delete: "bad",
};

function properties(changes: readonly PropertyChange[]): Html | false {
  const lines = propertyLines(changes).map(
    ({ text, replaces }) =>
      html`<li><code>${text}</code>${replaces && html` <span class="chip bad">replaces it</span>`}</li>`,
  );
  return (
    lines.length > 0 &&
    html`<ul class="properties">
      ${lines}
    </ul>`
  );
}

/** What would lose data, with the ways round it. */
function lost(diff: PlanDiff): Html | false {
  const found = dangers(diff);
  if (found.length === 0) return false;
  const title = `${found.length} stateful ${found.length === 1 ? "resource" : "resources"} would be replaced or deleted`;
  const items = found.map(
    (change) =>
      html`<li>
        <p>
          <b>${change.name}</b> <span class="type">${change.type}</span> is <b>${verbs[change.kind]}</b>, and
          ${change.danger?.loses} with it
        </p>
        ${properties(change.properties.filter(({ replaces }) => replaces))}
        <p>Ways out:</p>
        <ul>
          ${change.danger?.waysOut.map((way) => html`<li>${way}</li>`)}
        </ul>
      </li>`,
  );
  return html`<div class="danger" id="lost">
    <h3>${title}</h3>
    <ul>
      ${items}
    </ul>
  </div>`;
}

function reach({ reach: reaches }: PlanDiff): Html | false {
  const { shown, others } = seen(reaches);
  if (reaches.length === 0) return false;
  const rows = shown.map(
    (each) =>
      html`<tr>
        <th scope="row">${principalOf(each.reach)}</th>
        <td>${each.reach.target.name}</td>
        <td>
          <code>${newsOf(each)}</code>${each.reach.wide && html` <span class="chip bad">by a wide statement</span>`}
        </td>
        <td>${wayOf(each.reach)}</td>
      </tr>`,
  );
  return html`<h3>New reach</h3>
    ${
      rows.length > 0 &&
      html`<div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">who</th>
              <th scope="col">data</th>
              <th scope="col">may now</th>
              <th scope="col">way</th>
            </tr>
          </thead>
          <tbody>
            ${rows}
          </tbody>
        </table>
      </div>`
    }
    ${others > 0 && html`<p class="hint">and ${others} new rights that are on no data</p>`}`;
}

function change(each: ResourceChange, ids: Anchors): Html {
  const { kind, urn, movedFrom, retained } = each;
  return html`<li>
    <span class="${tones[kind]}">${verbs[kind]}</span> ${linkTo(urn, ids)}
    ${movedFrom !== undefined && html`<span class="note">was ${nameOf(movedFrom)} (${typeOf(movedFrom)})</span>`}
    ${retained === true && html`<span class="note">left in AWS</span>`} ${properties(each.properties)}
  </li>`;
}

/** `+2 ~1`: what happens in a component, by Pulumi's marks. */
function tally(changes: readonly ResourceChange[]): Html[] {
  const kinds = Object.keys(marks) as ChangeKind[];
  return kinds.flatMap((kind) => {
    const count = changes.filter((each) => each.kind === kind).length;
    return count === 0 ? [] : [html`<span class="note ${tones[kind]}">${marks[kind]}${count}</span> `];
  });
}

/** Groups are open as long as all of them fit a screen. */
const mostOpen = 12;

function groups(diff: PlanDiff, ids: Anchors): Html[] {
  const alike = common(diff.changes);
  const told = new Set(alike.flat());
  const single = diff.changes.filter((each) => !told.has(each));
  const open = single.length <= mostOpen && html` open`;
  return [
    ...byComponent(single).map(
      ([component, changes]) =>
        html`<details${open}>
          <summary>${component === "" ? "outside components" : linkTo(component, ids, "text")} ${tally(changes)}</summary>
          <ul class="changes">
            ${changes.map((each) => change(each, ids))}
          </ul>
        </details>`,
    ),
    ...alike.map(
      (group) =>
        html`<details>
          <summary>${group.length} resources alike <span class="note warn">~${group.length}</span></summary>
          ${properties(group[0]?.properties ?? [])}
          <p class="hint">${group.map(({ urn }, index) => [index > 0 && ", ", linkTo(urn, ids)])}</p>
        </details>`,
    ),
  ];
}

function findings({ findings: { come, gone } }: PlanDiff, ids: Anchors): Html | false {
  if (come.length + gone.length === 0) return false;
  const told = (tone: string, word: string, { level, policy, urn }: (typeof come)[number]): Html =>
    html`<li><span class="${tone}">${word}</span> ${level}, ${policy}: ${linkTo(urn, ids)}</li>`;
  return html`<h3>Findings that this change brings or cures</h3>
    <ul class="changes">
      ${come.map((each) => told("bad", "new", each))}${gone.map((each) => told("good", "cured", each))}
    </ul>`;
}

/** What changes against the plan that this one is compared with; undefined where it is compared with none. */
export function changes({ diff }: Plan, ids: Anchors): Section | undefined {
  if (diff === undefined) return undefined;
  const where = diff.isNew ? `${diff.against}, where the stack has no file` : diff.against;
  const outputs = properties(diff.outputs);
  const body = html`<p>Against ${where}: <b>${countsLine(diff)}</b>.</p>
    ${lost(diff)} ${reach(diff)} ${diff.changes.length > 0 && html`<h3>By component</h3>`} ${groups(diff, ids)}
    ${outputs !== false && html`<h3>Outputs</h3>`} ${outputs} ${findings(diff, ids)}`;
  return { id: "changes", title: "Changes", count: String(diff.changes.length), body };
}
