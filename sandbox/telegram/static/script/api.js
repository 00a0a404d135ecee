// The JSON API: what the page asks of the server.

async function answer(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.reason ?? `The sandbox answered ${response.status}.`);
  return body;
}

const post = (path, body) => fetch(path, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
}).catch(() => {
  throw new Error("The sandbox does not answer.");
}).then(answer);

const deed = (name) => (person, body = {}) => post(`person/${person}/${name}`, body);

export const sendText = deed("send");
export const editText = deed("edit");
export const deleteMessage = deed("delete");
export const tap = deed("tap");
export const sendLocation = deed("location");
export const stopBot = deed("stop");
export const restartBot = deed("restart");

export const introduce = (names) => post("people", names);

export const samples = () => fetch("samples").then(answer);

export const fileUrl = (id) => `files/${encodeURIComponent(id)}`;

export const downloadUrl = (id) => `${fileUrl(id)}?download`;

export const events = (after) => fetch(`events?after=${encodeURIComponent(after)}`).then(answer);

/** Send a file; `onShare` hears how much has gone out (0 to 1), an aborted `signal` ends it. */
export function sendFile(person, file, details, onShare, signal) {
  const about = new URLSearchParams({ name: file.name, type: file.type, ...details });
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `person/${person}/file?${about}`);
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => onShare(event.loaded / event.total));
    request.addEventListener("load", () => {
      if (request.status === 200) resolve(request.response);
      else reject(new Error(request.response?.reason ?? `The sandbox answered ${request.status}.`));
    });
    request.addEventListener("error", () => reject(new Error("The sandbox does not answer.")));
    request.addEventListener("abort", () => resolve(null));
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

/** Have samples made and sent; `onShare` hears how far that is (0 to 1). */
export async function sendSamples(person, order, onShare, signal) {
  const response = await fetch(`person/${person}/sample`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(order),
    signal,
  });
  if (!response.ok) await answer(response);
  const lines = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await lines.read();
    if (done) throw new Error("The sandbox stopped before the sample was sent.");
    const whole = (rest + value).split("\n");
    rest = whole.pop();
    for (const said of whole.map((line) => JSON.parse(line))) {
      if (said.reason) throw new Error(said.reason);
      if (said.share !== undefined) onShare(said.share);
      if (said.sent !== undefined) return;
    }
  }
}
