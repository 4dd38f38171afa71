/** What will happen, that it is voluntary, one button. */

import { find, onClick, write } from "../find.js";
import { wakeAudio } from "../media/level.js";
import { text } from "../texts.js";

/** @typedef {import("../../protocol").VisitSnapshot} VisitSnapshot */

export class StartScreen {
  /**
   * @param {HTMLElement} root
   * @param {import("../visit.js").Visit} visit
   */
  constructor(root, visit) {
    this.root = root;
    const termsVersion = visit.root.dataset.termsVersion ?? "";
    onClick(root, "start", () => {
      visit.send({ type: "start_check", terms_version: termsVersion });
      wakeAudio(); // last: a browser without sound gets on, too
    });
  }

  /** @param {VisitSnapshot} snapshot */
  render({ appointment }) {
    if (appointment) {
      const place = find(this.root, '[data-slot="appointment"]', HTMLElement);
      const when = appointment.starts_in_words;
      write(place, text("with_adviser", { when, name: appointment.adviser_name }));
    }
  }
}
