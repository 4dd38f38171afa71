/** The person chosen: how long, which devices, what to do; and letting them in. */

import { find, show, write } from "../find.js";
import { text } from "../texts.js";
import { showMarks, showRows, slot } from "./dom.js";
import { HandOver } from "./hand_over.js";
import { HelpCall } from "./help_call.js";
import { LIGHTS, waitingMarks } from "./rows.js";

/** @typedef {import("../../protocol").WaitingRow} WaitingRow */
/** @typedef {import("../../protocol").FindingView} FindingView */

/** @type {Record<FindingView["verdict"], string>} */
const SYMBOLS = {
  open: "circle",
  passed: "circle-check",
  warning: "triangle-alert",
  failed: "circle-x",
  waived: "circle-alert",
};
/** @type {Record<WaitingRow["readiness"], "" | "good" | "warn" | "bad">} */
const KINDS = { green: "good", yellow: "warn", red: "bad", unknown: "" };

export class Chosen {
  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.root = find(document, "[data-chosen]", HTMLElement);
    this.card = find(this.root, "[data-chosen-card]", HTMLElement);
    this.admit = find(this.root, "[data-admit]", HTMLButtonElement);
    this.busy = find(this.root, "[data-busy]", HTMLButtonElement);
    this.help = new HelpCall(desk, this.root);
    this.handOver = new HandOver(desk, this.root);
    this.toldId = "";
    this.visitId = "";
    this.admit.addEventListener("click", () => this.desk.day.admit());
    this.busy.addEventListener("click", () => this.tellBusy("longer"));
    this.more = find(this.root, "[data-busy-more]", HTMLDetailsElement);
    for (const button of this.more.querySelectorAll("button[data-phrase]")) {
      button.addEventListener("click", () => this.tellBusy(/** @type {HTMLElement} */ (button).dataset.phrase ?? ""));
    }
    this.words = find(this.more, "input", HTMLInputElement);
    find(this.more, "form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.words.value.trim()) {
        this.tellBusy("longer", this.words.value.trim());
      }
    });
  }

  /**
   * @param {string} phrase
   * @param {string} [words] instead of it
   */
  tellBusy(phrase, words = "") {
    const told = /** @type {import("../../protocol").TellBusy} */ ({
      type: "tell_busy",
      visit_id: this.visitId,
      phrase,
      text: words,
    });
    if (this.desk.send(told)) {
      this.closeMore(); // without a connection it stays, to be sent later
      this.toldId = this.visitId;
      show(slot(this.root, "told"), true);
    }
  }

  closeMore() {
    this.more.open = false;
    this.words.value = "";
  }

  /** @param {WaitingRow | null} row null: nobody; whatever stood here is forgotten */
  render(row) {
    show(this.card, row !== null);
    show(find(this.root, "[data-chosen-empty]", HTMLElement), row === null);
    if (row?.visit_id !== this.visitId) {
      this.closeMore(); // words begun for one person never go to another
    }
    this.visitId = row?.visit_id ?? "";
    this.help.render(row);
    this.handOver.render(row);
    if (row) {
      this.fill(row);
    } else {
      this.forget();
    }
  }

  /** @param {WaitingRow} row */
  fill(row) {
    const waits = row.state === "waiting";
    write(slot(this.root, "name"), row.name || text("no_name"));
    write(slot(this.root, "since"), this.desk.day.since(row));
    const light = {
      symbol: LIGHTS[row.readiness],
      words: text(`readiness.${row.readiness}`),
      kind: KINDS[row.readiness],
    };
    showMarks(slot(this.root, "marks"), [light, ...this.desk.marks(waitingMarks(row))]);
    this.admit.disabled = !waits;
    show(this.admit, row.may_admit !== false);
    show(slot(this.root, "not-yet"), !waits);
    show(this.busy, waits);
    show(this.more, waits);
    show(slot(this.root, "told"), this.toldId === row.visit_id);
    const found = row.findings.filter(({ verdict }) => verdict !== "open");
    showRows(find(this.root, "[data-findings]", HTMLElement), found, {
      template: "finding",
      key: (finding) => finding.kind,
      fill: fillFinding,
    });
    show(slot(this.root, "no-findings"), found.length === 0);
  }

  forget() {
    for (const name of ["name", "since"]) {
      write(slot(this.root, name), "");
    }
    showMarks(slot(this.root, "marks"), []);
    find(this.root, "[data-findings]", HTMLElement).replaceChildren();
    this.toldId = "";
  }
}

/**
 * @param {HTMLElement} element
 * @param {FindingView} finding
 */
function fillFinding(element, finding) {
  element.dataset.found = finding.verdict;
  slot(element, "symbol").className = `desk-finding__symbol icon icon--${SYMBOLS[finding.verdict]}`;
  write(slot(element, "kind"), text(`kind.${finding.kind}`));
  const waived = finding.verdict === "waived" ? text(`waived.${finding.kind}`) : "";
  write(slot(element, "title"), finding.title || waived || text(`verdict.${finding.verdict}`));
  write(slot(element, "waived"), waived);
  show(slot(element, "waived"), waived !== "" && finding.title !== "");
  const steps = (finding.steps ?? []).map((step) => {
    const item = document.createElement("li");
    item.textContent = step;
    return item;
  });
  slot(element, "steps").replaceChildren(...steps);
  show(slot(element, "shown"), steps.length > 0);
}
