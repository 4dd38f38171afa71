/**
 * The adviser's screen takes the stage. It is made larger by buttons, keys, pinching and the wheel,
 * and moved by dragging, swiping, arrow keys and scroll bars.
 */

import { announce } from "../announce.js";
import { find, onClick, show, write } from "../find.js";
import { text } from "../texts.js";
import { fitted, limited, scrolled } from "./zoom.js";

const STEP = 1.25;
const TWICE = 2; // by a double click

/** @typedef {{x: number, y: number}} Point */

export class SharedScreen {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.box = find(root, '[data-slot="screen"]', HTMLElement);
    this.video = find(this.box, "video", HTMLVideoElement);
    this.tools = find(root, '[data-slot="zoom"]', HTMLElement);
    this.words = find(this.tools, '[data-slot="zoomed"]', HTMLElement);
    this.zoom = 1;
    /** @type {MediaStreamTrack | null} */
    this.track = null;
    /** @type {Map<number, Point>} fingers, or the pressed mouse */
    this.touches = new Map();
    onClick(root, "zoom-in", () => this.step(this.zoom * STEP));
    onClick(root, "zoom-out", () => this.step(this.zoom / STEP));
    onClick(root, "zoom-fit", () => this.step(1));
    this.wire();
  }

  wire() {
    const { box } = this;
    box.addEventListener("keydown", (event) => this.key(event));
    box.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    box.addEventListener("dblclick", (event) => {
      this.scale(this.zoom > 1 ? 1 : TWICE, this.pointOf(event));
    });
    box.addEventListener("pointerdown", (event) => this.down(event));
    box.addEventListener("pointermove", (event) => this.move(event));
    for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) {
      box.addEventListener(end, ({ pointerId }) => this.touches.delete(pointerId));
    }
    this.video.addEventListener("resize", () => this.draw());
    new ResizeObserver(() => this.draw()).observe(box);
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
    this.touches.clear();
    this.scale(1);
    if (track) {
      announce(text("screen_shared", { name }));
    }
  }

  /** With the scroll bars, or they would come and go with the size that they make. */
  get size() {
    return { width: this.box.offsetWidth, height: this.box.offsetHeight };
  }

  /** As large as the zoom says, in pixels: a phone held upright has no bars to move through. */
  draw() {
    const { videoWidth: width, videoHeight: height } = this.video;
    const size = fitted(this.size, { width, height });
    this.video.style.setProperty("--wide", `${Math.floor(size.width * this.zoom)}px`);
    this.video.style.setProperty("--high", `${Math.floor(size.height * this.zoom)}px`);
    return { width: size.width * this.zoom, height: size.height * this.zoom };
  }

  /**
   * @param {number} zoom
   * @param {Point} [at] what lies there stays there; else the middle
   */
  scale(zoom, at) {
    const { width, height } = this.size;
    const { x, y } = at ?? { x: width / 2, y: height / 2 };
    const before = this.draw();
    this.zoom = limited(zoom);
    const after = this.draw();
    const { box } = this;
    const across = { box: width, before: before.width, after: after.width };
    const down = { box: height, before: before.height, after: after.height };
    box.scrollTo(scrolled(across, box.scrollLeft, x), scrolled(down, box.scrollTop, y));
    write(this.words, text("zoomed", { percent: Math.round(this.zoom * 100) }));
  }

  /** @param {KeyboardEvent} event arrow keys are the browser's own: the box can be scrolled */
  key(event) {
    const zoom = { "+": this.zoom * STEP, "-": this.zoom / STEP, 0: 1 }[event.key];
    if (zoom && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.step(zoom);
    }
  }

  /** @param {number} zoom by a button or a key: said aloud, too */
  step(zoom) {
    this.scale(zoom);
    announce(this.words.textContent ?? "");
  }

  /** @param {WheelEvent} event a pinch on a touch pad comes as a wheel with Ctrl */
  wheel(event) {
    if (event.ctrlKey) {
      event.preventDefault();
      this.scale(this.zoom * Math.exp(-event.deltaY / 100), this.pointOf(event));
    }
  }

  /** @param {MouseEvent} event */
  pointOf({ clientX, clientY }) {
    const { left, top } = this.box.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }

  /** @param {PointerEvent} event */
  down(event) {
    const point = this.pointOf(event);
    if (point.x < this.box.clientWidth && point.y < this.box.clientHeight) {
      this.touches.set(event.pointerId, point); // beyond that are scroll bars
      this.box.setPointerCapture(event.pointerId);
    }
  }

  /** @param {PointerEvent} event one finger moves the picture, two make it larger or smaller */
  move(event) {
    const before = this.touches.get(event.pointerId);
    if (!before) {
      return;
    }
    const now = this.pointOf(event);
    const other = [...this.touches].find(([id]) => id !== event.pointerId)?.[1];
    this.touches.set(event.pointerId, now);
    this.box.scrollBy((before.x - now.x) / (other ? 2 : 1), (before.y - now.y) / (other ? 2 : 1));
    if (other) {
      const [from, to] = [before, now].map(({ x, y }) => Math.hypot(x - other.x, y - other.y));
      this.scale(from > 0 ? (this.zoom * to) / from : this.zoom, middle(now, other));
    }
  }
}

/**
 * @param {Point} one
 * @param {Point} other
 * @returns {Point}
 */
function middle(one, other) {
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
}
