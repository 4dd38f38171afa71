/** A finding that is not told yet: gain control first gets its time with the voice. */

const LIFTED_MS = 6_000; // of voice: it adds some 15 dB at once, and 6 dB with each second
const LONGEST_MS = 12_000; // whoever says nothing more is told then
const LOOK_MS = 250;

export class HeldBack {
  /** @param {(finding: import("../../../protocol").FindingView) => void} tell */
  constructor(tell) {
    this.tell = tell;
    /** @type {import("../../../protocol").FindingView | null} */
    this.finding = null;
    this.voice = false; // heard at this moment
    this.timer = 0;
    this.over = true;
  }

  /** Gain control works from now on; the clock is its own, for measuring may fail. */
  begin() {
    this.end();
    this.over = false;
    const begunAt = performance.now();
    let spokenMs = 0;
    let lookedAt = begunAt;
    this.timer = window.setInterval(() => {
      const now = performance.now();
      spokenMs += this.voice ? now - lookedAt : 0;
      lookedAt = now;
      if (spokenMs >= LIFTED_MS || now - begunAt >= LONGEST_MS) {
        this.release();
      }
    }, LOOK_MS);
  }

  /** Nothing has lifted it. */
  release() {
    window.clearInterval(this.timer);
    this.over = true;
    if (this.finding) {
      this.tell(this.finding);
    }
  }

  /** What was held back is not told any more. */
  end() {
    window.clearInterval(this.timer);
    this.finding = null;
    this.voice = false;
    this.over = true;
  }
}
