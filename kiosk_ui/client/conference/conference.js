/** The page as a whole: snapshots come in, commands go out; every part draws what it is given. */

import { find, onClick, show, write } from "../find.js";
import { Socket } from "../socket.js";
import { within } from "../media/time_limit.js";
import { text } from "../texts.js";
import { keepAwake, maySleep } from "../wake_lock.js";
import { HidingDialog } from "../hiding_dialog.js";
import { Bar } from "./bar.js";
import { Chat } from "./chat.js";
import { ConferenceMedia } from "./media.js";
import { Settings } from "./settings.js";
import { Sounds } from "./sounds.js";
import { Stage } from "./stage.js";

/** @typedef {import("../../protocol").ConferenceSnapshot} ConferenceSnapshot */
/** @typedef {import("../../protocol").ConferenceCommand} ConferenceCommand */

/** @type {Record<string, string>} states that are the end of it, for now */
const ENDED = { left: "left", removed: "removed", refused: "refused", declined: "left" };
const MISSES = 4; // then it is asked whether there is anything to come back to
const LOOK_LIMIT_MS = 5_000;
const AGAIN = new Set(["left", "refused", "declined"]);

export class Conference {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {ConferenceSnapshot | null} */
    this.snapshot = null;
    /** @type {Socket<ConferenceCommand> | null} */
    this.socket = null;
    /** @type {(() => void) | null} what "knock again" does, on a guest's page */
    this.onAgain = null;
    /** @type {(() => void) | null} on a guest's page, before the room: another background */
    this.onPicture = null;
    /** @type {((snapshot: ConferenceSnapshot) => void)[]} */
    this.listeners = [];
    /** @type {(() => Promise<boolean>) | null} whether the room was closed; asked when web is away */
    this.ifClosed = null;
    this.misses = 0; // sockets in a row that did not stay
    this.wantsIn = false; // an answered call: enter as soon as web listens
    this.wasInside = false;
    this.shown = "";
    this.final = false; // ended, with no way back
    this.problem = find(document, "[data-problem]", HTMLElement);
    this.sounds = new Sounds();
    this.media = new ConferenceMedia(this);
    this.hidingDialog = new HidingDialog(this.room());
    this.stage = new Stage(this);
    this.bar = new Bar(this);
    this.chat = new Chat(this);
    this.beside = false; // in a visit's conversation; the end says it no more
    this.settings = new Settings(this);
    onClick(document, "problem-seen", () => show(this.problem, false));
    onClick(document, "leave", () => this.send({ type: "leave_conference" }));
    onClick(document, "enter", () => this.send({ type: "enter_conference" }));
    onClick(document, "continue", () => this.send({ type: "continue_here" }));
    onClick(document, "again", () => this.onAgain?.());
  }

  /** @returns {import("../hiding_dialog.js").Owner} whose room the dialog asks about */
  room() {
    return {
      media: this.media,
      snapshot: null,
      hide: (look) => this.hide(look),
      tell: (name) => this.say({ title: text(name) }),
    };
  }

  /** @param {string} look what stands behind the person from now on; web need not know */
  hide(look) {
    this.media.hiding.choose(look);
  }

  /** @param {string} conferenceId */
  beginAsStaff(conferenceId) {
    this.wantsIn = location.hash === "#enter";
    history.replaceState(null, "", location.pathname); // a reload asks again
    this.ifClosed = () => gone(location.pathname);
    this.view("looking");
    this.connect(`/api/v1/console/conferences/socket?conference=${encodeURIComponent(conferenceId)}`);
  }

  /** @param {string} path of the socket */
  connect(path) {
    this.socket?.end();
    this.socket = new Socket(path, {
      onPush: (push) => this.pushed(push),
      onOpen: () => this.opened(),
      onAway: (reason) => this.away(reason),
    });
    this.socket.open();
  }

  get online() {
    return this.socket?.isOpen ?? false;
  }

  /** @param {ConferenceCommand} command */
  send(command) {
    return this.socket?.send(command) ?? false;
  }

  opened() {
    this.misses = 0;
    show(find(document, "[data-away]", HTMLElement), false);
    if (this.wantsIn) {
      this.wantsIn = !this.send({ type: "enter_conference" });
    }
    this.stage.reconnected();
    this.chat.offerAgain();
    this.media.reconnected();
  }

  /** @param {"away" | "refused"} reason */
  away(reason) {
    if (reason === "refused") {
      this.end("over"); // the room is closed, or the login has ended
    }
    this.misses += 1;
    if (reason === "away" && this.misses % MISSES === 0) {
      void this.ifClosed?.().then((closed) => closed && this.closedMeanwhile());
    }
    show(find(document, "[data-away]", HTMLElement), reason === "away");
  }

  /** While this page was away, the room was closed: its socket will never open again. */
  closedMeanwhile() {
    this.socket?.end();
    show(find(document, "[data-away]", HTMLElement), false);
    this.end("over");
  }

  /** @param {import("../../protocol").Push} push */
  pushed(push) {
    if (push.type === "conference") {
      this.take(push);
    } else if (push.type === "offer") {
      this.media.take(push);
    } else if (push.type === "chat_lines") {
      this.chat.merge(push.lines);
    } else if (push.type === "live_draft") {
      this.chat.live.take(push);
    } else if (push.type === "problem" && !(this.final && this.shown === "ended")) {
      this.say(push); // what was under way when all ended is nobody's problem any more
    }
  }

  /** @param {{title: string, detail?: string}} words */
  say({ title, detail }) {
    write(find(this.problem, '[data-slot="title"]', HTMLElement), title);
    write(find(this.problem, '[data-slot="detail"]', HTMLElement), detail ?? "");
    show(this.problem, true);
  }

  /** @param {ConferenceSnapshot} snapshot */
  take(snapshot) {
    this.snapshot = snapshot;
    this.beside ||= snapshot.beside;
    if (snapshot.taken_over && this.wasInside) {
      this.media.stop();
      location.assign("/console"); // it goes on there, as the adviser's own
      return;
    }
    if (this.socket) {
      this.socket.idle = snapshot.elsewhere;
    }
    const inside = snapshot.state === "inside" && !snapshot.over && !snapshot.elsewhere;
    this.wasInside ||= inside;
    void (inside ? keepAwake() : maySleep());
    this.media.update();
    this.showView(snapshot);
    this.chat.render(snapshot);
    this.changed();
    for (const listener of this.listeners) {
      listener(snapshot);
    }
  }

  /** @param {ConferenceSnapshot} snapshot */
  showView({ over, elsewhere, state, title, full }) {
    if (over) {
      this.end("over");
    } else if (elsewhere) {
      this.view("elsewhere");
    } else if (state === "inside" || state === "knocking" || state === "announced") {
      this.view(state);
    } else if (state in ENDED && (this.wasInside || this.root.dataset.guest === "yes")) {
      this.end(ENDED[state], AGAIN.has(state));
    } else {
      const section = this.view("call");
      write(find(section, '[data-slot="title"]', HTMLElement), title || text("beside_title"));
      show(find(section, "[data-full]", HTMLElement), full);
    }
  }

  /**
   * @param {string} why
   * @param {boolean} [again] whether there is a way back
   */
  end(why, again = false) {
    const section = this.view("ended");
    this.final = !again;
    const end = `${this.beside ? "beside" : "ended"}.${why}`;
    write(find(section, '[data-slot="title"]', HTMLElement), text(end));
    write(find(section, '[data-slot="detail"]', HTMLElement), text(`${end}_detail`));
    this.chat.forget();
    this.stage.forget();
    for (const button of section.querySelectorAll('[data-do="again"], [data-back]')) {
      show(button, again);
    }
    this.media.stop();
    this.settings.close();
    this.hidingDialog.close();
    if (why === "over") {
      this.media.hiding.forget(); // the next person begins anew
    }
  }

  /**
   * @param {string} name
   * @returns {HTMLElement}
   */
  view(name) {
    for (const section of this.root.querySelectorAll("[data-view]")) {
      show(section, section.getAttribute("data-view") === name);
    }
    document.body.dataset.stage = name;
    const section = find(this.root, `[data-view="${name}"]`, HTMLElement);
    if (this.shown !== name) {
      this.shown = name;
      show(this.problem, false); // it was about what is over now
      find(section, "h1", HTMLElement).focus({ preventScroll: true });
    }
    return section;
  }

  /** Tracks, switches or the connection have changed. */
  changed() {
    if (this.snapshot) {
      this.stage.render(this.snapshot);
      this.bar.render(this.snapshot);
      this.settings.render(this.snapshot);
    }
  }
}

/**
 * @param {string} path of a page
 * @returns {Promise<boolean>} whether web is there, and the page is not
 */
async function gone(path) {
  try {
    return (await within(fetch(path, { method: "HEAD" }), LOOK_LIMIT_MS)).status === 404;
  } catch {
    return false; // web itself is away
  }
}
