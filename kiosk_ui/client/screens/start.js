/** What will happen, that it is voluntary, one button. */

import { find, onClick, show, write } from "../find.js";
import { wakeAudio } from "../media/level.js";
import { forgetPassed, passedBefore } from "../media/passed.js";
import { text } from "../texts.js";

/** @typedef {import("../../protocol").VisitSnapshot} VisitSnapshot */

export class StartScreen {
  /**
   * @param {HTMLElement} root
   * @param {import("../visit.js").Visit} visit
   */
  constructor(root, visit) {
    this.root = root;
    this.visit = visit;
    this.hide = find(root, '[name="hide_room"]', HTMLInputElement);
    this.hide.checked = visit.media.hiding.hidden;
    const termsVersion = visit.root.dataset.termsVersion ?? "";
    const start = (/** @type {boolean} */ quick) => {
      visit.quick = quick || visit.kiosk !== null; // a kiosk knows its devices
      visit.send({ type: "start_check", terms_version: termsVersion });
      this.hideRoom();
      wakeAudio(); // last: a browser without sound gets on, too
    };
    onClick(root, "start", () => start(false));
    onClick(root, "start-quick", () => start(true));
    onClick(root, "forget-device", () => {
      forgetPassed();
      this.offerQuick(false);
    });
    this.offerQuick(visit.root.dataset.remember !== "no" && passedBefore() !== null);
  }

  /** @param {boolean} quick */
  offerQuick(quick) {
    show(find(this.root, '[data-slot="quick"]', HTMLElement), quick);
    show(find(this.root, '[data-slot="whole"]', HTMLElement), !quick);
  }

  /** Before the camera is asked for: no first frame shows the room. */
  hideRoom() {
    const { hiding } = this.visit.media;
    if (this.hide.checked && !hiding.hidden) {
      this.visit.hide("blur");
    } else if (!this.hide.checked && hiding.hidden) {
      this.visit.hide("none");
    } else if (hiding.hidden) {
      this.visit.tellBackground(); // chosen before a reload
    }
  }

  /** @param {VisitSnapshot} snapshot */
  render({ appointment }) {
    if (appointment) {
      const place = find(this.root, '[data-slot="appointment"]', HTMLElement);
      const when = appointment.starts_in_words;
      const name = appointment.adviser_name || text("office"); // the adviser may have left
      write(place, text("with_adviser", { when, name }));
    }
  }
}
