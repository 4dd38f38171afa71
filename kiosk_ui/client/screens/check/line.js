/**
 * The line test as the check shows it: it runs by itself while nothing else is measured, says in one
 * line how far it is, and can be repeated. What comes of it is judged by web.
 */

import { announce } from "../../announce.js";
import { find, onClick, show, write } from "../../find.js";
import { progress } from "../../media/line_plan.js";
import { LineRun } from "../../media/line_run.js";
import { text } from "../../texts.js";

/** @typedef {import("../../../protocol").CheckView} CheckView */
/** @typedef {import("../../../protocol").FindingView} FindingView */
/** @typedef {import("../../../protocol").LineFilled} LineFilled */

const ANSWER_LIMIT_MS = 4_000; // beside the phase itself
const CONNECT_WAIT_MS = 10_000; // as in thresholds.py
const BLOCKED = "network_udp_blocked";
const TROUBLED = new Set(["warning", "failed"]);

export class LineTest {
  /**
   * @param {HTMLElement} root
   * @param {import("../check.js").CheckScreen} screen
   */
  constructor(root, screen) {
    this.root = root;
    this.screen = screen;
    /** @type {LineRun | null} */
    this.run = null;
    /** @type {((told: LineFilled) => void) | null} */
    this.answered = null;
    this.apartSince = 0; // offered, and not connected; 0: connected, or nothing offered
    this.blocked = false; // that has been told
    this.told = "";
    onClick(root, "test-line", () => this.repeat());
    onClick(root, "with-picture", () => this.visit.send({ type: "waive", kind: "network" }));
  }

  get visit() {
    return this.screen.visit;
  }

  /** @returns {FindingView | undefined} */
  get finding() {
    return this.screen.snapshot?.check?.findings.find(({ kind }) => kind === "network");
  }

  /** Whether the line may be loaded: nothing is heard, seen or spoken over it now. */
  get free() {
    const { at, steps } = this.screen;
    const { media, socket } = this.visit;
    const asking = (at === "microphone" || at === "camera") && !media.tracks[at];
    const thinking = at === "speaker" && steps.speaker.quiet;
    const quiet = at === "system" || at === "result" || asking || thinking;
    return quiet && socket.isOpen && document.visibilityState === "visible";
  }

  /** Twice a second. */
  tick() {
    const { media } = this.visit;
    if (!this.screen.at) {
      return;
    }
    if (media.connection) {
      this.apartSince = 0;
      this.blocked = false;
      this.begin();
    } else {
      this.watchTheWay();
    }
    this.tell();
  }

  begin() {
    const judged = this.finding && this.finding.cause !== BLOCKED;
    if (this.run || judged || !this.free) {
      return;
    }
    this.run = new LineRun({
      connection: () => this.visit.media.connection,
      sendPicture: (track) => this.visit.media.peer.send("screen", track),
      fill: (downKbps, forMs) => this.fill(downKbps, forMs),
      free: () => this.free,
      onRecord: (record) => this.visit.send({ type: "measured", record }),
    });
    void this.run.run();
  }

  /** Signalling works, an offer is there, and media find no way. */
  watchTheWay() {
    const { peer } = this.visit.media;
    if (peer.state === "none" || !this.visit.socket.isOpen) {
      this.apartSince = 0;
      return;
    }
    this.apartSince ||= performance.now();
    if (!this.blocked && performance.now() - this.apartSince > CONNECT_WAIT_MS) {
      this.blocked = true;
      this.visit.send({ type: "measured", record: { kind: "network", connected: false } });
    }
  }

  /** From the beginning, once web has forgotten what was found. */
  repeat() {
    this.stop();
    this.told = "";
    this.visit.send({ type: "measured", record: { kind: "network" } });
  }

  stop() {
    this.run?.stop();
    this.run = null;
  }

  /**
   * @param {number} downKbps
   * @param {number} forMs
   * @returns {Promise<LineFilled>}
   */
  fill(downKbps, forMs) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("no answer")), forMs + ANSWER_LIMIT_MS);
      this.answered = (told) => {
        clearTimeout(timer);
        resolve(told);
      };
      this.visit.send({ type: "fill_line", down_kbps: downKbps, for_ms: forMs });
    });
  }

  /** @param {LineFilled} told */
  filled(told) {
    this.answered?.(told);
    this.answered = null;
  }

  /** @param {CheckView} check */
  render(check) {
    this.tell();
    const advice = find(this.root, '[data-slot="line-advice"]', HTMLElement);
    const { line_advice: word } = check;
    const without = word === "sound_only" || word === "telephone";
    show(advice, without);
    show(find(advice, '[data-slot="line-telephone"]', HTMLElement), word === "telephone");
    const overrule = find(advice, '[data-slot="line-overrule"]', HTMLElement);
    show(overrule, without && check.line_overrule);
  }

  /** One line, wherever it is shown; spoken only when it is over. */
  tell() {
    const [verdict, words] = this.state();
    for (const place of this.root.querySelectorAll("[data-line]")) {
      if (place instanceof HTMLElement) {
        place.dataset.verdict = verdict;
        write(find(place, '[data-slot="line-words"]', HTMLElement), words);
      }
    }
    if (words === this.told) {
      return;
    }
    this.told = words;
    this.showSteps();
    if (verdict !== "open" && this.run) {
      announce(words);
    }
  }

  /** @returns {[string, string]} verdict and words */
  state() {
    const { run, finding } = this;
    if (finding) {
      const { verdict, title } = finding;
      const words = title || text(verdict === "waived" ? "state_waived" : "line_good");
      return [verdict, words];
    }
    if (run?.skipped) {
      return ["open", text(`line_${run.skipped}`)];
    }
    if (!run) {
      return ["open", text("line_soon")];
    }
    if (!run.picture && !run.finished) {
      return ["open", text("line_later")];
    }
    const percent = Math.round(progress(run.phases) * 100);
    return ["open", text("line_running", { percent })];
  }

  showSteps() {
    const list = find(this.root, '[data-slot="line-steps"]', HTMLElement);
    const steps = this.finding?.steps ?? [];
    const worth = TROUBLED.has(this.finding?.verdict ?? "") || this.finding?.cause;
    this.screen.steps.result.showSteps(list, worth ? steps : []);
  }
}
