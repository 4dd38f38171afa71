/** The speaker test proves itself: a number is spoken, the client taps what was heard. */

import { find, onClick, show } from "../../find.js";
import { EchoWatch } from "../../media/echo_watch.js";
import { Sound } from "../../sound.js";
import { text } from "../../texts.js";
import { OutputsInTurn } from "./outputs_in_turn.js";
import { hearItself } from "./own_ears.js";
import { Step } from "./step.js";

const CALM_MS = 1_000; // the question is read before the number is spoken

export class SpeakerStep extends Step {
  /**
   * @param {HTMLElement} panel
   * @param {import("../check.js").CheckScreen} screen
   */
  constructor(panel, screen) {
    super("speaker", panel, screen);
    this.numbers = "";
    this.asked = false;
    this.answered = false;
    this.speaking = false;
    this.passed = false;
    this.timer = 0;
    this.heard = ""; // how often a kiosk has heard itself: "", "wanted", "again"
    this.hearing = false; // at this moment
    this.echo = new EchoWatch();
    /** @type {import("../../media/echo_watch.js").EchoFigures} of the newest number */
    this.returned = {};
    onClick(panel, "say-number", () => this.say());
    this.outputs = new OutputsInTurn(panel, this.visit, {
      speak: () => this.say(),
      none: (listed) => this.nothingHeard(listed),
    });
    onClick(panel, "heard-nothing", () => this.heardNothing());
    onClick(panel, "write-instead", () => this.writeInstead());
    show(this.slot("outputs"), Sound.canChoose);
  }

  begin() {
    super.begin();
    this.forgetEcho();
    this.asked = false;
    this.answered = false;
    this.passed = false;
    this.progress("");
    this.keys([]);
    this.outputs.reset();
    this.heard = "";
    this.offerNumber(this.screen.snapshot?.check?.kiosk !== true);
    window.clearTimeout(this.timer);
    this.timer = 0;
  }

  end() {
    super.end();
    this.forgetEcho();
    this.outputs.reset();
    window.clearTimeout(this.timer);
  }

  changed() {
    this.sayUnasked();
  }

  /** The socket was away: the wish for a number, or the number, may be lost. */
  opened() {
    if (this.speaking && this.numbers === "") {
      this.asked = false;
      this.timer = 0;
    }
    if (!this.hearing) {
      this.heard = ""; // what the kiosk has heard may be lost as well
    }
  }

  get praise() {
    return text(this.answered ? "good_speaker" : "good_speaker_itself");
  }

  /** @param {boolean} offered one large button at a time, and none while a kiosk hears itself */
  offerNumber(offered) {
    show(this.slot("listen"), offered);
    show(this.slot("number-words"), offered);
  }

  /**
   * A kiosk needs nobody for that; only where it does not hear itself, a person is asked.
   *
   * @param {"none" | "wanted" | "again"} loop
   */
  async hearItself(loop) {
    this.offerNumber(loop === "none");
    if (loop === "none" || this.heard === loop || this.hearing) {
      return;
    }
    this.heard = loop;
    this.progress(text("hearing_itself"));
    this.hearing = true;
    const { round } = this;
    const heard = await hearItself(this.visit, loop === "again");
    this.hearing = false;
    if (round === this.round) {
      this.progress("");
      this.measured({ kind: "speaker", loop: heard });
    } else if (this.screen.step === this && this.screen.snapshot?.check) {
      this.render(this.screen.snapshot.check); // begun anew meanwhile: never two at once
    }
  }

  get asksAPerson() {
    return this.screen.snapshot?.check?.speaker_loop === "none";
  }

  /** Whether the client is thinking about a number that has been spoken to its end. */
  get quiet() {
    return this.numbers !== "" && !this.speaking;
  }

  /** The first number is spoken by itself, as soon as there is somebody to speak. */
  sayUnasked() {
    const ready = this.asksAPerson && this.screen.listenedTo && !this.visit.sound.blocked;
    if (this.asked || this.timer || !ready) {
      return;
    }
    this.timer = window.setTimeout(() => {
      this.timer = 0;
      if (!this.asked && this.asksAPerson && !this.passed) {
        this.say();
      }
    }, CALM_MS);
  }

  /** A kiosk has one loudspeaker; at home there may be another one that is heard. */
  heardNothing() {
    if (this.screen.snapshot?.check?.kiosk) {
      this.nothingHeard(true);
    } else {
      void this.outputs.next();
    }
  }

  /** @param {boolean} listed whether there was any output to try */
  nothingHeard(listed) {
    this.answered = true;
    const nothing = listed ? { heard_nothing: true } : { error: /** @type {const} */ ("not_found") };
    this.measured({ kind: "speaker", ...nothing });
  }

  /** For whoever hears badly or not at all; nothing has to fail first. */
  writeInstead() {
    this.visit.send({ type: "waive", kind: "speaker", text: true });
    this.screen.next();
  }

  /** @param {import("../../../protocol").FindingView} finding */
  show(finding) {
    super.show(finding);
    this.passed = finding.verdict === "passed" || finding.verdict === "warning"; // with an echo
    if (this.passed) {
      this.outputs.keep();
    }
    show(this.slot("listen"), !this.passed); // one large button at a time
  }

  say() {
    void this.play(this.round);
    void this.watchEcho(this.round);
    this.visit.send({ type: "say_number", again: this.numbers !== "" });
    this.asked = true;
    this.answered = false;
    this.speaking = true;
    this.progress(text("speaking"));
  }

  /**
   * What of the number comes back through the microphone, as the office would hear it.
   *
   * @param {number} round
   */
  async watchEcho(round) {
    this.forgetEcho();
    const { media } = this.visit; // who goes on without a microphone is not listened to
    const microphone = media.on.microphone ? await media.process().catch(() => null) : null;
    if (round === this.round && this.speaking) {
      await this.echo.begin(this.visit.sound.track, microphone);
    }
  }

  keepEcho() {
    this.returned = { ...this.returned, ...this.echo.end() };
  }

  forgetEcho() {
    this.echo.end();
    this.returned = {};
  }

  /** @param {number} round */
  async play(round) {
    const may = await this.visit.sound.play();
    if (!may && round === this.round) {
      this.measured({ kind: "speaker", error: "denied_by_browser" });
    }
  }

  /** @param {import("../../../protocol").CheckView} check */
  render({ speaker_numbers: numbers, speaker_loop: loop, step, findings }) {
    if (step === "speaker" && !this.passed) {
      void this.hearItself(loop ?? "none");
    }
    if (numbers.join() !== this.numbers) {
      this.keys(numbers);
    }
    this.sayUnasked();
    const verdict = findings.find(({ kind }) => kind === "speaker")?.verdict ?? "open";
    if (numbers.length > 0) {
      this.progress(text("which_number"));
    } else if (this.answered) {
      this.progress(verdict === "open" ? text("wrong_number") : "");
    }
  }

  /** @param {string[]} numbers */
  keys(numbers) {
    this.numbers = numbers.join();
    this.speaking = false;
    if (numbers.length > 0) {
      this.keepEcho();
    }
    const buttons = numbers.map((number) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "number";
      button.textContent = number;
      button.addEventListener("click", () => this.tap(number));
      return button;
    });
    this.slot("numbers").replaceChildren(...buttons);
    show(this.slot("numbers"), numbers.length > 0);
  }

  /** @param {string} number */
  tap(number) {
    this.answered = true;
    this.keepEcho(); // a number that is spoken once more has its keys from before
    this.measured({ kind: "speaker", tapped: number, ...this.returned });
    find(this.panel, "h1", HTMLElement).focus({ preventScroll: true });
  }
}
