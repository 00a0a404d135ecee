// One person's phone: their chat with the bot.

import { deleteMessage, restartBot, stopBot, tap } from "./api.js";
import { watchAttaching } from "./attach.js";
import { clockTime, known, now } from "./clock.js";
import { Commands } from "./commands.js";
import { Composer } from "./composer.js";
import { markWaiting, showReplyKeyboard } from "./keyboards.js";
import { Log } from "./log.js";
import { openMenu } from "./menu.js";
import { alarm, toast } from "./notices.js";
import { languageName } from "./people.js";
import { askPlace } from "./places.js";

const ACTING = 5000; // milliseconds that a chat action stays, as in Telegram
const ACTIVE = "button, a, video, audio, [role=button]"; // what a press means something to already
const ACTIONS = {
  typing: "typing", upload_photo: "sending a photo", record_video: "recording a video",
  upload_video: "sending a video", record_voice: "recording a voice message",
  upload_voice: "sending a voice message", upload_document: "sending a file",
  choose_sticker: "choosing a sticker", find_location: "finding a location",
  record_video_note: "recording a video message", upload_video_note: "sending a video message",
};

export class Phone {
  /** `chat` is what is known of it, `bot` who it is with; `onClose` and `onSide` are buttons of its. */
  constructor(chat, bot, { onClose, onSide, onRead }) {
    this.chat = chat;
    this.bot = bot;
    this.onRead = onRead;
    this.person = chat.id;
    this.language = known(chat.person.language_code);
    this.node = document.getElementById("phone").content.cloneNode(true).firstElementChild;
    this.node.dataset.person = chat.id;
    this.find = (selector) => this.node.querySelector(selector);
    this.outgoing = this.find(".outgoing");
    this.failed = (error) => toast(this.find(".notices"), error.message);
    this.sent = () => this.log.toEnd();
    this.composer = new Composer(this.node, this.person, this);
    this.commands = new Commands(this.node, (words) => this.say(words));
    this.log = new Log(this.find(".log"), this.acts(), (atEnd) => {
      this.find(".down").hidden = atEnd;
      if (atEnd) this.markRead();
    });
    this.name();
    watchAttaching(this);
    this.find(".start").addEventListener("click", () => this.start());
    this.find(".down").addEventListener("click", () => this.log.toEnd());
    this.find(".close").addEventListener("click", onClose);
    this.find(".open-side").addEventListener("click", onSide);
    this.find(".chat-actions").addEventListener("click", (event) => this.chatMenu(event.currentTarget));
    this.log.node.addEventListener("contextmenu", (event) => this.contextMenu(event));
    this.log.node.addEventListener("click", (event) => this.touched(event));
    this.log.node.addEventListener("dblclick", (event) => this.answerTo(event));
    this.tick();
  }

  name() {
    const { first_name: name, language_code: language } = this.chat.person;
    this.node.setAttribute("aria-label", `${name}'s phone`);
    this.find(".log").setAttribute("aria-label", `Chat with ${name}`);
    this.find(".close").setAttribute("aria-label", `Close ${name}'s phone`);
    this.find(".caption").textContent = `${name}'s phone · ${languageName(language)}`;
    this.find(".bot-name").textContent = this.bot.first_name;
    this.find(".avatar").textContent = this.bot.first_name[0];
    this.find(".drop").textContent = `Drop to send to ${this.bot.first_name} as ${name}`;
  }

  /** What the bubbles can ask for. */
  acts() {
    return {
      language: this.language,
      botName: this.bot.first_name,
      command: (words) => this.say(words),
      copy: (words) => navigator.clipboard.writeText(words).then(() => toast(this.find(".notices"), "Copied"), this.failed),
      tap: (message, data) => {
        markWaiting(this.log.list, [...this.chat.waiting, { message, data }]);
        tap(this.person, { message, data }).catch((error) => {
          markWaiting(this.log.list, this.chat.waiting);
          this.failed(error);
        });
      },
      menu: (message, opener) => this.messageMenu(message, opener),
      jump: (id) => this.log.jump(id),
    };
  }

