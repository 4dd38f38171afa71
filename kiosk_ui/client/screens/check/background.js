/** What may be seen behind the client: tried and shown here before anybody else sees it. */

import { find, show } from "../../find.js";
import { kindOf, NONE } from "../../media/background/looks.js";
import { rawFrames } from "../../media/background/rule.js";
import { text } from "../../texts.js";
import { Looks } from "../looks.js";
import { Step } from "./step.js";

/** @typedef {import("../../../protocol").CheckView} CheckView */

const TELL_MS = 1_000;

export class BackgroundStep extends Step {
  /**
   * @param {HTMLElement} panel
   * @param {import("../check.js").CheckScreen} screen
   */
  constructor(panel, screen) {
    super("background", panel, screen);
    this.preview = find(screen.root, '[data-slot="preview"]', HTMLVideoElement);
    this.own = find(screen.root, "[data-own-picture]", HTMLVideoElement);
    this.looks = new Looks(panel, this.visit, (look) => this.choose(look));
    this.timer = 0;
    /** @type {MediaStreamTrack | null} */
    this.track = null;
  }

  get hiding() {
    return this.visit.media.hiding;
  }

  begin() {
    super.begin();
    window.clearInterval(this.timer);
    show(this.slot("next"), true);
    const { round } = this;
    void this.visit.media.turn("camera", true);
    this.visit.media.open("camera").catch(() => round === this.round && this.screen.next());
    this.visit.tellBackground();
    this.tellEngine();
    this.timer = window.setInterval(() => this.tellEngine(), TELL_MS);
    this.looks.paint();
    this.changed();
  }

  end() {
    super.end();
    window.clearInterval(this.timer);
    this.cover(false);
  }

  /** @param {string} look */
  choose(look) {
    this.visit.hide(look);
    this.hush();
    void this.visit.media.turn("camera", true); // it may have gone off for want of an answer
    this.tellEngine();
    this.picture();
  }

  /** How the browser's engine does; the appliance measures its own. */
  tellEngine() {
    const { hiding } = this;
    if (hiding.applianceAgreed && hiding.hidden) {
      return;
    }
    const mode = hiding.hidden ? kindOf(hiding.look) : /** @type {const} */ ("none");
    this.measured({ kind: "background", mode, ...this.trouble(), ...this.figures() });
  }

  trouble() {
    const state = this.hiding.engine?.state;
    const stuck = state === "unable" || state === "lost";
    return stuck ? { trouble: /** @type {"unable" | "lost"} */ (state) } : {};
  }

  figures() {
    const { engine } = this.hiding;
    if (!engine) {
      return {};
    }
    const now = performance.now();
    const running = engine.state === "running";
    return {
      ready: running,
      frames_per_s: engine.figures.frames,
      ms_per_frame: engine.figures.cost,
      source_frames_per_s: rawFrames(engine.figures),
      // Trying out takes its own time; only what never gets that far is late.
      waiting_s: engine.state === "loading" && engine.fetched ? (now - engine.beganAt) / 1000 : 0,
      running_s: running ? (now - engine.runningSince) / 1000 : 0,
    };
  }

  /** @param {CheckView} _check */
  render(_check) {
    this.looks.tick();
    this.picture();
  }

  /** @param {import("../../../protocol").FindingView} finding */
  show(finding) {
    if (this.hiding.look === NONE || this.early(finding)) {
      this.hush();
    } else {
      super.show(finding);
    }
    show(this.slot("next"), true); // no background is a good choice, too
  }

  /** Nothing is said of what was chosen before. */
  hush() {
    this.told = "";
    show(this.slot("finding"), false);
  }

  /**
   * A finding that is still of another choice, or praise before the picture is there.
   *
   * @param {import("../../../protocol").FindingView} finding
   */
  early({ verdict }) {
    const { hiding } = this;
    const check = this.screen.snapshot?.check;
    const tried = hiding.applianceAgreed || hiding.engine?.state === "running";
    return !check || hiding.unknownTo(check) || (verdict === "passed" && !tried);
  }

  changed() {
    this.looks.changed();
    this.picture();
  }

  /** The appliance's preview covers the raw picture as soon as it is asked for: it fails closed. */
  picture() {
    const remote = this.looks.byAppliance;
    const track = remote ? (this.visit.media.slots[0]?.camera ?? null) : null;
    if (track !== this.track) {
      this.track = track;
      this.preview.srcObject = track ? new MediaStream([track]) : null;
    }
    this.cover(remote);
    show(this.slot("explained"), !remote);
    show(this.slot("appliance"), remote);
    const shown = track !== null && !track.muted && this.preview.videoWidth > 0;
    if (remote && !shown) {
      this.preview.addEventListener("resize", () => this.picture(), { once: true });
    }
    this.progress(remote && !shown ? text("preparing_picture") : this.looks.words);
  }

  /** @param {boolean} blurred */
  cover(blurred) {
    show(this.preview, blurred);
    this.own.classList.toggle("picture__covered", blurred);
  }
}
