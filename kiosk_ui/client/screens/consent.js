/** Three statements; refusing is as easy as agreeing. */

import { find, onClick, show } from "../find.js";

const STATEMENTS = ["privacy", "identity_check", "session"];

export class ConsentScreen {
  /**
   * @param {HTMLElement} root
   * @param {import("../visit.js").Visit} visit
   */
  constructor(root, visit) {
    this.root = root;
    this.visit = visit;
    this.form = find(root, "form", HTMLFormElement);
    this.missing = find(root, '[data-slot="missing"]', HTMLElement);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.agree();
    });
    this.form.addEventListener("change", () => show(this.missing, false));
    onClick(root, "refuse-consent", () => visit.endBy({ type: "refuse_consent" }));
  }

  agree() {
    const open = STATEMENTS.map((name) => this.box(name)).find((box) => !box.checked);
    show(this.missing, open !== undefined);
    if (open) {
      open.focus();
      return;
    }
    this.visit.send({
      type: "give_consent",
      privacy: true,
      identity_check: true,
      session: true,
      text_version: this.visit.root.dataset.consentVersion ?? "",
    });
  }

  /** @param {string} name */
  box(name) {
    return find(this.form, `[name="${name}"]`, HTMLInputElement);
  }

  enter() {
    this.form.reset();
    show(this.missing, false);
  }

  render() {}
}
