/** The chat beside a client: in a visit's conversation, as long as one sits in it. */

import { announce } from "../announce.js";
import { fresh, slot } from "../console/dom.js";
import { find, show, write } from "../find.js";
import { LiveText } from "../live_text.js";
import { portions } from "../portions.js";
import { withLinks } from "../reading.js";
import { text } from "../texts.js";

/** @typedef {import("../../protocol").ChatLine} ChatLine */
/** @typedef {import("../../protocol").ConferenceSnapshot} ConferenceSnapshot */

export class Chat {
  /** @param {import("./conference.js").Conference} conference */
  constructor(conference) {
    this.conference = conference;
    this.panel = find(document, "[data-chat]", HTMLElement);
    this.list = find(this.panel, "[data-chat-lines]", HTMLElement);
    this.form = find(this.panel, "form", HTMLFormElement);
    this.button = find(document, "[data-open-chat]", HTMLButtonElement);
    this.count = find(this.button, "[data-chat-count]", HTMLElement);
    /** @type {Map<string, ChatLine>} */
    this.lines = new Map();
    /** @type {Set<string>} ids of what was written here */
    this.own = new Set();
    this.unread = 0;
    this.live = new LiveText(document, find(this.form, "input", HTMLInputElement), {
      send: (command) => command.type === "write_live" && conference.send(command),
      name: () => this.client,
      open: () => this.open(true, false),
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.say();
    });
    this.button.addEventListener("click", () => this.open(Boolean(this.panel.hidden)));
    find(this.panel, "[data-close-chat]", HTMLButtonElement).addEventListener("click", () => {
      this.open(false);
      this.button.focus();
    });
  }

  /** @param {ConferenceSnapshot} snapshot */
  render({ beside, state, text_only: textOnly, live_text: live }) {
    show(this.button, beside);
    this.live.render(beside && state === "inside" && live);
    if (beside && state === "inside" && textOnly && this.panel.hidden && this.lines.size === 0) {
      this.open(true); // there is nothing else
    } else if (!beside || state !== "inside") {
      this.forget();
    }
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
      if (focus) {
        find(this.form, "input", HTMLInputElement).focus();
      }
    }
  }

  say() {
    const input = find(this.form, "input", HTMLInputElement);
    const words = input.value.trim();
    const line_id = newId();
    if (words && this.conference.send({ type: "chat", line_id, text: words })) {
      this.own.add(line_id);
      input.value = "";
      this.live.typed();
    }
  }

  /** After web was away: the own lines once more; doubles are known by their id. */
  offerAgain() {
    const own = [...this.lines.values()].filter(({ line_id }) => this.own.has(line_id));
    for (const lines of portions(own)) {
      this.conference.send({ type: "offer_chat_again", lines });
    }
  }

  /** @param {ChatLine[]} lines */
  merge(lines) {
    this.live.finished(lines.filter(({ line_id }) => !this.lines.has(line_id)));
    for (const line of lines) {
      const known = this.lines.has(line.line_id);
      this.lines.set(line.line_id, line);
      if (!known && !this.own.has(line.line_id) && this.panel.hidden) {
        this.unread += 1;
        announce(text("chat_from", { name: this.name(line), text: line.text }));
      }
    }
    this.countUnread();
    this.draw();
  }

  countUnread() {
    write(this.count, String(this.unread));
    show(this.count, this.unread > 0);
  }

  /** @param {ChatLine} line */
  name(line) {
    if (this.own.has(line.line_id)) {
      return text("chat_me");
    }
    return line.sender === "client" ? this.client : line.name;
  }

  /** Guests learn the name from nobody but the client. */
  get client() {
    return this.conference.snapshot?.people.find((one) => one.client)?.name || text("client");
  }

  draw() {
    const lines = [...this.lines.values()].sort((a, b) => Date.parse(a.sent_at) - Date.parse(b.sent_at));
    this.list.replaceChildren(...lines.map((line) => this.item(line)));
    this.list.lastElementChild?.scrollIntoView({ block: "nearest" });
  }

  /** @param {ChatLine} line */
  item(line) {
    const item = fresh("chat-line");
    item.toggleAttribute("data-own", this.own.has(line.line_id));
    write(slot(item, "who"), this.name(line));
    slot(item, "text").replaceChildren(...withLinks(line.text).map(part));
    return item;
  }

  /** Nothing of a conversation stays in the page. */
  forget() {
    this.lines.clear();
    this.own.clear();
    this.live.forget();
    find(this.form, "input", HTMLInputElement).value = "";
    this.list.replaceChildren();
    this.unread = 0;
    this.countUnread();
    show(this.panel, false);
  }
}

/** @param {{text: string, href: string | null}} part */
function part({ text: words, href }) {
  if (!href) {
    return document.createTextNode(words);
  }
  const link = document.createElement("a");
  link.className = "kern-link";
  link.href = href;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  link.textContent = words;
  return link;
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
