/**
 * Real-time text, alike for client, desk and whoever sits beside them: what stands in the field is read
 * by the others while it is written. Screen readers are told the finished lines, not the letters.
 */

import { find, show, write } from "./find.js";
import { text } from "./texts.js";

/** @typedef {import("../protocol").SwitchLiveText | import("../protocol").WriteLive} Command */
/** @typedef {import("../protocol").LiveDraft} LiveDraft */

/**
 * @typedef {object} Page
 * @property {(command: Command) => boolean} send
 * @property {() => string} name of the other person, whose drafts come without a name
 * @property {() => void} open shows the chat without taking the focus
 */

const PAUSE_MS = 100; // between two drafts; 500 ms are allowed until the other side

export class LiveText {
  /**
   * @param {ParentNode} root with what is marked ``data-live``; whoever sits beside the two has no switch
   * @param {HTMLInputElement | HTMLTextAreaElement} field
   * @param {Page} page
   */
  constructor(root, field, page) {
    this.field = field;
    this.page = page;
    /** @type {HTMLInputElement | null} */
    this.box = root.querySelector('[data-live="switch"]');
    this.note = find(root, '[data-live="note"]', HTMLElement);
    this.said = find(root, '[data-live="said"]', HTMLElement);
    this.draft = find(root, '[data-live="draft"]', HTMLElement);
    /** @type {Map<string, HTMLElement>} what is being written, by who writes */
    this.drafts = new Map();
    this.on = false;
    this.own = false; // switched by the person here
    this.agreed = true;
    this.timer = 0;
    this.toldAt = -Infinity;
    field.addEventListener("input", () => this.typed());
    this.box?.addEventListener("change", () => this.switchTo(Boolean(this.box?.checked)));
  }

  /** Whether what is written here is read by the others. */
  get sends() {
    return this.on && this.agreed;
  }

  /** @param {boolean} on */
  switchTo(on) {
    this.own = this.page.send({ type: "switch_live_text", on });
    this.check(); // what is true is said by web
  }

  check() {
    if (this.box) {
      this.box.checked = this.sends;
    }
  }

  /**
   * As web knows it. After a restart it knows nothing: whoever had it on says so again.
   *
   * @param {boolean | null | undefined} word
   * @param {boolean} [agreed] whether web passes on what is written here: a client's yes
   */
  render(word, agreed = true) {
    if (typeof word !== "boolean" && this.sends && this.page.send({ type: "switch_live_text", on: true })) {
      this.turned(false, false);
      this.own = true;
    } else {
      this.turned(Boolean(word), Boolean(word) && agreed);
    }
  }

  /**
   * @param {boolean} on
   * @param {boolean} agreed
   */
  turned(on, agreed) {
    const before = { on: this.on, sends: this.sends };
    this.on = on;
    this.agreed = agreed;
    this.check();
    if (on === before.on && this.sends === before.sends) {
      return;
    }
    this.tellWhatHolds(before.on);
    if (on !== before.on) {
      this.takeNothing();
    }
    if (this.sends && this.own) {
      this.typed();
    } else if (on && !before.on) {
      this.page.open();
    }
    this.own = false;
  }

  /** @param {boolean} before whether it was on already, by the other's word */
  tellWhatHolds(before) {
    const name = this.page.name();
    const who = this.on && !this.own && !before && this.box ? text("live_text_by", { name }) : "";
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

  /** @param {LiveDraft} draft what somebody is writing; empty: nothing, or the line is finished */
  take({ sender, member_id = "", name, text: words }) {
    const writer = member_id || sender;
    const draft = this.drafts.get(writer) ?? (words ? this.place(writer) : null);
    if (draft) {
      const who = words ? text("live_text_writes", { name: name || this.page.name() }) : "";
      draft.dataset.name = name;
      write(find(draft, '[data-slot="who"]', HTMLElement), who);
      write(find(draft, '[data-slot="text"]', HTMLElement), words);
      show(draft, words !== "");
      draft.scrollTop = draft.scrollHeight;
    }
  }

  /**
   * The first who writes has the place that is there, everybody else one like it.
   *
   * @param {string} writer
   * @returns {HTMLElement}
   */
  place(writer) {
    const copy = /** @type {HTMLElement} */ (this.draft.cloneNode(true));
    const place = this.drafts.size === 0 ? this.draft : copy;
    if (place === copy) {
      this.draft.after(copy);
    }
    this.drafts.set(writer, place);
    return place;
  }

  /** @param {{sender: string, name?: string}[]} lines that are finished: their drafts are no more */
  finished(lines) {
    for (const [writer, draft] of this.drafts) {
      const { name } = draft.dataset;
      if (lines.some((line) => line.sender === writer || (line.sender === "joined" && line.name === name))) {
        this.clear(draft);
      }
    }
  }

  /** @param {HTMLElement} draft */
  clear(draft) {
    write(find(draft, '[data-slot="who"]', HTMLElement), "");
    write(find(draft, '[data-slot="text"]', HTMLElement), "");
    show(draft, false);
  }

  takeNothing() {
    for (const draft of this.drafts.values()) {
      this.clear(draft);
      if (draft !== this.draft) {
        draft.remove();
      }
    }
    this.drafts.clear();
  }

  /** Nothing of the conversation stays in the page. */
  forget() {
    window.clearTimeout(this.timer);
    this.timer = 0;
    this.on = false;
    this.own = false;
    this.agreed = true;
    this.check();
    write(this.note, "");
    write(this.said, "");
    show(this.note, false);
    this.takeNothing();
  }
}
