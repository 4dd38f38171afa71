/** Dialogs by name: buttons with ``data-open`` and ``data-close`` name theirs. */

import { find } from "../find.js";

export class Dialogs {
  constructor() {
    document.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest("[data-open], [data-close]") : null;
      if (!(button instanceof HTMLElement)) {
        return;
      }
      if (button.dataset.close) {
        this.close(button.dataset.close);
      } else if (button.dataset.open) {
        this.open(button.dataset.open);
      }
    });
  }

  /** @param {string} name */
  get(name) {
    return find(document, `[data-dialog="${name}"]`, HTMLDialogElement);
  }

  /** @param {string} name */
  open(name) {
    const dialog = this.get(name);
    if (!dialog.open) {
      dialog.showModal();
      dialog.dispatchEvent(new Event("opened"));
    }
  }

  /** @param {string} name */
  close(name) {
    this.get(name).close();
  }
}
