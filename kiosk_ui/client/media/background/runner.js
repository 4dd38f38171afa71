/**
 * Frame in, generated picture out: the part that is alike in the worker and in the page.
 *
 * Says once a second how it does, and at once when it has its first mask, fails or loses WebGL.
 */

import { within } from "../time_limit.js";
import { Gate } from "./gate.js";
import { Painter } from "./painter.js";
import { FETCH_LIMIT_MS, TASK_LIMIT_MS, TRIAL } from "./rule.js";
import { Segmenter } from "./segmenter.js";

/** @typedef {HTMLCanvasElement | OffscreenCanvas} Surface */

/**
 * @typedef {{type: "fetched"} | {type: "loaded"} | {type: "failed"} | {type: "lost"} | {type: "person"}
 *   | {type: "figures", frames: number, busy: number, cost: number}} Said
 */
/**
 * @typedef {{type: "look", look: string} | {type: "plan", plan: import("./rule.js").Plan}
 *   | {type: "picture", look: string, bitmap: ImageBitmap} | {type: "end"}} Told
 */

const EVERY_MS = 1_000;

export class Runner {
  /**
   * @param {(said: Said) => void} say
   * @param {(width: number, height: number) => Surface} surface
   * @param {Surface} out
   * @param {string} look
   */
  constructor(say, surface, out, look) {
    this.say = say;
    this.look = look;
    this.plan = TRIAL;
    this.gate = new Gate();
    this.painter = new Painter(surface, out);
    this.segmenter = new Segmenter(surface, () => this.lose());
    this.lost = false;
    this.ready = false;
    this.second = false;
    this.seen = false;
    this.number = 0;
    this.since = performance.now();
    this.frames = 0;
    this.busyMs = 0;
  }

  async load() {
    try {
      await within(this.segmenter.fetch(), FETCH_LIMIT_MS);
      if (this.lost) {
        return; // ended meanwhile
      }
      this.say({ type: "fetched" });
      await within(this.segmenter.load(), TASK_LIMIT_MS, () => this.segmenter.close());
      this.ready = true;
      this.follow(this.plan);
      this.count();
      this.say({ type: "loaded" });
    } catch {
      this.say({ type: "failed" });
    }
  }

  lose() {
    if (!this.lost) {
      this.lost = true;
      this.gate.restart();
      this.say({ type: "lost" });
    }
  }

  /** @param {Told} told */
  obey(told) {
    if (told.type === "look") {
      this.look = told.look;
    } else if (told.type === "plan") {
      this.follow(told.plan);
    } else if (told.type === "picture") {
      this.painter.keep(told.look, told.bitmap);
    } else {
      this.lost = true;
      this.segmenter.close();
    }
  }

  /** @param {import("./rule.js").Plan} plan */
  follow(plan) {
    this.plan = plan;
    this.segmenter.turns = plan.models === "turns";
    if (plan.models !== "one" && !this.segmenter.landscape && this.ready && !this.second) {
      this.second = true;
      this.segmenter.loadSecond().catch(() => {}); // the first serves alone
    }
  }

  /**
   * Paints one frame. Never raises: what cannot be masked is painted closed.
   *
   * @param {CanvasImageSource} frame
   * @param {number} width
   * @param {number} height
   */
  paint(frame, width, height) {
    const began = performance.now();
    if (this.painter.fit(width, height, this.plan.longest)) {
      this.gate.restart();
    }
    const small = this.painter.look(frame);
    if (!this.lost && this.number % this.plan.every === 0) {
      this.renewMask(small);
    }
    this.number += 1;
    this.painter.paint(frame, small, this.look, this.gate.open(performance.now()));
    this.tick(began, performance.now());
  }

  /** @param {ImageData} small */
  renewMask(small) {
    try {
      const mask = this.segmenter.person(small, this.painter.upright);
      if (mask) {
        this.painter.take(mask);
        this.gate.masked(performance.now());
        this.tellPerson();
      }
    } catch {
      // The old mask serves for half a second, then the picture closes.
    }
  }

  tellPerson() {
    if (!this.seen) {
      this.seen = true;
      this.say({ type: "person" });
    }
  }

  /**
   * @param {number} began
   * @param {number} now
   */
  tick(began, now) {
    this.frames += 1;
    this.busyMs += now - began;
    const passed = now - this.since;
    if (this.ready && passed >= EVERY_MS) {
      this.say({
        type: "figures",
        frames: (this.frames * 1000) / passed,
        busy: this.busyMs / passed,
        cost: this.busyMs / this.frames,
      });
      this.count();
    }
  }

  count() {
    this.since = performance.now();
    this.frames = 0;
    this.busyMs = 0;
  }
}
