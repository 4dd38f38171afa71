/**
 * What stands behind the client, as the page knows it: the choice, who carries it out, and which
 * track may leave. The choice outlives a reload, so that no first frame slips out.
 */

import { Engine } from "./engine.js";
import { outgoing } from "./gate.js";
import { forAppliance, kindOf, NONE } from "./looks.js";
import { ownPicture } from "./own_pictures.js";

/** @typedef {import("./engine.js").Trouble} Trouble */

const KEPT = "vorzimmer.background";

export class Hiding {
  /** @param {import("./engine.js").EngineEvents} events */
  constructor(events) {
    this.events = events;
    const kept = sessionStorage.getItem(KEPT);
    this.known = kept !== null; // web's older word undoes no choice of this page
    const [look, by] = (kept ?? NONE).split(" ");
    this.look = look || NONE;
    this.applianceAgreed = by === "appliance";
    /** @type {MediaStreamTrack | null} */
    this.raw = null;
    /** @type {Engine | null} */
    this.engine = null;
  }

  get hidden() {
    return this.look !== NONE;
  }

  /** Whether the browser can not, and the client has not said yet what shall be instead. */
  get undecided() {
    const stuck = this.engine?.state === "unable" || this.engine?.state === "lost";
    return this.hidden && !this.applianceAgreed && stuck;
  }

  /** What web is told and keeps for after a reload. */
  get choice() {
    const appliance = this.hidden && this.applianceAgreed;
    return {
      mode: appliance ? forAppliance(this.look) : /** @type {const} */ ("none"),
      look: this.hidden && !appliance ? this.look : "",
    };
  }

  /**
   * Whether web, which may have been restarted, knows something else than this page's own choice.
   *
   * @param {{background: string, look: string}} check
   */
  unknownTo({ background, look }) {
    const { known, choice } = this;
    return known && (background !== choice.mode || look !== choice.look);
  }

  /** The picture that may leave the device: raw only where nothing was to be hidden, or agreed. */
  get outgoing() {
    const { raw, hidden, applianceAgreed } = this;
    return outgoing({ raw, hidden, applianceAgreed, generated: this.engine?.track ?? null });
  }

  /** @param {string} look */
  choose(look) {
    const stuck = this.undecided;
    this.known = true;
    this.look = look;
    this.applianceAgreed = false;
    if (stuck) {
      this.drop(); // asked for anew is tried anew
    }
    this.follow();
  }

  /** Switched on again is tried again. */
  retry() {
    if (this.undecided) {
      this.drop();
      this.follow();
    }
  }

  /** The client has read that the real picture reaches the appliance, and wants it so. */
  agree() {
    this.known = true;
    this.applianceAgreed = true;
    this.follow();
  }

  /**
   * As web knows it, for a page that has forgotten.
   *
   * @param {{background: string, look: string} | null} check
   */
  recall(check) {
    if (!this.known && check && (check.look || check.background !== NONE)) {
      this.known = true;
      this.look = check.look || check.background;
      this.applianceAgreed = check.look === "";
      this.follow();
    }
  }

  /** @param {MediaStreamTrack | null} raw the open camera */
  source(raw) {
    if (raw !== this.raw) {
      this.raw = raw;
      this.drop();
      this.follow();
    }
  }

  /** Runs an engine exactly where one is needed. */
  follow() {
    sessionStorage.setItem(KEPT, `${this.look} ${this.applianceAgreed ? "appliance" : "browser"}`);
    const needed = this.raw !== null && this.hidden && !this.applianceAgreed;
    if (!needed || !this.raw) {
      this.drop();
    } else if (this.engine) {
      this.engine.show(this.look);
    } else {
      this.engine = new Engine(this.raw, this.look, {
        onChange: this.events.onChange,
        onTrouble: (trouble) => this.trouble(trouble),
      });
    }
    this.fetchOwn();
    this.events.onChange();
  }

  /** The agency's picture; until it is there the plain colour stands. */
  fetchOwn() {
    const { engine, look } = this;
    if (engine && this.hidden && kindOf(look) === "picture") {
      ownPicture(look).then((bitmap) => bitmap && engine.give(look, bitmap));
    }
  }

  /** @param {Trouble} trouble */
  trouble(trouble) {
    if (trouble === "plain" && kindOf(this.look) !== "picture") {
      this.engine?.show("plain"); // the choice stays; a new engine begins with it again
    }
    this.events.onTrouble(trouble);
  }

  drop() {
    this.engine?.end();
    this.engine = null;
  }

  /** The visit is over: the next person begins anew. */
  forget() {
    this.drop();
    this.raw = null;
    this.look = NONE;
    this.known = false;
    this.applianceAgreed = false;
    sessionStorage.removeItem(KEPT);
  }
}
