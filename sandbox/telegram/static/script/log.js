// The messages of a chat: drawn once, redrawn when they change, with the days between them.

import { bubble } from "./bubbles.js";
import { dayName, midnight } from "./clock.js";
import { make } from "./dom.js";
import { markWaiting } from "./keyboards.js";

const DRAWN = 80; // messages at first; the button for earlier ones shows as many more
const NEAR = 90; // pixels from the end that count as being there
const PAUSE = 600; // seconds after which a message begins a new group

export class Log {
  /** `act` goes to the bubbles; `onScroll` hears whether the end is in sight. */
  constructor(node, act, onScroll) {
    this.node = node;
    this.act = act;
    this.drawn = new Map(); // key of an entry -> its article
    this.limit = DRAWN;
    this.atEnd = true;
    this.list = make("div", { class: "messages" });
    node.replaceChildren(this.list);
    let top = 0;
    node.addEventListener("scroll", () => {
      // Only who scrolls up leaves the end: it moves away by itself when a picture has loaded.
      if (node.scrollHeight - node.scrollTop - node.clientHeight < NEAR) this.atEnd = true;
      else if (node.scrollTop < top) this.atEnd = false;
      top = node.scrollTop;
      onScroll(this.atEnd);
    });
    const stay = new ResizeObserver(() => this.atEnd && this.toEnd());
    stay.observe(this.list); // pictures that load, keyboards that open
    stay.observe(node);
  }

  /** Draw what there is; `changed` are ids of messages, all when null. */
  show(chat, changed) {
    const entries = grouped([...chat.messages.values()]);
    const first = Math.max(0, entries.length - this.limit);
    const shown = entries.slice(first);
    if (changed === null) this.clear();
    const keys = new Set(shown.map(({ key }) => key));
    for (const [key, article] of this.drawn) {
      if (keys.has(key)) continue;
      article.remove();
      this.drawn.delete(key);
    }
    for (const { key, messages } of shown) {
      const old = this.drawn.get(key);
      const stale = !old || messages.some(({ id }) => changed?.has(id)) || Number(old.dataset.size) !== messages.length;
      if (stale) this.draw(key, messages, old);
    }
    this.arrange(shown, first > 0, chat);
    markWaiting(this.list, chat.waiting);
    if (this.atEnd) this.toEnd();
  }

  clear() {
    this.drawn.clear();
    this.list.replaceChildren();
  }

  draw(key, messages, old) {
    const article = bubble(messages, this.act);
    article.dataset.size = messages.length;
    this.drawn.set(key, article);
    if (old) takeOver(old, article);
    else this.list.append(article);
    for (const quote of article.querySelectorAll("blockquote.expandable")) {
      quote.classList.toggle("short", quote.firstChild.scrollHeight <= quote.firstChild.clientHeight + 2);
    }
  }

  /** Put all in order, with the days between, and the tail on the last of each group. */
  arrange(shown, more, chat) {
    for (const node of this.list.querySelectorAll(".day, .earlier")) node.remove();
    if (more) this.list.prepend(this.earlierButton(chat));
    shown.forEach(({ key, messages }, index) => {
      const [{ date, from_bot: fromBot }] = messages;
      const article = this.drawn.get(key);
      const before = shown[index - 1]?.messages[0];
      const after = shown[index + 1]?.messages[0];
      if (article.previousElementSibling === null && index > 0) this.list.append(article);
      article.classList.toggle("first", !near(before, date, fromBot));
      article.classList.toggle("last", !near(after, date, fromBot));
      const day = midnight(new Date(date * 1000)).getTime();
      if (!before || midnight(new Date(before.date * 1000)).getTime() !== day) {
        article.before(make("p", { class: "day" }, make("span", {}, dayName(new Date(date * 1000), this.act.language))));
      }
    });
  }

  earlierButton(chat) {
    const earlier = () => {
      const { scrollHeight, scrollTop } = this.node;
      this.limit += DRAWN;
      this.atEnd = false;
      this.show(chat, null);
      this.node.scrollTop = this.node.scrollHeight - scrollHeight + scrollTop;
    };
    return make("button", { type: "button", class: "earlier", on: { click: earlier } }, "Earlier messages");
  }

  toEnd() {
    this.atEnd = true;
    this.node.scrollTop = this.node.scrollHeight;
  }

  /** Bring a message into sight and let it light up. */
  jump(id) {
    const article = [...this.drawn.values()].find(({ dataset }) => Number(dataset.id) === id);
    if (!article) return;
    article.scrollIntoView({ block: "center" });
    article.focus({ preventScroll: true });
    article.classList.remove("lit");
    void article.offsetWidth; // so that the animation begins again
    article.classList.add("lit");
  }
}

/** Messages of one album together, the others each alone. */
function grouped(messages) {
  const entries = [];
  for (const message of messages) {
    const last = entries.at(-1);
    if (message.album && last?.messages[0].album === message.album) last.messages.push(message);
    else entries.push({ key: message.album ? `album ${message.album}` : message.id, messages: [message] });
  }
  return entries;
}

function near(other, date, fromBot) {
  return other !== undefined && other.from_bot === fromBot && Math.abs(other.date - date) < PAUSE;
}

/** Put the new article in the old one's place: what plays goes on, what has the focus keeps it. */
function takeOver(old, article) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  for (const playing of old.querySelectorAll("[data-file]")) {
    article.querySelector(`[data-file="${CSS.escape(playing.dataset.file)}"]`)?.replaceWith(playing);
  }
  const buttons = [...old.querySelectorAll(".key")];
  const at = buttons.indexOf(focused);
  old.replaceWith(article);
  if (!focused) return;
  const now = [...article.querySelectorAll(".key")];
  const same = now.find((button) => button.textContent === focused.textContent);
  (same ?? now[Math.min(at, now.length - 1)] ?? article).focus({ preventScroll: true });
}
