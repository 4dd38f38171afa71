/** The device check: one thing at a time, each repeatable, each with three ways on. */

import { find, onClick, show, write } from "../find.js";
import { text } from "../texts.js";
import { BackgroundStep } from "./check/background.js";
import { CameraStep } from "./check/camera.js";
import { MicrophoneStep } from "./check/microphone.js";
import { ResultStep } from "./check/result.js";
import { SpeakerStep } from "./check/speaker.js";
import { SystemStep } from "./check/system.js";
import { deviceChoices } from "./device_choice.js";

/** @typedef {import("../../protocol").VisitSnapshot} VisitSnapshot */
/** @typedef {import("../../protocol").CheckKind} CheckKind */
/** @typedef {"system" | "microphone" | "camera" | "speaker" | "background" | "result"} Place */

/** @type {Place[]} */
const WAY = ["system", "microphone", "camera", "speaker", "background", "result"];
const NEEDS_ANALYSER = new Set(["microphone", "camera", "speaker", "background"]);
const SLOW_MS = 3_000;
const LATE_MS = 10_000;

export class CheckScreen {
  /**
   * @param {HTMLElement} root
   * @param {import("../visit.js").Visit} visit
   */
  constructor(root, visit) {
    this.root = root;
    this.visit = visit;
    /** @type {Place | null} */
    this.at = null;
    this.notReadySince = 0;
    this.listedFor = "";
    const panel = (/** @type {Place} */ place) =>
      find(root, `[data-step="${place}"]`, HTMLElement);
    this.steps = {
      system: new SystemStep(panel("system"), this),
      microphone: new MicrophoneStep(panel("microphone"), this),
      camera: new CameraStep(panel("camera"), this),
      speaker: new SpeakerStep(panel("speaker"), this),
      background: new BackgroundStep(panel("background"), this),
      result: new ResultStep(panel("result"), this),
    };
    this.devices = deviceChoices(root, visit, () => this.step?.begin());
    onClick(root, "next", () => this.next());
    onClick(root, "again", () => this.step?.begin());
    onClick(root, "waive", () => this.waive());
    setInterval(() => this.tellWaiting(), 500);
  }

  get step() {
    return this.at ? this.steps[this.at] : null;
  }

  get snapshot() {
    return this.visit.snapshot;
  }

  /** @param {VisitSnapshot} snapshot */
  enter(snapshot) {
    this.go(firstPlace(snapshot));
  }

  leave() {
    this.step?.end();
    this.at = null;
  }

  /** @param {Place} place */
  go(place) {
    this.step?.end();
    this.at = place;
    this.notReadySince = performance.now();
    for (const panel of this.root.querySelectorAll("[data-step]")) {
      show(panel, panel.getAttribute("data-step") === place);
    }
    this.step?.begin();
    if (this.snapshot) {
      this.render(this.snapshot);
    }
    scrollTo(0, 0);
    this.visit.arriveAt(find(this.root, `[data-step="${place}"] h1`, HTMLElement));
  }

  next() {
    const place = this.at ? WAY[WAY.indexOf(this.at) + 1] : "system";
    const withoutCamera = !this.visit.media.tracks.camera;
    this.go(place === "background" && withoutCamera ? "result" : place);
  }

  waive() {
    if (!this.at || this.at === "result") {
      return;
    }
    this.visit.send({ type: "waive", kind: this.at });
    if (this.at === "system") {
      this.visit.send({
        type: "change_choices",
        mode: "text",
        sees_adviser: false,
        seen_by_adviser: false,
      });
      this.steps.result.waiveAll();
      this.go("result");
    } else {
      this.next();
    }
  }

  /** @param {VisitSnapshot} snapshot */
  render(snapshot) {
    const { check } = snapshot;
    if (!check || !this.at) {
      return;
    }
    for (const finding of check.findings) {
      this.mark(finding);
      if (finding.kind === this.at) {
        this.step?.show(finding);
      }
    }
    this.markPlace();
    this.step?.render(check);
    this.tellWaiting();
  }

  /** @param {import("../../protocol").FindingView} finding */
  mark({ kind, verdict }) {
    const mark = this.root.querySelector(`[data-step-mark="${kind}"]`);
    if (mark instanceof HTMLElement) {
      mark.dataset.verdict = verdict;
      write(find(mark, '[data-slot="state"]', HTMLElement), text(`state_${verdict}`));
    }
  }

  markPlace() {
    for (const mark of this.root.querySelectorAll("[data-step-mark]")) {
      const here = mark.getAttribute("data-step-mark") === this.at;
      here ? mark.setAttribute("aria-current", "step") : mark.removeAttribute("aria-current");
    }
  }

  /** Whether measurements mean anything now: somebody is there to hear and see. */
  get listenedTo() {
    const { check } = this.snapshot ?? {};
    const { state } = this.visit.media.peer;
    return check?.step === this.at && check?.analyser === "ready" && state === "connected";
  }

  /** After 3 s in words what is happening, after 10 s what one can do. */
  tellWaiting() {
    const notice = find(this.root, '[data-slot="analyser"]', HTMLElement);
    if (!this.at || !NEEDS_ANALYSER.has(this.at) || this.listenedTo) {
      this.notReadySince = performance.now();
      show(notice, false);
      return;
    }
    const waited = performance.now() - this.notReadySince;
    const analyser = this.snapshot?.check?.analyser;
    if (analyser === "unavailable" || (analyser === "waiting" && waited > SLOW_MS)) {
      write(notice, text(`analyser_${analyser}`));
    } else if (waited > SLOW_MS) {
      write(notice, text(waited > LATE_MS ? "connecting_late" : "connecting_path"));
    }
    show(notice, notice.textContent !== "" && waited > SLOW_MS);
  }

  changed() {
    this.step?.changed();
    const { tracks } = this.visit.media;
    show(find(this.root, '[data-slot="live"]', HTMLElement), tracks.camera !== null);
    this.fillDevices();
  }

  /** Names of devices are known once there is a track; asked for again when that changes. */
  fillDevices() {
    const { microphone, camera } = this.visit.media.tracks;
    const now = `${microphone?.id} ${camera?.id}`;
    if (now !== this.listedFor) {
      this.listedFor = now;
      for (const choice of this.devices) {
        void choice.fill();
      }
    }
  }

  /** @param {import("../../protocol").Push} push */
  push(push) {
    if (push.type === "heard") {
      this.steps.microphone.heard(push);
    }
    if (push.type === "seen" && this.at === "camera") {
      this.steps.camera.seen(push);
    }
  }
}

/**
 * Where a client goes on who has reloaded or come back.
 *
 * @param {VisitSnapshot} snapshot
 * @returns {Place}
 */
export function firstPlace({ check }) {
  const step = check?.step;
  if (step && step !== "system" && step !== "network") {
    return step;
  }
  const judged = check?.findings.some(
    ({ kind, verdict }) => kind !== "system" && verdict !== "open",
  );
  return judged ? "result" : "system";
}
