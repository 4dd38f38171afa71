/** The card on top of the conversation: who is there, by their word and by the file. */

import { find, show, write } from "../find.js";
import { text } from "../texts.js";
import { showMarks, slot } from "./dom.js";
import { entryMarks, identityMarks } from "./rows.js";

/** @typedef {import("../../protocol").SessionView} SessionView */
/** @typedef {import("../../protocol").ConfirmIdentity["how"]} IdentityMethod */

export class Identity {
  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.root = find(document, "[data-identity]", HTMLElement);
    for (const button of this.root.querySelectorAll("[data-confirm]")) {
      button.addEventListener("click", () => this.confirm(button));
    }
    find(document, "[data-refuse]", HTMLButtonElement).addEventListener("click", () => {
      desk.dialogs.close("refuse");
      desk.send({ type: "refuse_identity" });
    });
  }

  /** @param {Element} button */
  confirm(button) {
    const how = /** @type {IdentityMethod} */ (button instanceof HTMLElement ? button.dataset.confirm : "");
    this.desk.send({ type: "confirm_identity", how });
  }

  /** @param {SessionView} session */
  render(session) {
    const done = session.identity === "confirmed";
    const stated = [session.stated_name, session.phone].filter(Boolean).join(" · ");
    write(slot(this.root, "stated"), stated || text("no_name"));
    write(slot(this.root, "file"), session.file_name || text("nothing_in_file"));
    write(slot(this.root, "topic"), done ? session.topic : "");
    show(find(this.root, "[data-topic]", HTMLElement), done && session.topic !== "");
    show(find(this.root, "[data-identity-ask]", HTMLElement), !done);
    this.root.toggleAttribute("data-done", done);
    show(find(this.root, "[data-second-entry]", HTMLElement), Boolean(session.second_entry));
    const marks = [...entryMarks(session), ...identityMarks(session.identity)];
    showMarks(slot(this.root, "mark"), this.desk.marks(marks));
  }

  forget() {
    for (const name of ["stated", "file", "topic"]) {
      write(slot(this.root, name), "");
    }
    showMarks(slot(this.root, "mark"), []);
    this.desk.dialogs.close("refuse");
  }
}
