/**
 * Helps out of a window that cannot hold a conversation: the link by clipboard, or as a code for
 * another device. Both only on a click, from this origin, and kept nowhere.
 */

import { find, onClick, show } from "./find.js";
import { describe, recognise } from "./media/browser.js";
import { within } from "./media/time_limit.js";

const LIMIT_MS = 3_000;

/** @typedef {"fit" | "doubtful" | "unfit"} Fitness doubtful: in an app, although it could */

/** @returns {Fitness} what can be known before anything is asked for */
export function fitness() {
  const { media_devices, web_rtc, secure_context } = describe(NaN);
  if (secure_context && !(media_devices && web_rtc)) {
    return "unfit";
  }
  return recognise(navigator).in_app_browser ? "doubtful" : "fit";
}

export class OpenElsewhere {
  /**
   * @param {ParentNode} root holds the partial ``elsewhere``
   * @param {() => string} link
   * @param {(() => Promise<string>) | null} [picture] address of the code's picture
   */
  constructor(root, link, picture = null) {
    this.box = find(root, '[data-slot="open-elsewhere"]', HTMLElement);
    this.link = link;
    this.picture = picture;
    onClick(this.box, "copy-link", () => void this.copy());
    onClick(this.box, "show-code", () => void this.toggleCode());
  }

  /** @param {boolean} shown */
  offer(shown) {
    show(this.box, shown);
    if (!shown) {
      this.showCode("");
    }
  }

  async copy() {
    let copied = true;
    try {
      await within(navigator.clipboard.writeText(this.link()), LIMIT_MS);
    } catch {
      copied = false; // many web views have no clipboard for pages
      const field = find(this.box, "input", HTMLInputElement);
      field.value = this.link();
      show(this.slot("by-hand"), true);
      field.select();
    }
    show(this.slot("copied"), copied);
  }

  async toggleCode() {
    const shown = !this.slot("code").hidden;
    this.showCode(shown || !this.picture ? "" : await this.picture());
  }

  /** @param {string} address empty: gone from the page, too */
  showCode(address) {
    const button = this.box.querySelector('[data-do="show-code"]');
    if (button) {
      find(this.box, "img", HTMLImageElement).src = address;
      show(this.slot("code"), address !== "");
      button.setAttribute("aria-expanded", String(address !== ""));
    }
  }

  /** @param {string} name */
  slot(name) {
    return find(this.box, `[data-slot="${name}"]`, HTMLElement);
  }
}
