/** Tells that somebody has come: two soft tones, and the count in the window's title. */

import { find } from "../find.js";
import { wakeAudio } from "../media/level.js";
import { text } from "../texts.js";
import { chime } from "../tones.js";
import { remember, remembered } from "./remembered.js";

const PLACE = "vorzimmer.bell";

export class Bell {
  constructor() {
    this.button = find(document, "[data-bell]", HTMLButtonElement);
    this.wanted = remembered(PLACE) !== "off";
    this.woken = false;
    this.button.addEventListener("click", () => this.toggle());
    // Browsers allow sound after a gesture only; any click will do.
    addEventListener("click", () => this.wake(), { once: true });
    this.draw();
  }

  wake() {
    this.woken = true;
    wakeAudio();
    this.draw();
  }

  toggle() {
    const asleep = this.button.dataset.bell === "asleep";
    this.wanted = asleep || !this.wanted;
    remember(PLACE, this.wanted ? "on" : "off");
    this.woken = true;
    this.draw();
    if (this.wanted) {
      chime();
    }
  }

  draw() {
    const state = this.wanted ? (this.woken ? "on" : "asleep") : "off";
    this.button.dataset.bell = state;
    this.button.setAttribute("aria-pressed", String(state === "on"));
  }

  /** @param {number} count of those who wait */
  count(count) {
    document.title = count > 0 ? `(${count}) ${text("title")}` : text("title");
  }

  arrived() {
    if (this.wanted && this.woken) {
      chime();
    }
  }
}
