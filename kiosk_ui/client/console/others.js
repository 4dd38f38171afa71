/** Who sits beside client and adviser: shown on the stage, asked in and led in a dialog. */

import { pictureOf, voicesOf } from "../joined.js";
import { find, show, write } from "../find.js";
import { RoomLink } from "../room_link.js";
import { text } from "../texts.js";
import { Voices } from "../voices.js";
import { showRows, showTrack, slot } from "./dom.js";

/** @typedef {import("../../protocol").SessionView} SessionView */
/** @typedef {import("../../protocol").SessionPerson} SessionPerson */
/** @typedef {import("../../protocol").ColleagueToCall} ColleagueToCall */
/** @typedef {import("../../protocol").JoinedView} JoinedView */

/** @type {JoinedView} */
const NOBODY = { conference_id: "", people: [], knocking: [], colleagues: [] };

export class Others {
  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.tool = find(document, "[data-others-tool]", HTMLElement);
    this.strip = find(document, "[data-others]", HTMLElement);
    this.knocks = find(document, "[data-knocks]", HTMLElement);
    this.dialog = desk.dialogs.get("others");
    this.voices = new Voices();
    this.joined = NOBODY;
    this.link = new RoomLink(this.dialog, {
      link: () => "console/session/link",
      send: () => `console/conferences/${encodeURIComponent(this.joined.conference_id)}/send`,
    });
  }

  /** @param {SessionView} session */
  render(session) {
    const { slots } = this.desk.media;
    this.joined = session.joined ?? NOBODY;
    const { people, knocking, colleagues } = this.joined;
    show(this.tool, session.joined !== null);
    this.voices.show(session.mode === "text" ? [] : voicesOf(people, slots));
    show(this.strip, people.length > 0);
    showRows(this.strip, people, {
      template: "beside",
      key: ({ member_id }) => member_id,
      fill: (row, person) => fillTile(row, person, pictureOf(person, slots)),
    });
    this.renderKnocks(knocking);
    this.renderPeople(people);
    show(find(this.dialog, "[data-no-colleagues]", HTMLElement), colleagues.length === 0);
    showRows(find(this.dialog, "[data-colleagues-beside]", HTMLElement), colleagues, {
      template: "colleague-beside",
      key: ({ adviser_id }) => adviser_id,
      made: (row, { adviser_id }) => this.wire(row, "call", { type: "invite_colleague", adviser_id }),
      fill: fillColleague,
    });
  }

  /**
   * @param {HTMLElement} row
   * @param {string} name
   * @param {import("../../protocol").DeskCommand} command
   */
  wire(row, name, command) {
    slot(row, name).addEventListener("click", () => this.desk.send(command));
  }

  /** @param {import("../../protocol").KnockingGuest[]} knocking */
  renderKnocks(knocking) {
    show(this.knocks, knocking.length > 0);
    showRows(this.knocks, knocking, {
      template: "knock",
      key: ({ member_id }) => member_id,
      made: (row, { member_id }) => {
        this.desk.bell.arrived();
        this.wire(row, "interpreter", { type: "let_in", member_id, interpreter: true });
        this.wire(row, "guest", { type: "let_in", member_id, interpreter: false });
        this.wire(row, "turn-away", { type: "turn_away", member_id });
      },
      fill: (row, { name, without_microphone }) => {
        write(slot(row, "name"), name);
        write(slot(row, "words"), text(without_microphone ? "others.knocks_silent" : "others.knocks"));
      },
    });
  }

  /** @param {SessionPerson[]} people */
  renderPeople(people) {
    show(find(this.dialog, "[data-no-people]", HTMLElement), people.length === 0);
    showRows(find(this.dialog, "[data-people]", HTMLElement), people, {
      template: "person-beside",
      key: ({ member_id }) => member_id,
      made: (row, { member_id }) => {
        slot(row, "hand-over").addEventListener("click", () => this.handOver(member_id));
        slot(row, "remove").addEventListener("click", () => this.remove(member_id));
      },
      fill: (row, person) => {
        write(slot(row, "name"), person.name);
        write(slot(row, "words"), stateOf(person));
        show(slot(row, "hand-over"), person.may_take_over);
      },
    });
  }

  /** @param {string} memberId */
  handOver(memberId) {
    this.desk.dialogs.close("others");
    this.desk.send({ type: "hand_over_session", member_id: memberId });
  }

  /** @param {string} memberId of somebody inside, or of whom the client is being asked */
  remove(memberId) {
    const inside = this.joined.people.some((one) => one.member_id === memberId && one.inside);
    this.desk.send({ type: inside ? "remove_member" : "turn_away", member_id: memberId });
  }

  /** Nothing of a conversation stays in the page. */
  forget() {
    this.joined = NOBODY;
    this.voices.show([]);
    this.voices.muted = false;
    for (const list of [this.strip, this.knocks]) {
      list.replaceChildren();
      show(list, false);
    }
    this.renderPeople([]);
    this.link.forget();
    show(this.tool, false);
    this.desk.dialogs.close("others");
  }
}

/** @param {SessionPerson} person */
function stateOf({ role, inside, online }) {
  const role_ = text(`others.${role}`);
  const state = inside ? (online ? "others.inside" : "others.away") : "others.asked";
  return `${role_} · ${text(state)}`;
}

/**
 * @param {HTMLElement} row
 * @param {SessionPerson} person
 * @param {MediaStreamTrack | null} track
 */
function fillTile(row, person, track) {
  showTrack(find(row, "video", HTMLVideoElement), track);
  show(slot(row, "none"), track === null);
  write(slot(row, "name"), person.name);
  write(slot(row, "role"), person.inside ? text(`others.${person.role}`) : text("others.asked"));
}

/**
 * @param {HTMLElement} row
 * @param {ColleagueToCall} colleague
 */
function fillColleague(row, { name, online, state }) {
  write(slot(row, "name"), name);
  write(slot(row, "words"), text(`others.state.${state ?? (online ? "free" : "away")}`));
  show(slot(row, "call"), state !== "inside" && state !== "ringing" && state !== "announced");
}
