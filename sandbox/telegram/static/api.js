// The JSON API of one person's chat.

const query = new URLSearchParams(location.search);
const person = Number.parseInt(query.get("person") ?? "42", 10);
const introduction = new URLSearchParams({
  first_name: query.get("name") ?? "Ana",
  language_code: query.get("language") ?? navigator.language.split("-")[0],
});
const root = `person/${person}`;

async function answer(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.reason ?? `The sandbox answered ${response.status}`);
  return body;
}

function post(path, body) {
  return fetch(`${root}/${path}?${introduction}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  }).then(answer);
}

export const fileUrl = (id) => `${root}/files/${encodeURIComponent(id)}`;

export const sendText = (text) => post("send", { text });

export const tap = (message, data) => post("tap", { message, data });

export function sendClip(file, details) {
  const about = new URLSearchParams({ ...details, name: file.name, type: file.type });
  return fetch(`${root}/clip?${introduction}&${about}`, { method: "POST", body: file }).then(answer);
}

export function events(after) {
  return fetch(`${root}/events?${introduction}&after=${encodeURIComponent(after)}`).then(answer);
}
