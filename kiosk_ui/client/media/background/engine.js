/** One run of the browser's engine on one camera: tried first, then kept or given up. */

import { PageRun } from "./page_run.js";
import { capable } from "./probe.js";
import { FETCH_LIMIT_MS, plan, SELF_TEST_MS, SMALL, StepDown, TASK_LIMIT_MS, tooSlow } from "./rule.js";
import { canRunInWorker, WorkerRun } from "./worker_run.js";

/** @typedef {"loading" | "testing" | "running" | "unable" | "lost"} EngineState */
/** @typedef {"unable" | "lost" | "lighter" | "plain" | "ask"} Trouble */

/**
 * @typedef {object} EngineEvents
 * @property {() => void} onChange
 * @property {(trouble: Trouble) => void} onTrouble
 */

export class Engine {
  /**
   * @param {MediaStreamTrack} raw
   * @param {string} look
   * @param {EngineEvents} events
   */
  constructor(raw, look, events) {
    this.raw = raw;
    this.events = events;
    /** @type {EngineState} */
    this.state = "loading";
    this.hasPerson = false;
    this.ended = false; // what its worker says while it dies is of no interest
    this.fetched = false; // before that the line is slow, not the device
    this.beganAt = performance.now();
    this.runningSince = 0;
    /** @type {import("./rule.js").Figures} */
    this.figures = { frames: 0, busy: 0, cost: 0, nominal: raw.getSettings().frameRate ?? 0 };
    this.stepDown = new StepDown();
    /** @type {WorkerRun | PageRun | null} */
    this.run = capable() ? this.start(look) : null;
    /** @type {MediaStreamTrack | null} from the first frame on, closed until there is a mask */
    this.track = this.run?.track ?? null;
    if (!this.run) {
      this.state = "unable";
      queueMicrotask(() => this.giveUp("unable"));
    }
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.patience = undefined;
    this.wait(FETCH_LIMIT_MS + SELF_TEST_MS);
  }

  /**
   * A worker that never answers is no engine either.
   *
   * @param {number} ms
   */
  wait(ms) {
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.late(), ms);
  }

  /** @param {string} look */
  start(look) {
    const say = (/** @type {import("./runner.js").Said} */ said) => this.hear(said);
    try {
      return canRunInWorker ? new WorkerRun(this.raw, look, say) : new PageRun(this.raw, look, say);
    } catch {
      return null;
    }
  }

  /** @param {import("./runner.js").Said} said */
  hear(said) {
    if (this.ended) {
      return;
    }
    if (said.type === "failed" || said.type === "lost") {
      this.giveUp(said.type === "lost" ? "lost" : "unable");
    } else if (said.type === "fetched") {
      this.fetched = true;
      this.beganAt = performance.now();
      this.wait(TASK_LIMIT_MS + 2 * SELF_TEST_MS);
    } else if (said.type === "loaded") {
      this.state = "testing";
      setTimeout(() => this.judge(), SELF_TEST_MS);
    } else if (said.type === "person") {
      this.hasPerson = true;
    } else {
      this.measure(said);
    }
    this.events.onChange();
  }

  /** @param {{frames: number, busy: number, cost: number}} said */
  measure({ frames, busy, cost }) {
    this.figures = { ...this.figures, frames, busy, cost };
    if (this.state === "running") {
      const step = this.stepDown.watch(performance.now(), tooSlow(this.figures));
      if (step === "lighter") {
        this.run?.tell({ type: "plan", plan: SMALL });
      }
      if (step) {
        this.events.onTrouble(step);
      }
    }
  }

  /** The self-test is over. */
  judge() {
    if (this.ended || this.state !== "testing") {
      return;
    }
    clearTimeout(this.patience);
    const found = this.hasPerson ? plan(this.figures) : null;
    if (!found) {
      this.giveUp("unable");
      return;
    }
    this.state = "running";
    this.runningSince = performance.now();
    this.run?.tell({ type: "plan", plan: found });
    this.events.onChange();
  }

  late() {
    if (this.state === "loading" || this.state === "testing") {
      this.giveUp("unable");
    }
  }

  /** @param {"unable" | "lost"} why */
  giveUp(why) {
    if (this.ended) {
      return;
    }
    this.state = why;
    this.end();
    this.events.onTrouble(why);
    this.events.onChange();
  }

  /** @param {string} look */
  show(look) {
    this.run?.tell({ type: "look", look });
  }

  /**
   * @param {string} look
   * @param {ImageBitmap} bitmap
   */
  give(look, bitmap) {
    this.run?.tell({ type: "picture", look, bitmap });
  }

  end() {
    this.ended = true;
    clearTimeout(this.patience);
    this.run?.end();
    this.run = null;
    this.track = null;
  }
}
