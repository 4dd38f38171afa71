/** "I hear nothing": every other output is tried, until the client hears the number somewhere. */

import { announce } from "../../announce.js";
import { find, onClick, show, write } from "../../find.js";
import { choose, chosen } from "../../media/chosen.js";
import { list } from "../../media/devices.js";
import { inTurn } from "../../media/outputs.js";
import { Sound } from "../../sound.js";
import { text } from "../../texts.js";

export class OutputsInTurn {
  /**
   * @param {HTMLElement} panel
   * @param {import("../../visit.js").Visit} visit
   * @param {{speak: () => void, none: (listed: boolean) => void}} events speak: now, on
   *   the new output; none: heard nowhere, and whether the browser has listed any output
   */
  constructor(panel, visit, events) {
    this.panel = panel;
    this.box = find(panel, '[data-slot="try-output"]', HTMLElement);
    this.words = find(panel, '[data-slot="output-words"]', HTMLElement);
    this.visit = visit;
    this.events = events;
    /** @type {MediaDeviceInfo[] | null} those not tried yet; nothing before the first try */
    this.left = null;
    /** @type {MediaDeviceInfo | null} */
    this.tried = null;
    this.busy = false;
    this.round = 0;
    onClick(panel, "heard-here", () => this.keep());
    onClick(panel, "not-here", () => void this.next());
  }

  /** Where nothing was found, the sound goes back to where it was. */
  reset() {
    this.round += 1;
    if (this.tried) {
      void this.visit.sound.useOutput(chosen("speaker"));
    }
    this.left = null;
    this.tried = null;
    show(this.box, false);
  }

  /** The output of now is remembered: it is heard, and the number will show it. */
  keep() {
    if (this.tried) {
      choose("speaker", this.tried.deviceId);
      const select = this.panel.querySelector('select[data-devices="speaker"]');
      if (select instanceof HTMLSelectElement) {
        select.value = this.tried.deviceId;
      }
    }
    this.left = null;
    this.tried = null;
    show(this.box, false);
  }

  /** The next output that can be used; after the last one there is a finding. */
  async next() {
    if (this.busy) {
      return;
    }
    this.busy = true;
    try {
      await this.tryNext(this.round);
    } finally {
      this.busy = false;
    }
  }

  /** @param {number} round */
  async tryNext(round) {
    const listed = Sound.canChoose ? await list("speaker") : [];
    this.left ??= inTurn(listed, chosen("speaker"));
    for (let one = this.left.shift(); one; one = this.left.shift()) {
      const usable = await this.visit.sound.useOutput(one.deviceId);
      if (round !== this.round) {
        return;
      }
      if (usable) {
        this.offer(one);
        return;
      }
    }
    this.reset();
    this.events.none(!Sound.canChoose || listed.length > 0);
  }

  /** @param {MediaDeviceInfo} one */
  offer(one) {
    this.tried = one;
    const words = text("trying_output", { name: one.label || text("output_other") });
    write(this.words, words);
    show(this.box, true);
    announce(words);
    this.events.speak();
  }
}
