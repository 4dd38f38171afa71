/** A visit at a kiosk: what is around it, from the start page to goodbye. */

import { Beat } from "./beat.js";
import { Shell } from "./shell.js";

/** @typedef {import("../../protocol").VisitSnapshot} VisitSnapshot */

const TALKING = new Set(["admitted", "in_session"]);
const LOOK_MS = 1_000;
const LOST_MS = 60_000; // neither the appliance nor the other one for so long: nobody talks any more

export class AtVisit {
  /** @param {import("../visit.js").Visit} visit */
  constructor(visit) {
    this.visit = visit;
    this.shell = new Shell(visit.root, () => visit.media.stop());
    this.beat = new Beat();
    this.progress = "";
    this.reachedAt = performance.now();
    this.shell.at("connecting", "before");
    setInterval(() => this.look(performance.now()), LOOK_MS);
    const form = document.querySelector('[data-slot="forget"]');
    form?.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.shell.forget();
    });
  }

  /** @param {VisitSnapshot} snapshot */
  render(snapshot) {
    const { state, elsewhere } = snapshot;
    // Who goes on with a phone leaves the kiosk to the next one.
    const place = state === "waiting" ? "waiting" : TALKING.has(state) ? "never" : "before";
    const name = state === "device_check" && isTested() ? "result" : state;
    this.shell.at(elsewhere ? "elsewhere" : name, elsewhere ? "before" : place);
    const progress = progressOf(snapshot);
    if (progress !== this.progress) {
      this.progress = progress;
      this.shell.idle.here();
    }
  }

  /**
   * A conversation is never asked about; one that has been cut off for good is none.
   *
   * @param {number} now
   */
  look(now) {
    const { socket, media, snapshot } = this.visit;
    if (socket.isOpen || media.peer.state === "connected") {
      this.reachedAt = now;
    }
    if (snapshot?.state === "device_check") {
      this.render(snapshot); // the page goes on to the result by itself
    } else if (snapshot && TALKING.has(snapshot.state) && !snapshot.elsewhere) {
      this.shell.idle.at(now - this.reachedAt > LOST_MS ? "before" : "never");
    }
  }

  /** The visit is over or somebody else's: nothing to be seen here. */
  refused() {
    void this.shell.forget();
  }
}

function isTested() {
  return document.querySelector('[data-step="result"]')?.checkVisibility() === true;
}

/**
 * What goes on without a touch: the check by itself, and the office that writes to whoever asked.
 *
 * @param {VisitSnapshot} snapshot
 */
export function progressOf({ check, help }) {
  const answers = (help?.lines ?? []).filter(({ sender }) => sender === "adviser").length;
  return `${check?.step} ${check?.findings.length} ${answers} ${help?.called_at}`;
}
