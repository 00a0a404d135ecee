// What a message carries besides text: pictures, clips, files, places.

import { downloadUrl, fileUrl } from "./api.js";
import { icon, make } from "./dom.js";
import { drawFirstFrame } from "./frames.js";
import { view } from "./viewer.js";

/** The nodes for a message's media, none for a text. */
export function media(message) {
  const found = message.media;
  if (found.photo) return [photo(found.photo.at(-1), message.spoiler)];
  if (found.animation) return [animation(found.animation)];
  if (found.video) return [video(found.video, message.spoiler)];
  if (found.video_note) return [round(found.video_note)];
  if (found.document) return [file(found.document)];
  if (found.voice) return [make("audio", { src: fileUrl(found.voice.file_id), controls: true, preload: "metadata" })];
  if (found.sticker) return [make("img", { class: "sticker", src: fileUrl(found.sticker.file_id), alt: `Sticker ${found.sticker.emoji}` })];
  if (found.location) return [place(found.location)];
  return [];
}

/** Whether it fills the bubble from edge to edge. */
export const isPicture = ({ media: found }) => Boolean(found.photo || found.video || found.animation);

function photo({ file_id: id }, hidden) {
  const image = make("img", { src: fileUrl(id), alt: "" });
  const open = (event) => unveiled(event, () => view({ kind: "photo", id }));
  return make(
    "button",
    { type: "button", class: veil("media photo", hidden), "aria-label": "Open photo", data: { file: id }, on: { click: open } },
    image,
  );
}

function video({ file_id: id, duration, width, height, file_name: name, file_size: size }, hidden) {
  const picture = make("canvas", { class: "frame" });
  if (width && height) shape(picture, width, height);
  const badge = make("span", { class: "length" }, length(duration));
  const open = (event) => unveiled(event, () => view({ kind: "video", id, name }));
  const node = make(
    "button",
    { type: "button", class: veil("media video", hidden), "aria-label": "Play video", data: { file: id }, on: { click: open } },
    picture,
    make("span", { class: "play" }, icon("play")),
    badge,
  );
  const known = (across, down, seconds) => {
    shape(picture, across, down);
    if (Number.isFinite(seconds)) badge.textContent = length(seconds);
  };
  const unreadable = () => node.replaceWith(file({ file_id: id, file_name: name, file_size: size }, "This browser cannot play it"));
  drawFirstFrame(picture, fileUrl(id), known, unreadable);
  return node;
}

/** Give a picture its place before it is there: as large as fits, 21rem high at most. */
function shape(picture, width, height) {
  picture.style.aspectRatio = `${width} / ${height}`;
  picture.style.width = `min(100%, ${(21 * width) / height}rem)`;
}

const calm = matchMedia("(prefers-reduced-motion: reduce)");

function animation({ file_id: id }) {
  const picture = make("video", { src: fileUrl(id), loop: true, playsinline: true, preload: "metadata", controls: calm.matches, "aria-label": "Animation" });
  picture.muted = true;
  picture.autoplay = !calm.matches;
  return make("div", { class: "media", data: { file: id } }, picture, make("span", { class: "length" }, "GIF"));
}

function round({ file_id: id }) {
  const picture = make("video", { class: "round", src: `${fileUrl(id)}#t=0.1`, controls: true, playsinline: true, preload: "metadata", "aria-label": "Video message" });
  return make("div", { class: "media", data: { file: id } }, picture);
}

function file({ file_id: id, file_name: name = "file", file_size: size }, note) {
  const kind = /\.(\w{1,5})$/.exec(name)?.[1] ?? "";
  return make(
    "a",
    { class: "file", href: downloadUrl(id), download: name, "aria-label": `Download ${name}` },
    make("span", { class: "round-icon" }, icon("download")),
    make("span", { class: "about" }, make("b", {}, name), make("span", {}, [bytes(size), kind.toUpperCase(), note].filter(Boolean).join(" · "))),
  );
}

function place({ latitude, longitude }) {
  const degrees = (value, [positive, negative]) => `${Math.abs(value).toFixed(3)}° ${value < 0 ? negative : positive}`;
  const words = `${degrees(latitude, "NS")}, ${degrees(longitude, "EW")}`;
  return make(
    "a",
    {
      class: "place",
      href: `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=12/${latitude}/${longitude}`,
      target: "_blank",
      rel: "noopener noreferrer",
      title: "Open the map in a new tab",
    },
    make("span", { class: "map" }, icon("place")),
    make("span", {}, `Location ${words}`),
  );
}

const veil = (name, hidden) => (hidden ? `${name} hidden-media` : name);

/** The first press of a picture sent as a spoiler shows it, the next opens it. */
function unveiled(event, open) {
  const hidden = event.currentTarget.classList;
  if (hidden.contains("hidden-media")) hidden.remove("hidden-media");
  else open();
}

export function bytes(size) {
  if (size === undefined) return "";
  if (size < 1024) return `${size} B`;
  if (size < 1048576) return `${(size / 1024).toFixed(1)} KB`;
  return `${(size / 1048576).toFixed(1)} MB`;
}

function length(seconds) {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
