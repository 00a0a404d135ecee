// A photo or clip on the whole screen.

import { downloadUrl, fileUrl } from "./api.js";
import { icon, make } from "./dom.js";

const dialog = document.getElementById("viewer");
const shown = dialog.querySelector(".shown");

export function view({ kind, id, name }) {
  const node = kind === "photo"
    ? make("img", { src: fileUrl(id), alt: "Photo" })
    : make("video", { src: fileUrl(id), controls: true, autoplay: true, playsinline: true, "aria-label": name ?? "Video" });
  const save = make("a", { class: "icon", href: downloadUrl(id), download: name ?? "", "aria-label": "Download" }, icon("download"));
  shown.replaceChildren(node, save);
  dialog.showModal();
}

dialog.addEventListener("close", () => shown.replaceChildren());
dialog.addEventListener("click", (event) => {
  if (event.target === dialog || event.target === shown) dialog.close();
});
