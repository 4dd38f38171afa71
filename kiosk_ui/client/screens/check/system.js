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
    this.tick("path", this.flows ? true : null);
    const verdict = this.screen.snapshot?.check?.findings.find(({ kind }) => kind === "system");
    if (verdict) {
      this.show(verdict);
    }
  }

  /** Not before the way to the office's machine is open: the next steps need it. */
  get flows() {
    return this.visit.media.peer.state === "connected";
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
