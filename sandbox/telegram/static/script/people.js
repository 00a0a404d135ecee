// The side bar: who is there, what they have not read, and who else may come.

import { introduce } from "./api.js";
import { allChats } from "./chats.js";
import { known, shortTime } from "./clock.js";
import { icon, make, unseen } from "./dom.js";

const COLOURS = 7; // as Telegram colours people, by their number
const list = document.getElementById("people");
const dialog = document.getElementById("new-person");
const form = dialog.querySelector("form");
const trouble = dialog.querySelector(".trouble");

const languages = new Intl.DisplayNames("en", { type: "language" });

export function languageName(code) {
  try {
    return languages.of(code);
  } catch {
    return code;
  }
}

/** Draw the list. `open` are the ids on show; `act` has choose(id) and beside(id). */
export function showPeople(open, act) {
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.for : null;
  list.replaceChildren(...allChats().map((chat) => entry(chat, open, act)));
  if (focused) list.querySelector(`[data-for="${focused}"]`)?.focus();
}

function entry(chat, open, act) {
  const { person: { id, first_name: name, language_code: language }, last, unread } = chat;
  const shown = open.includes(id);
  const date = last ? shortTime(new Date(last.date * 1000), known("en")) : "";
  const words = last ? `${last.from_bot ? "" : "You: "}${last.text || Object.keys(last.media)[0] || ""}` : "has not written yet";
  const person = make(
    "button",
    { type: "button", class: "person-button", "aria-current": shown ? "true" : null, data: { for: `person-${id}` }, on: { click: () => act.choose(id) } },
    make("span", { class: `avatar colour-${id % COLOURS}`, "aria-hidden": "true" }, name[0]),
    make("span", { class: "line" }, make("b", {}, name), unseen(", "), make("span", { class: "language" }, languageName(language)), make("span", { class: "date", "aria-hidden": "true" }, date)),
    make("span", { class: "line" }, make("span", { class: "preview", dir: "auto", "aria-hidden": "true" }, words), unread ? make("span", { class: "badge" }, unseen(", "), String(unread), unseen(" unread")) : null),
  );
  const beside = make(
    "button",
    { type: "button", class: "icon beside", "aria-label": `Show ${name} beside`, title: `Show ${name} beside`, data: { for: `beside-${id}` }, hidden: shown, on: { click: () => act.beside(id) } },
    icon("beside"),
  );
  return make("li", {}, person, beside);
}

document.getElementById("languages").append(...["en", "es", "ru", "de", "fr", "pt-br", "uk", "ar", "hi", "ja"].map((code) => make("option", { value: code }, languageName(code))));

/** Ask for a name and a language; `met` hears the new person's id. */
export function watchNewPeople(met) {
  document.getElementById("add-person").addEventListener("click", () => {
    form.reset();
    form.elements.language_code.value = navigator.language.split("-")[0];
    trouble.textContent = "";
    dialog.showModal();
  });
  form.addEventListener("submit", async (event) => {
    if (event.submitter?.value === "cancel") return;
    event.preventDefault();
    try {
      const { id } = await introduce(Object.fromEntries(new FormData(form)));
      dialog.close();
      met(id);
    } catch (error) {
      trouble.textContent = error.message;
    }
  });
}
