/** What the page finds out about browser and way; judged by web. */

import { find } from "../../find.js";
import { describe } from "../../media/browser.js";
import { Step } from "./step.js";

export class SystemStep extends Step {
  /**
   * @param {HTMLElement} panel
   * @param {import("../check.js").CheckScreen} screen
   */
  constructor(panel, screen) {
    super("system", panel, screen);
  }

  begin() {
    super.begin();
    const serverAt = Date.parse(this.screen.snapshot?.server_at ?? "");
    const record = describe(serverAt);
    this.measured(record);
    this.tick("secure_context", record.secure_context);
    this.tick("media_devices", record.media_devices);
    this.tick("web_rtc", record.web_rtc);
    this.tick("codecs", record.opus && record.vp8);
    this.changed();
  }

  changed() {
    const { state } = this.visit.media.peer;
    this.tick("path", state === "connected" ? true : null);
  }

  /**
   * @param {string} name
   * @param {boolean | null} good null: not known yet
   */
  tick(name, good) {
    const item = find(this.panel, `[data-tick="${name}"]`, HTMLElement);
    item.dataset.verdict = good === null ? "open" : good ? "passed" : "failed";
  }
}
