/** One key for each button that names one by ``data-key``; never while somebody types. */

import { find } from "../find.js";
import { remember, remembered } from "./remembered.js";

const PLACE = "vorzimmer.keys";

export class Keys {
  constructor() {
    this.box = find(document, "[data-use-keys]", HTMLInputElement);
    this.box.checked = remembered(PLACE) !== "off";
    this.box.addEventListener("change", () => remember(PLACE, this.box.checked ? "on" : "off"));
    document.addEventListener("keydown", (event) => this.pressed(event));
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const modified = event.ctrlKey || event.altKey || event.metaKey;
    if (modified || event.repeat || event.defaultPrevented || !this.box.checked || typing(event.target)) {
      return;
    }
    const target = this.target(event.key.toLowerCase());
    if (target) {
      event.preventDefault();
      target.click();
    }
  }

  /**
   * @param {string} key
   * @returns {HTMLElement | undefined} only what can be seen; with an open dialog only its buttons
   */
  target(key) {
    const dialog = document.querySelector("dialog[open]");
    const named = [...(dialog ?? document).querySelectorAll("[data-key]")];
    return /** @type {HTMLElement | undefined} */ (
      named.find((one) => one instanceof HTMLElement && one.dataset.key === key && usable(one))
    );
  }
}

/** @param {HTMLElement} element */
function usable(element) {
  return element.getClientRects().length > 0 && !element.matches(":disabled");
}

/** @param {EventTarget | null} target */
function typing(target) {
  return target instanceof Element && target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
}
