/** Tells that somebody has come: two soft tones, and the count in the window's title. */

import { find } from "../find.js";
import { wakeAudio } from "../media/level.js";
import { text } from "../texts.js";
import { remember, remembered } from "./remembered.js";

const PLACE = "vorzimmer.bell";
const TONES_HZ = [523.25, 659.25]; // C and E: friendly, not an alarm
const TONE_S = 0.35;
const LOUDNESS = 0.12; // of full scale

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
      this.ring();
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
      this.ring();
    }
  }

  ring() {
    const audio = wakeAudio();
    TONES_HZ.forEach((hz, index) => tone(audio, hz, audio.currentTime + index * TONE_S * 0.6));
  }
}

/**
 * @param {AudioContext} audio
 * @param {number} hz
 * @param {number} at in the engine's seconds
 * @param {AudioNode} [out]
 */
export function tone(audio, hz, at, out = audio.destination) {
  const oscillator = new OscillatorNode(audio, { frequency: hz });
  const gain = new GainNode(audio, { gain: 0 });
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(LOUDNESS, at + 0.04);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + TONE_S);
  oscillator.connect(gain).connect(out);
  oscillator.start(at);
  oscillator.stop(at + TONE_S);
}
