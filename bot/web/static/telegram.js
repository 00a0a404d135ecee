// What Telegram tells a page that it shows itself, and hears from it; nothing is loaded from there.

const told = new URLSearchParams(location.hash.slice(1));

export const inTelegram = told.has("tgWebAppVersion");

const COLOURS = {
  bg_color: "--ground",
  section_bg_color: "--card",
  text_color: "--text",
  hint_color: "--quiet",
  button_color: "--accent",
  button_text_color: "--on-accent",
};

export function tell(event, data = {}) {
  const text = JSON.stringify(data);
  if (window.TelegramWebviewProxy) window.TelegramWebviewProxy.postEvent(event, text);
  else if (window.external && "notify" in window.external) {
    window.external.notify(JSON.stringify({ eventType: event, eventData: data }));
  } else if (window.parent !== window) {
    const message = JSON.stringify({ eventType: event, eventData: data });
    window.parent.postMessage(message, "https://web.telegram.org");
  }
}

/** Wears the colours of the chat. */
export function dress() {
  let theme = {};
  try {
    theme = JSON.parse(told.get("tgWebAppThemeParams") ?? "{}");
  } catch {
    return;
  }
  const { style } = document.documentElement;
  for (const [name, variable] of Object.entries(COLOURS)) {
    if (/^#[0-9a-f]{6}$/i.test(theme[name] ?? "")) style.setProperty(variable, theme[name]);
  }
  if (/^#[0-9a-f]{6}$/i.test(theme.bg_color ?? "")) {
    const [red, green, blue] = theme.bg_color.match(/[0-9a-f]{2}/gi).map((each) => parseInt(each, 16));
    const dark = 0.299 * red + 0.587 * green + 0.114 * blue < 128;
    style.setProperty("color-scheme", dark ? "dark" : "light");
  }
}
