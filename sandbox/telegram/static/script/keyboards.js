// Buttons: those under a message, and the keyboard below the field.

import { icon, make, unseen } from "./dom.js";

/** The buttons under a message. `act` has tap(message id, data) and copy(text). */
export function inlineKeyboard(message, act) {
  const rows = message.keyboard.map((buttons) => make("div", { class: "row" }, ...buttons.map((button) => key(message, button, act))));
  return make("div", { class: "keyboard", role: "group", "aria-label": "Buttons", lang: act.language }, ...rows);
}

function key(message, button, act) {
  const look = `key ${button.style ?? ""}`;
  const label = make("span", { dir: "auto" }, button.text);
  const address = button.url ?? button.web_app?.url;
  if (address) {
    return make(
      "a",
      { class: `${look} link`, href: address, target: "_blank", rel: "noopener noreferrer", title: address },
      label, unseen(" (opens in a new tab)"), icon("arrow"),
    );
  }
  if (button.copy_text) {
    return make("button", { type: "button", class: look, on: { click: () => act.copy(button.copy_text.text) } }, label, unseen(" (copies)"), icon("copy"));
  }
  const data = button.callback_data;
  return make("button", { type: "button", class: look, data: { callback: data }, on: { click: () => act.tap(message.id, data) } }, label);
}

/** Mark the buttons whose tap the bot has not answered yet; `waiting` lists {message, data}. */
export function markWaiting(log, waiting) {
  for (const button of log.querySelectorAll(".key[aria-busy]")) button.removeAttribute("aria-busy");
  for (const { message, data } of waiting) {
    for (const button of log.querySelectorAll(`article[data-id="${message}"] .key`)) {
      if (button.dataset.callback === data) button.setAttribute("aria-busy", "true");
    }
  }
}

/** The keyboard below the field. `act` has say(text) and place(). */
export function showReplyKeyboard(node, markup, act) {
  const rows = (markup?.keyboard ?? []).map((keys) => make("div", { class: "row" }, ...keys
    .filter((each) => !each.request_contact)
    .map((each) => make(
      "button",
      { type: "button", class: `key ${each.style ?? ""}`, on: { click: () => (each.request_location ? act.place() : act.say(each.text)) } },
      make("span", { dir: "auto" }, each.text),
    ))));
  node.replaceChildren(...rows);
  node.hidden = rows.length === 0;
}
