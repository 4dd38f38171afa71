/** Thanks, what is kept, and what comes next. */

import { find, show, write } from "../find.js";
import { wipeStores } from "../kiosk/traces.js";
import { text } from "../texts.js";

const BY_TELEPHONE = new Set(["telephone", "declined", "withdrawn", "failed", "cancelled"]);

export class ClosedScreen {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    const forget = find(root, '[data-slot="forget"]', HTMLFormElement);
    if (forget.elements.namedItem("kiosk")) {
      forget.addEventListener("submit", () => wipeStores()); // all but what the kiosk knows of itself
    }
  }

  /** @param {import("../../protocol").VisitSnapshot} snapshot */
  render({ outcome }) {
    const word = outcome ?? "completed";
    write(find(this.root, '[data-slot="title"]', HTMLElement), text(`outcome_${word}`));
    write(find(this.root, '[data-slot="detail"]', HTMLElement), text(`outcome_${word}_detail`));
    show(find(this.root, '[data-slot="telephone"]', HTMLElement), BY_TELEPHONE.has(word));
  }
}
