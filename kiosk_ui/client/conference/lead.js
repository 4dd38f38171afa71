/** What the host can do: open the door, call colleagues, invite guests, mute, remove, close. */

import { Dialogs } from "../console/dialogs.js";
import { showRows, slot } from "../console/dom.js";
import { find, onClick, show, write } from "../find.js";
import { RoomLink } from "../room_link.js";
import { text } from "../texts.js";
import { nameOf } from "./stage.js";

/** @typedef {import("../../protocol").ConferenceSnapshot} ConferenceSnapshot */
/** @typedef {import("../../protocol").ColleagueToCall} ColleagueToCall */

export class Lead {
  /** @param {import("./conference.js").Conference} conference */
  constructor(conference) {
    this.conference = conference;
    this.dialogs = new Dialogs();
    this.dialog = this.dialogs.get("people");
    this.knocks = find(document, "[data-knocks]", HTMLElement);
    conference.listeners.push((snapshot) => this.render(snapshot));
    this.link = new RoomLink(this.dialog, {
      link: () => `${this.address}/link`,
      send: () => `${this.address}/send`,
    });
    onClick(this.dialog, "close-all", () => conference.send({ type: "close_conference" }));
  }

  /** @param {ConferenceSnapshot} snapshot */
  render(snapshot) {
    show(find(document, "[data-for-host]", HTMLElement), snapshot.leads);
    if (!snapshot.leads && this.dialog.open) {
      this.dialog.close();
    }
    this.renderKnocks(snapshot);
    this.renderPeople(snapshot);
    const { colleagues } = snapshot;
    show(find(this.dialog, "[data-no-colleagues]", HTMLElement), colleagues.length === 0);
    showRows(find(this.dialog, "[data-colleagues]", HTMLElement), colleagues, {
      template: "colleague",
      key: ({ adviser_id }) => adviser_id,
      made: (row, { adviser_id }) =>
        this.wire(row, "call", { type: "call_colleague", adviser_id }),
      fill: (row, one) => fillColleague(row, one),
    });
  }

  /**
   * @param {HTMLElement} row
   * @param {string} name
   * @param {import("../../protocol").ConferenceCommand} command
   */
  wire(row, name, command) {
    slot(row, name).addEventListener("click", () => this.conference.send(command));
  }

  /** @param {ConferenceSnapshot} snapshot */
  renderKnocks({ knocking }) {
    show(this.knocks, knocking.length > 0);
    showRows(this.knocks, knocking, {
      template: "knock",
      key: ({ member_id }) => member_id,
      made: (row, { member_id }) => {
        this.wire(row, "let-in", { type: "let_in", member_id });
        this.wire(row, "turn-away", { type: "turn_away", member_id });
      },
      fill: (row, { name, without_microphone }) => {
        write(slot(row, "name"), name);
        write(slot(row, "words"), text(without_microphone ? "knocks_silent" : "knocks"));
      },
    });
  }

  /** @param {ConferenceSnapshot} snapshot */
  renderPeople({ people }) {
    showRows(find(this.dialog, "[data-people]", HTMLElement), people, {
      template: "person",
      key: ({ member_id }) => member_id,
      made: (row, { member_id }) => {
        this.wire(row, "mute", { type: "mute_member", member_id });
        this.wire(row, "remove", { type: "remove_member", member_id });
      },
      fill: (row, person) => {
        const words = [person.staff ? "" : text("guest"), person.muted ? text("muted") : ""];
        write(slot(row, "name"), nameOf(person));
        write(slot(row, "words"), words.filter(Boolean).join(" · "));
        show(slot(row, "tools"), !person.me);
        show(slot(row, "mute"), person.microphone);
      },
    });
  }

  get address() {
    return `console/conferences/${encodeURIComponent(this.conference.snapshot?.conference_id ?? "")}`;
  }
}

/**
 * @param {HTMLElement} row
 * @param {ColleagueToCall} colleague
 */
function fillColleague(row, { name, online, state }) {
  const known = state && state !== "knocking" && state !== "refused" ? state : null;
  write(slot(row, "name"), name);
  write(slot(row, "words"), text(`state.${known ?? (online ? "free" : "away")}`));
  show(slot(row, "call"), state !== "inside" && state !== "ringing");
}
