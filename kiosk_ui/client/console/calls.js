/** Calls into a conference: shown above the desk, with a tone until they are answered. */

import { find, show, write } from "../find.js";
import { text } from "../texts.js";
import { showRows, slot } from "./dom.js";

/** @typedef {import("../../protocol").CallView} CallView */

const RING_MS = 3_000;

export class Calls {
  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.list = find(document, "[data-calls]", HTMLElement);
    /** @type {CallView[]} */
    this.calls = [];
    setInterval(() => this.ring(), RING_MS);
  }

  ring() {
    if (this.calls.length) {
      this.desk.bell.arrived();
    }
  }

  /** @param {CallView[]} calls */
  render(calls) {
    const rings = calls.length > this.calls.length;
    this.calls = calls;
    if (rings) {
      this.ring();
      this.desk.notice.tell("call");
    }
    show(this.list, calls.length > 0);
    showRows(this.list, calls, {
      template: "call",
      key: ({ conference_id }) => conference_id,
      made: (row, call) => this.made(row, call),
      fill: (row, { host_name, title, mode, beside }) => {
        write(slot(row, "name"), host_name);
        write(slot(row, "words"), beside ? text("calls.beside") : text(`calls.${mode}`, { title }));
      },
    });
  }

  /**
   * The room opens in a window of its own, so that the desk goes on.
   *
   * @param {HTMLElement} row
   * @param {CallView} call
   */
  made(row, { conference_id }) {
    const accept = slot(row, "accept");
    accept.setAttribute("href", `/console/conferences/${encodeURIComponent(conference_id)}#enter`);
    slot(row, "decline").addEventListener("click", () =>
      this.desk.send({ type: "decline_call", conference_id }),
    );
  }
}
