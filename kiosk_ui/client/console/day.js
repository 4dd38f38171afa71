/** The day: who has an appointment, who is there, and the person chosen. */

import { find, show, write } from "../find.js";
import { text } from "../texts.js";
import { Chosen } from "./chosen.js";
import { showMarks, showRows, slot } from "./dom.js";
import { appointmentMarks, LIGHTS, stateKey, waitingCount, waitingMarks } from "./rows.js";
import { clock, sinceWords } from "./times.js";

/** @typedef {import("../../protocol").WaitingRow} WaitingRow */
/** @typedef {import("../../protocol").AppointmentRow} AppointmentRow */
/** @typedef {import("../../protocol").DeskSnapshot} DeskSnapshot */

export class Day {
  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.today = find(document, "[data-today]", HTMLElement);
    this.waiting = find(document, "[data-waiting]", HTMLElement);
    this.said = find(document, "[data-waiting-said]", HTMLElement);
    this.card = new Chosen(desk);
    this.chosenId = "";
    this.byHand = false; // what the adviser has chosen is not changed under their hands
    /** @type {WaitingRow[]} */
    this.rows = [];
    document.addEventListener("keydown", (event) => this.arrow(event));
  }

  /** @param {DeskSnapshot} snapshot */
  render(snapshot) {
    this.rows = snapshot.waiting;
    this.showToday(snapshot.today);
    this.byHand &&= this.rows.some(({ visit_id }) => visit_id === this.chosenId);
    if (!this.byHand) {
      const waiting = this.rows.filter(({ state }) => state === "waiting");
      const stuck = this.rows.find(({ wants_help }) => wants_help);
      const next = waiting.find(({ online }) => online) ?? waiting[0] ?? stuck ?? this.rows[0];
      this.chosenId = next?.visit_id ?? "";
    }
    this.draw();
  }

  /** Again, because minutes have passed or another person was chosen. */
  draw() {
    showRows(this.waiting, this.rows, {
      template: "waiting-row",
      key: (row) => row.visit_id,
      made: (element, row) => this.wire(element, row.visit_id),
      fill: (element, row) => this.fill(element, row),
    });
    show(find(document, "[data-waiting-empty]", HTMLElement), this.rows.length === 0);
    const count = waitingCount(this.rows);
    const key = ["waiting_none", "waiting_one"][count] ?? "waiting_many";
    write(this.said, text(key, { n: count }));
    const chosen = this.rows.find(({ visit_id }) => visit_id === this.chosenId) ?? null;
    this.card.render(chosen);
  }

  /**
   * @param {HTMLElement} element
   * @param {string} id
   */
  wire(element, id) {
    slot(element, "pick").addEventListener("click", () => this.choose(id));
    slot(element, "admit").addEventListener("click", () => {
      this.choose(id);
      this.admit();
    });
  }

  /** @param {string} id */
  choose(id) {
    this.chosenId = id;
    this.byHand = true;
    this.draw();
  }

  admit() {
    const row = this.rows.find(({ visit_id }) => visit_id === this.chosenId);
    if (row?.state === "waiting" && row.may_admit !== false) {
      this.desk.send({ type: "admit", visit_id: row.visit_id, revision: row.revision });
    }
  }

  /**
   * @param {HTMLElement} element
   * @param {WaitingRow} row
   */
  fill(element, row) {
    const chosen = row.visit_id === this.chosenId;
    element.toggleAttribute("data-chosen", chosen);
    element.dataset.light = row.readiness;
    slot(element, "pick").setAttribute("aria-pressed", String(chosen));
    const light = slot(element, "light");
    light.className = `desk-light icon icon--${LIGHTS[row.readiness]}`;
    write(slot(element, "name"), row.name || text("no_name"));
    write(slot(element, "since"), this.since(row));
    write(slot(element, "cause"), this.cause(row));
    showMarks(slot(element, "marks"), this.desk.marks(waitingMarks(row)));
    show(slot(element, "admit"), row.state === "waiting" && row.may_admit !== false);
  }

  /** @param {WaitingRow} row */
  cause(row) {
    const readiness = text(`readiness.${row.readiness}`);
    if (row.wants_help && row.at_step) {
      return `${this.where(row)} · ${readiness}`;
    }
    if (!row.gravest) {
      return readiness;
    }
    const found = row.findings.find(({ kind }) => kind === row.gravest);
    const what = found?.title || text(`verdict.${found?.verdict ?? "open"}`);
    return `${readiness}. ${text(`kind.${row.gravest}`)}: ${what}`;
  }

  /** @param {WaitingRow} row somebody in the check */
  where(row) {
    const { key, n } = sinceWords(this.desk.now() - Date.parse(row.at_step_since ?? ""));
    const since = text(key === "since_now" ? "since_short" : key, { n });
    return text("help.where", { what: text(`kind.${row.at_step}`), since, tries: row.at_step_tries });
  }

  /** @param {WaitingRow} row */
  since(row) {
    const { key, n } = sinceWords(this.desk.now() - Date.parse(row.waiting_since ?? ""));
    const words = [row.waiting_since ? text(key, { n }) : text(stateKey(row))];
    if (row.starts_at) {
      words.push(text("appointment_at", { time: this.clock(row.starts_at) }));
    }
    if (row.without_appointment) {
      words.push(text(row.topic ? "without_appointment_for" : "without_appointment", { topic: row.topic ?? "" }));
    }
    if (row.adviser_name) {
      words.push(text("client_of", { name: row.adviser_name }));
    }
    return words.join(" · ");
  }

  /** @param {string} at */
  clock(at) {
    const zone = find(document, "[data-time-zone]", HTMLElement).dataset.timeZone ?? "UTC";
    return clock(at, document.documentElement.lang, zone);
  }

  /** @param {AppointmentRow[]} rows */
  showToday(rows) {
    showRows(this.today, rows, {
      template: "today-row",
      key: (row) => row.appointment_id,
      fill: (element, row) => {
        const link = find(element, "a", HTMLAnchorElement);
        link.href = `/console/appointments/${encodeURIComponent(row.appointment_id)}`;
        link.toggleAttribute("data-past", row.status !== "planned");
        write(slot(element, "time"), this.clock(row.starts_at));
        write(slot(element, "name"), row.client_name);
        write(slot(element, "topic"), row.topic);
        write(slot(element, "adviser"), row.adviser_name ? text("client_of", { name: row.adviser_name }) : "");
        showMarks(slot(element, "marks"), this.desk.marks(appointmentMarks(row)));
      },
    });
    show(find(document, "[data-today-empty]", HTMLElement), rows.length === 0);
  }

  /**
   * Up and down among who is there.
   *
   * @param {KeyboardEvent} event
   */
  arrow(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const free = document.activeElement === document.body || this.waiting.contains(document.activeElement);
    if (!step || !free || this.rows.length === 0 || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    const at = this.rows.findIndex(({ visit_id }) => visit_id === this.chosenId);
    const next = this.rows[Math.min(this.rows.length - 1, Math.max(0, at + step))];
    event.preventDefault();
    this.choose(next.visit_id);
    const picked = [...this.waiting.children].find(
      (row) => row instanceof HTMLElement && row.dataset.id === next.visit_id,
    );
    picked?.querySelector("button")?.focus();
  }
}
