/** What all steps of the check share: the finding in words, and whether one may go on. */

import { announce } from "../../announce.js";
import { draw } from "../../drawings.js";
import { find, show, write } from "../../find.js";
import { NoDevice } from "../../media/devices.js";
import { whenMended } from "../../media/permission.js";
import { text } from "../../texts.js";

/** @typedef {import("../../../protocol").FindingView} FindingView */
/** @typedef {import("../../../protocol").CheckView} CheckView */
/** @typedef {import("../../../protocol").Measured["record"]} BrowserRecord */

const GOES_ON = new Set(["passed", "warning", "waived"]);

export class Step {
  /**
   * @param {import("../check.js").Place} kind
   * @param {HTMLElement} panel
   * @param {import("../check.js").CheckScreen} screen
   */
  constructor(kind, panel, screen) {
    this.kind = kind;
    this.panel = panel;
    this.screen = screen;
    this.told = "";
    this.round = 0; // what was begun in an earlier round does not count any more
    this.forgetTrouble = () => {};
  }

  get visit() {
    return this.screen.visit;
  }

  /** Begins, or begins anew. */
  begin() {
    this.round += 1;
    this.told = "";
    this.screen.onward.cancel();
    this.forgetTrouble();
    show(this.slot("finding"), false);
    show(this.slot("next"), false);
    if (this.kind !== "result") {
      this.visit.send({ type: "run_step", kind: this.kind });
    }
  }

  end() {
    this.round += 1;
    this.forgetTrouble();
  }

  /**
   * There is no track (any more); the test begins anew as soon as that may have changed.
   *
   * @param {"microphone" | "camera"} kind
   * @param {unknown} error of opening it, or the reason itself
   */
  noTrack(kind, error) {
    const reason = error instanceof NoDevice ? error.reason : "unsupported";
    this.measured({ kind, error: typeof error === "string" ? /** @type {any} */ (error) : reason });
    this.forgetTrouble();
    this.forgetTrouble = whenMended(kind, () => this.begin());
  }

  changed() {}

  /** The client goes on without what is tested here. */
  goneWithout() {}

  /** What is said when the test has passed. */
  get praise() {
    return text(`good_${this.kind}`);
  }

  /** A finding has come that is not told yet. */
  get holdsBack() {
    return false;
  }

  /** Whether the check may go on by itself once this step has passed. */
  get flows() {
    return this.kind !== "background" && this.kind !== "result";
  }

  /** @param {CheckView} _check */
  render(_check) {}

  /** @param {string} name */
  slot(name) {
    return find(this.panel, `[data-slot="${name}"]`, HTMLElement);
  }

  /** @param {BrowserRecord} record */
  measured(record) {
    this.visit.send({ type: "measured", record });
  }

  /** @param {string} words */
  progress(words) {
    const place = this.slot("progress");
    write(place, words);
    show(place, words !== "");
  }

  /** @param {FindingView} finding */
  show(finding) {
    const { verdict } = finding;
    const box = this.slot("finding");
    const words = verdict === "passed" ? this.praise : finding.title;
    show(box, verdict !== "open" && verdict !== "waived");
    show(this.slot("next"), GOES_ON.has(verdict));
    if (verdict === "passed" && this.flows) {
      this.screen.onward.offer(this.panel);
    } else {
      this.screen.onward.cancel(); // a warning stops and asks
    }
    if (verdict === "open" || this.told === verdict + words) {
      return;
    }
    this.told = verdict + words;
    box.dataset.verdict = verdict;
    write(find(box, '[data-slot="title"]', HTMLElement), words);
    this.showSteps(find(box, '[data-slot="steps"]', HTMLElement), finding.steps);
    draw(find(box, '[data-slot="drawing"]', SVGSVGElement), finding.drawing);
    announce([words, ...finding.steps].join(" "));
  }

  /**
   * @param {HTMLElement} list
   * @param {string[]} steps
   */
  showSteps(list, steps) {
    const items = steps.map((step) => {
      const item = document.createElement("li");
      item.textContent = step;
      return item;
    });
    list.replaceChildren(...items);
    show(list, steps.length > 0);
  }
}
