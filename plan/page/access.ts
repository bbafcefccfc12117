import { accessMatrix } from "../access/matrix";
import { byTarget, principalOf, wayOf } from "../access/render";
import { type Reach } from "../access/types";
import { type Plan } from "../run";
import { html, type Html } from "./html";
import { type Anchors, linkTo, type Section } from "./sections";

function warnings({ wide, network, rights }: Reach): Html[] {
  return [
    ...(wide ? ["by a wide statement"] : []),
    ...(network === "none" ? ["no way through the network"] : []),
    ...(rights.length === 0 ? ["no right of IAM: whoever has the password"] : []),
  ].map((text) => html`<span class="chip warn">${text}</span> `);
}

function row(reach: Reach): Html {
  const { rights, actions, permissions } = reach;
  const conditions = [...new Set(permissions.flatMap((permission) => permission.conditions))];
  return html`<tr>
    <th scope="row">${principalOf(reach)}</th>
    <td>
      ${
        actions.length === 0
          ? rights.join(", ")
          : html`<details>
              <summary>${rights.join(", ")}</summary>
              <code>${actions.join(", ")}</code>
              ${conditions.map((condition) => html`<p class="hint">if ${condition}</p>`)}
            </details>`
      }
      ${warnings(reach)}
    </td>
    <td>${reach.network === "none" ? "" : wayOf(reach)}</td>
  </tr>`;
}

function keys(matrix: readonly Reach[], ids: Anchors): Html | false {
  const found = byTarget(matrix.filter(({ target }) => target.category === "key"));
  if (found.length === 0) return false;
  const items = found.map(([target, reaches]) => {
    const names = [...new Set(reaches.map(({ principal }) => principal.name))].sort();
    return html`<li>${linkTo(target.urn, ids)}: ${names.join(", ")}</li>`;
  });
  return html`<details>
    <summary>Who may use which key</summary>
    <ul>
      ${items}
    </ul>
  </details>`;
}

/** Who may do what on which data, by what way: read from the plan's IAM documents and security-group rules. */
export function access(plan: Plan, ids: Anchors): Section {
  const matrix = plan.access ?? accessMatrix(plan);
  const data = byTarget(matrix.filter(({ target }) => target.category === "data"));
  const others = matrix.filter(({ target }) => target.category === "operations").length;
  const table = html`<div class="scroll">
    <table class="access">
      <thead>
        <tr>
          <th scope="col">who</th>
          <th scope="col">may</th>
          <th scope="col">by</th>
        </tr>
      </thead>
      ${data.map(
        ([target, reaches]) =>
          html`<tbody>
            <tr>
              <th scope="rowgroup" colspan="3">${linkTo(target.urn, ids)}</th>
            </tr>
            ${reaches.map(row)}
          </tbody>`,
      )}
    </table>
  </div>`;
  const body = html`<p class="hint">
      By IAM's documents and the security groups' rules alone: what a denial, a boundary or an organization takes away
      is not taken off.
    </p>
    ${data.length > 0 ? table : html`<p>Nobody has a right on data of this stack.</p>`} ${keys(matrix, ids)}
    ${others > 0 && html`<p class="hint">${others} rights more are on no data, such as writing logs: --json has them.</p>`}`;
  return { id: "access", title: "Access", count: String(data.length), body };
}
