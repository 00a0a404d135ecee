// The sandbox's time, which its panel can move, and how a person reads it.

let ahead = 0; // milliseconds

/** `second` is the sandbox's Unix time now. */
export function setClock(second) {
  const seen = second * 1000 - Date.now();
  if (Math.abs(seen - ahead) > 1500) ahead = seen;
}

export const now = () => new Date(Date.now() + ahead);

const formats = new Map();

function format(language, options) {
  const name = language + JSON.stringify(options);
  if (!formats.has(name)) formats.set(name, new Intl.DateTimeFormat(language, options));
  return formats.get(name);
}

export const clockTime = (date, language) => format(language, { hour: "numeric", minute: "2-digit" }).format(date);

export const fullTime = (date, language) => format(language, { dateStyle: "full", timeStyle: "medium" }).format(date);

/** The day of a message, as it stands between messages: "Today", "November 20". */
export function dayName(date, language) {
  const away = Math.round((midnight(date) - midnight(now())) / 86400000);
  if (away === 0 || away === -1) {
    const words = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(away, "day");
    return words[0].toLocaleUpperCase(language) + words.slice(1);
  }
  const year = date.getFullYear() === now().getFullYear() ? {} : { year: "numeric" };
  return format(language, { day: "numeric", month: "long", ...year }).format(date);
}

/** The short form for a list: the time today, else the day. */
export function shortTime(date, language) {
  if (midnight(date).getTime() === midnight(now()).getTime()) return clockTime(date, language);
  return format(language, { day: "numeric", month: "short" }).format(date);
}

export const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());

/** A `date_time` entity in words. Source: https://core.telegram.org/bots/api#date-time-entity-formatting */
export function entityTime(date, pattern, language) {
  if (pattern === "r") return relative(date, language);
  const options = {};
  if (pattern.includes("w")) options.weekday = "long";
  if (pattern.includes("d")) Object.assign(options, { day: "numeric", month: "numeric", year: "2-digit" });
  if (pattern.includes("D")) Object.assign(options, { day: "numeric", month: "long", year: "numeric" });
  if (/t/i.test(pattern)) Object.assign(options, { hour: "numeric", minute: "2-digit" });
  if (pattern.includes("T")) options.second = "2-digit";
  return format(language, options).format(date);
}

function relative(date, language) {
  const seconds = Math.round((date - now()) / 1000);
  const steps = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60]];
  const [unit, size] = steps.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

/** The language for Intl: the person's own where the browser knows it. */
export function known(language) {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(language)[0] ?? "en";
  } catch {
    return "en";
  }
}
