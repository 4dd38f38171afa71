/** The result on one card: all is ready, or the one thing to mend first. */

import { find, show, write } from "../../find.js";
import { text } from "../../texts.js";
import { Step } from "./step.js";
import { allReady } from "./way.js";

/** @typedef {import("../../../protocol").CheckView} CheckView */
/** @typedef {import("../../../protocol").CheckKind} CheckKind */

/** @type {CheckKind[]} */
const WAIVABLE = ["microphone", "camera", "speaker"];

const TEXT_WANTED = "speaker_text_wanted"; // left out, but with words of its own

export class ResultStep extends Step {
  /**
   * @param {HTMLElement} panel
   * @param {import("../check.js").CheckScreen} screen
   */
  constructor(panel, screen) {
    super("result", panel, screen);
    for (const button of panel.querySelectorAll('[data-do="repeat"]')) {
      const place = /** @type {import("../check.js").Place} */ (button.getAttribute("data-kind"));
      button.addEventListener("click", () => screen.go(place));
    }
  }

  begin() {
    this.round += 1;
    // Nothing is measured on this card; the browser's own facts stand.
    this.visit.send({ type: "run_step", kind: "system" });
  }

  waiveAll() {
    for (const kind of WAIVABLE) {
      this.visit.send({ type: "waive", kind });
    }
  }

  /** @param {CheckView} check */
  render(check) {
    for (const item of this.panel.querySelectorAll("[data-result]")) {
      const kind = item.getAttribute("data-result");
      const finding = check.findings.find((one) => one.kind === kind);
      const verdict = finding?.verdict ?? "open";
      show(item, matters(kind, check.findings));
      if (item instanceof HTMLElement) {
        item.dataset.verdict = verdict;
      }
      write(find(item, '[data-slot="words"]', HTMLElement), resultWords(finding));
    }
    const clean = check.line_advice === "none" && allReady(check, this.screen.quick);
    const verdict = clean ? "all_ready" : check.may_finish ? "almost_ready" : "not_ready";
    write(this.slot("verdict"), text(verdict));
    this.offerNext(check.may_finish);
  }

  /** @param {boolean} mayFinish */
  offerNext(mayFinish) {
    for (const [name, shown] of /** @type {const} */ ([
      ["next", mayFinish],
      ["unfinished", !mayFinish],
    ])) {
      const place = this.panel.querySelector(`[data-slot="${name}"]`);
      if (place) {
        show(place, shown);
      }
    }
  }
}

/**
 * Without a camera nobody sees a background, so it has no row that waits for a test.
 *
 * @param {string | null} kind
 * @param {import("../../../protocol").FindingView[]} findings
 */
export function matters(kind, findings) {
  const camera = findings.find((one) => one.kind === "camera");
  return kind !== "background" || camera?.verdict !== "waived";
}

/** @param {import("../../../protocol").FindingView | undefined} finding */
export function resultWords(finding) {
  const { kind, verdict, cause, title } = finding ?? { verdict: "open", cause: "", title: "" };
  if ((kind === "camera" || kind === "microphone") && verdict === "waived") {
    return text(`${kind}_left_out`); // it was not skipped: it stays off
  }
  const troubled = verdict === "warning" || verdict === "failed";
  const own = troubled || cause === TEXT_WANTED;
  return own && title ? title : text(`state_${verdict}`);
}
