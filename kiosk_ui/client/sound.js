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
    onClick(document, "play", () => this.play());
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
      this.play();
    }
  }

  /** Browsers may refuse to sound before the first click; then there is a button for it. */
  play() {
    const button = find(document, '[data-do="play"]', HTMLElement);
    if (!this.track) {
      show(button, false);
      return;
    }
    const tell = (/** @type {boolean} */ blocked) => {
      this.blocked = blocked;
      show(button, blocked);
    };
    within(this.audio.play(), LIMIT_MS).then(
      () => tell(false),
      (error) => tell(error.name === "NotAllowedError"),
    );
  }

  get muted() {
    return this.audio.muted;
  }

  /** @param {boolean} muted */
  set muted(muted) {
    this.audio.muted = muted;
  }

  /**
   * @param {string} deviceId
   * @returns {Promise<boolean>} false when this output cannot be used
   */
  async useOutput(deviceId) {
    if (!Sound.canChoose || !deviceId) {
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
