// The menu behind the paper clip, and everything else that brings files: dropping and pasting.

import { samples, sendSamples } from "./api.js";
import { offer } from "./files.js";
import { openMenu } from "./menu.js";
import { onItsWay } from "./outgoing.js";
import { askPlace } from "./places.js";

const THREE = ["upright.mp4", "wide.mp4", "silent.mp4"];
const FIVE = ["portrait.jpg", "landscape.jpg", "square.png", "large.webp", "turned.jpg"];

let known = [];
let asFiles = false;

/** Offer all ways to attach something. `phone` has node, person, outgoing, composer, failed, sent. */
export function watchAttaching(phone) {
  const { node } = phone;
  const button = node.querySelector(".attach");
  const [pictures, any] = [node.querySelector("input.media"), node.querySelector("input.any")];
  button.addEventListener("click", async () => {
    if (!known.length) known = await samples().catch(() => []);
    openMenu(node.querySelector(".screen"), button, "Attach", [
      { label: "Photo or video", icon: "picture", act: () => pictures.click() },
      { label: "File", icon: "file", act: () => any.click() },
      { label: "Location", icon: "place", act: () => askPlace(phone) },
      { heading: "Sample clips, made on the spot" },
      { label: "Samples as files", checked: asFiles, toggle: () => (asFiles = !asFiles) },
      ...known.filter(({ refused, photo }) => !refused && !photo).map((sample) => entry(sample, phone)),
      { kind: "Sample clip", label: "Three at once, an album", icon: "films", act: () => make(THREE, "three clips", phone) },
      { heading: "Sample photos" },
      { kind: "Sample photos", label: "Five at once, an album", icon: "picture", act: () => make(FIVE, "five photos", phone) },
      ...known.filter(({ refused, photo }) => !refused && photo).map((sample) => entry(sample, phone)),
      { heading: "What TikTok refuses" },
      ...known.filter(({ refused }) => refused).map((sample) => entry(sample, phone)),
    ]);
  });
  for (const [input, as] of [[pictures, "media"], [any, "document"]]) {
    input.addEventListener("change", () => {
      const files = [...input.files];
      input.value = "";
      offer(files, phone, as);
    });
  }
  watchDropping(phone);
}

function entry({ name, title, refused, photo }, phone) {
  return {
    kind: photo ? "Sample photo" : "Sample clip",
    label: title,
    hint: refused,
    icon: photo ? "picture" : "film",
    act: () => make([name], photo ? `a photo: ${title}` : `a clip: ${title}`, phone),
  };
}

async function make(names, words, phone) {
  const order = { names, as: asFiles ? "document" : "video" };
  const caption = phone.composer.take();
  if (caption) order.caption = caption;
  phone.focus();
  const work = (share, signal) => sendSamples(phone.person, order, share, signal);
  phone.sent();
  const done = await onItsWay(phone.outgoing, `Making ${words}`, work, phone.failed);
  if (!done && caption && !phone.composer.field.value) phone.composer.fill(caption);
}

function watchDropping(phone) {
  const { node } = phone;
  const sign = node.querySelector(".drop");
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  node.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    sign.hidden = false;
  });
  node.addEventListener("dragleave", (event) => {
    if (!node.contains(event.relatedTarget)) sign.hidden = true;
  });
  node.addEventListener("drop", (event) => {
    event.preventDefault();
    sign.hidden = true;
    offer([...event.dataTransfer.files], phone);
  });
  node.addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files];
    if (!files.length) return;
    event.preventDefault();
    offer(files, phone);
  });
}

// A file dropped beside a phone must not replace the page.
for (const event of ["dragover", "drop"]) document.addEventListener(event, (given) => given.preventDefault());
