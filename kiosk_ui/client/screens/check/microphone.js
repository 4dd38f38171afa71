/** The microphone: a meter that answers, levels of the unprocessed track, and web's judgement. */

import { find, onClick, show } from "../../find.js";
import { openUnprocessed, unprocessed } from "../../media/devices.js";
import { Listening, wakeAudio } from "../../media/level.js";
import { text } from "../../texts.js";
import { Step } from "./step.js";

const MEASURE_MS = 500;
const METER_MS = 80;
const METER_FLOOR_DBFS = -60;

export class MicrophoneStep extends Step {
  /**
   * @param {HTMLElement} panel
   * @param {import("../check.js").CheckScreen} screen
   */
  constructor(panel, screen) {
    super("microphone", panel, screen);
    this.meter = find(panel, ".meter", HTMLElement);
    this.bar = find(panel, ".meter__bar", HTMLElement);
    /** @type {Listening | null} */
    this.listening = null;
    /** @type {MediaStreamTrack | null} */
    this.second = null;
    /** @type {number[]} */
    this.timers = [];
    this.wasListenedTo = false;
    onClick(panel, "echo", () => this.toggleEcho());
  }

  begin() {
    super.begin();
    this.quiet();
    try {
      wakeAudio(); // in the click that led here
    } catch {
      // Without an audio engine listening fails, too, and says so.
    }
    void this.listen(this.round);
  }

  end() {
    super.end();
    this.quiet();
    this.echo(false);
  }

  /** @param {number} round */
  async listen(round) {
    this.progress(text("asking_microphone"));
    try {
      const track = await this.screen.prompt.during("microphone", this.visit.media.open("microphone"));
      const second = await openUnprocessed(track);
      if (round !== this.round) {
        second?.stop();
        return;
      }
      this.second = second;
      await this.follow(second ?? track, round);
    } catch (error) {
      if (round === this.round) {
        this.failed(error);
      }
    }
  }

  /** @param {unknown} error a ``NoDevice``, or why the track is not there any more */
  failed(error) {
    this.stopMeasuring();
    this.progress("");
    this.noTrack("microphone", error);
  }

  /**
   * @param {MediaStreamTrack} track
   * @param {number} round
   */
  async follow(track, round) {
    const listening = new Listening(track);
    this.listening = listening;
    await listening.start();
    if (round !== this.round) {
      listening.stop();
      return;
    }
    this.progress(text("listening"));
    this.timers = [
      window.setInterval(() => this.draw(listening.record.levelDbfs), METER_MS),
      window.setInterval(() => this.measure(listening), MEASURE_MS),
    ];
  }

  /** @param {Listening} listening */
  measure({ record, track }) {
    if (!this.screen.listenedTo) {
      this.wasListenedTo = false;
      return;
    }
    if (!this.wasListenedTo) {
      this.wasListenedTo = true;
      this.listening?.again(); // what nobody could hear yet is not judged
      return;
    }
    this.measured({
      kind: "microphone",
      label: track.label.slice(0, 200),
      unprocessed: unprocessed(track),
      sample_rate_hz: track.getSettings().sampleRate ?? 48_000,
      track_muted: track.muted,
      ...record.figures(),
    });
  }

  /** @param {number} levelDbfs */
  draw(levelDbfs) {
    const share = Math.min(1, Math.max(0, 1 - levelDbfs / METER_FLOOR_DBFS));
    this.bar.style.setProperty("--level", share.toFixed(3));
    this.meter.setAttribute("aria-valuenow", String(Math.round(share * 100)));
  }

  /** @param {import("../../../protocol").Heard} heard */
  heard({ voice }) {
    this.meter.dataset.voice = voice ? "yes" : "no";
  }

  /** @param {import("../../../protocol").FindingView} finding */
  show(finding) {
    super.show(finding);
    if (finding.verdict === "passed") {
      this.stopMeasuring(); // the silence after the sentence is not to spoil it
      this.progress("");
    }
  }

  stopMeasuring() {
    window.clearInterval(this.timers[1]);
  }

  changed() {
    const track = this.visit.media.tracks.microphone;
    show(find(this.panel, '[data-do="echo"]', HTMLElement), track !== null);
    if (!track && this.listening) {
      this.quiet();
      this.failed("ended");
    }
  }

  toggleEcho() {
    const button = find(this.panel, '[data-do="echo"]', HTMLElement);
    this.echo(button.getAttribute("aria-pressed") !== "true");
  }

  /** @param {boolean} on */
  echo(on) {
    const button = find(this.panel, '[data-do="echo"]', HTMLElement);
    if ((button.getAttribute("aria-pressed") === "true") !== on) {
      button.setAttribute("aria-pressed", String(on));
      this.visit.send({ type: "echo", on });
    }
  }

  quiet() {
    for (const timer of this.timers) {
      window.clearInterval(timer);
    }
    this.timers = [];
    this.listening?.stop();
    this.listening = null;
    this.second?.stop();
    this.second = null;
    this.wasListenedTo = false;
    this.draw(METER_FLOOR_DBFS);
  }
}
