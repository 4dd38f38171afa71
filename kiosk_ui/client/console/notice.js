/** A notice of the operating system while the desk is behind other windows; without any name. */

import { find, show } from "../find.js";
import { text } from "../texts.js";
import { remember, remembered } from "./remembered.js";

const PLACE = "vorzimmer.notice";

/**
 * @param {boolean} wanted by the adviser
 * @param {NotificationPermission} permission of the browser
 * @returns {"on" | "off" | "refused"}
 */
export function noticeState(wanted, permission) {
  if (permission === "denied") {
    return "refused";
  }
  return wanted && permission === "granted" ? "on" : "off";
}

export class Notice {
  constructor() {
    this.button = find(document, "[data-notice]", HTMLButtonElement);
    this.wanted = remembered(PLACE) === "on";
    /** @type {Notification | null} */
    this.shown = null;
    if ("Notification" in window) {
      show(this.button, true);
      this.button.addEventListener("click", () => void this.toggle());
      addEventListener("focus", () => this.shown?.close());
      this.draw();
    }
  }

  /** The browser asks at the first time, and only after a click. */
  async toggle() {
    this.wanted = noticeState(this.wanted, Notification.permission) !== "on";
    remember(PLACE, this.wanted ? "on" : "off");
    if (this.wanted && Notification.permission === "default") {
      await Notification.requestPermission();
    }
    this.draw();
  }

  draw() {
    const state = noticeState(this.wanted, Notification.permission);
    this.button.dataset.notice = state;
    this.button.setAttribute("aria-pressed", String(state === "on"));
  }

  /** @param {"waiting" | "help" | "call"} what */
  tell(what) {
    if (this.button.dataset.notice !== "on" || document.hasFocus()) {
      return;
    }
    this.shown?.close();
    try {
      this.shown = new Notification(text("title"), { body: text(`notice.${what}`), silent: true });
      this.shown.addEventListener("click", () => window.focus());
    } catch {
      this.shown = null; // Android's Chrome wants a service worker for it
    }
  }
}
