"use strict";
// The page's own script: search, links into the tree, and what a resource is given, which is filled in when it is opened.
(() => {
  const { ids, resources } = JSON.parse(document.getElementById("plan").textContent);
  const byId = new Map(resources.map((resource) => [ids[resource.urn], resource]));
  const items = [...document.querySelectorAll(".tree li")];

  /** @param {string} tag @param {string} text */
  function element(tag, text) {
    const made = document.createElement(tag);
    made.textContent = text;
    return made;
  }

  function fill(item) {
    const place = item.querySelector(":scope > details > .inputs");
    const resource = byId.get(item.id);
    if (place === null || resource === undefined || place.childElementCount > 0) return;
    place.append(element("code", resource.urn));
    const { __defaults, ...inputs } = resource.inputs;
    if (Object.keys(inputs).length > 0) place.append(element("pre", JSON.stringify(readable(inputs), null, 2)));
    const needs = resource.dependencies.filter((id) => byId.has(id));
    if (needs.length > 0) {
      const line = element("p", "depends on ");
      line.className = "hint";
      needs.forEach((id, index) => {
        const link = element("a", byId.get(id).urn.split("::").slice(3).join("::"));
        link.href = `#${id}`;
        line.append(index === 0 ? "" : ", ", link);
      });
      place.append(line);
    }
    offerInside(item.id, place);
  }

  /** A component's resources as a picture, drawn when somebody asks for it. */
  function offerInside(id, place) {
    const template = document.querySelector(`template[data-inside="${id}"]`);
    if (template === null) return;
    const frame = element("details", "");
    frame.className = "inside scroll";
    frame.append(element("summary", "Picture of its resources"));
    frame.addEventListener(
      "toggle",
      () => {
        frame.append(template.content.cloneNode(true));
        liven(frame.querySelector("svg"));
      },
      { once: true },
    );
    place.append(frame);
  }

  /** Documents inside strings, such as IAM policies, as what they are. */
  function readable(value) {
    if (typeof value === "string" && /^[[{]/.test(value)) {
      try {
        return readable(JSON.parse(value));
      } catch {
        return value;
      }
    }
    if (Array.isArray(value)) return value.map(readable);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, item]) => (key === "__defaults" ? [] : [[key, readable(item)]])),
    );
  }

  function reveal(id) {
    const item = document.getElementById(id);
    if (item === null || !item.matches(".tree li")) return;
    search("");
    for (let at = item.querySelector("details"); at !== null; at = at.parentElement.closest("details")) at.open = true;
    document.querySelector(".aimed")?.classList.remove("aimed");
    item.classList.add("aimed");
    fill(item);
    item.scrollIntoView({ block: "start" });
    item.querySelector("summary").focus({ preventScroll: true });
  }

  const input = document.getElementById("search");
  const found = document.getElementById("found");

  /** Shows what has all the words, with what is around it. */
  function search(text) {
    if (input.value !== text) input.value = text;
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const hits =
      words.length === 0 ? items : items.filter((item) => words.every((word) => item.dataset.words.includes(word)));
    const shown = new Set();
    for (const hit of hits) for (let at = hit; at !== null; at = at.parentElement.closest(".tree li")) shown.add(at);
    const within = new Set(
      words.length === 0 ? [] : hits.map((hit) => hit.parentElement.closest(".tree li")).filter(Boolean),
    );
    for (const item of items) {
      item.hidden = !shown.has(item);
      if (words.length > 0)
        item.firstElementChild.open = within.has(item) || [...within].some((hit) => item.contains(hit));
    }
    found.textContent = words.length === 0 ? "" : hits.length === 1 ? "1 resource" : `${hits.length} resources`;
  }

  /** Lets a picture's nodes show what they are joined to, and lead into the tree. */
  function liven(picture) {
    for (const node of picture?.querySelectorAll(".node") ?? []) {
      const { urn } = node.dataset;
      const lines = [...picture.querySelectorAll(".line")].filter(({ dataset }) =>
        [dataset.from, dataset.to].includes(urn),
      );
      const near = new Set([urn, ...lines.flatMap(({ dataset }) => [dataset.from, dataset.to])]);
      const light = (on) => {
        picture.classList.toggle("chosen", on && lines.length > 0);
        for (const line of lines) line.classList.toggle("near", on);
        for (const other of picture.querySelectorAll(".node"))
          other.classList.toggle("near", on && near.has(other.dataset.urn));
      };
      node.tabIndex = 0;
      node.setAttribute("role", "link");
      for (const [event, on] of [
        ["mouseenter", true],
        ["mouseleave", false],
        ["focus", true],
        ["blur", false],
      ]) {
        node.addEventListener(event, () => light(on));
      }
      const go = () => {
        if (location.hash === `#${ids[urn]}`) reveal(ids[urn]);
        else location.hash = ids[urn];
      };
      node.addEventListener("click", go);
      node.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") {
          event.preventDefault();
          go();
        }
      });
    }
  }

  input.addEventListener("input", () => search(input.value));
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== input) {
      event.preventDefault();
      input.focus();
    } else if (event.key === "Escape" && document.activeElement === input) {
      search("");
    }
  });
  document.querySelector(".tree").addEventListener("toggle", (event) => fill(event.target.parentElement), true);
  addEventListener("hashchange", () => reveal(location.hash.slice(1)));

  liven(document.querySelector("svg.picture"));
  if (location.hash !== "") reveal(location.hash.slice(1));
})();
