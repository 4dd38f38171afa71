/** The waiting room: calm; nothing to do; the choices at hand. */

import { find, onClick, show, write } from "../find.js";
import { counted, text } from "../texts.js";
import { keepAwake } from "../wake_lock.js";
import { BusyNotice } from "./busy_notice.js";

/** @typedef {import("../../protocol").VisitSnapshot} VisitSnapshot */
/** @typedef {import("../../protocol").Mode} Mode */

const TICK_MS = 15_000;

export class WaitingScreen {
  /**
   * @param {HTMLElement} root
   * @param {import("../visit.js").Visit} visit
   */
  constructor(root, visit) {
    this.root = root;
    this.visit = visit;
    this.startsAt = ""; // as this window was told first
    this.clockOffsetMs = 0; // the appliance's clock counts, the client's may be wrong
    this.choices = find(root, '[data-form="choices"]', HTMLFormElement);
    this.choices.addEventListener("change", () => this.choose());
    this.busy = new BusyNotice(root, visit);
    this.lineBox = find(root, '[data-slot="line-box"]', HTMLDetailsElement);
    this.line = find(root, '[data-form="waiting-line"]', HTMLFormElement);
    this.line.addEventListener("submit", (event) => {
      event.preventDefault();
      this.ask();
    });
    onClick(root, "restart-check", () => visit.send({ type: "restart_check" }));
    setInterval(() => this.tellSince(), TICK_MS);
  }

  enter() {
    keepAwake();
  }

  leave() {
    this.busy.forget();
    this.line.reset();
    this.lineBox.open = false;
  }

  /** A first line to the office; what follows is written in the panel that answers it. */
  ask() {
    const input = find(this.line, "input", HTMLInputElement);
    const note = input.value.trim();
    if (!note) {
      input.focus();
    } else if (this.visit.send({ type: "request_help", note, answer: "write", phone: "" })) {
      this.line.reset(); // without a connection it stays, to be sent later
      this.lineBox.open = false;
    }
  }

  opened() {
    this.busy.again();
  }

  problem() {
    this.busy.again();
    return false;
  }

  /** @param {VisitSnapshot} snapshot */
  render(snapshot) {
    this.clockOffsetMs = Date.parse(snapshot.server_at) - Date.now();
    const name = snapshot.appointment?.adviser_name;
    const nobody = snapshot.entry?.staffed === false; // then the notice says so
    write(this.slot("knows"), name ? text("adviser_knows", { name }) : text("office_knows"));
    show(this.slot("knows"), !nobody);
    this.busy.render(snapshot);
    show(this.lineBox, !snapshot.help);
    show(this.slot("unmatched"), snapshot.identity === "mismatched");
    this.tellWhen(snapshot.appointment);
    this.tellPlace(nobody && snapshot.entry?.here ? null : snapshot.ahead);
    this.tellDoor(snapshot.entry ?? null);
    this.tellLine(snapshot);
    this.radio(snapshot.mode).checked = true;
    this.box("sees_adviser").checked = snapshot.sees_adviser;
    const seen = snapshot.seen_by_adviser && this.visit.media.on.camera; // or off by own word
    this.box("seen_by_adviser").checked = seen;
    show(this.slot("picture-choices"), snapshot.mode === "video");
    this.tellSince();
    this.watchCamera(seen && snapshot.mode === "video");
  }

  /**
   * What the line test has found late, where the agency wants it to be said.
   *
   * @param {VisitSnapshot} snapshot
   */
  tellLine({ check, mode, seen_by_adviser: seen }) {
    const advice = mode === "text" ? "none" : (check?.line_advice ?? "none");
    const finding = check?.findings.find(({ kind }) => kind === "network");
    const without = advice === "sound_only" || advice === "telephone";
    const camera = without && !seen ? [text("camera_off_by_line")] : [];
    write(this.slot("line-words"), [finding?.title ?? "", ...camera].join(" "));
    show(this.slot("line"), advice !== "none");
  }

  /**
   * The camera is on only where the client is going to be seen, for the own small picture.
   *
   * @param {boolean} wanted
   */
  watchCamera(wanted) {
    const { media } = this.visit;
    show(find(this.root, ".waiting__own", HTMLElement), wanted);
    if (!wanted && media.tracks.camera) {
      media.release("camera");
    } else if (wanted && !media.tracks.camera && !media.failures.camera) {
      media.open("camera").catch(() => {});
    }
  }

  /**
   * The office may move an appointment while its client is here already.
   *
   * @param {VisitSnapshot["appointment"]} appointment
   */
  tellWhen(appointment) {
    show(this.slot("when"), Boolean(appointment));
    if (appointment) {
      this.startsAt ||= appointment.starts_at;
      const words = this.startsAt === appointment.starts_at ? "your_time" : "new_time";
      write(this.slot("when"), text(words, { when: appointment.starts_in_words }));
    }
  }

  /** @param {number | null} ahead */
  tellPlace(ahead) {
    const words = ahead ? counted("ahead", ahead) : text("ahead_none");
    write(this.slot("place"), ahead === null ? "" : words);
    show(this.slot("place"), ahead !== null);
  }

  /** @param {import("../../protocol").EntryView | null} entry of who has no appointment */
  tellDoor(entry) {
    const when = entry?.until_in_words ?? "";
    const key = entry?.here ? "nobody_there" : when ? "door_open" : entry?.staffed ? "door_closed" : "door_left";
    const said = entry !== null && !(entry.here && entry.staffed);
    write(this.slot("door"), said ? text(key, { when }) : "");
    show(this.slot("door"), said);
  }

  tellSince() {
    const now = Date.now() + this.clockOffsetMs;
    const since = Date.parse(this.visit.snapshot?.state_since ?? "");
    const minutes = Math.max(0, Math.floor((now - since) / 60_000)) || 0;
    write(this.slot("since"), minutes ? counted("waiting_minutes", minutes) : text("waiting_new"));
  }

  choose() {
    const mode = new FormData(this.choices).get("mode");
    const seen = this.box("seen_by_adviser").checked;
    if (seen && !this.visit.media.on.camera) {
      void this.visit.media.turn("camera", true);
    }
    if (this.visit.snapshot?.mode === "text" && mode !== "text") {
      void this.visit.media.turn("microphone", true); // whoever wants to talk wants to be heard
    }
    this.visit.send({
      type: "change_choices",
      mode: /** @type {Mode} */ (mode),
      sees_adviser: this.box("sees_adviser").checked,
      seen_by_adviser: seen,
    });
  }

  /** @param {string} name */
  slot(name) {
    return find(this.root, `[data-slot="${name}"]`, HTMLElement);
  }

  /** @param {string} name */
  box(name) {
    return find(this.choices, `[name="${name}"]`, HTMLInputElement);
  }

  /** @param {Mode} mode */
  radio(mode) {
    return find(this.choices, `[name="mode"][value="${mode}"]`, HTMLInputElement);
  }
}
