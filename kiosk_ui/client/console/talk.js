/** The conversation: the other person large, oneself small, the bar, and what to do when it fails. */

import { find, show, write } from "../find.js";
import { carriedPictures } from "../media/carried.js";
import { LineWatch } from "../media/line_watch.js";
import { keepAwake, maySleep } from "../wake_lock.js";
import { Sound } from "../sound.js";
import { text } from "../texts.js";
import { Bar } from "./bar.js";
import { Chat } from "./chat.js";
import { showTrack, slot } from "./dom.js";
import { Identity } from "./identity.js";
import { Others } from "./others.js";
import { Pictures } from "./pictures.js";
import { noPictureKey, troubleKey } from "./stage_words.js";
import { sinceWords } from "./times.js";

/** @typedef {import("../../protocol").SessionView} SessionView */

const SHEET = "(max-width: 48rem)"; // there the chat lies over the stage (console_chat.css)
const PATIENCE_MS = 3_000; // shorter trouble mends itself and is not worth a word

export class Talk {
  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.root = find(document, "[data-session]", HTMLElement);
    this.sound = new Sound();
    this.identity = new Identity(desk);
    this.chat = new Chat(desk);
    this.others = new Others(desk);
    this.bar = new Bar(desk, this);
    this.pictures = new Pictures(this.root);
    // The line from the desk to the box: whoever sees badly knows on which side it lies.
    this.line = new LineWatch(
      () => (this.session?.mode === "text" ? null : desk.media.connection),
      (quality) => write(slot(this.root, "quality"), quality ? text(`quality.${quality}`) : ""),
    );
    this.visitId = "";
    /** @type {number | null} */
    this.troubleSince = null;
    for (const button of document.querySelectorAll("[data-end]")) {
      button.addEventListener("click", () => this.end(button));
    }
    setInterval(() => this.changed(), 1_000);
  }

  get session() {
    return this.desk.snapshot?.elsewhere ? null : (this.desk.snapshot?.session ?? null);
  }

  /** @param {string} name */
  video(name) {
    return find(this.root, `[data-${name}]`, HTMLVideoElement);
  }

  /** @param {Element} button */
  end(button) {
    const outcome = button instanceof HTMLElement ? button.dataset.end : "";
    this.desk.dialogs.close("end");
    this.desk.send({
      type: "end_visit",
      outcome: /** @type {import("../../protocol").EndVisit["outcome"]} */ (outcome),
    });
  }

  /** @param {SessionView | null} session */
  render(session) {
    const visitId = session?.visit_id ?? "";
    if (visitId !== this.visitId) {
      if (this.visitId) {
        this.forget(); // not in a window that has just come: its chat may be here already
      }
      this.visitId = visitId;
      show(this.root, session !== null);
      if (session) {
        this.began(session);
      }
    }
    this.changed();
  }

  /** @param {SessionView} session */
  began(session) {
    keepAwake();
    this.line.begin();
    slot(this.root, "name").focus({ preventScroll: true });
    this.root.scrollIntoView({ block: "start" });
    this.chat.draw(); // lines that came before the name
    if (session.mode === "text") {
      this.chat.open(true);
    }
  }

  changed() {
    const { session } = this;
    if (!session || session.visit_id !== this.visitId) {
      return;
    }
    this.showHead(session);
    this.identity.render(session);
    this.showOther(session);
    this.showOwn(session);
    this.showTrouble(session);
    this.others.render(session);
    this.bar.render(session);
    this.chat.live.render(session.live_text);
  }

  /** @param {SessionView} session */
  showHead(session) {
    const { key, n } = sinceWords(this.desk.now() - Date.parse(session.since));
    write(slot(this.root, "name"), session.client.name || text("no_name"));
    write(slot(this.root, "since"), text(key === "since_now" ? `state.${session.state}` : key, { n }));
    write(slot(this.root, "presence"), session.client.online ? "" : text("window_closed"));
    const choices = [];
    if (session.mode !== "video") {
      choices.push(text(`mode.${session.mode}`));
    } else if (!session.sees_adviser) {
      choices.push(text("sees_not"));
    }
    write(slot(this.root, "choices"), choices.join(" · "));
  }

  /** @param {SessionView} session */
  showOther(session) {
    const slot0 = this.desk.media.slots[0] ?? {};
    const { client } = session;
    const carried = carriedPictures(client);
    const picture = carried.camera ? (slot0.camera ?? null) : null;
    showTrack(this.video("other-picture"), picture);
    showTrack(this.video("other-screen"), carried.screen ? (slot0.screen ?? null) : null);
    this.sound.show(session.mode === "text" ? null : (slot0.microphone ?? null));
    show(find(this.root, "[data-no-picture]", HTMLElement), picture === null);
    write(slot(this.root, "no-picture"), text(noPictureKey(session)));
    const silent = session.mode !== "text" && client.media === "connected" && !client.microphone;
    show(find(this.root, "[data-other-muted]", HTMLElement), silent);
    write(slot(this.root, "fault"), session.fault);
    show(find(this.root, "[data-other-fault]", HTMLElement), session.fault !== "");
  }

  /** @param {SessionView} session */
  showOwn(session) {
    const { camera, screen } = this.desk.media.tracks;
    const seen = session.mode === "video";
    show(find(this.root, "[data-own-figure]", HTMLElement), seen);
    showTrack(this.video("own-picture"), seen ? camera : null);
    const caption = find(this.root, "[data-own-caption]", HTMLElement);
    write(caption, text(camera ? "own_picture" : "own_camera_off"));
    showTrack(this.video("own-screen"), screen);
    this.pictures.changed(seen && camera !== null && !this.video("other-picture").hidden);
    show(find(this.root, "[data-sharing]", HTMLElement), screen !== null);
  }

  /** @param {SessionView} session */
  showTrouble(session) {
    const ownTrouble = this.desk.media.troubleSince !== null; // without web alone, the picture goes on
    const key = troubleKey(session, ownTrouble);
    this.troubleSince = key ? (this.troubleSince ?? performance.now()) : null;
    const shown = this.troubleSince !== null && performance.now() - this.troubleSince >= PATIENCE_MS;
    const notice = find(this.root, "[data-trouble]", HTMLElement);
    if (shown && notice.hidden && matchMedia(SHEET).matches) {
      this.chat.open(false); // the number must be seen
    }
    show(notice, shown);
    // At once, so that nobody talks into nothing; the telephone number only when it lasts.
    show(find(this.root, "[data-reconnecting]", HTMLElement), key !== "" && key !== "window_closed" && !shown);
    if (shown) {
      write(slot(this.root, "trouble"), text(key));
      write(slot(this.root, "phone"), session.phone || text("no_phone"));
    }
  }

  /** Nothing about the last person stays on screen. */
  forget() {
    for (const name of ["name", "since", "presence", "choices", "no-picture", "trouble", "phone", "fault"]) {
      write(slot(this.root, name), "");
    }
    for (const name of ["other-picture", "other-screen", "own-picture", "own-screen"]) {
      showTrack(this.video(name), null);
    }
    this.line.end();
    this.sound.show(null);
    this.sound.muted = false;
    this.troubleSince = null;
    show(find(this.root, "[data-trouble]", HTMLElement), false);
    show(find(this.root, "[data-other-fault]", HTMLElement), false);
    show(find(this.root, "[data-reconnecting]", HTMLElement), false);
    this.chat.forget();
    this.identity.forget();
    this.others.forget();
    this.pictures.changed(false);
    this.bar.forget();
    this.desk.dialogs.close("end");
    maySleep();
  }
}
