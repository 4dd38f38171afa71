/**
 * Tells the client what is wrong with the own devices during the conversation, which can be
 * dismissed, and tells web for the adviser's desk as long as it lasts.
 */

import { announce } from "../announce.js";
import { find, onClick, show, write } from "../find.js";
import { Listening } from "../media/level.js";
import { TinyPicture } from "../media/tiny_picture.js";
import { Watch } from "../media/watch.js";
import { text } from "../texts.js";

/** @typedef {import("../media/watch.js").Cause} Cause */

const LOOK_MS = 500;

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
    /** @type {import("../media/watch.js").Fault | null | undefined} undefined: web may not know */
    this.told = undefined;
    this.timer = 0;
    this.frames = 0;
    this.bursts = 0;
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
    this.told = undefined;
  }

  /** The socket is open again. */
  opened() {
    this.told = undefined;
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
    const picture = cameraOn && this.video.videoWidth > 0 ? this.canvas.look(this.video) : null;
    const counts = "requestVideoFrameCallback" in HTMLVideoElement.prototype;
    const now = performance.now();
    this.say(
      this.watch.look({
        now,
        hidden: document.hidden,
        microphoneOn: media.on.microphone && microphone !== null,
        levelDbfs: this.levelDbfs,
        clippedBursts: this.newBursts(),
        microphoneMuted: microphone?.muted ?? false,
        cameraOn,
        cameraMuted: camera?.muted ?? false,
        frames: counts && this.video.checkVisibility() ? this.frames : null,
        luma: picture?.luma ?? null,
        // Before a painted room that is empty nothing is known of the lens.
        covered: picture !== null && picture.covered && !media.hiding.engine,
      }),
    );
    this.frames = 0;
    this.tell(this.watch.fault(now));
  }

  /** Since the look before. */
  newBursts() {
    const before = this.bursts;
    this.bursts = this.listening?.record.clippedBursts ?? 0;
    return this.bursts - before;
  }

  /** @param {import("../media/watch.js").Fault | null} cause */
  tell(cause) {
    if (cause !== this.told && this.visit.send({ type: "watched", cause })) {
      this.told = cause;
    }
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
    this.bursts = 0;
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
