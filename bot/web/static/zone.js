"use strict";

// Tells ClipCue the time zone of this browser: Telegram tells bots none.
const { to, ticket } = document.currentScript.dataset;
const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
if (timeZone) {
  const told = new URLSearchParams({ ticket, zone: timeZone });
  fetch(`${to}?${told}`, { method: "POST", credentials: "omit", keepalive: true }).catch(() => {});
}
