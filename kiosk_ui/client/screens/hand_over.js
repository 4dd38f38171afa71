/** Moving a half-done check to the phone: a code on this screen, worth something once, for minutes. */

import { find, onClick, show, write } from "../find.js";
import { counted, text } from "../texts.js";

/** @typedef {import("../../protocol").VisitSnapshot} VisitSnapshot */

export class HandOver {
  /** @param {import("../visit.js").Visit} visit */
  constructor(visit) {
    this.visit = visit;
    this.dialog = find(document, '[data-dialog="hand-over"]', HTMLDialogElement);
    this.code = find(this.dialog, '[data-slot="code"]', HTMLImageElement);
    this.late = 0;
    onClick(document, "hand-over", () => this.visit.send({ type: "move_to_device", on: true }));
    onClick(this.dialog, "keep-here", () => this.dialog.close());
    // However it is closed, the code is worth nothing afterwards.
    this.dialog.addEventListener("close", () => this.revoke());
    this.wide = matchMedia("(min-width: 48rem)").matches; // on the phone itself it says nothing
  }

  /** @param {boolean} offered not at a kiosk: whoever sits there has come without a device */
  offer(offered) {
    for (const button of document.querySelectorAll('[data-do="hand-over"]')) {
      show(button, offered);
    }
  }

  /** @param {import("../../protocol").HandOver} push */
  take({ picture, valid_s }) {
    this.code.src = picture;
    show(this.code, true);
    const n = Math.round(valid_s / 60);
    write(find(this.dialog, '[data-slot="valid"]', HTMLElement), counted("hand_over_minutes", n));
    clearTimeout(this.late);
    this.late = window.setTimeout(() => this.dialog.close(), valid_s * 1000);
    if (!this.dialog.open) {
      this.dialog.showModal();
    }
  }

  revoke() {
    clearTimeout(this.late);
    this.code.removeAttribute("src");
    show(this.code, false);
    if (!this.visit.snapshot?.elsewhere) {
      this.visit.send({ type: "move_to_device", on: false });
    }
  }

  /** @param {VisitSnapshot} snapshot */
  render({ check, elsewhere, moved, state }) {
    this.offer(this.wide && check?.kiosk !== true);
    const screen = find(document, '[data-screen="elsewhere"]', HTMLElement);
    const words = moved ? "moved" : "elsewhere";
    write(find(screen, '[data-slot="title"]', HTMLElement), text(words));
    write(find(screen, '[data-slot="words"]', HTMLElement), text(`${words}_detail`));
    if (this.dialog.open && (elsewhere || state !== "device_check")) {
      this.dialog.close();
    }
  }
}
