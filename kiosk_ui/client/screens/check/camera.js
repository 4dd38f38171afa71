/** The camera: oneself large, live advice. */

import { find } from "../../find.js";
import { StillPicture } from "../../media/still_picture.js";
import { isVirtual } from "../../media/virtual_camera.js";
import { text } from "../../texts.js";
import { LiveAdvice } from "./advice.js";
import { Step } from "./step.js";

const MEASURE_MS = 500; // a picture that stops just before the praise is told in time
const RATE_OVER_MS = 3_000;
const LONGEST_S = 3_600; // the most that the wire takes

export class CameraStep extends Step {
  /**
   * @param {HTMLElement} panel
   * @param {import("../check.js").CheckScreen} screen
   */
  constructor(panel, screen) {
    super("camera", panel, screen);
    this.video = find(screen.root, "[data-own-picture]", HTMLVideoElement);
    this.timer = 0;
    this.advice = new LiveAdvice(find(screen.root, '[data-slot="advice"]', HTMLElement));
    /** @type {number[]} when new frames were shown */
    this.frames = [];
    this.still = new StillPicture();
    this.seenSince = 0;
    /** @type {MediaStreamTrack | null} */
    this.track = null;
  }

  begin() {
    super.begin();
    this.stopMeasuring();
    void this.visit.media.turn("camera", true); // whoever tests it wants to be seen
    void this.look(this.round);
  }

  end() {
    super.end();
    this.stopMeasuring();
  }

  /** Its light would say that somebody sees the client. */
  goneWithout() {
    this.end(); // first, or the step would say that it was unplugged
    this.visit.media.release("camera");
  }

  stopMeasuring() {
    window.clearInterval(this.timer);
    this.advice.end();
    this.track = null;
    this.seenSince = 0;
  }

  /** @param {number} round */
  async look(round) {
    this.progress(text("asking_camera"));
    try {
      const track = await this.screen.prompt.during("camera", this.visit.media.open("camera"));
      if (round === this.round) {
        this.progress(text("looking"));
        this.track = track;
        this.countFrames(round);
        this.timer = window.setInterval(() => this.measure(track), MEASURE_MS);
      }
    } catch (error) {
      if (round === this.round) {
        this.failed(error);
      }
    }
  }

  /**
   * New frames only: a picture that stands still is none.
   *
   * @param {number} round
   */
  countFrames(round) {
    this.frames = [];
    this.still = new StillPicture();
    if (!("requestVideoFrameCallback" in HTMLVideoElement.prototype)) {
      return;
    }
    const count = () => {
      const now = performance.now();
      this.frames.push(now);
      if (!this.visit.media.hiding.hidden) {
        this.still.look(this.video, now); // what is painted behind the client does stand still
      }
      if (round === this.round) {
        this.video.requestVideoFrameCallback(count);
      }
    };
    this.video.requestVideoFrameCallback(count);
  }

  /** @param {MediaStreamTrack} track */
  measure(track) {
    const now = performance.now();
    if (!this.screen.listenedTo) {
      this.seenSince = 0;
      return;
    }
    if (!this.seenSince) {
      this.seenSince = now;
      return;
    }
    const duration = (now - this.seenSince) / 1000;
    const { width = 0, height = 0, frameRate = 0 } = track.getSettings();
    const span = Math.min(RATE_OVER_MS, now - this.seenSince);
    this.frames = this.frames.filter((at) => at > now - span);
    const counted = "requestVideoFrameCallback" in HTMLVideoElement.prototype;
    this.measured({
      kind: "camera",
      virtual: isVirtual(track.label), // the label itself stays here
      width: Math.round(width),
      height: Math.round(height),
      track_muted: track.muted,
      frames_per_s: counted ? this.frames.length / (span / 1000) : frameRate,
      same_picture_s: Math.min(LONGEST_S, this.still.seconds),
      duration_s: Math.min(LONGEST_S, duration),
    });
  }

  /** @param {import("../../../protocol").FindingView} finding */
  show(finding) {
    super.show(finding);
    if (finding.verdict !== "open") {
      this.progress("");
    }
  }

  /** @param {import("../../../protocol").Seen} seen */
  seen({ advice }) {
    if (advice && this.track) {
      this.advice.show(advice);
    } else {
      this.advice.hide();
    }
  }

  changed() {
    if (this.track && !this.visit.media.tracks.camera) {
      this.failed("ended");
    }
  }

  /** @param {unknown} error a ``NoDevice``, or why the track is not there any more */
  failed(error) {
    this.stopMeasuring();
    this.progress("");
    this.noTrack("camera", error);
  }
}
