// What pops up over a chat: toasts that go by themselves, alerts that wait to be read.

import { make } from "./dom.js";

const SHOWN = 3500; // milliseconds

export function toast(notices, words) {
  const node = make("p", { dir: "auto" }, words);
  notices.append(node);
  setTimeout(() => node.remove(), SHOWN + words.length * 20);
}

const dialog = document.getElementById("alert");
const waiting = [];

export function alarm(title, words) {
  waiting.push([title, words]);
  if (!dialog.open) next();
}

function next() {
  if (!waiting.length) return;
  const [title, words] = waiting.shift();
  document.getElementById("alert-title").textContent = title;
  document.getElementById("alert-text").textContent = words;
  dialog.showModal();
}

dialog.addEventListener("close", next);
