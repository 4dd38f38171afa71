/** The speaker test proves itself: a number is spoken, the client taps what was heard. */

import { find, onClick, show } from "../../find.js";
import { EchoWatch } from "../../media/echo_watch.js";
import { Sound } from "../../sound.js";
import { text } from "../../texts.js";
import { OutputsInTurn } from "./outputs_in_turn.js";
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
    this.timer = 0;
    this.echo = new EchoWatch();
    /** @type {import("../../media/echo_watch.js").EchoFigures} of the newest number */
    this.returned = {};
    onClick(panel, "say-number", () => this.say());
    this.outputs = new OutputsInTurn(panel, this.visit, {
      speak: () => this.say(),
      none: (listed) => this.nothingHeard(listed),
    });
    onClick(panel, "heard-nothing", () => void this.outputs.next());
    onClick(panel, "write-instead", () => this.writeInstead());
    show(this.slot("outputs"), Sound.canChoose);
  }

  begin() {
    super.begin();
    this.forgetEcho();
    this.asked = false;
    this.answered = false;
    this.progress("");
    this.keys([]);
    this.outputs.reset();
    show(this.slot("listen"), true);
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
  }

  /** Whether the client is thinking about a number that has been spoken to its end. */
  get quiet() {
    return this.numbers !== "" && !this.speaking;
  }

  /** The first number is spoken by itself, as soon as there is somebody to speak. */
  sayUnasked() {
    if (this.asked || this.timer || !this.screen.listenedTo || this.visit.sound.blocked) {
      return;
    }
    this.timer = window.setTimeout(() => {
      if (!this.asked) {
        this.say();
      }
    }, CALM_MS);
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
    const heard = finding.verdict === "passed" || finding.verdict === "warning"; // with an echo
    if (heard) {
      this.outputs.keep();
    }
    show(this.slot("listen"), !heard); // one large button at a time
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
    const microphone = await this.visit.media.process().catch(() => null);
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
  render({ speaker_numbers: numbers, findings }) {
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
