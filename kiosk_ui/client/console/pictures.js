/** The two pictures at the desk: a click on the small one makes it large, oneself included. */

import { find, show } from "../find.js";

export class Pictures {
  /** @param {HTMLElement} root of the conversation */
  constructor(root) {
    this.stage = find(root, "[data-stage]", HTMLElement);
    this.swapper = find(root, "[data-swap]", HTMLButtonElement);
    this.swapper.addEventListener("click", () => this.swap(!this.swapped));
  }

  get swapped() {
    return this.stage.classList.contains("desk-stage--swapped");
  }

  /** @param {boolean} own whether one's own picture is the large one */
  swap(own) {
    this.stage.classList.toggle("desk-stage--swapped", own);
    this.swapper.setAttribute("aria-pressed", String(own));
  }

  /** @param {boolean} both whether there are two pictures to swap */
  changed(both) {
    show(this.swapper, both);
    if (!both) {
      this.swap(false);
    }
  }
}
