/** One short sentence over one's own picture while one moves: seen at once, spoken seldom. */

import { announce } from "../../announce.js";
import { find, show, write } from "../../find.js";
import { text } from "../../texts.js";
import { mayBeSpoken } from "./spoken.js";

/** @typedef {NonNullable<import("../../../protocol").Seen["advice"]>} Word */

export class LiveAdvice {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
    /** @type {Word | ""} */
    this.word = "";
    this.since = 0;
    /** @type {Word | ""} */
    this.spoken = "";
    this.spokenAt = 0;
  }

  /** @param {Word} word five times a second */
  show(word) {
    const now = performance.now();
    if (word !== this.word) {
      this.word = word;
      this.since = now;
      this.place.dataset.good = word === "good" ? "yes" : "no";
      write(find(this.place, '[data-slot="words"]', HTMLElement), text(`advice_${word}`));
      show(this.place, true);
    }
    const quietMs = now - this.spokenAt;
    if (mayBeSpoken({ word, spoken: this.spoken, heldMs: now - this.since, quietMs })) {
      this.spoken = word;
      this.spokenAt = now;
      announce(text(`advice_${word}`));
    }
  }

  hide() {
    this.word = "";
    show(this.place, false);
  }

  end() {
    this.hide();
    this.spoken = "";
    this.spokenAt = performance.now();
  }
}
