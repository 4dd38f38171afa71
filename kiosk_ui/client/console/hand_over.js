/** Giving the chosen person, who waits, to a colleague. */

import { find, show } from "../find.js";
import { text } from "../texts.js";

/** @typedef {import("../../protocol").WaitingRow} WaitingRow */

export class HandOver {
  /**
   * @param {import("./desk.js").Desk} desk
   * @param {HTMLElement} root
   */
  constructor(desk, root) {
    this.form = find(root, "[data-hand-over]", HTMLFormElement);
    this.select = find(root, "[data-colleagues]", HTMLSelectElement);
    this.visitId = "";
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.select.value) {
        desk.send({ type: "hand_over_to", visit_id: this.visitId, adviser_id: this.select.value });
      }
    });
  }

  /** @param {WaitingRow | null} row */
  render(row) {
    const colleagues = row?.state === "waiting" ? (row.colleagues ?? []) : [];
    show(this.form, colleagues.length > 0);
    const chosen = row?.visit_id === this.visitId ? this.select.value : "";
    this.visitId = row?.visit_id ?? "";
    const options = colleagues.map(({ adviser_id, name, online }) => {
      const words = online ? text("colleague_there", { name }) : name;
      return new Option(words, adviser_id, false, adviser_id === chosen);
    });
    const same =
      options.length === this.select.length &&
      options.every(({ value, text: words }, at) => {
        const there = this.select.options[at];
        return there.value === value && there.text === words;
      });
    if (!same) {
      this.select.replaceChildren(...options); // an open list is not closed under the hands
    }
  }
}
