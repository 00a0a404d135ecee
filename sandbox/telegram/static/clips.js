// Sending clips from disk: file picker, drag and drop, and what the browser knows of a video.

import { sendClip } from "./api.js";

const element = (id) => document.getElementById(id);

/** `failed` is called with an Error when a clip could not be sent. */
export function watchClips(failed) {
  const picker = element("file");
  const drop = element("drop");
  element("attach").addEventListener("click", () => picker.click());
  picker.addEventListener("change", () => {
    offer([...picker.files], failed);
    picker.value = "";
  });
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.hidden = false;
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) drop.hidden = true;
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.hidden = true;
    offer([...event.dataTransfer.files], failed);
  });
}

async function offer(files, failed) {
  for (const file of files) {
    const choice = await ask(file);
    if (!choice) continue;
    try {
      await sendClip(file, { ...(await measures(file)), ...choice });
    } catch (error) {
      failed(error);
    }
  }
}

function ask(file) {
  const dialog = element("clip-dialog");
  element("clip-name").textContent = file.name;
  element("clip-caption").value = "";
  dialog.returnValue = "cancel";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      const choice = { caption: element("clip-caption").value, as: element("clip-as").value };
      resolve(dialog.returnValue === "send" ? choice : null);
    }, { once: true });
  });
}

/** Width and height in pixels, duration in seconds; nothing for what the browser cannot read. */
function measures(file) {
  const video = document.createElement("video");
  const address = URL.createObjectURL(file);
  return new Promise((resolve) => {
    const done = (found) => {
      URL.revokeObjectURL(address);
      resolve(found);
    };
    video.addEventListener("loadedmetadata", () => done({
      width: video.videoWidth,
      height: video.videoHeight,
      duration: Number.isFinite(video.duration) ? Math.round(video.duration) : 0,
    }));
    video.addEventListener("error", () => done({}));
    video.preload = "metadata";
    video.src = address;
  });
}
