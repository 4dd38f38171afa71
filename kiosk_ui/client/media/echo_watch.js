/** Listens to what is played and to the microphone, as it is sent. Levels alone, and none is kept. */

import { echoOf } from "./echo.js";
import { Listening } from "./level.js";

/** @typedef {Partial<import("./echo.js").Echo> & {echo_cancelled?: boolean | null}} EchoFigures */

export class EchoWatch {
  constructor() {
    /** @type {Listening[]} played, heard; none while nothing is watched */
    this.ears = [];
  }

  /**
   * From now on; without one of the two there is nothing to compare.
   *
   * @param {MediaStreamTrack | null} played
   * @param {MediaStreamTrack | null} microphone
   */
  async begin(played, microphone) {
    this.end();
    if (!played || microphone?.readyState !== "live") {
      return;
    }
    this.ears = [played, microphone].map((track) => new Listening(track));
    await Promise.all(this.ears.map((ear) => ear.start())).catch(() => this.end());
  }

  /**
   * What came back since; nothing is listened to any more.
   *
   * @returns {EchoFigures} empty where nobody can tell
   */
  end() {
    const { ears } = this;
    this.ears = [];
    if (ears.length === 0) {
      return {};
    }
    const [played, heard] = ears.map(({ record }) => record.blocks.map(({ rms }) => rms));
    const { echoCancellation } = ears[1].track.getSettings();
    ears.forEach((ear) => ear.stop());
    const echo_cancelled = echoCancellation === undefined ? null : Boolean(echoCancellation);
    return { ...echoOf(played, heard), echo_cancelled };
  }
}
