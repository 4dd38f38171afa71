/** The adviser's screen takes the stage and can be made larger: by buttons, keys and pinching. */

import { announce } from "../announce.js";
import { find, onClick, show } from "../find.js";
import { text } from "../texts.js";

const STEP = 1.25;
const MOST = 4;

export class SharedScreen {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.box = find(root, '[data-slot="screen"]', HTMLElement);
    this.video = find(this.box, "video", HTMLVideoElement);
    this.tools = find(root, '[data-slot="zoom"]', HTMLElement);
    this.zoom = 1;
    /** @type {MediaStreamTrack | null} */
    this.track = null;
    onClick(root, "zoom-in", () => this.scale(this.zoom * STEP));
    onClick(root, "zoom-out", () => this.scale(this.zoom / STEP));
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("wheel", (event) => this.pinch(event), { passive: false });
  }

  get shown() {
    return this.track !== null;
  }

  /**
   * @param {MediaStreamTrack | null} track
   * @param {string} name
   */
  fill(track, name) {
    if (track === this.track) {
      return;
    }
    this.track = track;
    this.video.srcObject = track ? new MediaStream([track]) : null;
    show(this.box, track !== null);
    show(this.tools, track !== null);
    this.scale(1);
    if (track) {
      announce(text("screen_shared", { name }));
    }
  }

  /** @param {number} zoom */
  scale(zoom) {
    this.zoom = Math.min(MOST, Math.max(1, zoom));
    this.video.style.setProperty("--zoom", String(this.zoom));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key === "+" || event.key === "-") {
      event.preventDefault();
      this.scale(event.key === "+" ? this.zoom * STEP : this.zoom / STEP);
    }
  }

  /** @param {WheelEvent} event a pinch on a touch pad comes as a wheel with Ctrl */
  pinch(event) {
    if (event.ctrlKey) {
      event.preventDefault();
      this.scale(this.zoom * Math.exp(-event.deltaY / 100));
    }
  }
}
