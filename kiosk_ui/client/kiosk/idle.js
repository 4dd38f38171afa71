/**
 * Whether anybody is still there. Before the waiting room soon, in it seldom, never in a conversation:
 * first a question with a visible countdown, then everything is forgotten. Free of the DOM but for
 * the events that count as a sign of life.
 */

/** @typedef {"before" | "waiting" | "never"} Place */
/** @typedef {{questionMs: number, wipeMs: number}} Limits */

/**
 * @typedef {object} IdleEvents
 * @property {(leftS: number) => void} onAsk each second while the question stands
 * @property {() => void} onHere the question is gone
 * @property {() => void} onGone nobody has answered
 */

const TICK_MS = 250;
const LONGER = 3; // times as long without a question, for whoever has asked for it

/**
 * @param {number} idleMs since the newest sign of life
 * @param {Limits} limits
 * @returns {{asks: boolean, leftS: number}} ``leftS`` is 0 when it is over
 */
export function judgeIdle(idleMs, { questionMs, wipeMs }) {
  const leftS = Math.max(0, Math.ceil((questionMs + wipeMs - idleMs) / 1000));
  return { asks: idleMs >= questionMs, leftS };
}

export class Idle {
  /**
   * @param {Record<"before" | "waiting", Limits>} limits
   * @param {IdleEvents} events
   */
  constructor(limits, events) {
    this.limits = limits;
    this.events = events;
    /** @type {Place} */
    this.place = "never";
    this.since = performance.now();
    this.asks = false;
    this.patience = 1;
    for (const sign of ["pointerdown", "keydown", "input"]) {
      addEventListener(sign, () => this.asks || this.here(), { capture: true, passive: true });
    }
    setInterval(() => this.tick(performance.now()), TICK_MS);
  }

  /** @param {Place} place */
  at(place) {
    if (place !== this.place) {
      this.place = place;
      this.here();
    }
  }

  /** Somebody is there, or the page has gone on by itself. */
  here() {
    this.since = performance.now();
    if (this.asks) {
      this.asks = false;
      this.events.onHere();
    }
  }

  /** Whoever reads slowly is left in peace on this screen. In the waiting room the time is long anyway. */
  longer() {
    this.patience = LONGER;
    this.here();
  }

  /** Another screen: the usual time again. */
  another() {
    this.patience = 1;
    this.here();
  }

  /** @returns {Limits} */
  limitsHere() {
    const { questionMs, wipeMs } = this.limits[this.place === "waiting" ? "waiting" : "before"];
    return { questionMs: this.place === "waiting" ? questionMs : questionMs * this.patience, wipeMs };
  }

  /** @param {number} now */
  tick(now) {
    if (this.place === "never") {
      return;
    }
    const { asks, leftS } = judgeIdle(now - this.since, this.limitsHere());
    if (asks && leftS === 0) {
      this.place = "never";
      this.events.onGone();
    } else if (asks) {
      this.asks = true;
      this.events.onAsk(leftS);
    }
  }
}
