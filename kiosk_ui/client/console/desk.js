/** The desk as a whole: snapshots come in, commands go out; every part draws what it is given. */

import { find, show, write } from "../find.js";
import { Socket } from "../socket.js";
import { text } from "../texts.js";
import { Away } from "./away.js";
import { showBadges } from "./badges.js";
import { Bell } from "./bell.js";
import { Calls } from "./calls.js";
import { Day } from "./day.js";
import { DeskMedia } from "./desk_media.js";
import { slot } from "./dom.js";
import { Dialogs } from "./dialogs.js";
import { Keys } from "./keys.js";
import { Notice } from "./notice.js";
import { OwnCheck } from "./own_check.js";
import { someoneArrived, someoneCalled, waitingCount } from "./rows.js";
import { Talk } from "./talk.js";

/** @typedef {import("../../protocol").DeskSnapshot} DeskSnapshot */
/** @typedef {import("../../protocol").DeskCommand} DeskCommand */
/** @typedef {import("../../protocol").Push} Push */

const ENDED_MEANWHILE = "no_session"; // the other side was quicker; the snapshot shows it
const SAYS_WHY = "consent_withdrawn"; // stays when the conversation goes: it is about its end
const LOGIN_AFTER_MS = 2_000; // no wild loop, whatever the reason
const MINUTES_MS = 10_000; // "since 3 minutes" is looked at again

export class Desk {
  constructor() {
    /** @type {DeskSnapshot | null} */
    this.snapshot = null;
    this.clockOffsetMs = 0;
    this.room = find(document, "[data-room]", HTMLElement);
    this.problem = find(document, "[data-problem]", HTMLElement);
    this.socket = new Socket("/api/v1/console/socket", {
      onPush: (push) => this.pushed(push),
      onOpen: () => this.opened(),
      onAway: (reason) => this.away(reason),
    });
    this.dialogs = new Dialogs();
    this.media = new DeskMedia(this);
    this.bell = new Bell();
    this.notice = new Notice();
    this.calls = new Calls(this);
    this.day = new Day(this);
    this.talk = new Talk(this);
    this.check = new OwnCheck(this);
    this.presence = new Away(this);
    this.keys = new Keys();
    find(document, "[data-continue]", HTMLButtonElement).addEventListener("click", () =>
      this.send({ type: "continue_here" }),
    );
    find(document, "[data-close-problem]", HTMLButtonElement).addEventListener("click", () =>
      show(this.problem, false),
    );
    setInterval(() => this.minutesPassed(), MINUTES_MS);
  }

  begin() {
    this.socket.open();
  }

  get online() {
    return this.socket.isOpen;
  }

  /** Milliseconds since 1970 by the appliance's clock. */
  now() {
    return Date.now() + this.clockOffsetMs;
  }

  /** @param {DeskCommand} command */
  send(command) {
    return this.socket.send(command);
  }

  /** @param {import("./rows.js").Said[]} said */
  marks(said) {
    return said.map(({ key, symbol, kind }) => ({ words: text(key), symbol, kind }));
  }

  opened() {
    this.connection("open");
    this.media.reconnected();
    this.talk.chat.offerAgain();
  }

  /** @param {"away" | "refused"} reason */
  away(reason) {
    if (reason === "refused") {
      setTimeout(() => location.assign("/console/login"), LOGIN_AFTER_MS); // the login has ended
    }
    this.connection("away");
  }

  /** @param {"open" | "away"} state */
  connection(state) {
    find(document, "[data-connection]", HTMLElement).dataset.connection = state;
  }

  /** @param {Push} push */
  pushed(push) {
    if (push.type === "desk") {
      this.take(push);
    } else if (push.type === "offer") {
      this.media.take(push);
    } else if (push.type === "chat_lines") {
      this.talk.chat.merge(push.lines);
    } else if (push.type === "live_draft") {
      this.talk.chat.live.take(push);
    } else if (push.type === "problem" && push.code !== ENDED_MEANWHILE) {
      write(slot(this.problem, "title"), push.title);
      write(slot(this.problem, "detail"), push.detail ?? "");
      this.problem.dataset.code = push.code;
      show(this.problem, true);
    }
  }

  /** @param {DeskSnapshot} snapshot */
  take(snapshot) {
    const before = this.snapshot;
    this.snapshot = snapshot;
    this.socket.idle = snapshot.elsewhere ?? false;
    this.clockOffsetMs = Date.parse(snapshot.server_at) - Date.now();
    this.bell.count(waitingCount(snapshot.waiting));
    const called = before && someoneCalled(before.waiting, snapshot.waiting);
    if (before && (called || someoneArrived(before.waiting, snapshot.waiting))) {
      this.bell.arrived();
      this.notice.tell(called ? "help" : "waiting");
    }
    if (called) {
      const name = called.name || text("no_name");
      write(find(document, "[data-help-said]", HTMLElement), text("help.said", { name }));
    }
    this.media.update();
    this.presence.render(snapshot);
    showBadges(snapshot);
    this.render(snapshot);
  }

  /** @param {DeskSnapshot} snapshot */
  render(snapshot) {
    const idle = Boolean(snapshot.elsewhere);
    const session = idle ? null : (snapshot.session ?? null);
    show(find(document, "[data-elsewhere]", HTMLElement), idle);
    show(this.room, !idle);
    const deletion = find(document, "[data-deletion]", HTMLElement);
    deletion.dataset.deletion = snapshot.deletion ?? "ok";
    show(deletion, deletion.dataset.deletion !== "ok");
    if (session && this.room.dataset.view === "day") {
      this.dialogs.close("check"); // one person at a time: the camera is needed now
    }
    const view = session ? "session" : "day";
    if (view !== this.room.dataset.view && (session || this.problem.dataset.code !== SAYS_WHY)) {
      show(this.problem, false); // it was about what is over now
    }
    this.room.dataset.view = view;
    this.calls.render(idle ? [] : snapshot.calls);
    this.day.render(snapshot);
    this.talk.render(session);
  }

  /** Tracks, switches or the connection have changed. */
  changed() {
    if (this.snapshot) {
      this.talk.changed();
    }
  }

  minutesPassed() {
    if (this.snapshot) {
      this.day.draw();
      this.talk.changed();
    }
  }
}
