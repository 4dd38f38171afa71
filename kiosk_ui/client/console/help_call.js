/** Help for the person chosen: where they are stuck, lines to and fro, and the number to call. */

import { find, show, write } from "../find.js";
import { text } from "../texts.js";
import { fresh, slot } from "./dom.js";
import { offerTextBlocks } from "./text_blocks.js";
import { sinceWords } from "./times.js";

/** @typedef {import("../../protocol").WaitingRow} WaitingRow */
/** @typedef {NonNullable<WaitingRow["help"]>} Help */

export class HelpCall {
  /**
   * @param {import("./desk.js").Desk} desk
   * @param {HTMLElement} root of the person chosen
   */
  constructor(desk, root) {
    this.desk = desk;
    this.root = find(root, "[data-help-call]", HTMLElement);
    this.form = find(this.root, "[data-help-form]", HTMLFormElement);
    this.input = find(this.form, "input", HTMLInputElement);
    this.offer = this.button("offer", () => this.offerHelp());
    this.called = this.button("called", () => this.settle(true));
    this.settled = this.button("settled", () => this.settle(false));
    offerTextBlocks(this.form, this.input);
    this.visitId = "";
    this.offeredId = "";
    this.drawn = "";
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.say();
    });
  }

  /**
   * @param {string} name
   * @param {() => void} pressed
   */
  button(name, pressed) {
    const button = find(this.root, `[data-help-${name}]`, HTMLButtonElement);
    button.addEventListener("click", pressed);
    return button;
  }

  /** @param {boolean} called */
  settle(called) {
    this.desk.send({ type: "settle_help", visit_id: this.visitId, called });
  }

  offerHelp() {
    this.offeredId = this.visitId;
    this.desk.day.draw();
    this.input.focus();
  }

  say() {
    const words = this.input.value.trim();
    const line_id = newId();
    if (words && this.desk.send({ type: "write_help", visit_id: this.visitId, line_id, text: words })) {
      this.input.value = ""; // without a connection it stays, to be sent later
    }
  }

  /** @param {WaitingRow | null} row null: nobody; whatever stood here is forgotten */
  render(row) {
    if (row?.visit_id !== this.visitId) {
      this.input.value = ""; // a line begun for one person never goes to another
      this.offeredId = "";
      this.draw([]);
    }
    this.visitId = row?.visit_id ?? "";
    const help = row?.help;
    if (row && help) {
      this.fill(row, help);
    }
  }

  /**
   * @param {WaitingRow} row
   * @param {Help} help
   */
  fill(row, help) {
    const asked = help.since !== null;
    const open = asked || help.lines.length > 0 || help.called_at !== null || this.offeredId === row.visit_id;
    this.root.dataset.open = open ? "yes" : "no";
    show(slot(this.root, "wanted"), open);
    show(this.form, open);
    show(this.offer, !open);
    show(this.settled, asked);
    const callable = open && help.phone !== "";
    show(slot(this.root, "call"), callable);
    show(this.called, callable && help.called_at === null);
    write(slot(this.root, "help-title"), text(asked ? `help.${help.answer}` : "help.settled"));
    write(slot(this.root, "help-where"), this.where(row, help));
    write(slot(this.root, "help-called"), help.called_at ? text("help.called", { time: this.desk.day.clock(help.called_at) }) : "");
    show(slot(this.root, "help-called"), help.called_at !== null);
    this.phone(help);
    this.draw(help.lines);
  }

  /**
   * @param {WaitingRow} row
   * @param {Help} help
   */
  where(row, help) {
    const words = [];
    if (help.since) {
      const { key, n } = sinceWords(this.desk.now() - Date.parse(help.since), "ago");
      words.push(text("help.asked", { since: text(key, { n }) }));
    }
    if (row.at_step) {
      words.push(`${this.desk.day.where(row)}.`);
    } else {
      words.push(`${text(`state.${row.state}`)}.`);
    }
    return words.join(" ");
  }

  /** @param {Help} help */
  phone({ phone, phone_from }) {
    const link = find(this.root, '[data-slot="help-phone"]', HTMLAnchorElement);
    write(link, phone);
    link.href = `tel:${phone.replace(/[^+0-9]/g, "")}`;
    write(slot(this.root, "help-phone-from"), phone_from === "nobody" ? "" : text(`help.phone_${phone_from}`));
  }

  /** @param {Help["lines"]} lines */
  draw(lines) {
    const list = slot(this.root, "help-lines");
    const state = lines.map(({ sender, line_id }) => `${sender} ${line_id}`).join();
    if (state === this.drawn) {
      return;
    }
    const kept = this.drawn !== "" && state.startsWith(this.drawn) ? list.children.length : 0;
    this.drawn = state;
    const items = lines.slice(kept).map((line) => this.item(line));
    kept ? list.append(...items) : list.replaceChildren(...items);
    show(list, lines.length > 0);
  }

  /** @param {Help["lines"][number]} line */
  item(line) {
    const item = fresh("chat-line");
    const own = line.sender === "adviser";
    item.toggleAttribute("data-own", own);
    write(slot(item, "who"), text(own ? "me" : "help.person"));
    write(slot(item, "time"), this.desk.day.clock(line.sent_at));
    write(slot(item, "text"), line.text);
    return item;
  }
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
