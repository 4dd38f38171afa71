/** How the connection is, in words: on the stage when it matters, under "more" at all times. */

import { find, show, write } from "../find.js";
import { countersOf, qualityOf } from "../media/line_quality.js";
import { within } from "../media/time_limit.js";
import { text } from "../texts.js";

const LOOK_MS = 4_000;
const LIMIT_MS = 3_000;

export class SessionQuality {
  /**
   * @param {HTMLElement} root of the conversation
   * @param {import("../visit.js").Visit} visit
   */
  constructor(root, visit) {
    this.visit = visit;
    this.notice = find(root, '[data-slot="quality"]', HTMLElement);
    this.words = find(root, '[data-slot="quality-words"]', HTMLElement);
    this.timer = 0;
    this.before = { lost: 0, all: 0 };
    this.weak = 0; // looks in a row
  }

  begin() {
    this.end();
    this.timer = window.setInterval(() => void this.look(), LOOK_MS);
  }

  end() {
    window.clearInterval(this.timer);
    this.weak = 0;
    this.before = { lost: 0, all: 0 };
    show(this.notice, false);
    write(this.words, "");
  }

  async look() {
    const { connection } = this.visit.media;
    const stats = connection ? await within(connection.getStats(), LIMIT_MS).catch(() => null) : null;
    if (!stats || this.visit.snapshot?.mode === "text") {
      show(this.notice, false);
      write(this.words, "");
      return;
    }
    const counters = countersOf([...stats.values()]);
    const quality = qualityOf(counters, this.before);
    this.before = counters.down;
    this.weak = quality === "weak" ? this.weak + 1 : 0;
    write(this.words, text(`quality_${quality}`));
    show(this.notice, this.weak > 1); // once is no reason to interrupt anybody
  }
}
