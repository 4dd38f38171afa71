/** What to do when the browser can not hide the room: asked, never decided for the client. */

import { find, onClick, show } from "./find.js";

/** @typedef {import("./media/background/engine.js").Trouble} Trouble */

/**
 * @typedef {object} Owner whose room it is: a visit's client, or somebody in a conference
 * @property {object} media
 * @property {{camera: boolean}} media.on
 * @property {import("./media/background/hiding.js").Hiding} media.hiding
 * @property {(kind: "camera", on: boolean) => unknown} media.turn
 * @property {(kind: "camera") => void} media.release
 * @property {{state: string} | null} snapshot
 * @property {(look: string) => void} hide
 * @property {(name: string) => void} tell
 * @property {() => void} [tellBackground] only where the appliance can hide the room
 * @property {(command: {type: "waive", kind: "camera"}) => unknown} [send] only in a check
 * @property {{next: () => void} | null} [checkScreen]
 */

export class HidingDialog {
  /** @param {Owner} visit */
  constructor(visit) {
    this.visit = visit;
    this.dialog = find(document, "#hiding", HTMLDialogElement);
    this.left = false; // unanswered, and the camera went off for it
    this.answer("hide-by-appliance", () => this.byAppliance());
    this.answer("hide-go-on", () => {});
    this.answer("hide-without-camera", () => this.withoutCamera());
    this.answer("hide-nothing", () => this.showRoom());
    this.dialog.addEventListener("cancel", () => this.unanswered());
  }

  /** Away by the Escape key: nobody is seen who has not said how. What went on goes on. */
  unanswered() {
    if (this.visit.media.hiding.undecided && this.visit.snapshot?.state !== "device_check") {
      this.left = true;
      void this.visit.media.turn("camera", false);
    }
  }

  /** The visit is over, or goes on elsewhere: there is nothing to answer any more. */
  close() {
    this.dialog.close();
  }

  /**
   * @param {string} action
   * @param {() => void} then
   */
  answer(action, then) {
    onClick(this.dialog, action, () => {
      this.dialog.close();
      this.left = false;
      then();
    });
  }

  /** @param {Trouble} trouble */
  show(trouble) {
    if (trouble === "lighter" || trouble === "plain") {
      this.visit.tell(`hiding_${trouble}`);
      return;
    }
    for (const part of this.dialog.querySelectorAll("[data-why]")) {
      show(part, part.getAttribute("data-why") === trouble);
    }
    if (!this.dialog.open) {
      this.dialog.showModal();
    }
  }

  byAppliance() {
    const { media } = this.visit;
    media.hiding.agree();
    this.visit.tellBackground?.();
    this.switchOn();
  }

  showRoom() {
    this.visit.hide("none");
    this.switchOn();
  }

  /** It went off when the room could not be hidden any more; who has answered wants to be seen. */
  switchOn() {
    const { media } = this.visit;
    if (!media.on.camera) {
      media.turn("camera", true);
    }
  }

  withoutCamera() {
    const { media, snapshot } = this.visit;
    media.turn("camera", false);
    media.release("camera");
    if (snapshot?.state === "device_check") {
      this.visit.send?.({ type: "waive", kind: "camera" });
      this.visit.checkScreen?.next();
    }
  }
}
