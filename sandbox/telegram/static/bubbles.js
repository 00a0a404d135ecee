// One message as a bubble: media, text, time, and the buttons under it.

import { fileUrl } from "./api.js";
import { formatted } from "./entities.js";

/** `act` has command(text), tap(message, button element, data) and copy(text). */
export function bubble(message, act) {
  const article = document.createElement("article");
  article.className = message.from_bot ? "bot" : "person";
  article.dataset.id = message.id;

  const body = document.createElement("div");
  body.className = "bubble";
  if (message.reply_to !== null) body.append(block("reply", message.reply_to));
  body.append(...pictures(message.media));
  if (message.text) {
    const text = block("text", "");
    text.append(formatted(message.text, message.entities, act.command));
    body.append(text);
  }
  body.append(footer(message));
  article.append(body);
  if (message.keyboard.length) article.append(keyboard(message, act));
  return article;
}

function block(name, text) {
  const node = document.createElement("div");
  node.className = name;
  node.textContent = text;
  return node;
}

function pictures(media) {
  const moving = media.animation ?? media.video ?? media.video_note;
  if (moving) {
    const video = document.createElement("video");
    video.src = fileUrl(moving.file_id);
    video.controls = !media.animation;
    video.muted = video.loop = Boolean(media.animation);
    video.preload = "metadata";
    video.playsInline = true;
    if (media.video_note) video.className = "round";
    return [video];
  }
  if (media.photo) {
    const image = document.createElement("img");
    image.src = fileUrl(media.photo.at(-1).file_id);
    image.alt = "Photo";
    return [image];
  }
  if (media.document) {
    const size = `${(media.document.file_size / 1048576).toFixed(1)} MB`;
    return [block("file", `📄 ${media.document.file_name} · ${size}`)];
  }
  const other = Object.keys(media)[0];
  return other ? [block("file", other === "location" ? "📍 Location" : other)] : [];
}

function footer(message) {
  const node = block("footer", "");
  const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
  const parts = [
    message.reactions.join(" "),
    message.edited ? "edited" : "",
    clock.format(new Date(message.date * 1000)),
  ];
  node.textContent = parts.filter(Boolean).join(" · ");
  return node;
}

function keyboard(message, act) {
  const rows = message.keyboard.map((buttons) => {
    const row = document.createElement("div");
    row.className = "row";
    row.append(...buttons.map((button) => key(message, button, act)));
    return row;
  });
  const node = document.createElement("div");
  node.className = "keyboard";
  node.append(...rows);
  return node;
}

function key(message, button, act) {
  const address = button.url ?? button.web_app?.url;
  const node = document.createElement(address ? "a" : "button");
  node.className = `key ${button.style ?? ""}`;
  node.textContent = button.text;
  if (address) {
    node.classList.add("link");
    node.href = address;
    node.target = "_blank";
    node.rel = "noopener noreferrer";
  } else if (button.copy_text) {
    node.addEventListener("click", () => act.copy(button.copy_text.text));
  } else {
    node.addEventListener("click", () => act.tap(message.id, node, button.callback_data));
  }
  return node;
}
