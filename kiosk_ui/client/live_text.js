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
    this.timer = 0;
    this.toldAt = -Infinity;
    field.addEventListener("input", () => this.typed());
    this.box.addEventListener("change", () => this.switchTo(this.box.checked));
  }

  /** @param {boolean} on */
  switchTo(on) {
    this.own = this.page.send({ type: "switch_live_text", on });
    this.box.checked = this.on; // what is true is said by web
  }

  /**
   * As web knows it. After a restart it knows nothing: whoever had it on says so again.
   *
   * @param {boolean | null | undefined} word
   */
  render(word) {
    if (typeof word !== "boolean" && this.on && this.page.send({ type: "switch_live_text", on: true })) {
      this.turned(false);
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
    this.box.checked = on;
    const who = on && !this.own ? `${text("live_text_by", { name: this.page.name() })} ` : "";
    write(this.note, on ? `${who}${text("live_text_on")}` : "");
    write(this.said, on ? `${who}${text("live_text_on")}` : text("live_text_off"));
    show(this.note, on);
    this.take("");
    if (on && this.own) {
      this.typed();
    } else if (on) {
      this.page.open();
    }
    this.own = false;
  }

  /** Something in the field has changed. */
  typed() {
    if (this.on && !this.timer) {
      const pause = Math.max(0, this.toldAt + PAUSE_MS - performance.now());
      this.timer = window.setTimeout(() => this.tell(), pause);
    }
  }

  tell() {
    this.timer = 0;
    this.toldAt = performance.now();
    if (this.on) {
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
    this.box.checked = false;
    write(this.note, "");
    write(this.said, "");
    show(this.note, false);
    this.take("");
  }
}
