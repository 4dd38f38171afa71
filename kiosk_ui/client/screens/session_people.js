/** Who else is in the conversation, and the client's word on it: before they come, and at any time. */

import { announce } from "../announce.js";
import { showRows, showTrack, slot } from "../console/dom.js";
import { find, onClick, show, write } from "../find.js";
import { consequenceKey, pictureOf, voicesOf } from "../joined.js";
import { text } from "../texts.js";
import { Voices } from "../voices.js";

/** @typedef {import("../../protocol").SessionPerson} SessionPerson */
/** @typedef {import("../../protocol").VisitSnapshot} VisitSnapshot */

const GUARD_MS = 300; // a tap meant for what was there before is no word on anybody

export class SessionPeople {
  /**
   * @param {HTMLElement} root
   * @param {import("../visit.js").Visit} visit
   */
  constructor(root, visit) {
    this.visit = visit;
    this.title = find(root, "h1", HTMLElement);
    this.shownAt = -Infinity;
    this.list = find(root, '[data-slot="others"]', HTMLElement);
    this.box = find(root, '[data-slot="ask"]', HTMLElement);
    this.voices = new Voices();
    this.about = ""; // whom the box is about
    this.chosen = ""; // somebody inside whom the client may send away
    this.adviser = "";
    this.taken = ""; // who has taken over, until it is read
    onClick(this.box, "person-yes", () => this.answer(true));
    onClick(this.box, "person-no", () => this.answer(false));
    onClick(this.box, "person-stays", () => this.choose(""));
    onClick(this.box, "taken-seen", () => this.seen());
  }

  /** @param {boolean} welcome */
  answer(welcome) {
    if (performance.now() - this.shownAt < GUARD_MS) {
      return;
    }
    if (this.visit.send({ type: "answer_person", member_id: this.about, welcome })) {
      this.choose("");
      this.title.focus({ preventScroll: true });
    }
  }

  /** @param {string} memberId of somebody inside; again: nobody */
  choose(memberId) {
    this.chosen = this.chosen === memberId ? "" : memberId;
    this.draw();
  }

  seen() {
    this.taken = "";
    this.draw();
    this.title.focus({ preventScroll: true });
  }

  draw() {
    if (this.visit.snapshot) {
      this.render(this.visit.snapshot);
    }
  }

  /** @param {VisitSnapshot} snapshot */
  render(snapshot) {
    const { slots } = this.visit.media;
    const inside = snapshot.people.filter((one) => one.inside);
    this.voices.muted = this.visit.sound.muted;
    this.voices.show(snapshot.mode === "text" ? [] : voicesOf(inside, slots));
    show(this.list, inside.length > 0);
    showRows(this.list, inside, {
      template: "beside",
      key: ({ member_id }) => member_id,
      made: (row, { member_id }) =>
        slot(row, "pick").addEventListener("click", () => this.choose(member_id)),
      fill: (row, person) => this.fill(row, person, pictureOf(person, slots)),
    });
    this.follow(snapshot);
    this.ask(snapshot);
  }

  /**
   * @param {HTMLElement} row
   * @param {SessionPerson} person
   * @param {MediaStreamTrack | null} track
   */
  fill(row, person, track) {
    showTrack(find(row, "video", HTMLVideoElement), track);
    show(slot(row, "none"), track === null);
    write(slot(row, "name"), person.name);
    write(slot(row, "role"), text(person.online ? `role_${person.role}` : "role_away"));
    slot(row, "pick").setAttribute("aria-expanded", String(this.chosen === person.member_id));
  }

  /**
   * Another adviser goes on with the conversation.
   *
   * @param {VisitSnapshot} snapshot
   */
  follow({ state, adviser }) {
    const name = state === "in_session" ? (adviser?.name ?? "") : "";
    if (name && this.adviser && name !== this.adviser) {
      this.taken = name;
    }
    this.adviser = name || this.adviser;
  }

  /** @param {VisitSnapshot} snapshot */
  ask(snapshot) {
    const { people } = snapshot;
    const asked = people.find((one) => !one.inside);
    const chosen = people.find((one) => one.inside && one.member_id === this.chosen);
    const person = asked ?? chosen;
    const before = this.box.hidden ? "" : this.about;
    this.about = person?.member_id ?? "";
    this.shownAt = before === this.about ? this.shownAt : performance.now();
    const taken = !person && this.taken !== "";
    show(this.box, Boolean(person) || taken);
    for (const [name, shown] of /** @type {[string, boolean][]} */ ([
      ["person-yes", Boolean(asked)],
      ["person-no", Boolean(asked)],
      ["person-goes", !asked && Boolean(chosen)],
      ["person-stays", !asked && Boolean(chosen)],
      ["taken-seen", taken],
    ])) {
      show(slot(this.box, name), shown);
    }
    if (asked) {
      this.say(this.question(asked, snapshot), text(consequenceKey(snapshot), { name: asked.name }));
    } else if (chosen) {
      this.say(text("joined_is_here", { name: chosen.name }), text("joined_may_go", { name: chosen.name }));
    } else if (taken) {
      this.say(text("taken_over", { name: this.taken }), "");
    }
    if (asked && before !== this.about) {
      announce(this.question(asked, snapshot));
    }
  }

  /**
   * @param {SessionPerson} person
   * @param {VisitSnapshot} snapshot
   */
  question({ name, role }, { adviser }) {
    return text(`joins_${role}`, { name, adviser: adviser?.name || text("office") });
  }

  /**
   * @param {string} title
   * @param {string} detail
   */
  say(title, detail) {
    write(slot(this.box, "ask-title"), title);
    write(slot(this.box, "ask-detail"), detail);
  }

  end() {
    this.voices.show([]);
    this.list.replaceChildren();
    show(this.box, false);
    this.chosen = this.adviser = this.taken = "";
  }
}
