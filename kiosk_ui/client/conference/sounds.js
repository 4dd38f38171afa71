/** The voices of the others: one audio element for each slot that the page receives. */

import { find, onClick, show } from "../find.js";
import { chosen } from "../media/chosen.js";
import { within } from "../media/time_limit.js";
import { Sound } from "../sound.js";

const SLOTS = 5;
const LIMIT_MS = 5_000;

export class Sounds {
  constructor() {
    this.players = Array.from({ length: SLOTS }, () => document.createElement("audio"));
    /** @type {(MediaStreamTrack | null)[]} */
    this.tracks = this.players.map(() => null);
    this.blocked = false; // the browser wants a click first
    onClick(document, "play", () => this.players.forEach((_, slot) => void this.play(slot)));
    const output = chosen("speaker");
    if (output) {
      void this.useOutput(output);
    }
  }

  /** @param {string} deviceId where the others are heard; what does not work is the system's own */
  async useOutput(deviceId) {
    for (const audio of Sound.canChoose ? this.players : []) {
      await within(audio.setSinkId(deviceId), LIMIT_MS).catch(() => {});
    }
  }

  /** @param {(MediaStreamTrack | null)[]} tracks by slot */
  show(tracks) {
    this.players.forEach((audio, slot) => {
      const track = tracks[slot] ?? null;
      if (track !== this.tracks[slot]) {
        this.tracks[slot] = track;
        audio.srcObject = track ? new MediaStream([track]) : null;
        void this.play(slot);
      }
    });
  }

  /** @param {number} slot */
  async play(slot) {
    const audio = this.players[slot];
    let refused = false;
    if (this.tracks[slot]) {
      try {
        await within(audio.play(), LIMIT_MS);
      } catch (error) {
        refused = error instanceof DOMException && error.name === "NotAllowedError";
      }
      this.blocked = refused;
      show(find(document, '[data-do="play"]', HTMLElement), refused);
    }
  }

  get muted() {
    return this.players[0].muted;
  }

  /** @param {boolean} muted */
  set muted(muted) {
    for (const audio of this.players) {
      audio.muted = muted;
    }
  }
}
