/** Looks at a connection every few seconds and says in one word how it is. */

import { countersOf, qualityOf } from "./line_quality.js";
import { within } from "./time_limit.js";

const LOOK_MS = 4_000;
const LIMIT_MS = 3_000;

export class LineWatch {
  /**
   * @param {() => RTCPeerConnection | null} connection null while there is none to look at
   * @param {(quality: import("./line_quality.js").Quality | null) => void} tell null: not known
   */
  constructor(connection, tell) {
    this.connection = connection;
    this.tell = tell;
    this.timer = 0;
    this.before = { lost: 0, all: 0 };
  }

  begin() {
    this.end();
    this.timer = window.setInterval(() => void this.look(), LOOK_MS);
  }

  end() {
    window.clearInterval(this.timer);
    this.timer = 0;
    this.before = { lost: 0, all: 0 };
    this.tell(null);
  }

  async look() {
    const connection = this.connection();
    const stats = connection ? await within(connection.getStats(), LIMIT_MS).catch(() => null) : null;
    if (this.timer === 0) {
      return; // it has ended meanwhile
    }
    if (!stats) {
      this.tell(null);
      return;
    }
    const counters = countersOf([...stats.values()]);
    const quality = qualityOf(counters, this.before);
    this.before = counters.down;
    this.tell(quality);
  }
}
