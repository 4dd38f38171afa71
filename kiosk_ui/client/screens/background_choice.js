/** Another background during the conversation: seen here first by oneself, on the track that is sent. */

import { find, onClick, show, write } from "../find.js";
import { NONE } from "../media/background/looks.js";
import { Looks } from "./looks.js";

/**
 * @typedef {object} Owner whose room it is: a visit's client, or somebody in a conference
 * @property {import("./looks.js").Owner["media"] & {turn: (kind: "camera", on: boolean) => unknown}} media
 * @property {{left: boolean}} hidingDialog
 * @property {(look: string) => void} hide
 */

export class BackgroundChoice {
  /**
   * @param {HTMLElement} root of the conversation
   * @param {Owner} visit
   */
  constructor(root, visit) {
    this.visit = visit;
    this.dialog = find(root, '[data-dialog="background"]', HTMLDialogElement);
    this.looks = new Looks(this.dialog, visit, (look) => this.choose(look));
    onClick(root, "background", () => this.open());
    onClick(this.dialog, "show-room", () => this.showRoom());
    onClick(this.dialog, "keep-hidden", () => this.keepHidden());
    this.dialog.addEventListener("close", () => this.ask(false));
  }

  open() {
    this.looks.tick();
    this.looks.paint();
    this.dialog.showModal();
    this.changed();
  }

  /**
   * A room that was hidden is shown only after a second word.
   *
   * @param {string} look
   */
  choose(look) {
    const asks = look === NONE && this.visit.media.hiding.hidden;
    this.ask(asks);
    if (!asks) {
      this.take(look);
    }
  }

  showRoom() {
    this.ask(false);
    this.take(NONE);
    this.focus();
  }

  keepHidden() {
    this.ask(false);
    this.looks.tick();
    this.focus();
  }

  /** The pressed button is gone: back to what is chosen now. */
  focus() {
    const chosen = this.dialog.querySelector("input:checked");
    if (chosen instanceof HTMLElement) {
      chosen.focus();
    }
  }

  /** @param {boolean} asks */
  ask(asks) {
    show(find(this.dialog, '[data-slot="show-room"]', HTMLElement), asks);
    show(find(this.dialog, '[data-slot="done"]', HTMLElement), !asks);
  }

  /** @param {string} look */
  take(look) {
    const { media, hidingDialog } = this.visit;
    const stuck = media.hiding.undecided || hidingDialog.left;
    hidingDialog.left = false;
    this.visit.hide(look);
    if (stuck) {
      void media.turn("camera", true); // it went off for want of an answer
    }
    this.changed();
  }

  /** Tracks, engine or connection have changed. */
  changed() {
    if (this.dialog.open) {
      this.looks.changed();
      write(find(this.dialog, '[data-slot="progress"]', HTMLElement), this.looks.words);
      show(find(this.dialog, '[data-slot="appliance"]', HTMLElement), this.looks.byAppliance);
    }
  }
}
