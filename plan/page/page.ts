import { readFileSync } from "node:fs";
import { join } from "node:path";

import { graphOf } from "../picture/graph";
import { insides } from "../picture/inside";
import { layOut } from "../picture/layout";
import { svgOf } from "../picture/svg";
import { type Plan } from "../run";
import { nameOf } from "../urn";
import { access } from "./access";
import { changes } from "./changes";
import { html, Html, json } from "./html";
import { cost, outputs, picture, policies, resources } from "./sections";
import { anchors, shownResources } from "./tree";

const asset = (name: string): Html => new Html(readFileSync(join(__dirname, "browser", name), "utf8"));

/** The plan as one page that needs nothing else: no network, no font, no picture of elsewhere. */
export async function pageOf(plan: Plan): Promise<string> {
  const ids = anchors(plan);
  const svg = svgOf(await layOut(graphOf(plan)), `The components of ${plan.stack} and what they use`);
  const sections = [
    changes(plan, ids),
    picture(svg, plan),
    policies(plan, ids),
    access(plan, ids),
    cost(plan),
    resources(plan, ids),
    outputs(plan),
  ].filter((section) => section !== undefined);
  const { summary, stack, project } = plan;
  const details = shownResources(plan).map(({ urn, type, inputs, options: set, provider, dependencies }) => {
    return { urn, type, inputs, options: set, provider, dependencies: dependencies.map((to) => ids.get(to) ?? to) };
  });
  const named = Object.fromEntries([...ids].map(([urn, id]) => [urn, id]));
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${stack}: plan of ${project}</title>
        <style>
          ${asset("page.css")}
        </style>
      </head>
      <body>
        <header>
          <p class="project">${project}</p>
          <h1>${stack}</h1>
          <p class="counts">
            ${summary.resources} resources in ${summary.components} components
            <span class="${summary.mandatory > 0 ? "bad" : summary.advisory > 0 ? "warn" : "good"}"
              >${verdict(plan)}</span
            >
          </p>
          <nav aria-label="Sections">
            <ul>
              ${sections.map(({ id, title, count }) => html`<li><a href="#${id}">${title}${count !== undefined && html` <span class="note">${count}</span>`}</a></li>`)}
            </ul>
          </nav>
        </header>
        <main>
          ${sections.map(
            ({ id, title, body }) =>
              html`<section id="${id}" aria-labelledby="${id}-title">
                <h2 id="${id}-title">${title}</h2>
                ${body}
              </section>`,
          )}
        </main>
        ${[...(await insidePictures(plan))].map(([urn, inside]) => html`<template data-inside="${ids.get(urn)}">${new Html(inside)}</template>`)}
        <script type="application/json" id="plan">
          ${json({ ids: named, resources: details })}
        </script>
        <script>
          ${asset("page.js")};
        </script>
      </body>
    </html>`;
  return `${page.text}\n`;
}

function verdict({ summary }: Plan): string {
  if (summary.policyPack === undefined) return "no policies applied";
  if (summary.mandatory > 0) return `${summary.mandatory} mandatory findings stop an update`;
  return summary.advisory > 0 ? `${summary.advisory} advisory findings` : "no finding of the policies";
}

/** Each component's resources as a picture, by its URN: shown when its place in the tree is opened. */
async function insidePictures(plan: Plan): Promise<Map<string, string>> {
  const drawn = new Map<string, string>();
  for (const [urn, graph] of insides(plan)) {
    drawn.set(
      urn,
      svgOf(await layOut(graph), `The resources of ${nameOf(urn)} and what they take from each other`, true),
    );
  }
  return drawn;
}
