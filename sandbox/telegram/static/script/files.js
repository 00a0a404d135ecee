// Files from disk: asked about in a dialog, then sent one after another, as an album if wanted.

import { sendFile } from "./api.js";
import { make } from "./dom.js";
import { bytes } from "./media.js";
import { onItsWay } from "./outgoing.js";
import { measured, reduced } from "./pictures.js";

const ALBUM = 10;
const dialog = document.getElementById("files");
const form = dialog.querySelector("form");

/** Ask how to send these files, and send them. `phone` has person, outgoing, composer, failed. */
export async function offer(files, phone, as = "media") {
  if (!files.length || dialog.open) return;
  const choice = await ask(files, as, phone.composer.field.value);
  if (!choice) return;
  phone.composer.fill("");
  phone.sent();
  const kinds = files.map((file) => [file, kindOf(file, choice.as)]);
  const pictures = kinds.filter(([, kind]) => kind === "photo" || kind === "video");
  const others = kinds.filter(([, kind]) => kind !== "photo" && kind !== "video");
  let caption = choice.caption;
  for (const part of [...batches(pictures, choice.album), ...batches(others, choice.album && choice.as !== "animation")]) {
    const album = part.length > 1 ? { album: albumNumber() } : {};
    for (const [file, kind] of part) {
      const details = { as: kind, ...album, ...(caption ? { caption } : {}) };
      const done = await onItsWay(phone.outgoing, `Sending ${file.name}`, (share, signal) => send(phone.person, file, details, share, signal), phone.failed);
      if (!done) return;
      caption = "";
    }
  }
}

async function send(person, file, details, share, signal) {
  const photo = details.as === "photo" ? await reduced(file) : null;
  const { blob, ...measures } = photo ?? (await measured(file));
  await sendFile(person, blob ?? file, { name: file.name, type: file.type, ...measures, ...details }, share, signal);
}

function kindOf(file, as) {
  if (as === "document") return "document";
  if (file.type.startsWith("video/")) return as === "animation" ? "animation" : "video";
  return /^image\/(jpeg|png|webp|bmp|avif)$/.test(file.type) ? "photo" : "document";
}

/** Telegram's albums have up to ten; without one each file is alone. */
function batches(files, together) {
  const size = together ? ALBUM : 1;
  return Array.from({ length: Math.ceil(files.length / size) }, (_, index) => files.slice(index * size, (index + 1) * size));
}

const albumNumber = () => String(Date.now() * 1000 + Math.floor(Math.random() * 1000));

function ask(files, as, words) {
  const several = files.length > 1;
  const clips = files.filter((file) => file.type.startsWith("video/"));
  dialog.querySelector("h2").textContent = several ? `Send ${files.length} files` : "Send a file";
  const urls = [];
  dialog.querySelector(".chosen").replaceChildren(...files.map((file) => chosen(file, urls)));
  const visible = files.some((file) => kindOf(file, "media") !== "document");
  const choices = { media: visible, document: true, animation: clips.length === files.length && !several };
  for (const input of form.elements.as) {
    input.closest("label").hidden = !choices[input.value];
    input.checked = input.value === (visible ? as : "document");
  }
  form.elements.album.closest("label").hidden = !several;
  form.elements.album.checked = several;
  form.elements.caption.value = words;
  dialog.returnValue = "cancel";
  dialog.showModal();
  form.elements.caption.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      for (const url of urls) URL.revokeObjectURL(url);
      resolve(dialog.returnValue !== "send" ? null : {
        as: form.elements.as.value,
        album: several && form.elements.album.checked,
        caption: form.elements.caption.value.trim(),
      });
    }, { once: true });
  });
}

form.elements.caption.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("[value=send]"));
  }
});

function chosen(file, urls) {
  const url = URL.createObjectURL(file);
  urls.push(url);
  let picture = null;
  if (file.type.startsWith("image/")) picture = make("img", { src: url, alt: "" });
  if (file.type.startsWith("video/")) picture = make("video", { src: `${url}#t=0.1`, preload: "metadata", tabindex: -1, "aria-hidden": "true" });
  return make("li", {}, make("span", { class: "thumb" }, picture), make("span", {}, make("b", {}, file.name), make("span", {}, bytes(file.size))));
}
