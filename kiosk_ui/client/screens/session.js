/** The conversation: the other person large, oneself small, everything switched at the bottom edge. */

import { announce } from "../announce.js";
import { find, onClick, show, write } from "../find.js";
import { carriedPictures } from "../media/carried.js";
import { text } from "../texts.js";
import { keepAwake, maySleep } from "../wake_lock.js";
import { BackgroundChoice } from "./background_choice.js";
import { Chat } from "./chat.js";
import { deviceChoices } from "./device_choice.js";
import { SessionPeople } from "./session_people.js";
import { SessionPictures } from "./session_pictures.js";
import { SessionQuality } from "./session_quality.js";
import { SessionWatch } from "./session_watch.js";
import { SharedScreen } from "./shared_screen.js";
import { nowKeys, sessionWords } from "./session_words.js";
import { Sound } from "../sound.js";
import { chime } from "../tones.js";

/** @typedef {import("../../protocol").VisitSnapshot} VisitSnapshot */
/** @typedef {import("../../protocol").Mode} Mode */

const GUARD_MS = 300; // a tap meant for the waiting room must end nothing here

export class SessionScreen {
  /**
   * @param {HTMLElement} root
   * @param {import("../visit.js").Visit} visit
   */
  constructor(root, visit) {
    this.root = root;
    this.visit = visit;
    this.other = find(root, '[data-slot="other"]', HTMLVideoElement);
    this.chat = new Chat(root, visit);
    this.screen = new SharedScreen(root);
    this.devices = deviceChoices(this.dialog("settings"), visit, () => this.changed());
    this.background = new BackgroundChoice(root, visit);
    this.watch = new SessionWatch(root, visit);
    this.pictures = new SessionPictures(root);
    this.quality = new SessionQuality(root, visit);
    this.people = new SessionPeople(root, visit);
    this.choices = find(root, '[data-form="session-choices"]', HTMLFormElement);
    this.began = false;
    this.guardedUntil = 0;
    root.addEventListener("click", (event) => this.guard(event), { capture: true });
    root.addEventListener("input", () => (this.guardedUntil = 0), { capture: true }); // they are here
    /** @type {MediaStreamTrack | null} */
    this.track = null;
    this.wire();
  }

  wire() {
    const { sound } = this.visit;
    onClick(this.root, "microphone", () => this.toggle("microphone"));
    onClick(this.root, "camera", () => this.toggle("camera"));
    onClick(this.root, "both", () => this.turnBoth());
    onClick(this.root, "loudspeaker", () => {
      sound.muted = !sound.muted;
      this.changed();
    });
    onClick(this.root, "settings", () => this.openSettings());
    onClick(this.root, "end", () => this.dialog("end").showModal());
    onClick(this.root, "end-now", () => {
      this.closeDialogs();
      this.visit.endBy({ type: "leave" });
    });
    onClick(this.root, "close-dialog", () => this.closeDialogs());
    this.choices.addEventListener("change", () => this.choose());
    for (const outputs of this.root.querySelectorAll('[data-slot="outputs"]')) {
      show(outputs, Sound.canChoose);
    }
  }

  /** @param {Event} event */
  guard(event) {
    if (performance.now() < this.guardedUntil) {
      event.stopPropagation();
      event.preventDefault();
    }
  }

  /** @param {string} name */
  dialog(name) {
    return find(this.root, `[data-dialog="${name}"]`, HTMLDialogElement);
  }

  closeDialogs() {
    for (const dialog of this.root.querySelectorAll("dialog")) {
      dialog.close();
    }
  }

  openSettings() {
    for (const choice of this.devices) {
      void choice.fill();
    }
    this.dialog("settings").showModal();
  }

  /**
   * A device that could not be opened is tried once more, and the trouble is said.
   *
   * @param {"microphone" | "camera"} kind
   */
  toggle(kind) {
    const { media, snapshot } = this.visit;
    if (kind === "camera" && snapshot?.mode === "video" && !snapshot.seen_by_adviser) {
      this.beSeen(snapshot);
      return;
    }
    const failed = media.failures[kind] !== null;
    media.turn(kind, failed || !media.on[kind]);
    if (media.on[kind] && !media.tracks[kind]) {
      media.open(kind).catch(() => this.visit.tell(`unusable_${kind}`));
    }
  }

  /**
   * The camera was never to be on; it is opened once web says that it is seen, or refuses that.
   *
   * @param {VisitSnapshot} snapshot
   */
  beSeen({ mode, sees_adviser }) {
    void this.visit.media.turn("camera", true);
    this.visit.send({ type: "change_choices", mode, sees_adviser, seen_by_adviser: true });
  }

  turnBoth() {
    const { media } = this.visit;
    const on = !(media.on.microphone || media.on.camera);
    media.turn("microphone", on);
    media.turn("camera", on);
  }

  /** Whoever wrote and wants to talk wants to be heard, and who wants to be seen, to be seen. */
  choose() {
    const { media, snapshot } = this.visit;
    const mode = /** @type {Mode} */ (new FormData(this.choices).get("session_mode") ?? "video");
    if (snapshot?.mode === "text" && mode !== "text") {
      void media.turn("microphone", true);
    }
    if (mode === "video" && this.box("session_seen").checked && !media.on.camera) {
      void media.turn("camera", true);
    }
    this.visit.send({
      type: "change_choices",
      mode,
      sees_adviser: this.box("session_sees").checked,
      seen_by_adviser: this.box("session_seen").checked,
    });
  }

