/** For a while not at the desk; and how many messages nobody has taken yet. */

import { find, show, write } from "../find.js";
import { text } from "../texts.js";

export class Away {
  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.line = find(document, "[data-away-line]", HTMLElement);
    this.tool = find(document, "[data-away-tool]", HTMLButtonElement);
    this.badge = find(document, "[data-messages-open]", HTMLElement);
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
  render({ away, messages_open: open }) {
    show(this.line, away !== null);
    show(this.tool, away === null);
    write(find(this.badge, "[aria-hidden]", HTMLElement), String(open));
    write(find(this.badge, ".sr-only", HTMLElement), text("messages_open", { n: open }));
    show(this.badge, open > 0);
  }
}
