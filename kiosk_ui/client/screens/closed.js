/** Thanks, what is kept, how it was, and what comes next. */

import { post } from "../api.js";
import { find, onClick, show, write } from "../find.js";
import { text } from "../texts.js";

const BY_TELEPHONE = new Set(["telephone", "declined", "withdrawn", "failed", "cancelled"]);

export class ClosedScreen {
  /**
   * @param {HTMLElement} root
   * @param {import("../visit.js").Visit} visit
   */
  constructor(root, visit) {
    this.root = root;
    this.visit = visit;
    for (const judge of root.querySelectorAll("[data-judge]")) {
      for (const button of judge.querySelectorAll("button")) {
        button.addEventListener("click", () => this.judge(judge, button.dataset.answer ?? ""));
      }
    }
    onClick(root, "keep-chat", () => this.keepChat());
  }

  /** @param {import("../../protocol").VisitSnapshot} snapshot */
  render({ outcome, judges, next_in_words: when }) {
    const word = outcome ?? "completed";
    write(this.slot("title"), text(`outcome_${word}`));
    write(this.slot("detail"), text(`outcome_${word}_detail`));
    const topics = this.root.querySelector('[data-slot="topics"]'); // of who had no appointment
    const closed = topics !== null && word === "cancelled"; // nobody is there to answer the telephone
    show(this.slot("telephone"), BY_TELEPHONE.has(word) && !closed);
    if (topics) {
      show(topics, closed || word === "left");
    }
    write(this.slot("next-words"), when ? text("next_appointment", { when }) : "");
    show(this.slot("next"), when !== "");
    show(this.slot("feedback"), judges.length > 0);
    for (const judge of this.root.querySelectorAll("[data-judge]")) {
      show(judge, judges.some((about) => about === judge.getAttribute("data-judge")));
    }
    if (word === "withdrawn") {
      this.visit.chatCopy = "";
    }
    show(this.slot("chat-copy"), this.visit.chatCopy !== "");
  }

  /**
   * One tap is the answer; whether it has reached us is nobody's worry.
   *
   * @param {Element} judge
   * @param {string} answer
   */
  judge(judge, answer) {
    post("visit/feedback", { answer }).catch(() => {});
    for (const button of judge.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.dataset.answer === answer));
      button.setAttribute("aria-disabled", "true");
      button.disabled = true;
    }
    write(find(judge, '[data-slot="thanks"]', HTMLElement), text("thanks"));
  }

  /** Onto the client's device and nowhere else. */
  keepChat() {
    const file = new Blob([this.visit.chatCopy], { type: "text/plain;charset=utf-8" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = `${text("chat_file")}.txt`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  /** @param {string} name */
  slot(name) {
    return find(this.root, `[data-slot="${name}"]`, HTMLElement);
  }
}