  /** @param {string} name */
  box(name) {
    return find(this.root, `[name="${name}"]`, HTMLInputElement);
  }

  enter() {
    this.guardedUntil = performance.now() + GUARD_MS;
    keepAwake();
    chime();
    this.callBack();
    this.watch.begin();
    this.quality.begin();
    this.began = false;
  }

  /** Whoever looks at another window reads it in the title of this one. */
  callBack() {
    if (document.hidden) {
      const before = document.title;
      document.title = text("starts_now");
      const seen = () => {
        document.title = document.title === text("starts_now") ? before : document.title;
      };
      document.addEventListener("visibilitychange", seen, { once: true });
    }
  }

  leave() {
    this.watch.end();
    this.pictures.end();
    this.quality.end();
    this.people.end();
    this.closeDialogs();
    if (this.visit.snapshot?.state === "closed" && this.visit.root.dataset.chatCopy === "yes") {
      this.visit.chatCopy = this.chat.copy();
    }
    this.chat.forget();
    maySleep();
    this.visit.sound.muted = false;
  }

  /** @param {VisitSnapshot} snapshot */
  render(snapshot) {
    this.box("session_sees").checked = snapshot.sees_adviser;
    this.box("session_seen").checked = snapshot.seen_by_adviser;
    if (snapshot.state === "in_session" && !this.began) {
      this.began = true;
      announce(text("session_began"));
      if (snapshot.mode === "text") {
        this.chat.open(true);
      }
    }
    find(this.choices, `[value="${snapshot.mode}"]`, HTMLInputElement).checked = true;
    const choosesPictures = find(this.choices, '[data-slot="session-picture-choices"]', HTMLElement);
    show(choosesPictures, snapshot.mode === "video");
    this.root.dataset.mode = snapshot.mode;
    this.chat.live.render(snapshot.live_text, snapshot.live_text_agreed);
    this.changed();
  }

  opened() {
    this.chat.offerAgain();
    this.watch.opened();
  }

  /** @param {import("../../protocol").Push} push */
  push(push) {
    if (push.type === "chat_lines") {
      this.chat.merge(push.lines);
    } else if (push.type === "live_draft") {
      this.chat.live.take(push);
    } else if (push.type === "snapshot" && push.state === "closed") {
      this.chat.forget();
    }
  }

  changed() {
    const { media, sound, snapshot } = this.visit;
    this.press("microphone", media.on.microphone && !media.failures.microphone);
    const seen = snapshot?.mode === "video" && snapshot.seen_by_adviser;
    this.press("camera", seen === true && media.on.camera && !media.failures.camera);
    this.press("both", media.on.microphone || media.on.camera);
    this.press("loudspeaker", !sound.muted);
    this.background.changed();
    if (snapshot) {
      this.showNow(snapshot);
      this.showOther(snapshot);
      this.people.render(snapshot);
    }
  }

  /**
   * @param {string} action
   * @param {boolean} on
   */
  press(action, on) {
    find(this.root, `.tool[data-do="${action}"]`, HTMLElement).setAttribute("aria-pressed", String(on));
  }

  /**
   * What is on, at all times.
   *
   * @param {VisitSnapshot} snapshot
   */
  showNow(snapshot) {
    const { on, failures, tracks } = this.visit.media;
    const words = nowKeys(snapshot, {
      microphone: on.microphone && !failures.microphone,
      camera: on.camera && !failures.camera && tracks.camera !== null,
    });
    write(find(this.root, '[data-slot="now"]', HTMLElement), words.map((key) => text(key)).join(" "));
  }

  /** @param {VisitSnapshot} snapshot */
  showOther(snapshot) {
    const { slots, peer } = this.visit.media;
    const slot = slots[0] ?? {};
    const person = snapshot.adviser;
    const carried = carriedPictures(person);
    const seen = carried.camera && snapshot.sees_adviser && snapshot.mode === "video";
    this.screen.fill(carried.screen ? (slot.screen ?? null) : null, person?.name ?? "");
    this.fill(seen ? (slot.camera ?? null) : null);
    this.root.classList.toggle("session--screen", this.screen.shown);
    show(find(this.root, '[data-slot="self"]', HTMLElement), snapshot.mode === "video");
    // The account may be closed: then the name is empty, not missing.
    const name = person?.name || snapshot.appointment?.adviser_name || text("office");
    const { key, silent } = sessionWords(snapshot, {
      peer: peer.state,
      seen: this.track !== null,
      troubleMs: this.visit.media.troubleMs,
    });
    const words = key ? text(key, { name }) : "";
    write(find(this.root, '[data-slot="words"]', HTMLElement), words);
    const plate = find(this.root, '[data-slot="name"]', HTMLElement);
    write(plate, silent ? text("other_muted", { name }) : name);
    show(plate, words === "" || silent);
  }

  /** @param {MediaStreamTrack | null} track */
  fill(track) {
    if (track !== this.track) {
      this.track = track;
      this.other.srcObject = track ? new MediaStream([track]) : null;
    }
    show(this.other, track !== null);
    const mine = this.visit.snapshot?.mode === "video";
    this.pictures.changed({ seen: track !== null, mine, screen: this.screen.shown });
  }
}
