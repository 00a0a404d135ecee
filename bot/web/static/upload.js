// The upload page: opens its link, looks at what is chosen, sends one clip after another.

import { Paused, Refused, sampleOf, Sending } from "./tus.js";
import { dress, inTelegram, tell } from "./telegram.js";

const words = JSON.parse(document.getElementById("words").textContent);
const { uploads } = document.querySelector("script[data-uploads]").dataset;
const LARGEST = 4 * 1024 ** 3;
const MB = 1_000_000;
const LOOK_EVERY_MS = 1500;
const link = new URLSearchParams(location.search).get("link");
const kept = `clipcue-upload-${link}`;
const at = (id) => document.getElementById(id);

let headers;
let free = Infinity;
const rows = [];

const say = (text) => { at("told").textContent = text; };
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
const inMB = (bytes) => (bytes / MB).toLocaleString(document.documentElement.lang, {
  maximumFractionDigits: 1,
});

function makeKey() {
  return [...crypto.getRandomValues(new Uint8Array(32))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Binds the link to this page; its key is kept first, in case the answer is lost. */
async function open() {
  const key = localStorage.getItem(kept) ?? makeKey();
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith("clipcue-upload-") && name !== kept) localStorage.removeItem(name);
  }
  localStorage.setItem(kept, key);
  const answer = await fetch(`${uploads}/open`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ link: link ?? "", key }),
  });
  if (answer.ok) {
    headers = {
      Authorization: `Bearer ${key}`,
      "Tus-Resumable": "1.0.0",
      "Accept-Language": document.documentElement.lang,
    };
    return true;
  }
  localStorage.removeItem(kept);
  const { detail } = await answer.json().catch(() => ({}));
  const why = { LinkUsed: words.link_used, LinkTooOld: words.link_old };
  say(why[detail] ?? (answer.status === 403 ? words.link_unknown : words.trouble));
  return false;
}

async function ask() {
  const answer = await fetch(uploads, { headers });
  if (answer.status === 401) throw new Refused(401);
  if (!answer.ok) throw new Refused(answer.status);
  const told = await answer.json();
  free = told.free;
  return told.uploads;
}

class Row {
  constructor({ name, size, id = null, sample = null }) {
    Object.assign(this, { name, size, id, sample, file: null, state: "open", received: 0 });
    this.element = at("upload").content.firstElementChild.cloneNode(true);
    this.part("name").textContent = name;
    this.bar = this.element.querySelector("progress");
    this.bar.setAttribute("aria-label", fill(words.progress, { name }));
    this.label("remove", words.remove);
    this.part("pause").onclick = () => (this.controller ? this.pause() : this.resume());
    this.part("remove").onclick = () => this.remove();
    this.part("pause").hidden = true;
    at("uploads").append(this.element);
    at("uploads").hidden = false;
    rows.push(this);
  }

  part(name) {
    return this.element.querySelector(`.${name}`);
  }

  label(part, action) {
    this.part(part).textContent = action;
    this.part(part).setAttribute("aria-label", fill(words.about, { action, name: this.name }));
  }

  show(text) {
    this.part("state").textContent = text;
  }

  at(received) {
    this.received = received;
    this.bar.value = received / this.size;
  }

  get far() {
    return { done: inMB(this.received), total: inMB(this.size) };
  }

  end(state, text) {
    this.state = state;
    this.file = null;
    this.element.classList.add(state);
    this.part("pause").hidden = true;
    this.part("remove").hidden = state !== "refused";
    this.show(text);
    if (state !== "received") at("heard").textContent = `${this.name}: ${text}`;
  }

  known({ state, received, reason }) {
    if (state === "done") this.end("done", words.done);
    else if (state === "refused") this.end("refused", reason);
    else if (state === "received") this.end("received", words.received);
    else if (!this.file) {
      this.at(received);
      this.show(fill(words.unfinished, this.far));
    }
  }

  queue(file) {
    this.file = file;
    this.waits = true;
    this.part("pause").hidden = false;
    this.label("pause", words.pause);
    this.show(words.waiting);
    next();
  }

  pause() {
    this.controller?.abort();
  }

  resume() {
    if (this.waits) {
      this.waits = false;
      this.halted();
    } else this.queue(this.file);
  }

  halted() {
    this.label("pause", words.resume);
    this.show(fill(words.paused, this.far));
  }

  async send() {
    this.waits = false;
    this.controller = new AbortController();
    const reckoned = new Reckoned();
    const sending = new Sending(this.file, {
      uploads,
      headers,
      sample: this.sample,
      id: this.id,
      on: {
        begun: (id) => { this.id = id; },
        retrying: () => {
          reckoned.forget();
          this.show(navigator.onLine ? words.retrying : words.offline);
        },
        progress: (bytes) => {
          this.at(bytes);
          this.show(fill(words.sending, { ...this.far, left: reckoned.left(bytes, this.size) }));
        },
      },
    });
    try {
      await sending.run(this.controller.signal);
      this.end("received", words.received);
    } catch (error) {
      if (error instanceof Paused) {
        if (this.state === "open") this.halted();
      } else await this.failed(error);
    } finally {
      this.controller = null;
    }
  }

  async failed(error) {
    if (error.status === 401) {
      say(words.key_over);
      this.halted();
      return;
    }
    if (error.status === 404 || error.status === 410) {
      const now = (await ask().catch(() => [])).find((each) => each.id === this.id);
      if (now?.state === "refused") this.known(now);
      else this.end("refused", words.gone);
      return;
    }
    this.end("refused", error.reason || words.trouble);
  }

