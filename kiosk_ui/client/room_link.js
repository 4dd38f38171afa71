/** The guests' link in a dialog: shown, as a QR code, copied, sent by mail or SMS. */

import { post, Refused } from "./api.js";
import { find, onClick, show, write } from "./find.js";
import { within } from "./media/time_limit.js";
import { text } from "./texts.js";

const COPY_LIMIT_MS = 3_000;

export class RoomLink {
  /**
   * @param {HTMLElement} dialog
   * @param {{link: () => string, send: () => string}} paths of the API
   */
  constructor(dialog, paths) {
    this.paths = paths;
    this.root = find(dialog, "[data-link]", HTMLElement);
    onClick(dialog, "link", () => void this.showLink());
    onClick(dialog, "copy", () => void this.copy());
    find(dialog, "[data-send]", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      void this.send();
    });
  }

  /** @param {string} name */
  slot(name) {
    return find(this.root, `[data-slot="${name}"]`, HTMLElement);
  }

  async showLink() {
    await this.tried(async () => {
      /** @type {import("../protocol").RoomLink} */
      const { link, picture, mail, sms } = await post(this.paths.link(), {});
      write(this.slot("link"), link);
      find(this.root, '[data-slot="qr"]', HTMLImageElement).src = picture;
      show(find(this.root, "[data-send]", HTMLElement), mail || sms);
      show(this.root, true);
    });
  }

  async copy() {
    const said = this.slot("copied");
    try {
      await within(navigator.clipboard.writeText(this.slot("link").textContent ?? ""), COPY_LIMIT_MS);
      write(said, text("copied"));
    } catch {
      write(said, text("not_copied"));
    }
  }

  async send() {
    const field = find(this.root, '[name="to"]', HTMLInputElement);
    const to = field.value.trim();
    if (!to) {
      field.focus();
      return;
    }
    await this.tried(async () => {
      await post(this.paths.send(), { way: to.includes("@") ? "mail" : "sms", to });
      field.value = "";
      write(this.slot("sent"), text("sent"));
    });
  }

  /** @param {() => Promise<void>} work */
  async tried(work) {
    write(this.slot("sent"), "");
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Refused)) {
        throw error;
      }
      write(this.slot("sent"), `${error.title} ${error.detail}`);
      show(this.root, true);
    }
  }

  /** Nothing of the last one stays in the page. */
  forget() {
    for (const name of ["link", "copied", "sent"]) {
      write(this.slot(name), "");
    }
    find(this.root, '[data-slot="qr"]', HTMLImageElement).removeAttribute("src");
    find(this.root, '[name="to"]', HTMLInputElement).value = "";
    show(this.root, false);
  }
}
