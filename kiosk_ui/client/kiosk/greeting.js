/** One language after the other; whoever touches is greeted in theirs. */

import { show } from "../find.js";

const EACH_MS = 4_000;

export class Greeting {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.languages = [...document.querySelectorAll("[data-greeting]")].map(
      (one) => one.getAttribute("data-greeting") ?? "",
    );
    this.at = 0;
    this.timer = 0;
  }

  get language() {
    return this.languages[this.at] ?? "";
  }

  /** @param {boolean} running */
  run(running) {
    window.clearInterval(this.timer);
    this.turn(running ? 0 : this.at);
    const box = document.querySelector("[data-greetings]");
    if (box) {
      show(box, running);
    }
    if (running) {
      this.timer = window.setInterval(() => this.turn(this.at + 1), EACH_MS);
    }
  }

  /** @param {number} at */
  turn(at) {
    this.at = at % Math.max(1, this.languages.length);
    for (const name of ["greeting", "touch"]) {
      for (const one of document.querySelectorAll(`[data-${name}]`)) {
        show(one, one.getAttribute(`data-${name}`) === this.language);
      }
    }
  }
}
