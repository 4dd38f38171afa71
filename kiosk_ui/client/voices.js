/** The voices of further people: one audio element for each track, beside the one of ``Sound``. */

import { chosen } from "./media/chosen.js";
import { within } from "./media/time_limit.js";

const LIMIT_MS = 5_000;

export class Voices {
  constructor() {
    /** @type {Map<MediaStreamTrack, HTMLAudioElement>} */
    this.players = new Map();
    this.silent = false;
    document.addEventListener("click", () => this.players.forEach((audio) => this.play(audio)));
  }

  /** @param {MediaStreamTrack[]} tracks all that is to be heard */
  show(tracks) {
    for (const [track, audio] of this.players) {
      if (!tracks.includes(track)) {
        audio.srcObject = null;
        this.players.delete(track);
      }
    }
    for (const track of tracks) {
      if (!this.players.has(track)) {
        this.players.set(track, this.player(track));
      }
    }
  }

  /** @param {MediaStreamTrack} track */
  player(track) {
    const audio = document.createElement("audio");
    audio.muted = this.silent;
    audio.srcObject = new MediaStream([track]);
    const output = chosen("speaker");
    if (output && "setSinkId" in HTMLMediaElement.prototype) {
      within(audio.setSinkId(output), LIMIT_MS).catch(() => {}); // then the system's own
    }
    this.play(audio);
    return audio;
  }

  /**
   * Where the browser wants a click first, the next one anywhere is good.
   *
   * @param {HTMLAudioElement} audio
   */
  play(audio) {
    if (audio.paused) {
      within(audio.play(), LIMIT_MS).catch(() => {});
    }
  }

  /** @param {boolean} muted */
  set muted(muted) {
    this.silent = muted;
    for (const audio of this.players.values()) {
      audio.muted = muted;
    }
  }
}
