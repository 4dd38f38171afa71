/** The adviser has no time now: wait, leave a message, or be called back. */

import { find, onClick, show, write } from "../find.js";
import { text } from "../texts.js";

/** @typedef {import("../../protocol").VisitSnapshot} VisitSnapshot */
/** @typedef {import("../../protocol").BusyView} BusyView */

export class BusyNotice {
  /**
   * @param {HTMLElement} root of the waiting room
   * @param {import("../visit.js").Visit} visit
   */
  constructor(root, visit) {
    this.root = root;
    this.visit = visit;
    this.said = ""; // what was shown last: newer words ask anew
    this.box = find(root, '[data-slot="message-box"]', HTMLDetailsElement);
    this.form = find(root, '[data-form="message"]', HTMLFormElement);
    this.words = find(this.form, "textarea", HTMLTextAreaElement);
    this.callBack = find(this.form, '[name="call_back"]', HTMLInputElement);
    this.phone = find(this.form, '[name="call_back_phone"]', HTMLInputElement);
    this.button = find(this.form, '[type="submit"]', HTMLButtonElement);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.leave();
    });
    this.callBack.addEventListener("change", () => this.showNumber());
    onClick(root, "wait-on", () => show(this.slot("waits-on"), true));
    onClick(root, "write-message", () => this.open(false));
    onClick(root, "want-call", () => this.open(true));
  }

  /** @param {VisitSnapshot} snapshot */
  render({ busy, appointment, phone_known: known }) {
    show(this.slot("busy"), Boolean(busy));
    show(this.slot("number-known"), known);
    this.phone.required = !known;
    if (busy) {
      const name = appointment?.adviser_name ?? "";
      const key = busyKey(busy);
      const said = text(name ? `busy_${key}` : `busy_office_${key}`, { name });
      write(this.slot("busy-title"), said);
      write(this.slot("busy-words"), busy.text);
      show(this.slot("busy-words"), busy.text !== "");
      if (`${said} ${busy.text}` !== this.said) {
        show(this.slot("waits-on"), false);
      }
      this.said = `${said} ${busy.text}`;
    }
  }

  /** @param {boolean} call */
  open(call) {
    this.box.open = true;
    this.callBack.checked = call;
    this.showNumber();
    (call && this.phone.required ? this.phone : this.words).focus();
  }

  showNumber() {
    show(this.slot("call-back-number"), this.callBack.checked);
  }

  /** A call-back needs no words, but a number; words alone need neither. */
  leave() {
    const words = this.words.value.trim();
    const phone = this.phone.value.trim();
    const call = this.callBack.checked;
    if (call && this.phone.required && !phone) {
      this.phone.focus();
    } else if (!call && !words) {
      this.words.focus();
    } else if (!this.button.disabled) {
      // A second click, or Enter, while it is under way would be refused.
      this.button.disabled = this.visit.send({
        type: "leave_message",
        text: words,
        call_back: call,
        phone: call ? phone : "",
      });
    }
  }

  /** It was refused, or may be lost with the connection: it can be sent again. */
  again() {
    this.button.disabled = false;
  }

  /** Nothing that was begun stays in the page. */
  forget() {
    this.form.reset();
    this.again();
    this.box.open = false;
    this.said = "";
    this.showNumber();
  }

  /** @param {string} name */
  slot(name) {
    return find(this.root, `[data-slot="${name}"]`, HTMLElement);
  }
}

/**
 * @param {BusyView} busy
 * @returns {string} which sentence says it
 */
export function busyKey({ reason, phrase, text: words }) {
  if (reason === "away") {
    return "away";
  }
  return words ? "words" : phrase;
}
