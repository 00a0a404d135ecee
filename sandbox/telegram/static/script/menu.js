// A menu that pops up at a button: arrows move, Enter chooses, Escape and a press elsewhere close.

import { icon, make, unseen } from "./dom.js";

let close = () => {};

/**
 * Open a menu in `screen`, at `opener`. `items` are {label, icon, act, hint, danger}, with a
 * `kind` that is read out before the label, checkboxes {label, checked, toggle}, or {heading}.
 */
export function openMenu(screen, opener, label, items) {
  close();
  const menu = make("div", { class: "menu", role: "menu", "aria-label": label, tabindex: -1 }, ...items.map(item));
  screen.append(menu);
  place(menu, screen, opener);
  opener.setAttribute("aria-expanded", "true");

  close = () => {
    close = () => {};
    menu.remove();
    opener.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside, true);
    if (document.activeElement === document.body) opener.focus();
  };
  const outside = (event) => {
    if (!menu.contains(event.target)) close();
  };
  document.addEventListener("pointerdown", outside, true);
  menu.addEventListener("keydown", (event) => move(event, menu));
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) close();
  });
  focus(menu.querySelector("button"));
}

/** Move the focus to an item, the one that Tab would reach. */
function focus(button) {
  button.parentElement.querySelector("[tabindex='0']")?.setAttribute("tabindex", "-1");
  button.setAttribute("tabindex", "0");
  button.focus();
}

function item({ heading, kind, label, icon: sign, act, hint, danger, checked, toggle }) {
  if (heading) return make("p", { class: "heading", role: "presentation" }, heading);
  const note = hint ? make("span", { class: "hint" }, hint) : null;
  if (toggle) {
    const box = make("button", { type: "button", role: "menuitemcheckbox", "aria-checked": String(checked), tabindex: -1 }, icon("check"), make("span", {}, label));
    box.addEventListener("click", () => box.setAttribute("aria-checked", String(toggle())));
    return box;
  }
  const press = () => {
    close();
    act();
  };
  return make(
    "button",
    { type: "button", role: "menuitem", class: danger ? "danger" : null, tabindex: -1, on: { click: press } },
    icon(sign), make("span", {}, kind ? unseen(`${kind}: `) : null, label), note,
  );
}

function move(event, menu) {
  const buttons = [...menu.querySelectorAll("button")];
  const at = buttons.indexOf(document.activeElement);
  const to = {
    ArrowDown: (at + 1) % buttons.length,
    ArrowUp: (at - 1 + buttons.length) % buttons.length,
    Home: 0,
    End: buttons.length - 1,
  }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    focus(buttons[to]);
  } else if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    event.stopPropagation();
    menu.querySelector(":focus")?.blur();
    close();
  }
}

/** Beside its opener, wholly inside the screen, whose border does not count. */
function place(menu, screen, opener) {
  const frame = screen.getBoundingClientRect();
  const at = opener.getBoundingClientRect();
  const [left, top] = [at.left - frame.left - screen.clientLeft, at.top - frame.top - screen.clientTop];
  const gap = 6;
  const above = top - gap * 2;
  const below = screen.clientHeight - top - at.height - gap * 2;
  menu.style.maxHeight = `${Math.max(above, below, 120)}px`;
  menu.style.left = `${Math.max(gap, Math.min(left, screen.clientWidth - menu.offsetWidth - gap))}px`;
  if (above > below) menu.style.bottom = `${screen.clientHeight - top + gap}px`;
  else menu.style.top = `${top + at.height + gap}px`;
}
