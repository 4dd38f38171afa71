/** Points at the browser's question while it waits for an answer; many people overlook it. */

import { find, show, write } from "../../find.js";
import { recognise } from "../../media/browser.js";
import { permission } from "../../media/permission.js";
import { text } from "../../texts.js";

const OVERLOOKED_MS = 4_000; // own; who has seen it answers sooner
const AT_THE_TOP = new Set(["chromium", "edge", "firefox"]); // beside the address, on computers
const PHONES = new Set(["android", "ios"]);

export class PromptHint {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.box = find(root, '[data-slot="prompt-hint"]', HTMLElement);
    const { browser, os } = recognise(navigator);
    this.known = AT_THE_TOP.has(browser) && !PHONES.has(os);
    this.timer = 0;
  }

  /**
   * @template T
   * @param {"microphone" | "camera"} kind
   * @param {Promise<T>} answer
   * @returns {Promise<T>}
   */
  async during(kind, answer) {
    window.clearTimeout(this.timer);
    const timer = window.setTimeout(() => void this.point(kind, timer), OVERLOOKED_MS);
    this.timer = timer;
    try {
      return await answer;
    } finally {
      window.clearTimeout(timer);
      if (this.timer === timer) {
        this.timer = 0;
        show(this.box, false);
      }
    }
  }

  /**
   * @param {"microphone" | "camera"} kind
   * @param {number} timer of the question that is waited for
   */
  async point(kind, timer) {
    const open = (await permission(kind)) === "prompt";
    if (open && this.timer === timer) {
      this.box.dataset.arrow = this.known ? "yes" : "no";
      write(find(this.box, '[data-slot="words"]', HTMLElement), text(this.known ? "prompt_at_top" : "prompt_somewhere"));
      show(this.box, true);
    }
  }
}
