/** Tells the client what is wrong with the own devices during the conversation; can be dismissed. */

import { announce } from "../announce.js";
import { find, onClick, show, write } from "../find.js";
import { Listening } from "../media/level.js";
import { Watch } from "../media/watch.js";
import { text } from "../texts.js";

/** @typedef {import("../media/watch.js").Cause} Cause */

const LOOK_MS = 500;
const WIDTH = 16;
const HEIGHT = 12;

export class SessionWatch {
  /**
   * @param {HTMLElement} root
   * @param {import("../visit.js").Visit} visit
   */
  constructor(root, visit) {
    this.visit = visit;
    this.box = find(root, '[data-slot="watch"]', HTMLElement);
    this.video = find(root, "[data-own-picture]", HTMLVideoElement);
    this.canvas = new TinyPicture();
    this.watch = new Watch();
    /** @type {Listening | null} */
    this.listening = null;
    /** @type {Cause | ""} */
    this.said = "";
    this.timer = 0;
    this.frames = 0;
    onClick(this.box, "watch-seen", () => this.dismiss());
  }

  begin() {
    this.end();
    this.watch = new Watch();
    this.timer = window.setInterval(() => this.look(), LOOK_MS);
    this.countFrames(this.timer);
  }

  end() {
    window.clearInterval(this.timer);
    this.timer = 0;
    this.listening?.stop();
    this.listening = null;
    this.say("");
  }

  dismiss() {
    if (this.said) {
      this.watch.dismiss(this.said);
    }
    this.say("");
  }

  look() {
    const { media, snapshot } = this.visit;
    const { microphone, camera } = media.tracks;
    this.listenTo(snapshot?.mode === "text" ? null : microphone);
    const seen = snapshot?.mode === "video" && snapshot.seen_by_adviser;
    const cameraOn = Boolean(seen && media.on.camera && camera);
    const counts = "requestVideoFrameCallback" in HTMLVideoElement.prototype;
    this.say(
      this.watch.look({
        now: performance.now(),
        hidden: document.hidden,
        microphoneOn: media.on.microphone && microphone !== null,
        levelDbfs: this.levelDbfs,
        microphoneMuted: microphone?.muted ?? false,
        cameraOn,
        cameraMuted: camera?.muted ?? false,
        frames: counts && this.video.checkVisibility() ? this.frames : null,
        luma: cameraOn && this.video.videoWidth > 0 ? this.canvas.luma(this.video) : null,
      }),
    );
    this.frames = 0;
  }

  /** Null until something was heard: an audio engine that sleeps is no silent microphone. */
  get levelDbfs() {
    const heard = this.listening?.record.heard ?? 0;
    return this.listening && heard > 0 ? this.listening.record.levelDbfs : null;
  }

  /** @param {MediaStreamTrack | null} track */
  listenTo(track) {
    if (track === (this.listening?.track ?? null)) {
      return;
    }
    this.listening?.stop();
    this.listening = track ? new Listening(track) : null;
    this.listening?.start().catch(() => {}); // without levels the rest is watched all the same
  }

  /** @param {number} round */
  countFrames(round) {
    const count = () => {
      this.frames += 1;
      if (round === this.timer) {
        this.video.requestVideoFrameCallback?.(count);
      }
    };
    this.video.requestVideoFrameCallback?.(count);
  }

  /** @param {Cause | ""} cause */
  say(cause) {
    if (cause === this.said) {
      return;
    }
    this.said = cause;
    const words = cause ? `${text(`watch_${cause}`)} ${text(`watch_${cause}_step`)}` : "";
    write(find(this.box, '[data-slot="watch-words"]', HTMLElement), words);
    show(this.box, cause !== "");
    if (words) {
      announce(words);
    }
  }
}

/** The own picture made tiny; its pixels are looked at and forgotten. */
class TinyPicture {
  constructor() {
    const canvas = document.createElement("canvas");
    canvas.width = WIDTH;
    canvas.height = HEIGHT;
    this.pen = canvas.getContext("2d", { willReadFrequently: true });
  }

  /**
   * @param {HTMLVideoElement} video
   * @returns {number | null} mean luma, 0 to 255
   */
  luma(video) {
    if (!this.pen) {
      return null;
    }
    this.pen.drawImage(video, 0, 0, WIDTH, HEIGHT);
    const { data } = this.pen.getImageData(0, 0, WIDTH, HEIGHT);
    let sum = 0;
    for (let at = 0; at < data.length; at += 4) {
      sum += 0.2126 * data[at] + 0.7152 * data[at + 1] + 0.0722 * data[at + 2];
    }
    return sum / (WIDTH * HEIGHT);
  }
}
