// The protocol of https://tus.io, version 1.0.0, for one file: begun, gone on with, paused.

export const PIECE_BYTES = 4 * 1024 * 1024;
const SILENT_MS = 30_000;
const LONGEST_PAUSE_MS = 30_000;
const PASSING = new Set([0, 408, 409, 423, 429, 460, 500, 502, 503, 504]);

export class Refused extends Error {
  constructor(status, reason) {
    super(reason || `status ${status}`);
    this.status = status;
    this.reason = reason;
  }
}

export class Paused extends Error {}

const inBase64 = (bytes) => btoa(String.fromCharCode(...bytes));
const ofText = (text) => inBase64(new TextEncoder().encode(text));

/** Sends one request; `progress` hears how many bytes of the body are out. */
function request(method, url, { headers, body, signal, progress }) {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    let watch;
    const alive = () => {
      clearTimeout(watch);
      watch = setTimeout(() => xhr.abort(), SILENT_MS);
    };
    const end = (settle) => () => {
      clearTimeout(watch);
      signal?.removeEventListener("abort", abort);
      settle();
    };
    const abort = () => xhr.abort();
    xhr.open(method, url);
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = (event) => {
      alive();
      progress?.(event.loaded);
    };
    xhr.onload = end(() => resolve(xhr));
    xhr.onerror = end(() => reject(new Refused(0)));
    xhr.onabort = end(() => reject(signal?.aborted ? new Paused() : new Refused(0)));
    if (signal?.aborted) return reject(new Paused());
    signal?.addEventListener("abort", abort);
    alive();
    xhr.send(body);
  });
}

function refusal(xhr) {
  try {
    return new Refused(xhr.status, JSON.parse(xhr.responseText).detail);
  } catch {
    return new Refused(xhr.status);
  }
}

/** A hash of a file's beginning and end, by which it is known again. */
export async function sampleOf(file) {
  if (!crypto.subtle) return null;
  const edge = 64 * 1024;
  const ends = new Blob([file.slice(0, edge), file.slice(Math.max(0, file.size - edge))]);
  const digest = await crypto.subtle.digest("SHA-256", await ends.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const end = (settle) => {
      clearTimeout(timer);
      removeEventListener("online", again);
      signal.removeEventListener("abort", stop);
      settle();
    };
    const again = () => end(resolve);
    const stop = () => end(() => reject(new Paused()));
    const timer = setTimeout(again, milliseconds);
    addEventListener("online", again);
    signal.addEventListener("abort", stop);
  });
}

export class Sending {
  /** `on.progress(bytes)`, `on.retrying()` and `on.begun(id)` are told how it goes. */
  constructor(file, { uploads, headers, sample, id = null, on }) {
    Object.assign(this, { file, uploads, headers, sample, id, on });
    this.failures = 0;
  }

  /** Sends what is missing, again and again; rejects with `Paused` or `Refused`. */
  async run(signal) {
    let offset = null;
    for (;;) {
      try {
        if (!this.id) await this.#begin(signal);
        if (offset === null) offset = await this.#offset(signal);
        this.on.progress(offset);
        if (offset >= this.file.size) return;
        offset = await this.#piece(offset, signal);
        this.failures = 0;
      } catch (error) {
        if (!(error instanceof Refused) || !PASSING.has(error.status)) throw error;
        if (!this.id && error.status === 429 && error.reason) throw error;
        offset = null;
        this.failures += 1;
        this.on.retrying();
        const longest = Math.min(LONGEST_PAUSE_MS, 500 * 2 ** this.failures);
        await pause(longest * (0.5 + Math.random() / 2), signal);
      }
    }
  }

  async remove() {
    if (!this.id) return;
    const xhr = await request("DELETE", this.#place, { headers: this.headers });
    if (xhr.status !== 204 && xhr.status !== 404 && xhr.status !== 410) throw refusal(xhr);
  }

  get #place() {
    return `${this.uploads}/${this.id}`;
  }

  async #begin(signal) {
    const told = [`filename ${ofText(this.file.name)}`];
    told.push(`lastmodified ${ofText(String(this.file.lastModified))}`);
    if (this.sample) told.push(`sample ${ofText(this.sample)}`);
    const headers = {
      ...this.headers,
      "Upload-Length": String(this.file.size),
      "Upload-Metadata": told.join(","),
    };
    const xhr = await request("POST", this.uploads, { headers, signal });
    if (xhr.status !== 201) throw refusal(xhr);
    this.id = xhr.getResponseHeader("Location").split("/").pop();
    this.on.begun(this.id);
  }

  async #offset(signal) {
    const xhr = await request("HEAD", this.#place, { headers: this.headers, signal });
    if (xhr.status !== 200) throw refusal(xhr);
    return Number(xhr.getResponseHeader("Upload-Offset"));
  }

  async #piece(offset, signal) {
    const body = await this.file.slice(offset, offset + PIECE_BYTES).arrayBuffer();
    const headers = {
      ...this.headers,
      "Upload-Offset": String(offset),
      "Content-Type": "application/offset+octet-stream",
    };
    if (crypto.subtle) {
      const digest = await crypto.subtle.digest("SHA-256", body);
      headers["Upload-Checksum"] = `sha256 ${inBase64(new Uint8Array(digest))}`;
    }
    const progress = (sent) => this.on.progress(offset + sent);
    const xhr = await request("PATCH", this.#place, { headers, body, signal, progress });
    if (xhr.status !== 204) throw refusal(xhr);
    return Number(xhr.getResponseHeader("Upload-Offset"));
  }
}
