/**
 * Real-time text, alike for client and desk: what stands in the field is read at the other side while
 * it is written. Screen readers are told the finished lines, not the letters.
 */

import { find, show, write } from "./find.js";
import { text } from "./texts.js";

/** @typedef {import("../protocol").SwitchLiveText | import("../protocol").WriteLive} Command */

/**
 * @typedef {object} Page
 * @property {(command: Command) => boolean} send
 * @property {() => string} name of the other person
 * @property {boolean} [asks] nothing goes out before the person here has switched it on, too
 * @property {() => void} open shows the chat without taking the focus
 */

const PAUSE_MS = 100; // between two drafts; 500 ms are allowed until the other side

export class LiveText {
  /**
   * @param {ParentNode} root with what is marked ``data-live``
   * @param {HTMLInputElement | HTMLTextAreaElement} field
   * @param {Page} page
   */
  constructor(root, field, page) {
    this.field = field;
    this.page = page;
    this.box = find(root, '[data-live="switch"]', HTMLInputElement);
    this.note = find(root, '[data-live="note"]', HTMLElement);
    this.said = find(root, '[data-live="said"]', HTMLElement);
    this.draft = find(root, '[data-live="draft"]', HTMLElement);
    this.on = false;
    this.own = false; // switched by the person here
    this.agreed = !page.asks;
    this.timer = 0;
    this.toldAt = -Infinity;
    field.addEventListener("input", () => this.typed());
    this.box.addEventListener("change", () => this.switchTo(this.box.checked));
  }

  /** Whether what is written here is read at the other side. */
  get sends() {
    return this.on && this.agreed;
  }

  /** @param {boolean} on */
  switchTo(on) {
    this.own = this.page.send({ type: "switch_live_text", on });
    if (this.page.asks) {
      this.agreed = on && this.own;
    }
    this.box.checked = this.sends; // what is true is said by web
    if (this.sends && on) {
      this.tellWhatHolds();
      this.typed();
      this.own = false; // the other had switched it on before: web has no news
    }
  }

  /**
   * As web knows it. After a restart it knows nothing: whoever had it on says so again.
   *
   * @param {boolean | null | undefined} word
   */
  render(word) {
    if (typeof word !== "boolean" && this.sends && this.page.send({ type: "switch_live_text", on: true })) {
      const { agreed } = this;
      this.turned(false);
      this.agreed = agreed;
      this.own = true;
      return;
    }
    if (word !== this.on) {
      this.turned(Boolean(word));
    }
  }

  /** @param {boolean} on */
  turned(on) {
    if (on === this.on) {
      return;
    }
    this.on = on;
    this.agreed = on ? this.agreed : !this.page.asks;
    this.box.checked = this.sends;
    this.tellWhatHolds();
    this.take("");
    if (on && this.own) {
      this.typed();
    } else if (on) {
      this.page.open();
    }
    this.own = false;
  }

  tellWhatHolds() {
    const who = this.on && !this.own ? text("live_text_by", { name: this.page.name() }) : "";
    const words = [who, this.sends ? text("live_text_on") : ""].filter(Boolean).join(" ");
    write(this.note, words);
    write(this.said, this.on ? words : text("live_text_off"));
    show(this.note, this.on);
  }

  /** Something in the field has changed. */
  typed() {
    if (this.sends && !this.timer) {
      const pause = Math.max(0, this.toldAt + PAUSE_MS - performance.now());
      this.timer = window.setTimeout(() => this.tell(), pause);
    }
  }

  tell() {
    this.timer = 0;
    this.toldAt = performance.now();
    if (this.sends) {
      this.page.send({ type: "write_live", text: this.field.value });
    }
  }

  /** @param {string} words what the other person is writing; empty: nothing, or the line is finished */
  take(words) {
    const who = words ? text("live_text_writes", { name: this.page.name() }) : "";
    write(find(this.draft, '[data-slot="who"]', HTMLElement), who);
    write(find(this.draft, '[data-slot="text"]', HTMLElement), words);
    show(this.draft, words !== "");
    this.draft.scrollTop = this.draft.scrollHeight;
  }

  /** Nothing of the conversation stays in the page. */
  forget() {
    window.clearTimeout(this.timer);
    this.timer = 0;
    this.on = false;
    this.own = false;
    this.agreed = !this.page.asks;
    this.box.checked = false;
    write(this.note, "");
    write(this.said, "");
    show(this.note, false);
    this.take("");
  }
}
