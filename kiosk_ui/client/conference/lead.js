/** What the host can do: open the door, call colleagues, invite guests, mute, remove, close. */

import { post, Refused } from "../api.js";
import { Dialogs } from "../console/dialogs.js";
import { showRows, slot } from "../console/dom.js";
import { find, onClick, show, write } from "../find.js";
import { within } from "../media/time_limit.js";
import { text } from "../texts.js";
import { nameOf } from "./stage.js";

/** @typedef {import("../../protocol").ConferenceSnapshot} ConferenceSnapshot */
/** @typedef {import("../../protocol").ColleagueToCall} ColleagueToCall */

const COPY_LIMIT_MS = 3_000;

export class Lead {
  /** @param {import("./conference.js").Conference} conference */
  constructor(conference) {
    this.conference = conference;
    this.dialogs = new Dialogs();
    this.dialog = this.dialogs.get("people");
    this.link = find(this.dialog, "[data-link]", HTMLElement);
    this.knocks = find(document, "[data-knocks]", HTMLElement);
    conference.listeners.push((snapshot) => this.render(snapshot));
    onClick(this.dialog, "link", () => void this.showLink());
    onClick(this.dialog, "copy", () => void this.copy());
    onClick(this.dialog, "close-all", () => conference.send({ type: "close_conference" }));
    find(this.dialog, "[data-send]", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      void this.send();
    });
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

  async showLink() {
    await this.tried(async () => {
      /** @type {import("../../protocol").RoomLink} */
      const { link, picture, mail, sms } = await post(`${this.address}/link`, {});
      write(slot(this.link, "link"), link);
      find(this.link, '[data-slot="qr"]', HTMLImageElement).src = picture;
      show(find(this.link, "[data-send]", HTMLElement), mail || sms);
      show(this.link, true);
    });
  }

  async copy() {
    const said = slot(this.link, "copied");
    try {
      const link = slot(this.link, "link").textContent ?? "";
      await within(navigator.clipboard.writeText(link), COPY_LIMIT_MS);
      write(said, text("copied"));
    } catch {
      write(said, text("not_copied"));
    }
  }

  async send() {
    const field = find(this.link, '[name="to"]', HTMLInputElement);
    const to = field.value.trim();
    if (!to) {
      field.focus();
      return;
    }
    await this.tried(async () => {
      await post(`${this.address}/send`, { way: to.includes("@") ? "mail" : "sms", to });
      field.value = "";
      write(slot(this.link, "sent"), text("sent"));
    });
  }

  /** @param {() => Promise<void>} work */
  async tried(work) {
    write(slot(this.link, "sent"), "");
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Refused)) {
        throw error;
      }
      write(slot(this.link, "sent"), `${error.title} ${error.detail}`);
      show(this.link, true);
    }
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
