// The list of the bot's commands: the button shows all, a typed "/" those that begin like it.

import { make } from "./dom.js";

export class Commands {
  /** `send` is called with the command chosen. */
  constructor(phone, send) {
    this.list = phone.querySelector(".commands");
    this.button = phone.querySelector(".menu-button");
    this.field = phone.querySelector("textarea");
    this.send = send;
    this.all = [];
    this.at = -1;
    this.list.id = `commands-${phone.dataset.person}`;
    for (const node of [this.button, this.field]) node.setAttribute("aria-controls", this.list.id);
    this.button.addEventListener("click", () => {
      if (this.open && !this.typed) this.close();
      else {
        this.show(this.all);
        this.field.focus();
      }
    });
    this.field.addEventListener("input", () => this.filter());
    for (const node of [this.field, this.list]) {
      node.addEventListener("keydown", (event) => this.key(event));
      node.addEventListener("blur", (event) => {
        if (![this.button, this.list, this.field].includes(event.relatedTarget)) this.close();
      });
    }
  }

  get open() {
    return !this.list.hidden;
  }

  get typed() {
    return this.field.value.startsWith("/");
  }

  /** The bot's commands, {command, description}. */
  know(commands) {
    this.all = commands;
    this.button.hidden = commands.length === 0;
    this.filter();
  }

  filter() {
    if (!this.typed) {
      if (this.open) this.close();
      return;
    }
    const begun = this.field.value.slice(1).toLowerCase();
    this.show(this.all.filter(({ command }) => command.startsWith(begun)));
  }

  show(commands) {
    this.list.replaceChildren(...commands.map(({ command, description }, index) => make(
      "li",
      {
        role: "option",
        id: `${this.list.id}-${index}`,
        "aria-selected": "false",
        data: { command },
        on: { pointerdown: (event) => event.preventDefault(), click: () => this.choose(command) },
      },
      make("b", {}, `/${command}`), " ", make("span", { dir: "auto" }, description),
    )));
    this.list.hidden = commands.length === 0;
    this.button.setAttribute("aria-expanded", String(this.open));
    this.mark(this.typed && this.open ? 0 : -1);
  }

  close() {
    this.list.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }

  choose(command) {
    this.close();
    this.field.value = "";
    this.send(`/${command}`);
  }

  mark(index) {
    this.at = index;
    [...this.list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    const option = this.list.children[index];
    if (option) {
      this.field.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      this.field.removeAttribute("aria-activedescendant");
    }
  }

  key(event) {
    if (!this.open || event.isComposing) return;
    const count = this.list.children.length;
    const chosen = this.list.children[this.at]?.dataset.command;
    if (event.key === "ArrowDown") this.mark((this.at + 1) % count);
    else if (event.key === "ArrowUp") this.mark((this.at - 1 + count) % count);
    else if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && !event.shiftKey && chosen) this.choose(chosen);
    else if (event.key === "Tab" && chosen && !event.shiftKey) {
      this.field.value = `/${chosen} `;
      this.close();
    } else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}