  async remove() {
    const begun = this.id && this.state !== "local";
    this.state = "gone";
    this.waits = false;
    this.controller?.abort();
    try {
      if (begun) await new Sending(null, { uploads, headers, id: this.id, on: {} }).remove();
    } catch {
      this.state = "open";
      this.show(words.trouble);
      return;
    }
    rows.splice(rows.indexOf(this), 1);
    this.element.remove();
    at("uploads").hidden = !rows.length;
    at("files").focus();
  }
}

/** How much time is left, from the speed of the last while. */
class Reckoned {
  constructor() {
    this.seen = [];
  }

  forget() {
    this.seen = [];
  }

  left(bytes, size) {
    const now = performance.now();
    this.seen.push([now, bytes]);
    while (this.seen.length > 2 && now - this.seen[0][0] > 10_000) this.seen.shift();
    const [before, then] = this.seen[0];
    if (now - before < 1000 || bytes <= then) return words.time_unknown;
    const seconds = ((size - bytes) * (now - before)) / (bytes - then) / 1000;
    if (seconds < 90) return fill(words.seconds_left, { count: Math.ceil(seconds) });
    if (seconds < 5400) return fill(words.minutes_left, { count: Math.round(seconds / 60) });
    return fill(words.hours_left, { count: Math.round(seconds / 3600) });
  }
}

let busy = false;

/** One clip after another: two would only share the line. */
async function next() {
  if (busy) return;
  busy = true;
  const awake = await navigator.wakeLock?.request("screen").catch(() => null);
  for (let row; (row = rows.find((each) => each.waits)); ) await row.send();
  busy = false;
  awake?.release().catch(() => {});
  follow();
}

let following = false;

/** Asks how clips fare that are all here, until each has come to its end. */
async function follow() {
  if (following) return;
  following = true;
  while (rows.some((row) => row.state === "received")) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    const told = await ask().catch(() => []);
    for (const each of told) {
      const row = rows.find((one) => one.id === each.id && one.state === "received");
      if (row && each.state !== "received") row.known(each);
    }
  }
  following = false;
}

/** Mirrors core/media/sniffing.py. */
async function mayBeVideo(file) {
  const bytes = new Uint8Array(await file.slice(0, 12).arrayBuffer());
  const text = String.fromCharCode(...bytes);
  const boxes = ["ftyp", "moov", "mdat", "free", "skip", "wide", "pnot"];
  const beginnings = ["\x1a\x45\xdf\xa3", "\x00\x00\x01\xba", "\x47", "OggS", "FLV\x01",
    "\x30\x26\xb2\x75\x8e\x66\xcf\x11"];
  return boxes.includes(text.slice(4, 8)) || beginnings.some((each) => text.startsWith(each))
    || (text.startsWith("RIFF") && text.slice(8, 12) === "AVI ");
}

/** Seconds, where the browser can tell. */
function lengthOf(file) {
  return new Promise((resolve) => {
    const video = document.createElement("video");
    const url = URL.createObjectURL(file);
    const end = (seconds) => {
      clearTimeout(timer);
      video.removeAttribute("src");
      video.load();
      setTimeout(() => URL.revokeObjectURL(url), 10_000); // it may still be read for a moment
      resolve(seconds);
    };
    const timer = setTimeout(() => end(null), 5000);
    video.preload = "metadata";
    video.onloadedmetadata = () => end(video.duration);
    video.onerror = () => end(null);
    video.src = url;
  });
}

async function wrongWith(file) {
  if (!file.size) return words.empty;
  if (file.size > LARGEST) return fill(words.too_large, { size: inMB(file.size) });
  if (!(await mayBeVideo(file))) return words.not_video;
  if ((await lengthOf(file)) === 0) return words.no_length;
  return null;
}

async function choose(files) {
  say("");
  for (const file of files) {
    const wrong = await wrongWith(file).catch(() => words.trouble);
    const sample = wrong ? null : await sampleOf(file);
    const same = rows.find((row) => row.state === "open" && row.size === file.size
      && (sample && row.sample ? row.sample === sample : row.name === file.name));
    if (same?.file) {
      say(`${file.name}: ${words.twice}`);
      continue;
    }
    if (same && !wrong) {
      same.queue(file);
      continue;
    }
    const row = new Row({ name: file.name, size: file.size, sample });
    const coming = rows.reduce((sum, each) => sum + (each.waits && !each.id ? each.size : 0), 0);
    if (wrong) row.end("refused", wrong);
    else if (coming + file.size > free) {
      row.end("refused", fill(words.over_quota, { free: inMB(Math.max(0, free - coming)) }));
    } else row.queue(file);
  }
}

async function begin() {
  dress();
  tell("web_app_ready");
  tell("web_app_expand");
  at("back")?.addEventListener("click", (event) => {
    if (!inTelegram) return;
    event.preventDefault();
    tell("web_app_close");
  });
  for (;;) {
    try {
      if (!(await open())) return;
      for (const told of await ask()) new Row(told).known(told);
      break;
    } catch {
      say(words.offline);
      await new Promise((resolve) => setTimeout(resolve, 3000));
    }
  }
  say("");
  at("chooser").hidden = false;
  follow();
  at("files").onchange = async () => {
    const files = [...at("files").files];
    await choose(files);
    at("files").value = "";
  };
  addEventListener("dragover", (event) => {
    event.preventDefault();
    at("page").classList.add("over");
  });
  addEventListener("dragleave", () => at("page").classList.remove("over"));
  addEventListener("drop", (event) => {
    event.preventDefault();
    at("page").classList.remove("over");
    choose([...event.dataTransfer.files]);
  });
}

begin();
