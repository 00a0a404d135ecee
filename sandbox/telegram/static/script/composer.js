// The field and what stands over it: an answer to a message, or a change of one.

import { editText, sendText } from "./api.js";

export class Composer {
  /** `failed` hears an Error; `sent` is called when something was said. */
  constructor(phone, person, { failed, sent }) {
    this.person = person;
    this.failed = failed;
    this.sent = sent;
    this.field = phone.querySelector("textarea");
    this.strip = phone.querySelector(".strip");
    this.about = null; // {message, edit}
    phone.querySelector(".composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.strip.querySelector("button").addEventListener("click", () => this.leave());
    this.field.addEventListener("input", () => this.grow());
    this.field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.submit();
      } else if (event.key === "Escape" && this.about) {
        this.leave();
      }
    });
  }

  /** The text in the field, which is taken out of it: a caption of what is sent next. */
  take() {
    const words = this.field.value.trim();
    this.fill("");
    return words;
  }

  fill(words) {
    this.field.value = words;
    this.grow();
  }

  /** The next text answers this message, or is its new text with `edit`. */
  turnTo(message, author, edit) {
    this.about = { message, edit };
    this.strip.hidden = false;
    this.strip.querySelector("b").textContent = edit ? "Edit message" : `Reply to ${author}`;
    this.strip.querySelector("span").textContent = message.text || Object.keys(message.media)[0];
    if (edit) this.fill(message.text);
    this.field.focus();
  }

  leave() {
    if (this.about?.edit) this.fill("");
    this.about = null;
    this.strip.hidden = true;
    this.field.focus();
  }

  async submit() {
    const words = this.field.value.trim();
    if (!words) return;
    const about = this.about;
    this.about = null;
    this.strip.hidden = true;
    this.fill("");
    try {
      if (about?.edit) await editText(this.person, { message: about.message.id, text: words });
      else await this.say(words, about?.message.id);
    } catch (error) {
      if (!this.field.value) this.fill(words); // nothing that was typed is lost
      this.failed(error);
    }
  }

  async say(words, replyTo) {
    this.sent();
    await sendText(this.person, { text: words, reply_to: replyTo ?? null });
  }

  grow() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 160)}px`;
  }
}
