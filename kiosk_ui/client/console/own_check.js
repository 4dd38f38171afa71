/** The adviser's own devices in ten seconds: camera, microphone, loudspeaker, connection. */

import { find, show, write } from "../find.js";
import { choose, chosen } from "../media/chosen.js";
import { list } from "../media/devices.js";
import { wakeAudio } from "../media/level.js";
import { text } from "../texts.js";
import { slot } from "./dom.js";
import { checkCamera, checkMicrophone, checkNetwork, playTones } from "./own_check_steps.js";
import { remember, remembered } from "./remembered.js";

/** @typedef {import("../media/chosen.js").DeviceKind} DeviceKind */
/** @typedef {"camera" | "microphone" | "speaker" | "network"} Line */
/** @typedef {import("./own_check_steps.js").Result} Result */

const PLACE = "vorzimmer.checked";
/** @type {Line[]} */
const LINES = ["camera", "microphone", "speaker", "network"];
/** @type {DeviceKind[]} */
const CHOICES = ["camera", "microphone", "speaker"];

export class OwnCheck {
  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.dialog = desk.dialogs.get("check");
    this.video = find(this.dialog, "[data-check-picture]", HTMLVideoElement);
    /** @type {MediaStreamTrack[]} */
    this.tracks = [];
    this.run = 0; // counts, so that what an older one finds is dropped
    /** @type {Partial<Record<Line, boolean>>} */
    this.results = {};
    this.dialog.addEventListener("opened", () => void this.start());
    this.dialog.addEventListener("close", () => this.stop());
    find(this.dialog, "[data-check-again]", HTMLButtonElement).addEventListener("click", () => void this.start());
    for (const button of this.dialog.querySelectorAll("[data-heard]")) {
      button.addEventListener("click", () => this.heard(button instanceof HTMLElement ? button.dataset.heard : ""));
    }
    for (const kind of CHOICES) {
      this.select(kind).addEventListener("change", () => this.choose(kind));
    }
    this.showStrip(remembered(PLACE) === `${today()} ready` ? "ready" : "unchecked");
  }

  get runs() {
    return this.dialog.open;
  }

  /** @param {DeviceKind} kind */
  select(kind) {
    return find(this.dialog, `[data-device="${kind}"]`, HTMLSelectElement);
  }

  async start() {
    this.stop();
    const run = this.run;
    const over = () => run !== this.run;
    wakeAudio();
    this.results = {};
    for (const line of LINES) {
      this.showLine(line, "running", line === "microphone" ? "check.speak" : "check.running");
    }
    const camera = checkCamera(this.video, (track) => this.keep(track, over));
    // One prompt at a time: the microphone is asked for once the camera has answered.
    const microphone = camera.then(() => this.microphone(over));
    const parts = [
      this.part("camera", camera, over),
      this.part("microphone", microphone, over),
      this.part("network", checkNetwork(this.desk, over), over),
    ];
    void this.speaker(over);
    await camera;
    await this.fillChoices();
    await Promise.all(parts);
  }

  /** @param {() => boolean} over */
  microphone(over) {
    const meter = find(this.dialog, "[data-meter]", HTMLMeterElement);
    return checkMicrophone(meter, (track) => this.keep(track, over), over);
  }

  /**
   * @param {MediaStreamTrack} track
   * @param {() => boolean} over
   */
  keep(track, over) {
    if (over()) {
      track.stop();
      return false;
    }
    this.tracks.push(track);
    return true;
  }

  /**
   * @param {Line} line
   * @param {Promise<Result>} promise
   * @param {() => boolean} over
   */
  async part(line, promise, over) {
    const { good, key, n } = await promise;
    if (!over()) {
      this.found(line, good, text(key, { n: n ?? 0 }));
    }
  }

  /** @param {() => boolean} over */
  async speaker(over) {
    const ask = find(this.dialog, "[data-speaker-ask]", HTMLElement);
    await playTones().catch(() => {});
    if (!over()) {
      this.showLine("speaker", "running", "check.speaker_ask");
      show(ask, true);
    }
  }

  /** @param {string | undefined} answer */
  heard(answer) {
    if (answer === "again") {
      void playTones().catch(() => {});
      return;
    }
    const good = answer === "yes";
    show(find(this.dialog, "[data-speaker-ask]", HTMLElement), !good);
    this.found("speaker", good, text(good ? "check.speaker_good" : "check.speaker_bad"));
  }

  /**
   * @param {Line} line
   * @param {boolean} good
   * @param {string} words
   */
  found(line, good, words) {
    this.results[line] = good;
    this.write(line, good ? "good" : "bad", words);
    const results = LINES.map((one) => this.results[one]);
    if (results.includes(false)) {
      this.showStrip("trouble");
      remember(PLACE, "");
    } else if (results.every(Boolean)) {
      this.showStrip("ready");
      remember(PLACE, `${today()} ready`);
    }
  }

  /**
   * @param {Line} line
   * @param {string} result
   * @param {string} key of a sentence
   */
  showLine(line, result, key) {
    this.write(line, result, text(key));
  }

  /**
   * @param {Line} line
   * @param {string} result
   * @param {string} words
   */
  write(line, result, words) {
    const element = find(this.dialog, `[data-check-line="${line}"]`, HTMLElement);
    element.dataset.result = result;
    write(slot(element, "text"), words);
  }

  /** @param {"unchecked" | "ready" | "trouble"} state */
  showStrip(state) {
    find(document, "[data-devices]", HTMLElement).dataset.devices = state;
  }

  /** Names are known only once the permission is given. */
  async fillChoices() {
    for (const kind of CHOICES) {
      const devices = (await list(kind)).filter(({ deviceId }) => deviceId);
      const options = devices.map(
        ({ label, deviceId }, index) => new Option(label || text("device.unnamed", { n: index + 1 }), deviceId),
      );
      const select = this.select(kind);
      select.replaceChildren(...(options.length ? options : [new Option(text("device.default"), "")]));
      select.disabled = options.length < 2;
      const wanted = chosen(kind);
      if (devices.some(({ deviceId }) => deviceId === wanted)) {
        select.value = wanted;
      }
    }
  }

  /** @param {DeviceKind} kind */
  choose(kind) {
    const { value } = this.select(kind);
    if (kind === "speaker") {
      choose("speaker", value);
      void this.desk.talk.sound.useOutput(value);
    } else {
      this.desk.media.change(kind, value);
    }
    void this.start();
  }

  /** The window was closed, or the check begins anew. */
  stop() {
    this.run += 1;
    for (const track of this.tracks) {
      track.stop();
    }
    this.tracks = [];
    this.video.srcObject = null;
    show(find(this.dialog, "[data-speaker-ask]", HTMLElement), false);
    this.desk.media.endCheck();
  }
}

/** The day on this device, such as 2026-11-22. */
function today() {
  return new Date().toLocaleDateString("sv-SE");
}
