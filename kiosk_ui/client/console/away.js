/** For a while not at the desk. */

import { find, show } from "../find.js";

export class Away {
  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.line = find(document, "[data-away-line]", HTMLElement);
    this.tool = find(document, "[data-away-tool]", HTMLButtonElement);
    const form = find(document, "[data-away-form]", HTMLFormElement);
    const words = find(form, "input", HTMLInputElement);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (desk.send({ type: "go_away", text: words.value.trim() })) {
        words.value = "";
        desk.dialogs.close("away");
      }
    });
    find(this.line, "button", HTMLButtonElement).addEventListener("click", () =>
      desk.send({ type: "come_back" }),
    );
  }

  /** @param {import("../../protocol").DeskSnapshot} snapshot */
  render({ away, session }) {
    show(this.line, away !== null);
    // In a conversation its key goes on by telephone; and whoever talks is at the desk.
    show(this.tool, away === null && !session);
  }
}
