// The chat: follows what happens in it and sends what the person types and taps.

import { events, sendText, tap } from "./api.js";
import { bubble } from "./bubbles.js";
import { watchClips } from "./clips.js";

const element = (id) => document.getElementById(id);
const messages = element("messages");
const composer = element("composer");
const text = element("text");
const bubbles = new Map();

const act = {
  command: (words) => say(words),
  copy: (words) => navigator.clipboard.writeText(words).then(() => toast("Copied"), failed),
  tap(message, button, data) {
    button.classList.add("busy");
    setTimeout(() => button.classList.remove("busy"), 800);
    tap(message, data).catch(failed);
  },
};

async function follow() {
  let cursor = "";
  for (;;) {
    try {
      const news = await events(cursor);
      show(news);
      cursor = news.cursor;
    } catch {
      element("bot-status").textContent = "connecting …";
      await new Promise((resolve) => setTimeout(resolve, 1500));
    }
  }
}

function show(news) {
  const nearEnd = messages.scrollHeight - messages.scrollTop - messages.clientHeight < 120;
  if (news.fresh) {
    messages.replaceChildren();
    bubbles.clear();
  }
  for (const id of news.removed) {
    bubbles.get(id)?.remove();
    bubbles.delete(id);
  }
  for (const message of news.messages) {
    const node = bubble(message, act);
    const old = bubbles.get(message.id);
    if (old) old.replaceWith(node);
    else messages.append(node);
    bubbles.set(message.id, node);
  }
  for (const { text: words, alert } of news.toasts) (alert ? alarm : toast)(words);
  element("bot-name").textContent = news.bot.first_name;
  element("bot-status").textContent = news.action ? `${news.action.replaceAll("_", " ")} …` : "bot";
  showStart(news);
  showCommands(news.commands);
  showKeyboard(news.keyboard);
  if (nearEnd || news.fresh) messages.scrollTop = messages.scrollHeight;
}

function showStart({ started, bot }) {
  element("start").hidden = started;
  composer.hidden = !started;
  element("hint").hidden = bubbles.size > 0;
  element("hint").textContent = started
    ? "Nothing here since the restart. The bot still knows you: /posts shows your posts."
    : `Press START to talk to ${bot.first_name}.`;
}

function showCommands(commands) {
  element("menu").hidden = commands.length === 0;
  element("commands").replaceChildren(...commands.map(({ command, description }) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    const name = document.createElement("b");
    name.textContent = `/${command}`;
    button.append(name, ` ${description}`);
    button.addEventListener("click", () => {
      toggleCommands(false);
      say(`/${command}`);
    });
    item.append(button);
    return item;
  }));
}

function toggleCommands(open) {
  element("commands").hidden = !open;
  element("menu").setAttribute("aria-expanded", String(open));
}

function showKeyboard(markup) {
  const rows = (markup?.keyboard ?? []).map((keys) => {
    const row = document.createElement("div");
    row.className = "row";
    row.append(...keys.filter((key) => !key.request_location && !key.request_contact).map((key) => {
      const button = document.createElement("button");
      button.className = `key ${key.style ?? ""}`;
      button.textContent = key.text;
      button.addEventListener("click", () => say(key.text));
      return button;
    }));
    return row;
  });
  element("reply-keyboard").replaceChildren(...rows);
  element("reply-keyboard").hidden = rows.length === 0;
  text.placeholder = markup?.input_field_placeholder ?? "Message";
}

function say(words) {
  messages.scrollTop = messages.scrollHeight;
  return sendText(words).catch(failed);
}

function toast(words) {
  const node = document.createElement("p");
  node.textContent = words;
  element("toasts").append(node);
  setTimeout(() => node.remove(), 3500);
}

function alarm(words) {
  element("alert-text").textContent = words;
  if (!element("alert").open) element("alert").showModal();
}

const failed = (error) => toast(error.message);

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  const words = text.value.trim();
  if (!words) return;
  text.value = "";
  say(words);
});
text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    composer.requestSubmit();
  }
});
element("start").addEventListener("click", () => say("/start"));
element("menu").addEventListener("click", () => toggleCommands(element("commands").hidden));
watchClips(failed);
follow();
