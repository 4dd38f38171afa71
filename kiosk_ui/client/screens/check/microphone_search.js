/** "Which microphone hears me?": listens to all of them and offers the one with the voice. */

import { announce } from "../../announce.js";
import { find, onClick, show, write } from "../../find.js";
import { recognise } from "../../media/browser.js";
import { list, openToListen } from "../../media/devices.js";
import { Listening } from "../../media/level.js";
import { bestVoice, isInUse, listenToAll, realOnes } from "../../media/microphone_search.js";
import { text } from "../../texts.js";

const LOOK_MS = 200;
const LISTEN_MS = 4_000; // a sentence, and a breath before it

export class MicrophoneSearch {
  /**
   * @param {HTMLElement} panel
   * @param {import("../../visit.js").Visit} visit
   * @param {{before: () => void, elsewhere: () => void, after: (deviceId: string) => void}} events
   *   before: the page's own capture is to end; elsewhere: another microphone hears the voice;
   *   after: to go on, with that one or (empty) the same as before
   */
  constructor(panel, visit, events) {
    this.box = find(panel, '[data-slot="search"]', HTMLElement);
    this.words = find(panel, '[data-slot="search-words"]', HTMLElement);
    this.take = find(panel, '[data-do="take-microphone"]', HTMLElement);
    this.link = find(panel, '[data-do="search-microphone"]', HTMLElement);
    this.visit = visit;
    this.events = events;
    this.round = 0;
    this.running = false;
    this.offered = "";
    onClick(panel, "search-microphone", () => void this.start());
    onClick(panel, "take-microphone", () => this.events.after(this.offered));
  }

  /** A link of its own only where there is another one to find. */
  async offer() {
    show(this.link, realOnes(await list("microphone")).length > 1);
  }

  stop() {
    this.round += 1;
    this.running = false;
    show(this.box, false);
  }

  async start() {
    if (this.running) {
      return;
    }
    this.round += 1;
    const round = this.round;
    const all = await list("microphone");
    const devices = realOnes(all);
    if (round !== this.round || devices.length < 2) {
      return;
    }
    this.running = true;
    const used = this.visit.media.tracks.microphone?.getSettings().deviceId ?? "";
    const heard = await this.listen(devices, round);
    if (round !== this.round) {
      return;
    }
    this.running = false;
    const best = devices.find(({ deviceId }) => deviceId === bestVoice(heard));
    this.tell(best, best !== undefined && isInUse(best, used, all));
  }

  /**
   * @param {MediaDeviceInfo[]} devices
   * @param {number} round
   */
  listen(devices, round) {
    const { browser, os } = recognise(navigator);
    const together = ["chromium", "edge"].includes(browser) && os !== "android" && os !== "ios";
    const over = () => round !== this.round;
    this.events.before();
    this.say(text("searching_microphones"), false);
    return listenToAll({
      deviceIds: devices.map(({ deviceId }) => deviceId),
      together,
      open: ears,
      wait: (index) => {
        if (!together) {
          const place = { number: index + 1, count: devices.length };
          this.say(text("searching_one_microphone", place), false);
        }
        return wait(LISTEN_MS, over);
      },
      over,
    });
  }

  /**
   * @param {MediaDeviceInfo | undefined} best
   * @param {boolean} isUsed
   */
  tell(best, isUsed) {
    if (best && !isUsed) {
      this.offered = best.deviceId;
      this.say(text("voice_found", { name: best.label || text("device_other") }), true);
      this.events.elsewhere();
      return;
    }
    this.say(text(best ? "voice_same" : "voice_nowhere"), false);
    this.events.after("");
  }

  /**
   * @param {string} words
   * @param {boolean} withButton
   */
  say(words, withButton) {
    write(this.words, words);
    show(this.take, withButton);
    show(this.box, true);
    announce(words);
  }
}

/**
 * @param {number} ms
 * @param {() => boolean} over ends it before its time
 */
async function wait(ms, over) {
  for (let waited = 0; waited < ms && !over(); waited += LOOK_MS) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/**
 * @param {string} deviceId
 * @returns {Promise<import("../../media/microphone_search.js").Ears>}
 */
async function ears(deviceId) {
  const track = await openToListen(deviceId);
  const listening = new Listening(track);
  const stop = () => {
    listening.stop();
    track.stop();
  };
  try {
    await listening.start();
  } catch (error) {
    stop();
    throw error;
  }
  return { record: listening.record, stop };
}
