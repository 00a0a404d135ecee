// The whole page: which phones are on show, and the news that keeps them up to date.

import { events, introduce } from "./api.js";
import { allChats, allUnread, chatOf, tellAll } from "./chats.js";
import { setClock } from "./clock.js";
import { icon, make } from "./dom.js";
import { refreshTimes } from "./entities.js";
import { showPeople, watchNewPeople } from "./people.js";
import { Phone } from "./phone.js";

const WAIT = 1500; // milliseconds before the server is asked again
const place = document.getElementById("phones");
const away = document.getElementById("away");
const asked = new URLSearchParams(location.search);
const phones = new Map(); // by the person's id, at most two
let bot = { first_name: "ClipCue" };
let wanted = null; // who is to be shown as soon as they are known

async function follow() {
  let cursor = "";
  for (;;) {
    const news = await events(cursor).catch(() => null);
    for (const phone of phones.values()) if (!news) phone.away();
    if (news && !away.hidden) for (const phone of phones.values()) phone.act(null);
    away.hidden = news !== null;
    if (news) {
      cursor = news.cursor;
      take(news);
    } else {
      await new Promise((resolve) => setTimeout(resolve, WAIT));
    }
  }
}

function take(news) {
  bot = news.bot;
  setClock(news.now);
  tellAll(news);
  if (news.fresh) showLinks(news.links);
  if (!phones.size) arrive();
  for (const { person, messages, removed, toasts } of news.chats) {
    const phone = phones.get(person.id);
    if (!phone) continue;
    phone.chat = chatOf(person.id);
    phone.show(news.fresh ? null : new Set([...messages.map(({ id }) => id), ...removed]));
    phone.pop(toasts);
  }
  if (wanted !== null && chatOf(wanted)) {
    open(wanted);
    wanted = null;
  }
  bringUpToDate();
  showAround();
}

/** What changes as time goes by. */
function bringUpToDate() {
  refreshTimes();
  for (const phone of phones.values()) phone.tick();
}

/** The first phones: those that the address names, else those on show last time. */
function arrive() {
  const people = allChats().map(({ id }) => id);
  const stored = (localStorage.getItem("open") ?? "").split(",").map(Number);
  const first = Number(asked.get("person")) || stored[0];
  const second = asked.has("person") ? Number(asked.get("beside")) : Number(asked.get("beside")) || stored[1];
  open(people.includes(first) ? first : people[0]);
  if (people.includes(second) && second !== first) beside(second);
}

function open(id) {
  showSide(false);
  if (phones.has(id)) return phones.get(id).focus();
  for (const phone of phones.values()) phone.node.remove();
  phones.clear();
  put(id);
  phones.get(id).focus();
}

function beside(id) {
  if (phones.has(id)) return;
  if (phones.size === 2) close([...phones.keys()][1]);
  put(id);
}

function put(id) {
  const phone = new Phone(chatOf(id), bot, {
    onClose: () => close(id),
    onSide: () => side(true),
    onRead: showAround,
  });
  phones.set(id, phone);
  place.append(phone.node);
  phone.show(null);
  remember();
}

function close(id) {
  phones.get(id).node.remove();
  phones.delete(id);
  remember();
}

/** Keep who is on show: in the address for this tab, in the storage for the next one. */
function remember() {
  const [person, second] = phones.keys();
  localStorage.setItem("open", [...phones.keys()].join(","));
  history.replaceState(null, "", `?${new URLSearchParams({ person, ...(second ? { beside: second } : {}) })}`);
  place.classList.toggle("two", phones.size === 2);
  showAround();
}

/** Everything around the phones: the people, and how much is unread. */
function showAround() {
  showPeople([...phones.keys()], { choose: open, beside });
  const unread = allUnread();
  document.title = unread ? `(${unread}) ClipCue sandbox` : "ClipCue sandbox";
  for (const badge of place.querySelectorAll(".open-side .badge")) {
    badge.hidden = unread === 0;
    badge.textContent = unread;
  }
}

function showLinks(links) {
  const nav = document.getElementById("elsewhere");
  nav.hidden = links.length === 0;
  nav.replaceChildren(...links.map(([words, address, sign]) => make(
    "a",
    { class: "wide-button", href: address, target: "_blank", rel: "noopener", title: "Opens in a new tab" },
    icon(sign), words, icon("arrow"),
  )));
}

function showSide(shown) {
  document.body.classList.toggle("side-open", shown);
  place.inert = shown;
}

function side(shown) {
  showSide(shown);
  if (shown) document.getElementById("close-side").focus();
  else place.querySelector(".open-side")?.focus();
}

document.getElementById("close-side").addEventListener("click", () => side(false));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.body.classList.contains("side-open")) side(false);
});
document.addEventListener("visibilitychange", () => {
  for (const phone of phones.values()) if (phone.log.atEnd) phone.markRead();
});
setInterval(bringUpToDate, 15000);

watchNewPeople((id) => {
  if (chatOf(id)) open(id);
  else wanted = id;
});
if (asked.has("person") && asked.has("name")) {
  const names = { id: Number(asked.get("person")), first_name: asked.get("name"), language_code: asked.get("language") ?? "en" };
  await introduce(names).catch((error) => console.warn(error));
}
follow();
