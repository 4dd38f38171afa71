/** The pictures: small ones at the side, one of them large. Only what is shown is asked for. */

import { find, show, write } from "../find.js";
import { text } from "../texts.js";
import { showRows, showTrack, slot } from "../console/dom.js";
import { SharedScreen } from "../screens/shared_screen.js";
import { carries, largeKey } from "./stage_words.js";

/** @typedef {import("../../protocol").ConferencePerson} Person */
/** @typedef {import("../../protocol").ConferenceSnapshot} ConferenceSnapshot */

export class Stage {
  /** @param {import("./conference.js").Conference} conference */
  constructor(conference) {
    this.conference = conference;
    this.root = find(document, '[data-view="inside"]', HTMLElement);
    this.strip = find(this.root, "[data-strip]", HTMLElement);
    this.large = find(this.root, "[data-large]", HTMLVideoElement);
    this.screen = new SharedScreen(this.root);
    this.sharer = ""; // whose screen can be had
    this.picked = ""; // by a click; empty: a shared screen, who spoke last, the first of the others
    this.speaker = "";
    this.small = true; // whether the small pictures are shown
    this.asked = "";
    /** @type {Set<string>} members whose small picture is in sight */
    this.inSight = new Set();
    this.watch = new IntersectionObserver((entries) => this.scrolled(entries), { root: this.strip });
    document.addEventListener("visibilitychange", () => conference.changed());
  }

  /** Nothing of a conversation stays in the page. */
  forget() {
    this.screen.fill(null, "");
    showTrack(this.large, null);
    this.sharer = this.picked = this.speaker = "";
  }

  /** Web does not know any more what was asked for. */
  reconnected() {
    this.asked = "";
  }

  /** @param {IntersectionObserverEntry[]} entries */
  scrolled(entries) {
    for (const { target, isIntersecting } of entries) {
      const id = target instanceof HTMLElement ? (target.dataset.id ?? "") : "";
      this.inSight[isIntersecting ? "add" : "delete"](id);
    }
    this.conference.changed();
  }

  /** @param {boolean} small */
  showSmall(small) {
    this.small = small;
    this.conference.changed();
  }

  /** @param {ConferenceSnapshot} snapshot */
  render(snapshot) {
    if (this.conference.shown !== "inside") {
      return;
    }
    const { people, mode } = snapshot;
    const n = people.length;
    write(slot(this.root, "title"), snapshot.title || text("beside_title"));
    const facts = snapshot.text_only ? "facts_text" : mode === "audio" ? "facts_audio" : "facts";
    write(slot(this.root, "facts"), text(facts, { n }));
    this.renderScreen(people);
    const large = this.largeOf(people);
    this.renderStrip(people, large);
    this.renderLarge(large, n);
    this.conference.sounds.show(this.voices(people));
    this.ask(people, large);
  }

  /**
   * A screen takes the stage when it comes; a click on a person takes it back, another the person.
   *
   * @param {Person[]} people
   */
  renderScreen(people) {
    const sharer = people.find((one) => one.screen);
    const sharerId = sharer?.member_id ?? "";
    this.picked = sharerId && sharerId !== this.sharer ? "" : this.picked;
    this.sharer = sharerId;
    const shown = sharer && !sharer.screen_paused && !this.picked;
    const { slots } = this.conference.media;
    const track = shown ? (slots[sharer.slot ?? -1]?.screen ?? null) : null;
    this.screen.fill(track, sharer?.name ?? "");
  }

  /**
   * @param {Person[]} people
   * @returns {Person | undefined}
   */
  largeOf(people) {
    const others = people.filter((one) => !one.me);
    const picked = people.find((one) => one.member_id === this.picked);
    this.speaker = others.find((one) => one.speaking)?.member_id ?? this.speaker;
    const speaker = others.find((one) => one.member_id === this.speaker);
    return picked ?? speaker ?? others[0] ?? people[0];
  }

  /** @param {Person} person */
  track(person) {
    const { media } = this.conference;
    if (person.me) {
      return media.wantedTracks.camera ? media.outgoing("camera") : null;
    }
    return carries(person) ? (media.slots[person.slot ?? -1]?.camera ?? null) : null;
  }

  /**
   * @param {Person[]} people
   * @returns {(MediaStreamTrack | null)[]} by slot
   */
  voices(people) {
    const { slots } = this.conference.media;
    const here = new Set(people.map((one) => one.slot));
    return slots.map((one, index) => (here.has(index) ? (one?.microphone ?? null) : null));
  }

  /**
   * @param {Person[]} people
   * @param {Person | undefined} large
   */
  renderStrip(people, large) {
    this.strip.dataset.small = String(this.small);
    showRows(this.strip, people, {
      template: "tile",
      key: ({ member_id }) => member_id,
      made: (row, { member_id }) => {
        this.watch.observe(row);
        slot(row, "pick").addEventListener("click", () => this.pick(member_id));
      },
      fill: (row, person) => this.fillTile(row, person, person === large),
    });
  }

  /** @param {string} memberId again: nobody in particular */
  pick(memberId) {
    this.picked = this.picked === memberId ? "" : memberId;
    this.conference.changed();
  }

  /**
   * @param {HTMLElement} row
   * @param {Person} person
   * @param {boolean} large
   */
  fillTile(row, person, large) {
    const track = this.small ? this.track(person) : null;
    const silent = person.me ? !this.conference.media.wantedTracks.microphone : !person.microphone;
    showTrack(find(row, "video", HTMLVideoElement), track);
    show(slot(row, "none"), track === null);
    row.dataset.mine = String(person.me);
    row.dataset.speaking = String(person.speaking);
    const button = slot(row, "pick");
    button.setAttribute("aria-pressed", String(large && !this.screen.shown));
    const paused = (person.paused || person.screen_paused) && text("paused");
    const words = [
      nameOf(person), person.leads && text("leads"), person.screen && text("shares"),
      silent && text("muted"), paused,
    ]; // prettier-ignore
    const label = [...words, person.speaking && text("speaks")].filter(Boolean).join(", ");
    write(slot(row, "paused"), paused || "");
    show(slot(row, "paused"), Boolean(paused));
    button.setAttribute("aria-label", text("pick", { name: label }));
    write(slot(row, "name"), nameOf(person));
    slot(row, "symbol").className = `icon icon--${silent ? "mic-off" : "mic"}`;
  }

  /**
   * @param {Person | undefined} person
   * @param {number} n of people
   */
  renderLarge(person, n) {
    const track = person ? this.track(person) : null;
    showTrack(this.large, track);
    this.large.dataset.mine = String(person?.me ?? false);
    show(find(this.root, "[data-large-none]", HTMLElement), track === null);
    const name = person ? nameOf(person) : "";
    write(slot(this.root, "large-words"), text(largeKey(person, n), { name }));
    write(slot(this.root, "large-name"), name);
  }

  /**
   * Says whose pictures are in sight: nothing else is sent to this page.
   *
   * @param {Person[]} people
   * @param {Person | undefined} large
   */
  ask(people, large) {
    const seen = people.filter(
      (one) =>
        (one === large && !this.screen.shown) || (this.small && this.inSight.has(one.member_id)),
    );
    const shown = document.hidden ? [] : seen;
    const members = shown.filter((one) => !one.me).map((one) => one.member_id);
    const words = JSON.stringify(members);
    if (words !== this.asked && this.conference.send({ type: "show_pictures", members })) {
      this.asked = words;
    }
  }
}

/** @param {Person} person */
export function nameOf({ name, me, client }) {
  return me ? text("me_name", { name }) : client && !name ? text("client") : name;
}
