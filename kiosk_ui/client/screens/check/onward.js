/**
 * After a test that passed the check goes on by itself: shortly, visibly, and never against the
 * client. Who holds it ("Anhalten") goes on by hand from then on; a control that is being used by
 * keyboard, hearing oneself, or a hidden tab stop the time (WCAG 2.2.1).
 */

import { find, onClick, show, write } from "../../find.js";
import { text } from "../../texts.js";

const STAY_MS = 1_500; // long enough to read "Wir hören Sie gut."
const QUICK_STAY_MS = 800; // who has read it before
const TICK_MS = 100;
const GUARD_MS = 300; // a click meant for the step before must not hit the next one

export class Onward {
  /**
   * @param {HTMLElement} root
   * @param {() => void} go
   */
  constructor(root, go) {
    this.root = root;
    this.go = go;
    this.automatic = true;
    this.quick = false;
    /** @type {HTMLElement | null} */
    this.panel = null;
    this.timer = 0;
    this.leftMs = this.stayMs;
    this.guardedUntil = 0;
    onClick(root, "stay", () => this.byHand(true));
    onClick(root, "flow", () => this.byHand(false));
    root.addEventListener("click", (event) => this.guard(event), { capture: true });
  }

  get stayMs() {
    return this.quick ? QUICK_STAY_MS : STAY_MS;
  }

  /** @param {HTMLElement} panel of the step that has passed */
  offer(panel) {
    if (this.panel === panel) {
      return;
    }
    this.cancel();
    this.panel = panel;
    this.leftMs = this.stayMs;
    this.timer = window.setInterval(() => this.tick(panel), TICK_MS);
    this.draw(panel);
  }

  cancel() {
    window.clearInterval(this.timer);
    if (this.panel) {
      show(slot(this.panel, "onward"), false);
    }
    this.panel = null;
  }

  /** @param {HTMLElement} panel */
  tick(panel) {
    if (this.automatic && !held(panel)) {
      this.leftMs -= TICK_MS;
    }
    if (this.leftMs > 0) {
      this.draw(panel);
      return;
    }
    this.cancel();
    this.guardedUntil = performance.now() + GUARD_MS;
    this.go();
  }

  /** @param {boolean} wanted */
  byHand(wanted) {
    this.automatic = !wanted;
    this.leftMs = this.stayMs;
    if (this.panel) {
      this.draw(this.panel);
      // The pressed button goes; a control that has the focus would hold the time.
      find(this.panel, wanted ? '[data-do="next"]' : "h1", HTMLElement).focus();
    }
  }

  /** @param {HTMLElement} panel */
  draw(panel) {
    const box = slot(panel, "onward");
    box.dataset.running = this.automatic && !held(panel) ? "yes" : "no";
    box.style.setProperty("--left", String(Math.max(0, this.leftMs / this.stayMs)));
    write(slot(panel, "onward-words"), text(this.automatic ? "onward_soon" : "onward_by_hand"));
    show(find(panel, '[data-do="stay"]', HTMLElement), this.automatic);
    show(find(panel, '[data-do="flow"]', HTMLElement), !this.automatic);
    show(box, true);
  }

  /** @param {Event} event */
  guard(event) {
    if (event.isTrusted && performance.now() < this.guardedUntil) {
      event.preventDefault();
      event.stopPropagation();
    }
  }
}

/**
 * Somebody is busy in this step, or nobody is looking.
 *
 * @param {HTMLElement} panel
 */
function held(panel) {
  const used = document.activeElement;
  const byKeyboard = used !== null && used.tagName !== "H1" && used.matches(":focus-visible");
  const hearsOneself = panel.querySelector('[data-do="echo"][aria-pressed="true"]') !== null;
  const asks = document.querySelector("dialog[open]") !== null; // for help, or for the phone
  const writes = used instanceof HTMLInputElement && used.closest("[data-help]") !== null;
  const busy = hearsOneself || asks || writes;
  return document.hidden || busy || (byKeyboard && panel.contains(used));
}

/**
 * @param {HTMLElement} panel
 * @param {string} name
 */
function slot(panel, name) {
  return find(panel, `[data-slot="${name}"]`, HTMLElement);
}
