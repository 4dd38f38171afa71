/** The chat at the desk: text only; links open after a notice, in a window of their own. */

import { find, show, write } from "../find.js";
import { LiveText } from "../live_text.js";
import { portions } from "../portions.js";
import { withLinks } from "../reading.js";
import { text } from "../texts.js";
import { showRows, slot } from "./dom.js";
import { offerTextBlocks } from "./text_blocks.js";

/** @typedef {import("../../protocol").ChatLine} ChatLine */
/** @typedef {ChatLine & {pending?: boolean}} ShownLine */

export class Chat {
  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.panel = find(document, "[data-chat]", HTMLElement);
    this.list = find(document, "[data-chat-lines]", HTMLElement);
    this.form = find(document, "[data-chat-form]", HTMLFormElement);
    this.input = find(this.form, "textarea", HTMLTextAreaElement);
    this.button = find(document, "[data-open-chat]", HTMLButtonElement);
    this.count = find(document, "[data-chat-count]", HTMLElement);
    /** @type {Map<string, ShownLine>} */
    this.lines = new Map();
    this.unread = 0;
    this.live = new LiveText(document, this.input, {
      send: (command) => desk.send(command),
      name: () => desk.snapshot?.session?.client.name || text("no_name"),
      open: () => this.open(true, false),
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.say();
    });
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.button.addEventListener("click", () => this.open(Boolean(this.panel.hidden)));
    offerTextBlocks(this.panel, this.input);
    find(document, "[data-close-chat]", HTMLButtonElement).addEventListener("click", () => {
      this.open(false);
      this.button.focus();
    });
    slot(desk.dialogs.get("link"), "follow").addEventListener("click", () => desk.dialogs.close("link"));
  }

  /**
   * @param {boolean} opened
   * @param {boolean} [focus] not when it opens by itself
   */
  open(opened, focus = true) {
    show(this.panel, opened);
    this.button.setAttribute("aria-expanded", String(opened));
    if (opened) {
      this.unread = 0;
      this.countUnread();
      this.scroll();
      if (focus) {
        this.input.focus();
      }
    }
  }

  /**
   * Enter sends, with Shift it is a new line; Escape closes.
   *
   * @param {KeyboardEvent} event
   */
  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.say();
    } else if (event.key === "Escape") {
      this.open(false);
      this.button.focus();
    }
  }

  say() {
    const words = this.input.value.trim();
    if (!words) {
      return;
    }
    const line_id = newId();
    const sent_at = new Date(this.desk.now()).toISOString();
    const sent = this.desk.send({ type: "chat", line_id, text: words });
    if (sent) {
      this.lines.set(keyOf({ sender: "adviser", line_id }), {
        line_id, sender: "adviser", name: "", text: words, sent_at, pending: true,
      }); // prettier-ignore
      this.input.value = "";
      this.live.typed();
      this.draw();
    }
  }

  /**
   * The adviser before this one has written, too.
   *
   * @param {ChatLine} line
   */
  isOwn({ sender, name }) {
    return sender === "adviser" && (!name || name === this.desk.snapshot?.adviser_name);
  }

  /** After web was away: the own lines once more; doubles are known by their id. */
  offerAgain() {
    const own = [...this.lines.values()].filter((line) => this.isOwn(line));
    for (const lines of portions(own)) {
      this.desk.send({ type: "offer_chat_again", lines });
    }
  }

  /** @param {ChatLine[]} lines */
  merge(lines) {
    const news = lines.filter((line) => !this.lines.has(keyOf(line)));
    this.live.finished(news);
    for (const line of lines) {
      this.lines.set(keyOf(line), line);
    }
    this.draw();
    if (this.panel.hidden) {
      this.unread += news.filter((line) => !this.isOwn(line)).length;
      this.countUnread();
    }
  }

  countUnread() {
    write(this.count, String(this.unread));
    show(this.count, this.unread > 0);
  }

  draw() {
    const lines = [...this.lines.values()].sort((a, b) => Date.parse(a.sent_at) - Date.parse(b.sent_at));
    showRows(this.list, lines, {
      template: "chat-line",
      key: keyOf,
      made: (item, line) => slot(item, "text").replaceChildren(...this.parts(line)),
      fill: (item, line) => this.fill(item, line),
    });
    this.scroll();
  }

  scroll() {
    const box = find(document, "[data-chat-scroll]", HTMLElement);
    box.scrollTop = box.scrollHeight;
  }

  /**
   * @param {HTMLElement} item
   * @param {ShownLine} line
   */
  fill(item, line) {
    const own = this.isOwn(line);
    item.toggleAttribute("data-own", own);
    item.toggleAttribute("data-pending", Boolean(line.pending));
    const client = this.desk.snapshot?.session?.client.name ?? "";
    write(slot(item, "who"), own ? text("me") : line.name || client);
    write(slot(item, "time"), this.desk.day.clock(line.sent_at));
  }

  /** @param {ShownLine} line */
  parts(line) {
    return withLinks(line.text).map((part) => this.part(part));
  }

  /** @param {{text: string, href: string | null}} part */
  part({ text: words, href }) {
    if (!href) {
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
    const dialog = this.desk.dialogs.get("link");
    write(slot(dialog, "address"), href);
    find(dialog, '[data-slot="follow"]', HTMLAnchorElement).href = href;
    dialog.showModal();
  }

  /** Nothing of a conversation stays in the page. */
  forget() {
    this.lines.clear();
    this.list.replaceChildren();
    this.input.value = "";
    this.live.forget();
    this.unread = 0;
    this.countUnread();
    this.open(false);
    const dialog = this.desk.dialogs.get("link");
    write(slot(dialog, "address"), "");
    find(dialog, '[data-slot="follow"]', HTMLAnchorElement).removeAttribute("href");
  }
}

/** @param {{sender: string, line_id: string}} line */
function keyOf({ sender, line_id }) {
  return `${sender} ${line_id}`;
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
