// A text with its entities as DOM nodes. Offsets are UTF-16 units, as JavaScript counts.
// Source: https://core.telegram.org/bots/api#messageentity

import { entityTime, fullTime } from "./clock.js";
import { icon, make, pressable, unseen } from "./dom.js";

const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s" };

/** `act` has command(text), copy(text) and language. */
export function formatted(text, entities, act) {
  const root = document.createDocumentFragment();
  fill(root, text, 0, text.length, entities, act);
  return root;
}

function fill(parent, text, from, to, entities, act) {
  let at = from;
  let left = entities;
  while (left.length) {
    const [first, ...others] = left;
    const start = Math.max(first.offset, at);
    const end = Math.min(first.offset + first.length, to);
    const [inside, after] = parted(others, end);
    left = after;
    if (end <= start) continue;
    parent.append(text.slice(at, start));
    parent.append(element(first, text.slice(start, end), act, (node) => fill(node, text, start, end, inside, act)));
    at = end;
  }
  parent.append(text.slice(at, to));
}

/** Entities up to `end` and from there on; one that reaches over it is in both. */
function parted(entities, end) {
  const inside = [];
  const after = [];
  for (const entity of entities) {
    const stop = entity.offset + entity.length;
    if (entity.offset < end) inside.push({ ...entity, length: Math.min(stop, end) - entity.offset });
    if (stop > end) {
      const offset = Math.max(entity.offset, end);
      after.push({ ...entity, offset, length: stop - offset });
    }
  }
  return [inside, after];
}

function element(entity, words, act, within) {
  const filled = (node) => {
    within(node);
    return node;
  };
  switch (entity.type) {
    case "text_link":
      return filled(link(entity.url));
    case "url":
      return filled(link(/^https?:/i.test(words) ? words : `http://${words}`));
    case "email":
      return filled(make("a", { href: `mailto:${words}` }));
    case "phone_number":
      return filled(make("a", { href: `tel:${words.replace(/[^+\d]/g, "")}` }));
    case "date_time":
      return time(entity, words, act.language);
    case "spoiler":
      return spoiler(filled(make("span", { class: "veiled" })));
    case "code":
      return copied(filled(make("code", { role: "button", tabindex: 0, title: "Copy" })), words, act);
    case "pre":
      return preformatted(filled(make("code")), entity.language, words, act);
    case "blockquote":
      return filled(make("blockquote"));
    case "expandable_blockquote":
      return expandable(filled(make("div")));
    case "bot_command":
      return filled(make("button", { type: "button", class: "command", on: { click: () => act.command(words) } }));
    case "hashtag":
    case "cashtag":
    case "mention":
    case "text_mention":
      return filled(make("span", { class: "tag" }));
    default:
      return filled(make(TAGS[entity.type] ?? "span"));
  }
}

function link(url) {
  const safe = /^https?:/i.test(url) ? url : null;
  return make("a", { href: safe, target: "_blank", rel: "noopener noreferrer", title: `${url} (opens in a new tab)` });
}

function time({ unix_time: unix, date_time_format: pattern }, words, language) {
  const date = new Date(unix * 1000);
  const shown = pattern ? entityTime(date, pattern, language) : words;
  const relative = pattern === "r" ? { unix, language } : {};
  return make("time", { datetime: date.toISOString(), title: fullTime(date, language), data: relative }, shown);
}

/** Bring the relative times on the page up to date. */
export function refreshTimes() {
  for (const node of document.querySelectorAll("time[data-unix]")) {
    const { unix, language } = node.dataset;
    const shown = entityTime(new Date(unix * 1000), "r", language);
    if (node.textContent !== shown) node.textContent = shown;
  }
}

function spoiler(veiled) {
  veiled.inert = true; // nothing under it can be reached or read out
  const node = make("span", { class: "spoiler", role: "button", tabindex: 0, "aria-label": "Hidden text: show it" }, veiled);
  const open = () => {
    if (node.classList.contains("open")) return;
    node.classList.add("open");
    for (const name of ["role", "tabindex", "aria-label"]) node.removeAttribute(name);
    veiled.inert = false;
  };
  return pressable(node, open);
}

function copied(node, words, act) {
  return pressable(node, () => act.copy(words));
}

function preformatted(code, language, words, act) {
  const button = make("button", { type: "button", class: "copy", on: { click: () => act.copy(words) } }, icon("copy"), unseen("Copy the code"));
  return make("pre", {}, make("span", { class: "language" }, language ?? ""), button, code);
}

function expandable(words) {
  const button = make("button", { type: "button", class: "expand", "aria-expanded": "false", "aria-label": "Show all of the quote" }, icon("down"));
  const node = make("blockquote", { class: "expandable" }, words, button);
  button.addEventListener("click", () => {
    const open = node.classList.toggle("open");
    button.setAttribute("aria-expanded", String(open));
  });
  return node;
}
