// What the page knows of every person's chat, and how much of it they have not read.

/** One chat: the newest state of everything that the server told. */
class Chat {
  constructor(person) {
    this.person = person;
    this.messages = new Map(); // by id, in their order
    this.read = Number(localStorage.getItem(`read.${person.id}`) ?? 0);
  }

  get id() {
    return this.person.id;
  }

  get last() {
    return [...this.messages.values()].at(-1);
  }

  get unread() {
    let count = 0;
    for (const message of this.messages.values()) if (message.from_bot && message.id > this.read) count += 1;
    return count;
  }

  /** Take in what is new; `fresh` news is all there is. */
  tell(news, fresh) {
    if (fresh) this.messages.clear();
    const { messages, removed, toasts, ...state } = news;
    Object.assign(this, state);
    for (const id of removed) this.messages.delete(id);
    for (const message of messages) this.messages.set(message.id, message);
  }

  markRead() {
    this.read = Math.max(this.read, this.last?.id ?? 0);
    localStorage.setItem(`read.${this.id}`, this.read);
  }
}

const chats = new Map();

export const chatOf = (id) => chats.get(id);

export const allChats = () => [...chats.values()];

export const allUnread = () => allChats().reduce((sum, chat) => sum + chat.unread, 0);

/** Take in one answer of the server; returns the ids of the chats with news. */
export function tellAll(news) {
  if (news.fresh) {
    const there = new Set(news.chats.map(({ person }) => person.id));
    for (const id of chats.keys()) if (!there.has(id)) chats.delete(id);
  }
  for (const each of news.chats) {
    const { id } = each.person;
    if (!chats.has(id)) chats.set(id, new Chat(each.person));
    chats.get(id).tell(each, news.fresh);
  }
  return news.chats.map(({ person }) => person.id);
}
