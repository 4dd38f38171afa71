/** The speaker test proves itself: a number is spoken, the client taps what was heard. */

import { find, onClick, show } from "../../find.js";
import { Sound } from "../../sound.js";
import { text } from "../../texts.js";
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
    this.timer = 0;
    onClick(panel, "say-number", () => this.say());
    onClick(panel, "heard-nothing", () => {
      this.answered = true;
      this.measured({ kind: "speaker", heard_nothing: true });
    });
    show(this.slot("outputs"), Sound.canChoose);
  }

  begin() {
    super.begin();
    this.asked = false;
    this.answered = false;
    this.progress("");
    this.keys([]);
    show(this.slot("listen"), true);
    window.clearTimeout(this.timer);
    this.timer = 0;
  }

  end() {
    super.end();
    window.clearTimeout(this.timer);
  }

  changed() {
    this.sayUnasked();
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

  /** @param {import("../../../protocol").FindingView} finding */
  show(finding) {
    super.show(finding);
    show(this.slot("listen"), finding.verdict !== "passed"); // one large button at a time
  }

  say() {
    this.visit.sound.play();
    this.visit.send({ type: "say_number", again: this.numbers !== "" });
    this.asked = true;
    this.answered = false;
    this.progress(text("speaking"));
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
    this.measured({ kind: "speaker", tapped: number });
    find(this.panel, "h1", HTMLElement).focus({ preventScroll: true });
  }
}
