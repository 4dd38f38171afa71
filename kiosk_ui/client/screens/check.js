/** The device check: one thing at a time, each repeatable, each with three ways on. */

import { find, onClick, show, write } from "../find.js";
import { text } from "../texts.js";
import { BackgroundStep } from "./check/background.js";
import { CameraStep } from "./check/camera.js";
import { LineTest } from "./check/line.js";
import { MicrophoneStep } from "./check/microphone.js";
import { Onward } from "./check/onward.js";
import { PromptHint } from "./check/prompt_hint.js";
import { Remember } from "./check/remember.js";
import { allReady, nextPlace } from "./check/way.js";
import { ResultStep } from "./check/result.js";
import { SpeakerStep } from "./check/speaker.js";
import { SystemStep } from "./check/system.js";
import { deviceChoices } from "./device_choice.js";

/** @typedef {import("../../protocol").VisitSnapshot} VisitSnapshot */
/** @typedef {import("../../protocol").CheckKind} CheckKind */
/** @typedef {"system" | "microphone" | "camera" | "speaker" | "background" | "result"} Place */

const NEEDS_ANALYSER = new Set(["microphone", "camera", "speaker"]);
const SLOW_MS = 3_000;
const LATE_MS = 10_000;
const HIDDEN_MS = 1_000;

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
    this.line = new LineTest(root, this);
    /** @type {Set<Place>} */
    this.visited = new Set();
    this.quick = false;
    this.paused = false;
    this.pausing = 0;
    this.doubted = false; // whether web is at the same step
    this.onward = new Onward(root, () => this.next());
    this.remember = new Remember(root, visit);
    this.prompt = new PromptHint(root);
    this.devices = deviceChoices(root, visit, () => this.step?.begin());
    this.wire();
  }

  wire() {
    const { root, visit } = this;
    onClick(root, "next", () => this.next());
    onClick(root, "again", () => this.again());
    onClick(root, "waive", () => this.waive());
    onClick(root, "text-only", () => this.textOnly());
    onClick(root, "finish", () => visit.send({ type: "finish_check" }));
    onClick(root, "back-to", (event) => {
      const place = /** @type {HTMLElement} */ (event.currentTarget).dataset.kind;
      this.go(/** @type {Place} */ (place));
    });
    document.addEventListener("visibilitychange", () => this.hidden());
    setInterval(() => {
      this.tellWaiting();
      this.line.tick();
    }, 500);
  }

  get step() {
    return this.at ? this.steps[this.at] : null;
  }

  get snapshot() {
    return this.visit.snapshot;
  }

  /** @param {VisitSnapshot} snapshot */
  enter(snapshot) {
    this.quick = this.visit.quick;
    this.onward.quick = this.quick;
    this.line.enter();
    this.go(firstPlace(snapshot));
  }

  leave() {
    this.onward.cancel();
    this.step?.end();
    this.at = null;
  }

  /**
   * @param {Place} place
   * @param {Place | null} [from] the step that led here, when it went well
   */
  go(place, from = null) {
    this.onward.cancel();
    this.step?.end();
    this.at = place;
    this.visited.add(place);
    this.tellFound(from);
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

  /**
   * On to the next test that is not done yet.
   *
   * @param {"waived" | ""} [left] gone on without; the newest snapshot does not know of it yet
   */
  next(left = "") {
    const from = this.at;
    /** @type {import("./check/way.js").Done["findings"]} */
    let findings = [...(this.snapshot?.check?.findings ?? [])];
    if (left && from && from !== "result") {
      findings = [...findings.filter(({ kind }) => kind !== from), { kind: from, verdict: left }];
    }
    const passed = findings.some(({ kind, verdict }) => kind === from && verdict === "passed");
    this.quick &&= passed || from === null; // what has changed since is looked at as a whole
    const kiosk = this.visit.kiosk !== null;
    if (this.quick && from === "camera" && !kiosk) {
      this.visit.send({ type: "waive", kind: "speaker" }); // heard the last time; offered again
      findings.push({ kind: "speaker", verdict: "waived" });
    }
    const withCamera = this.visit.media.tracks.camera !== null;
    this.go(nextPlace(from, { findings, visited: this.visited, withCamera, kiosk }), passed ? from : null);
  }

  /** Nobody is at a control any more: the test begins at its heading. */
  again() {
    this.step?.begin();
    find(this.root, `[data-step="${this.at}"] h1`, HTMLElement).focus({ preventScroll: true });
  }

  /**
   * What the step before has found stays in sight, and can be tested once more.
   *
   * @param {Place | null} from
   */
  tellFound(from) {
    const found = find(this.root, '[data-slot="found"]', HTMLElement);
    if (from) {
      write(find(found, '[data-slot="words"]', HTMLElement), this.steps[from].praise);
      find(found, '[data-do="back-to"]', HTMLElement).dataset.kind = from;
    }
    show(found, from !== null);
  }

  waive() {
    if (!this.at || this.at === "result") {
      return;
    }
    this.visit.send({ type: "waive", kind: this.at });
    this.step?.goneWithout();
    this.next("waived");
  }

  /** Without sound and picture nothing is left to be tested. */
  textOnly() {
    this.visit.send({ type: "waive", kind: "system" });
    this.visit.send({
      type: "change_choices",
      mode: "text",
      sees_adviser: false,
      seen_by_adviser: false,
    });
    this.steps.result.waiveAll();
    this.go("result");
    this.visit.media.release("microphone");
    this.visit.media.release("camera");
  }

  /** @param {VisitSnapshot} snapshot */
  render(snapshot) {
    const { check } = snapshot;
    if (!check || !this.at) {
      return;
    }
    this.repair(check);
    for (const finding of check.findings) {
      const here = finding.kind === this.at;
      if (here) {
        this.step?.show(finding);
      }
      if (!here || !this.step?.holdsBack) {
        this.mark(finding);
      }
    }
    this.markPlace();
    this.step?.render(check);
    this.line.render(check);
    this.offerEnd(check);
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

  /**
   * Whoever has passed everything goes on from the background, without a card that says so again.
   *
   * @param {import("../../protocol").CheckView} check
   */
  offerEnd(check) {
    const all = allReady(check, this.quick) && check.line_advice === "none";
    const ready = all && !this.visit.testMode;
    this.remember.offer(all && (this.at === "background" || this.at === "result"));
    show(find(this.root, '[data-slot="speaker-too"]', HTMLElement), ready && this.quick);
    show(find(this.root, '[data-slot="ready"]', HTMLElement), ready);
    show(find(this.root, '[data-slot="to-result"]', HTMLElement), !ready);
    show(find(this.root, '[data-slot="to-consent"]', HTMLElement), ready);
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

  /** A background that the browser paints needs nobody else. */
  get needsAnalyser() {
    if (this.at === "background") {
      return this.snapshot?.check?.background !== "none";
    }
    return this.at !== null && NEEDS_ANALYSER.has(this.at);
  }

  /** After 3 s in words what is happening, after 10 s what one can do. */
  tellWaiting() {
    const notice = find(this.root, '[data-slot="analyser"]', HTMLElement);
    if (!this.needsAnalyser || this.listenedTo) {
      this.notReadySince = performance.now();
      show(notice, false);
      return;
    }
    const waited = performance.now() - this.notReadySince;
    const analyser = this.snapshot?.check?.analyser;
    const { noWay } = this.line;
    if (noWay) {
      write(notice, [noWay.title, ...noWay.steps].join(" "));
    } else if (analyser === "unavailable" || (analyser === "waiting" && waited > SLOW_MS)) {
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

  /** A page that is reloaded or closed is hidden, too, for a moment: it keeps its place. */
  hidden() {
    window.clearTimeout(this.pausing);
    if (document.hidden) {
      this.pausing = window.setTimeout(() => this.pause(), HIDDEN_MS);
    } else if (this.paused) {
      this.paused = false;
      this.step?.begin();
    }
  }

  /** Nobody speaks to a hidden page, and nobody is blamed for that: it is tested anew later. */
  pause() {
    const done = this.snapshot?.check?.findings.find(({ kind }) => kind === this.at)?.verdict;
    if ((this.at === "microphone" || this.at === "camera") && done !== "passed") {
      this.paused = true;
      this.onward.cancel();
      this.step?.end();
      this.visit.send({ type: "run_step", kind: "system" });
    }
  }

  /** @param {"microphone" | "camera"} kind */
  replaced(kind) {
    if (this.at === kind) {
      this.step?.begin();
    }
  }

  /**
   * @param {"microphone" | "camera"} kind
   * @param {boolean} taken
   */
  taken(kind, taken) {
    if (this.at === kind) {
      taken ? this.steps[kind].failed("taken_away") : this.steps[kind].begin();
    }
  }

  /** The socket was away, and what was said meanwhile is lost. */
  opened() {
    this.doubted = this.at !== null; // a page that is just loaded begins by itself
    this.steps.speaker.opened();
  }

  /**
   * A step that web knows nothing of would wait for ever for somebody to listen.
   *
   * @param {import("../../protocol").CheckView} check
   */
  repair(check) {
    const doubted = this.doubted;
    this.doubted = false;
    const place = this.at === "result" ? "system" : this.at; // its card is no test
    if (doubted && check.step !== place && !this.paused && !this.step?.told) {
      this.step?.begin();
    }
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
    } else if (push.type === "line_filled") {
      this.line.filled(push);
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
    ({ kind, verdict }) => kind !== "system" && kind !== "network" && verdict !== "open",
  );
  return judged ? "result" : "system";
}
