/** What the page finds out about browser, way and device; each line is judged by web. */

import { find, show, write } from "../../find.js";
import { missingNow } from "../../kiosk/hardware.js";
import { battery, describe } from "../../media/browser.js";
import { OpenElsewhere } from "../../open_elsewhere.js";
import { numberLanguage, text } from "../../texts.js";
import { keepAwake } from "../../wake_lock.js";
import { Step } from "./step.js";

/** @typedef {import("../../../protocol").BrowserSystem} BrowserSystem */

const LONGEST_S = 3_600; // the most that the wire takes
const PATH_LIMIT_MS = 15_200; // just beyond web's own limit

const SELDOM_KNOWN = new Set(["battery", "kiosk"]); // few browsers say, few devices are one
const ELSEWHERE = /in_app|old_browser|no_web_rtc|no_codec|embedded/;

export class SystemStep extends Step {
  /**
   * @param {HTMLElement} panel
   * @param {import("../check.js").CheckScreen} screen
   */
  constructor(panel, screen) {
    super("system", panel, screen);
    /** @type {Partial<BrowserSystem>} */
    this.known = {};
    this.begunAt = 0;
    /** @type {number | null} */
    this.connectedAfterS = null;
    this.timer = 0;
    // The address of a visit is no link: a client goes back to the mail's.
    this.elsewhere = this.visit.testMode
      ? new OpenElsewhere(panel, () => new URL("/test", location.href).href)
      : null;
  }

  begin() {
    super.begin();
    this.known = {};
    this.begunAt = performance.now();
    this.connectedAfterS = null;
    this.tellWeb();
    void this.ask(this.round);
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.tellWeb(), PATH_LIMIT_MS);
  }

  end() {
    super.end();
    window.clearTimeout(this.timer);
  }

  /**
   * What takes a moment to find out.
   *
   * @param {number} round
   */
  async ask(round) {
    const power = battery(/** @type {any} */ (navigator));
    const waits = /** @type {const} */ ([keepAwake(), power, this.askKiosk()]);
    const [screen, found, kiosk] = await Promise.all(waits);
    if (round === this.round) {
      this.known = { ...found, ...kiosk, screen };
      this.tellWeb();
    }
  }

  /** @returns {Promise<Partial<BrowserSystem>>} nothing elsewhere than at a kiosk */
  async askKiosk() {
    const { traces } = this.visit;
    return traces ? { kiosk_traces: await traces, kiosk_missing: await missingNow() } : {};
  }

  /** Whole, each time that something new is known. */
  tellWeb() {
    const serverAt = Date.parse(this.screen.snapshot?.server_at ?? "");
    const waitedS = Math.min(LONGEST_S, (performance.now() - this.begunAt) / 1000);
    if (this.flows) {
      this.connectedAfterS ??= waitedS;
    }
    this.measured({
      ...describe(serverAt),
      ...this.known,
      path_connected: this.flows,
      path_wait_s: this.connectedAfterS ?? waitedS,
    });
  }

  changed() {
    if (this.flows && this.connectedAfterS === null) {
      this.tellWeb();
    }
    const finding = this.screen.snapshot?.check?.findings.find(({ kind }) => kind === "system");
    if (finding) {
      this.show(finding);
    }
  }

  /**
   * A browser that is fit is not worth a word where nothing comes through.
   *
   * @param {import("../../../protocol").FindingView} finding
   */
  show(finding) {
    const { line, snapshot } = this.screen;
    const { noWay } = line;
    super.show(noWay && finding.verdict !== "failed" ? noWay : finding);
    if (noWay && snapshot?.check?.line_advice === "none") {
      show(this.slot("next"), true); // the agency wants it to be told, and no more
    }
  }

  /** Not before the way to the office's machine is open: the next steps need it. */
  get flows() {
    return this.visit.media.peer.state === "connected";
  }

  /** @param {import("../../../protocol").CheckView} check */
  render({ ticks, findings }) {
    const cause = findings.find(({ kind }) => kind === "system")?.cause ?? "";
    this.elsewhere?.offer(ELSEWHERE.test(cause));
    for (const { item, verdict, title } of ticks) {
      const line = find(this.panel, `[data-tick="${item}"]`, HTMLElement);
      line.dataset.verdict = verdict;
      line.hidden = SELDOM_KNOWN.has(item) && verdict === "open";
      write(find(line, '[data-slot="state"]', HTMLElement), text(`state_${verdict}`));
      write(find(line, '[data-slot="why"]', HTMLElement), title);
    }
    this.took("signalling", (this.visit.socket.roundTripMs ?? NaN) / 1000);
    this.took("path", this.connectedAfterS ?? NaN);
  }

  /**
   * @param {string} item
   * @param {number} seconds NaN: not known
   */
  took(item, seconds) {
    const place = find(this.panel, `[data-tick="${item}"] [data-slot="took"]`, HTMLElement);
    const digits = { maximumFractionDigits: seconds < 0.1 ? 3 : 1 };
    write(place, seconds >= 0 ? `(${seconds.toLocaleString(numberLanguage(), digits)} s)` : "");
  }
}
