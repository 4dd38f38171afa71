/** The chat: text only; links open after a notice, in a window that knows nothing of this one. */

import { announce } from "../announce.js";
import { find, onClick, show, write } from "../find.js";
import { LiveText } from "../live_text.js";
import { portions } from "../portions.js";
import { withLinks } from "../reading.js";
import { numberLanguage, text } from "../texts.js";

/** @typedef {import("../../protocol").ChatLine} ChatLine */

export class Chat {
  /**
   * @param {HTMLElement} root
   * @param {import("../visit.js").Visit} visit
   */
  constructor(root, visit) {
    this.root = root;
    this.visit = visit;
    this.panel = find(root, '[data-slot="chat"]', HTMLElement);
    this.list = find(root, '[data-slot="lines"]', HTMLElement);
    this.count = find(root, '[data-slot="unread"]', HTMLElement);
    this.form = find(root, '[data-form="chat"]', HTMLFormElement);
    this.notice = find(root, '[data-dialog="link"]', HTMLDialogElement);
    /** @type {Map<string, ChatLine>} */
    this.lines = new Map();
    this.unread = 0;
    this.atKiosk = visit.root.dataset.kioskVisit !== undefined; // no way out of the locked screen
    this.other = text("office"); // who had been there, when the end is shown
    this.live = new LiveText(root, this.field, {
      send: (command) => visit.send(command),
      name: () => this.name,
      open: () => this.open(true, false),
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.say();
    });
    onClick(root, "chat", () => this.open(Boolean(this.panel.hidden)));
    find(this.notice, '[data-slot="open"]', HTMLAnchorElement).addEventListener("click", () =>
      this.notice.close(),
    );
  }

  get field() {
    return find(this.form, "input", HTMLInputElement);
  }

  get name() {
    return this.visit.snapshot?.adviser?.name || text("office");
  }

  /**
   * @param {boolean} opened
   * @param {boolean} [focus] not when it opens by itself
   */
  open(opened, focus = true) {
    show(this.panel, opened);
    this.root.classList.toggle("session--chat", opened);
    for (const button of this.root.querySelectorAll('[data-do="chat"][aria-expanded]')) {
      button.setAttribute("aria-expanded", String(opened));
    }
    if (opened) {
      this.unread = 0;
      this.countUnread();
      this.scroll();
      if (focus) {
        this.field.focus();
      }
    }
  }

  say() {
    const input = this.field;
    const words = input.value.trim();
    if (words && this.visit.send({ type: "chat", line_id: newId(), text: words })) {
      input.value = ""; // without a connection it stays, to be sent later
      this.live.typed();
    }
  }

  /** After web was away: the own lines once more; doubles are known by their id. */
  offerAgain() {
    const own = [...this.lines.values()].filter(({ sender }) => sender === "client");
    for (const lines of portions(own)) {
      this.visit.send({ type: "offer_chat_again", lines });
    }
  }

  /** @param {ChatLine[]} lines */
  merge(lines) {
    this.other = this.name;
    const fresh = lines.filter((line) => !this.lines.has(key(line)));
    for (const line of fresh) {
      this.lines.set(key(line), line);
    }
    if (fresh.length > 0) {
      this.draw();
      this.received(fresh.filter(({ sender }) => sender !== "client"));
    }
  }

  /** @param {ChatLine[]} received */
  received(received) {
    this.live.finished(received);
    if (received.length > 0 && this.panel.hidden) {
      this.unread += received.length;
      this.countUnread();
      const newest = received[received.length - 1];
      announce(text("chat_from", { name: newest.name || this.name, text: newest.text }));
    }
  }

  countUnread() {
    write(this.count, String(this.unread));
    show(this.count, this.unread > 0);
  }

  /** Lines that are there stay as they are: screen readers read out what is new alone. */
  draw() {
    this.inOrder().forEach((line, index) => {
      const there = this.list.children[index] ?? null;
      if (!(there instanceof HTMLElement) || there.dataset.line !== key(line)) {
        this.list.insertBefore(this.item(line), there);
      }
    });
    this.scroll();
  }

  inOrder() {
    return [...this.lines.values()].sort((a, b) => Date.parse(a.sent_at) - Date.parse(b.sent_at));
  }

  /** The conversation as plain text, for the client's own copy; empty where nothing was said. */
  copy() {
    const said = this.inOrder().map((line) => {
      const at = new Date(line.sent_at).toLocaleTimeString(numberLanguage());
      const who = line.sender === "client" ? text("chat_me") : line.name || this.other;
      return `${at} ${who}: ${line.text}\n`;
    });
    return said.join("");
  }

  scroll() {
    const box = find(this.root, '[data-slot="scroll"]', HTMLElement);
    box.scrollTop = box.scrollHeight;
  }

  /** @param {ChatLine} line */
  item(line) {
    const item = document.createElement("li");
    item.className = `chat__line chat__line--${line.sender}`;
    item.dataset.line = key(line);
    const from = document.createElement("span");
    from.className = "chat__from";
    from.dir = "auto";
    from.textContent = line.sender === "client" ? text("chat_me") : line.name || this.name;
    const words = document.createElement("span");
    words.className = "chat__text";
    words.dir = "auto";
    words.append(...withLinks(line.text).map((part) => this.part(part)));
    item.append(from, words);
    return item;
  }

  /** @param {{text: string, href: string | null}} part */
  part({ text: words, href }) {
    if (!href || this.atKiosk) {
      return document.createTextNode(words);
    }
    const link = document.createElement("a");
    link.className = "kern-link";
    link.href = href;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    link.textContent = words;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      this.ask(href);
    });
    return link;
  }

  /** @param {string} href */
  ask(href) {
    write(find(this.notice, '[data-slot="address"]', HTMLElement), href);
    find(this.notice, '[data-slot="open"]', HTMLAnchorElement).href = href;
    this.notice.showModal();
  }

  /** Nothing of the conversation stays in the page. */
  forget() {
    this.lines.clear();
    this.list.replaceChildren();
    this.field.value = "";
    this.live.forget();
    this.unread = 0;
    this.countUnread();
    this.open(false);
  }
}

/** @param {ChatLine} line */
function key({ sender, line_id }) {
  return `${sender} ${line_id}`;
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
