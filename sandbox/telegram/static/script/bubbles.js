// One message, or the messages of an album, as a bubble with the buttons under it.

import { clockTime, fullTime } from "./clock.js";
import { icon, make, unseen } from "./dom.js";
import { formatted } from "./entities.js";
import { inlineKeyboard } from "./keyboards.js";
import { isPicture, media } from "./media.js";

/** `act` is what the chat can do: command, copy, tap, reply, menu, jump, and language, botName. */
export function bubble(messages, act) {
  const [first] = messages;
  const body = make("div", { class: "bubble" });
  const article = make("article", {
    class: first.from_bot ? "bot" : "person",
    "aria-label": `${first.from_bot ? act.botName : "You"}, ${clockTime(new Date(first.date * 1000), act.language)}`,
    tabindex: -1,
    data: { id: first.id },
  }, body);
  if (messages.length > 1) article.classList.add("album");
  if (first.reply_to) body.append(quote(first.reply_to, act));
  const spoken = messages.find((message) => message.text);
  const above = spoken?.caption_above;
  const words = spoken ? text(spoken, messages, act) : null;
  if (words && above) body.append(words);
  if (messages.length > 1) body.append(make("div", { class: `grid of-${messages.length}` }, ...messages.flatMap(media)));
  else body.append(...media(first));
  if (words && !above) body.append(words);
  if (isPicture(first)) article.classList.add("picture");
  if (!words || (above && isPicture(first))) body.append(footer(messages, "over", act));
  body.append(actions(messages, act));
  if (first.keyboard.length) article.append(inlineKeyboard(first, act));
  return article;
}

function text(message, messages, act) {
  const words = make("div", { class: "words", dir: "auto", lang: message.from_bot ? act.language : null });
  const shown = make("span", { class: "text" });
  shown.append(formatted(message.text, message.entities, act));
  words.append(shown, footer(messages, "", act));
  return words;
}

function quote({ id, from_bot: fromBot, text: words }, act) {
  return make(
    "button",
    { type: "button", class: "quote", dir: "auto", on: { click: () => act.jump(id) } },
    unseen("In reply to "),
    make("b", {}, fromBot ? act.botName : "You"),
    make("span", {}, words),
  );
}

function footer(messages, place, act) {
  const last = messages.at(-1);
  const date = new Date(last.date * 1000);
  const reactions = messages.flatMap((message) => message.reactions);
  return make(
    "span",
    { class: `footer ${place}`, dir: "ltr" },
    ...reactions.map((emoji) => make("span", { class: "reaction", "aria-label": `Reaction ${emoji}`, role: "img" }, emoji)),
    messages.some((message) => message.edited) ? make("span", { class: "edited" }, "edited") : null,
    make("time", { datetime: date.toISOString(), title: fullTime(date, act.language) }, clockTime(date, act.language)),
    last.from_bot ? null : icon("sent"),
  );
}

function actions(messages, act) {
  return make(
    "button",
    {
      type: "button",
      class: "icon actions-button",
      "aria-label": "Message actions",
      "aria-haspopup": "menu",
      on: { click: (event) => act.menu(messages[0], event.currentTarget) },
    },
    icon("down"),
  );
}
