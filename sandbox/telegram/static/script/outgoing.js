// What is on its way: how far each file or sample is, and a button to stop it.

import { icon, make } from "./dom.js";

/** Show a line in `node` while `work(onShare, signal)` runs. Errors go to `failed`. */
export async function onItsWay(node, label, work, failed) {
  const stop = new AbortController();
  const bar = make("progress", { max: 1, value: 0, "aria-label": label });
  const button = make("button", { type: "button", class: "icon", "aria-label": `Stop: ${label}`, on: { click: () => stop.abort() } }, icon("close"));
  const line = make("div", { class: "way" }, make("span", {}, label), bar, button);
  node.append(line);
  try {
    await work((share) => { bar.value = share; }, stop.signal);
    return !stop.signal.aborted;
  } catch (error) {
    if (!stop.signal.aborted) failed(error);
    return false;
  } finally {
    line.remove();
  }
}
