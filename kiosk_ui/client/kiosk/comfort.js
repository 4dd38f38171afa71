/** What makes the page easier to see and hear: contrast, size of type, reading out. For one visitor. */

import { find, onClick, show } from "../find.js";
import { COMFORT as PLACE } from "./places.js";

/** @typedef {"contrast" | "size" | "read"} Wish */

export class Comfort {
  constructor() {
    /** @type {Record<Wish, boolean>} */
    this.wishes = { contrast: false, size: false, read: false, ...kept() };
    this.shown = "";
    /** @type {HTMLAudioElement | null} */
    this.speaking = null;
    for (const wish of /** @type {Wish[]} */ (["contrast", "size", "read"])) {
      onClick(document, `kiosk-${wish}`, () => this.toggle(wish));
    }
    const sounds = document.querySelector("audio[data-guide]") !== null;
    show(find(document, '[data-do="kiosk-read"]', HTMLElement), sounds);
    this.draw();
  }

  /** @param {Wish} wish */
  toggle(wish) {
    this.wishes[wish] = !this.wishes[wish];
    sessionStorage.setItem(PLACE, JSON.stringify(this.wishes));
    this.draw();
    if (wish === "read") {
      this.wishes.read ? this.speak() : this.hush();
    }
  }

  draw() {
    for (const [wish, on] of Object.entries(this.wishes)) {
      document.documentElement.dataset[`kiosk${wish}`] = on ? "yes" : "no";
      const button = document.querySelector(`[data-do="kiosk-${wish}"]`);
      button?.setAttribute("aria-pressed", String(on));
    }
    document.documentElement.dataset.kernTheme = this.wishes.contrast ? "dark" : "light";
  }

  /**
   * Another screen is shown; read out to whoever wants it.
   *
   * @param {string} name of a ``data-guide``
   */
  at(name) {
    if (name !== this.shown) {
      this.shown = name;
      this.hush();
      if (this.wishes.read) {
        this.speak();
      }
    }
  }

  speak() {
    const sound = document.querySelector(`audio[data-guide="${this.shown}"]`);
    if (sound instanceof HTMLAudioElement) {
      this.speaking = sound;
      sound.currentTime = 0;
      sound.play().catch(() => {}); // there are words on the screen, too
    }
  }

  hush() {
    this.speaking?.pause();
    this.speaking = null;
  }
}

/** @returns {object} */
function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(PLACE) ?? "{}");
  } catch {
    return {};
  }
}
