/** How the connection is, in words: on the stage when it matters, under "more" at all times. */

import { find, show, write } from "../find.js";
import { LineWatch } from "../media/line_watch.js";
import { text } from "../texts.js";

export class SessionQuality {
  /**
   * @param {HTMLElement} root of the conversation
   * @param {import("../visit.js").Visit} visit
   */
  constructor(root, visit) {
    this.notice = find(root, '[data-slot="quality"]', HTMLElement);
    this.words = find(root, '[data-slot="quality-words"]', HTMLElement);
    this.weak = 0; // looks in a row
    this.watch = new LineWatch(
      () => (visit.snapshot?.mode === "text" ? null : visit.media.connection),
      (quality) => this.tell(quality),
    );
  }

  begin() {
    this.watch.begin();
  }

  end() {
    this.watch.end();
  }

  /** @param {import("../media/line_quality.js").Quality | null} quality */
  tell(quality) {
    this.weak = quality === "weak" ? this.weak + 1 : 0;
    write(this.words, quality ? text(`quality_${quality}`) : "");
    show(this.notice, this.weak > 1); // once is no reason to interrupt anybody
  }
}
