/** What the client hears: the spoken number and the echo of the check, then the adviser. */

import { find, onClick, show } from "./find.js";
import { chosen } from "./media/chosen.js";
import { within } from "./media/time_limit.js";

const LIMIT_MS = 5_000;

export class Sound {
  constructor() {
    this.audio = find(document, '[data-slot="sound"]', HTMLAudioElement);
    /** @type {MediaStreamTrack | null} */
    this.track = null;
    this.blocked = false; // the browser wants a click first
    onClick(document, "play", () => void this.play());
    void this.useOutput(chosen("speaker"));
  }

  static get canChoose() {
    return "setSinkId" in HTMLMediaElement.prototype;
  }

  /** @param {MediaStreamTrack | null} track */
  show(track) {
    if (track !== this.track) {
      this.track = track;
      this.audio.srcObject = track ? new MediaStream([track]) : null;
      void this.play();
    }
  }

  /**
   * Browsers may refuse to sound before the first click; then there is a button for it.
   *
   * @returns {Promise<boolean>} false when the browser has refused
   */
  async play() {
    let refused = false;
    if (this.track) {
      try {
        await within(this.audio.play(), LIMIT_MS);
      } catch (error) {
        refused = error instanceof DOMException && error.name === "NotAllowedError";
      }
    }
    this.blocked = refused;
    show(find(document, '[data-do="play"]', HTMLElement), refused);
    return !refused;
  }

  get muted() {
    return this.audio.muted;
  }

  /** @param {boolean} muted */
  set muted(muted) {
    this.audio.muted = muted;
  }

  /**
   * @param {string} deviceId empty for the system's choice
   * @returns {Promise<boolean>} false when this output cannot be used
   */
  async useOutput(deviceId) {
    if (!Sound.canChoose) {
      return true;
    }
    try {
      await within(this.audio.setSinkId(deviceId), LIMIT_MS);
      return true;
    } catch {
      return false;
    }
  }
}
