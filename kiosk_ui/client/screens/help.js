/** Help before the session: the client calls for it, the office writes or calls back. */

import { find, onClick, show, write } from "../find.js";
import { text } from "../texts.js";

/** @typedef {import("../../protocol").VisitSnapshot} VisitSnapshot */
/** @typedef {import("../../protocol").HelpView} HelpView */

export class Help {
  /** @param {import("../visit.js").Visit} visit */
  constructor(visit) {
    this.visit = visit;
    this.dialog = find(document, '[data-dialog="help"]', HTMLDialogElement);
    this.panel = find(document, "[data-help]", HTMLElement);
    this.line = find(this.panel, '[data-form="help-line"]', HTMLFormElement);
    this.drawn = "";
    this.answers = 0;
    onClick(document, "help", () => this.dialog.showModal());
    onClick(this.dialog, "close-help", () => this.dialog.close());
    onClick(this.panel, "help-done", () => this.visit.send({ type: "help_done" }));
    this.line.addEventListener("submit", (event) => {
      event.preventDefault();
      this.reply();
    });
    const form = this.dialog.querySelector("form"); // the test page shows the number alone
    if (form) {
      this.wire(form);
    }
  }

  /** @param {HTMLFormElement} form */
  wire(form) {
    form.addEventListener("change", () => {
      show(find(form, '[data-slot="number"]', HTMLElement), chosen(form, "help_answer") === "call");
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const sent = this.visit.send({
        type: "request_help",
        note: value(form, "help_note"),
        answer: chosen(form, "help_answer") === "call" ? "call" : "write",
        phone: chosen(form, "help_answer") === "call" ? value(form, "help_phone") : "",
      });
      this.dialog.close();
      if (sent) {
        form.reset();
        show(find(form, '[data-slot="number"]', HTMLElement), false);
      } else {
        this.visit.tell("said_later"); // what was written stays in the form
      }
    });
  }

  reply() {
    const input = find(this.line, "input", HTMLInputElement);
    const words = input.value.trim();
    if (words && this.visit.send({ type: "help_line", line_id: newId(), text: words })) {
      input.value = ""; // without a connection it stays, to be sent later
    }
  }

  /** @param {VisitSnapshot} snapshot */
  render({ help, elsewhere, state }) {
    const shown = Boolean(help) && !elsewhere && state !== "closed";
    const news = shown && (this.panel.hidden || answers(help) > this.answers);
    this.answers = answers(help);
    show(this.panel, shown);
    if (help && shown) {
      this.fill(help, state === "waiting");
    } else {
      this.draw([]); // nothing of the talk stays in the page
    }
    if (news) {
      this.panel.scrollIntoView({ block: "nearest" }); // whoever asks waits for it
    }
  }

  /**
   * @param {HelpView} help
   * @param {boolean} waiting whether the check is over
   */
  fill(help, waiting) {
    const [title, words] = helpWords(help, waiting);
    show(find(this.panel, '[data-slot="works"]', HTMLElement), !waiting);
    show(find(this.panel, '[data-slot="answered"]', HTMLElement), waiting);
    write(find(this.panel, '[data-slot="title"]', HTMLElement), text(title));
    write(find(this.panel, '[data-slot="words"]', HTMLElement), text(words));
    show(this.line, help.lines.length > 0 || (help.since !== null && help.answer === "write"));
    this.draw(help.lines);
  }

  /** @param {HelpView["lines"]} lines */
  draw(lines) {
    const list = find(this.panel, '[data-slot="lines"]', HTMLElement);
    const state = lines.map(({ sender, line_id }) => `${sender} ${line_id}`).join();
    if (state === this.drawn) {
      return;
    }
    const kept = this.drawn !== "" && state.startsWith(this.drawn) ? list.children.length : 0;
    this.drawn = state;
    // Only new lines are added, so that only they are read aloud.
    const items = lines.slice(kept).map(lineItem);
    kept ? list.append(...items) : list.replaceChildren(...items);
    show(list, lines.length > 0);
    list.scrollTop = list.scrollHeight;
  }
}

/** @param {HelpView | null | undefined} help */
function answers(help) {
  return (help?.lines ?? []).filter(({ sender }) => sender === "adviser").length;
}

/**
 * @param {HelpView} help
 * @param {boolean} waiting whoever waits tests nothing any more
 * @returns {[title: string, words: string]} names of sentences
 */
export function helpWords({ since, answer, called_at, staffed, lines }, waiting) {
  if (called_at) {
    return ["help_called", "help_called_detail"];
  }
  if (since === null || lines.some(({ sender }) => sender === "adviser")) {
    return ["help_offered", waiting ? "line_go_on" : "help_go_on"];
  }
  const known = waiting && lines.length > 0 ? "line_is_there" : "help_is_coming";
  if (!staffed) {
    return [known, "help_nobody"];
  }
  if (waiting && answer === "write") {
    return [known, "line_will_write"];
  }
  return [known, answer === "call" ? "help_will_call" : "help_will_write"];
}

/** @param {HelpView["lines"][number]} line */
function lineItem(line) {
  const item = document.createElement("li");
  item.className = `chat__line chat__line--${line.sender}`;
  const from = document.createElement("span");
  from.className = "chat__from";
  from.textContent = text(line.sender === "client" ? "chat_me" : "office");
  const words = document.createElement("span");
  words.className = "chat__text";
  // A link would lead away from the check: it is shown as words.
  words.textContent = line.text;
  item.append(from, words);
  return item;
}

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 */
function value(form, name) {
  return find(form, `[name="${name}"]`, HTMLInputElement).value.trim();
}

/**
 * @param {HTMLFormElement} form
 * @param {string} name of a group of radio buttons
 */
function chosen(form, name) {
  return find(form, `[name="${name}"]:checked`, HTMLInputElement).value;
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
