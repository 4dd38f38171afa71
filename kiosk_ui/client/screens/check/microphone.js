/** The microphone: a meter that answers, levels of the unprocessed track, and web's judgement. */

import { find, onClick, show } from "../../find.js";
import { unprocessed } from "../../media/devices.js";
import { Listening, wakeAudio } from "../../media/level.js";
import { LevelRecord, asSent } from "../../media/level_record.js";
import { text } from "../../texts.js";
import { HeldBack } from "./held_back.js";
import { MicrophoneSearch } from "./microphone_search.js";
import { Step } from "./step.js";

const MEASURE_MS = 500;
const QUIET_MS = 1_000; // of the room, before anybody is asked to speak
const QUIET_MOST_MS = 2_500; // an engine that sleeps measures nothing
const METER_MS = 80;
const METER_FLOOR_DBFS = -60;
const NO_VOICE = new Set(["microphone_silent", "microphone_muted", "microphone_no_speech"]);
const TOO_SOFT = new Set(["microphone_quiet", "microphone_too_quiet", "microphone_one_side"]);

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
    /** @type {number[]} */
    this.timers = [];
    this.asked = false; // to speak
    this.startedAt = 0;
    this.wasListenedTo = false;
    this.searched = false;
    this.passed = false;
    this.processed = false; // measured on, as it is sent
    /** @type {LevelRecord | null} what was heard of the voice before it was processed */
    this.plain = null;
    this.held = new HeldBack((finding) => this.tellHeld(finding));
    this.search = new MicrophoneSearch(panel, this.visit, {
      before: () => this.pause(),
      elsewhere: () => this.measured({ kind: "microphone", voice_elsewhere: true }),
      after: (deviceId) => void this.resume(deviceId),
    });
    onClick(panel, "echo", () => void this.toggleEcho());
    onClick(panel, "wake", () => this.wake());
  }

  begin() {
    this.search.stop();
    this.searched = false;
    void this.visit.media.turn("microphone", true); // whoever tests it wants to be heard
    this.beginListening();
  }

  /** It was said that nobody hears the client then: so it is off, in the conversation as well. */
  goneWithout() {
    this.end(); // first, or the step would say that it was unplugged
    void this.visit.media.turn("microphone", false);
    this.visit.media.release("microphone");
  }

  beginListening() {
    super.begin();
    this.passed = false;
    this.processed = false;
    this.plain = null;
    this.held.end();
    this.quiet();
    show(this.meter, true);
    this.wake(); // in the click that led here
    void this.listen(this.round);
  }

  end() {
    super.end();
    this.search.stop();
    this.held.end();
    this.quiet();
    this.echo(false);
    this.visit.media.process().catch(() => {}); // the session says what is missing
  }

  wake() {
    try {
      wakeAudio();
    } catch {
      // Without an audio engine there are no levels; what arrives is judged.
    }
  }

  /** The search listens now: this step has nothing open. */
  pause() {
    this.round += 1;
    this.held.end();
    this.quiet();
    this.progress("");
    show(this.slot("finding"), false);
    this.visit.media.release("microphone");
  }

  /** @param {string} deviceId of the microphone to go on with; empty for the same one */
  async resume(deviceId) {
    if (deviceId) {
      this.search.stop();
      await this.visit.media.change("microphone", deviceId).catch(() => {});
    }
    if (this.screen.step === this) {
      const { told } = this;
      this.beginListening();
      this.told = deviceId ? "" : told; // of the same microphone nothing is said a second time
    }
  }

  /** @param {number} round */
  async listen(round) {
    this.progress(text("asking_microphone"));
    try {
      const opened = this.visit.media.openPlain();
      const track = await this.screen.prompt.during("microphone", opened);
      if (round === this.round) {
        await this.follow(new Listening(track), round);
      }
    } catch (error) {
      if (round === this.round) {
        this.failed(error);
      }
    }
  }

  /** @param {unknown} error a ``NoDevice``, or why the track is not there any more */
  failed(error) {
    this.held.end();
    this.stopMeasuring();
    this.progress("");
    show(this.meter, false); // it can not answer
    this.noTrack("microphone", error);
  }

  /**
   * @param {Listening} listening
   * @param {number} round
   */
  async follow(listening, round) {
    this.listening = listening;
    await listening.start().catch(() => {}); // no levels then; what arrives is judged
    if (round !== this.round) {
      listening.stop();
      return;
    }
    this.startedAt = performance.now();
    void this.search.offer();
    this.timers = [window.setInterval(() => this.draw(listening.record.levelDbfs), METER_MS)];
    if (!this.passed) {
      this.ask(this.asked);
      this.timers.push(window.setInterval(() => this.measure(listening), MEASURE_MS));
    }
  }

  /** @param {boolean} asked to speak, or still to be quiet for a moment */
  ask(asked) {
    this.asked = asked;
    show(this.slot("ask"), asked);
    const heard = this.holdsBack ? "speak_on" : "listening";
    this.progress(text(asked ? heard : "room_first"));
  }

  /** @param {Listening} listening */
  measure(listening) {
    show(this.slot("asleep"), listening.asleep);
    if (!this.screen.listenedTo) {
      this.wasListenedTo = false;
      this.waitInSilence();
      return;
    }
    if (!this.asked) {
      this.hearTheRoom(listening);
      return;
    }
    if (!this.wasListenedTo) {
      this.wasListenedTo = true;
      listening.again(); // what nobody could hear yet is not judged
      return;
    }
    const { record, track } = listening;
    this.measured({
      kind: "microphone",
      unprocessed: unprocessed(track),
      sample_rate_hz: track.getSettings().sampleRate ?? 48_000,
      track_muted: track.muted,
      engine_asleep: listening.asleep,
      ...(this.plain ? asSent(record, this.plain) : record.figures()),
    });
  }

  /** Nobody is to hold their breath until the appliance has a place for them. */
  waitInSilence() {
    if (!this.asked && performance.now() - this.startedAt > QUIET_MOST_MS) {
      this.progress("");
    }
  }

  /**
   * Long enough, or for ever (the engine sleeps, the microphone is dead): then one is to speak.
   *
   * @param {Listening} listening
   */
  hearTheRoom(listening) {
    const waited = performance.now() - this.startedAt;
    if (listening.record.figures().duration_s * 1000 >= QUIET_MS || waited > QUIET_MOST_MS) {
      listening.again(listening.record.quietDbfs());
      this.wasListenedTo = true;
      this.ask(true);
    }
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
    this.held.voice = voice;
  }

  /** @param {import("../../../protocol").FindingView} finding */
  show(finding) {
    const held = this.holdsBack;
    this.held.finding = null;
    if (TOO_SOFT.has(finding.cause) && this.mayBeLifted()) {
      this.held.finding = finding;
    }
    if (held !== this.holdsBack && !this.passed) {
      this.ask(this.asked); // to go on speaking, or not any more
    }
    if (this.holdsBack) {
      return;
    }
    super.show(finding);
    if (this.search.running) {
      show(this.slot("finding"), false); // of the microphone before
      return;
    }
    const { verdict, cause } = finding;
    if (verdict === "passed") {
      this.passed = true;
      this.search.stop();
      this.stopMeasuring(); // the silence after the sentence is not to spoil it
      this.progress("");
    } else if (NO_VOICE.has(cause) && this.wasListenedTo) {
      this.searchOnce();
    }
  }

  /** All microphones, one time; when none was better, the finding alone says what to do. */
  searchOnce() {
    if (this.searched) {
      this.search.stop();
      return;
    }
    this.searched = true;
    void this.search.start();
  }

  /** What the other side hears counts: too soft is only who stays so once gain control works. */
  mayBeLifted() {
    if (!this.processed) {
      this.plain = this.listening?.record ?? null;
      void this.goOnProcessed();
    }
    return !this.held.over;
  }

  get holdsBack() {
    return this.held.finding !== null;
  }

  /** @param {import("../../../protocol").FindingView} finding that nothing has lifted */
  tellHeld(finding) {
    this.show(finding);
    this.screen.mark(finding);
  }

  /** The same person on the track as it is sent; what was found out about the room stays. */
  async goOnProcessed() {
    const { listening, round } = this;
    if (!listening || this.processed) {
      return;
    }
    this.processed = true;
    this.held.begin();
    this.quiet({ asked: true });
    try {
      const track = await this.visit.media.process();
      if (track && round === this.round) {
        await this.follow(new Listening(track, new LevelRecord(listening.record.quiet)), round);
        this.wasListenedTo = true;
      } else if (round === this.round) {
        this.failed("ended");
      }
    } catch (error) {
      if (round === this.round) {
        this.failed(error);
      }
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

  /** Back from the appliance, so the echo canceller has to be on. */
  async toggleEcho() {
    const button = find(this.panel, '[data-do="echo"]', HTMLElement);
    const on = button.getAttribute("aria-pressed") !== "true";
    if (on) {
      await this.goOnProcessed();
    }
    this.echo(on);
  }

  /** @param {boolean} on */
  echo(on) {
    const button = find(this.panel, '[data-do="echo"]', HTMLElement);
    if ((button.getAttribute("aria-pressed") === "true") !== on) {
      button.setAttribute("aria-pressed", String(on));
      this.visit.send({ type: "echo", on });
    }
  }

  quiet({ asked = false } = {}) {
    for (const timer of this.timers) {
      window.clearInterval(timer);
    }
    this.timers = [];
    this.listening?.stop();
    this.listening = null;
    this.asked = asked;
    this.wasListenedTo = false;
    show(this.slot("asleep"), false);
    this.draw(METER_FLOOR_DBFS);
  }
}