  /** Draw what is known; `changed` are the ids of messages that did, null for all. */
  show(changed) {
    const { chat } = this;
    if (changed === null || changed.size) this.log.show(chat, changed);
    else markWaiting(this.log.list, chat.waiting);
    this.commands.know(chat.commands);
    showReplyKeyboard(this.find(".reply-keyboard"), chat.keyboard, { say: (words) => this.say(words), place: () => askPlace(this) });
    this.composer.field.placeholder = chat.keyboard?.input_field_placeholder ?? "Message";
    const silent = !chat.started || chat.blocked;
    this.find(".start").hidden = !silent;
    this.find(".start").textContent = chat.blocked ? "Restart bot" : "Start";
    this.find(".composer").hidden = silent;
    this.find(".hint").hidden = chat.messages.size > 0;
    this.find(".hint").textContent = chat.started ? "No messages here." : `Press Start to talk to ${this.bot.first_name}.`;
    this.act(chat.action);
    if (this.log.atEnd) this.markRead();
  }

  /** Toasts and alerts that answer taps. */
  pop(toasts) {
    for (const { text, alert } of toasts) {
      if (alert) alarm(this.bot.first_name, text);
      else toast(this.find(".notices"), text);
    }
  }

  act(action) {
    clearTimeout(this.acting);
    const status = this.find(".status");
    status.classList.toggle("acting", Boolean(action));
    status.textContent = action ? `${ACTIONS[action] ?? "busy"}…` : "bot";
    if (action) this.acting = setTimeout(() => this.act(null), ACTING);
  }

  /** Say that the server is away until the next news. */
  away() {
    clearTimeout(this.acting);
    this.find(".status").textContent = "connecting…";
  }

  tick() {
    this.find(".clock").textContent = clockTime(now(), this.language);
  }

  /** To the field, unless that would bring up a keyboard on the glass. */
  focus() {
    if (matchMedia("(pointer: fine)").matches) this.composer.field.focus();
  }

  markRead() {
    const seen = document.visibilityState === "visible" && this.node.checkVisibility();
    if (!seen || this.chat.unread === 0) return;
    this.chat.markRead();
    this.onRead();
  }

  say(words) {
    return this.composer.say(words).catch(this.failed);
  }

  async start() {
    if (this.chat.blocked) await restartBot(this.person).catch(this.failed);
    await this.say("/start");
    this.find(".start").hidden = true;
    this.find(".composer").hidden = false;
    this.focus();
  }

  chatMenu(opener) {
    const { blocked, started } = this.chat;
    const stop = () => stopBot(this.person).catch(this.failed);
    openMenu(this.find(".screen"), opener, "Chat actions", [
      { label: "Newest messages", icon: "down", act: () => this.log.toEnd() },
      ...(started && !blocked ? [{ label: "Stop bot", icon: "stop", danger: true, act: stop }] : []),
    ]);
  }

  messageMenu(message, opener) {
    const author = message.from_bot ? this.bot.first_name : "yourself";
    const editable = !message.from_bot && message.text && !Object.keys(message.media).length;
    const remove = () => deleteMessage(this.person, { message: message.id }).catch(this.failed);
    openMenu(this.find(".screen"), opener, "Message actions", [
      { label: "Reply", icon: "reply", act: () => this.composer.turnTo(message, author, false) },
      ...(message.text ? [{ label: "Copy text", icon: "copy", act: () => this.acts().copy(message.text) }] : []),
      ...(editable ? [{ label: "Edit", icon: "edit", act: () => this.composer.turnTo(message, author, true) }] : []),
      { label: "Delete", icon: "delete", danger: true, act: remove },
    ]);
  }

  /** A long press or the right button on a bubble. */
  contextMenu(event) {
    const bubble = event.target.closest(".bubble");
    if (!bubble || event.target.closest("a, video, img") || getSelection().toString()) return;
    event.preventDefault();
    bubble.querySelector(".actions-button").click();
  }

  /** Where nothing hovers there is no button in sight: a tap on the bubble itself opens its menu. */
  touched(event) {
    const bubble = event.target.closest(".bubble");
    if (!bubble || event.target.closest(ACTIVE) || !matchMedia("(hover: none)").matches) return;
    bubble.querySelector(".actions-button").click();
  }

  answerTo(event) {
    const article = event.target.closest("article");
    if (!article || event.target.closest(ACTIVE) || matchMedia("(hover: none)").matches) return;
    const message = this.chat.messages.get(Number(article.dataset.id));
    if (message) this.composer.turnTo(message, message.from_bot ? this.bot.first_name : "yourself", false);
  }
}
