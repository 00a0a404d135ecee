// A text with entities as DOM nodes. Offsets are UTF-16 units, as JavaScript counts.

const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};

/** `command` is called with the text of a bot command that is tapped. */
export function formatted(text, entities, command) {
  let next = 0;
  const fill = (parent, from, to) => {
    let at = from;
    while (next < entities.length && entities[next].offset < to) {
      const entity = entities[next++];
      const start = Math.max(at, entity.offset);
      const end = Math.min(entity.offset + entity.length, to);
      if (end <= start) continue;
      parent.append(text.slice(at, start));
      const node = element(entity, text.slice(start, end), command);
      if (node.textContent) {
        while (next < entities.length && entities[next].offset < end) next += 1;
      } else {
        fill(node, start, end);
      }
      parent.append(node);
      at = end;
    }
    parent.append(text.slice(at, to));
  };
  const root = document.createDocumentFragment();
  fill(root, 0, text.length);
  return root;
}

function element(entity, words, command) {
  switch (entity.type) {
    case "text_link":
      return link(entity.url);
    case "url":
      return link(/^https?:/i.test(words) ? words : `http://${words}`);
    case "date_time":
      return time(entity);
    case "spoiler": {
      const node = document.createElement("span");
      node.className = "spoiler";
      node.addEventListener("click", () => node.classList.add("open"));
      return node;
    }
    case "bot_command": {
      const node = document.createElement("button");
      node.className = "command";
      node.addEventListener("click", () => command(words));
      return node;
    }
    default: {
      const node = document.createElement(TAGS[entity.type] ?? "span");
      if (entity.type === "hashtag" || entity.type === "mention") node.className = "tag";
      return node;
    }
  }
}

function link(url) {
  const node = document.createElement("a");
  if (/^(https?|tg):/i.test(url)) node.href = url;
  node.target = "_blank";
  node.rel = "noopener noreferrer";
  return node;
}

function time({ unix_time: unix, date_time_format: format }) {
  const node = document.createElement("time");
  const date = new Date(unix * 1000);
  node.dateTime = date.toISOString();
  node.title = date.toLocaleString();
  if (format) node.textContent = format === "r" ? relative(date) : localized(date, format);
  return node;
}

function localized(date, format) {
  const options = {};
  if (format.includes("w")) options.weekday = "long";
  if (format.includes("d")) Object.assign(options, { day: "numeric", month: "numeric", year: "2-digit" });
  if (format.includes("D")) Object.assign(options, { day: "numeric", month: "long", year: "numeric" });
  if (/t/i.test(format)) Object.assign(options, { hour: "numeric", minute: "2-digit" });
  if (format.includes("T")) options.second = "2-digit";
  return new Intl.DateTimeFormat(undefined, options).format(date);
}

function relative(date) {
  const seconds = Math.round((date - Date.now()) / 1000);
  const steps = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const [unit, size] = steps.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(undefined, { numeric: "auto" }).format(
    Math.round(seconds / size), unit,
  );
}
