/** A visit at a kiosk: what is around it, from the start page to goodbye. */

import { Beat } from "./beat.js";
import { Shell } from "./shell.js";

/** @typedef {import("../../protocol").VisitSnapshot} VisitSnapshot */

const TALKING = new Set(["admitted", "in_session"]);

export class AtVisit {
  /** @param {import("../visit.js").Visit} visit */
  constructor(visit) {
    this.visit = visit;
    this.shell = new Shell(visit.root, () => visit.media.stop());
    this.beat = new Beat();
    const form = document.querySelector('[data-slot="forget"]');
    form?.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.shell.forget();
    });
  }

  /** @param {VisitSnapshot} snapshot */
  render({ state, elsewhere }) {
    // Who goes on with a phone leaves the kiosk to the next one.
    const place = state === "waiting" ? "waiting" : TALKING.has(state) ? "never" : "before";
    this.shell.at(elsewhere ? "elsewhere" : state, elsewhere ? "before" : place);
  }

  /** The visit is over or somebody else's: nothing to be seen here. */
  refused() {
    void this.shell.forget();
  }
}
