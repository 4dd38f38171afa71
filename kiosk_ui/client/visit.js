/** Shows what the newest snapshot says and passes on what the client does. Decides nothing. */

import { announce } from "./announce.js";
import { find, onClick, show, write } from "./find.js";
import { HidingDialog } from "./hiding_dialog.js";
import { MediaSession } from "./media/session.js";
import { OwnPicture } from "./own_picture.js";
import { CheckScreen } from "./screens/check.js";
import { ClosedScreen } from "./screens/closed.js";
import { ConsentScreen } from "./screens/consent.js";
import { HandOver } from "./screens/hand_over.js";
import { Help } from "./screens/help.js";
import { IdentityScreen } from "./screens/identity.js";
import { SessionScreen } from "./screens/session.js";
import { StartScreen } from "./screens/start.js";
import { WaitingScreen } from "./screens/waiting.js";
import { Socket } from "./socket.js";
import { Sound } from "./sound.js";
import { text } from "./texts.js";
import { maySleep } from "./wake_lock.js";

/** @typedef {import("../protocol").VisitSnapshot} VisitSnapshot */
/** @typedef {import("../protocol").ClientCommand} ClientCommand */

/**
 * @typedef {object} Screen
 * @property {(snapshot: VisitSnapshot) => void} render
 * @property {(snapshot: VisitSnapshot) => void} [enter]
 * @property {() => void} [leave]
 * @property {() => void} [changed] tracks or connection have changed
 * @property {(push: import("../protocol").Push) => void} [push]
 * @property {(problem: import("../protocol").Problem) => boolean} [problem] true when it was shown
 * @property {() => void} [opened] the socket is open (again)
 * @property {(kind: "microphone" | "camera") => void} [replaced] another device is used now
 * @property {(kind: "microphone" | "camera", taken: boolean) => void} [taken] by a call or the
 *   system, or given back
 */

const SIGNED = "vorzimmer.check";
const VISIT_SOCKET = "/api/v1/visit/socket";
// Raw pictures that the appliance was to hide have arrived by then; until then it hides on.
const UNDER_WAY_MS = 2_000;
const TEST_SOCKET = `${VISIT_SOCKET}?test=1`; // also in a browser that holds a visit

export class Visit {
  /** @param {Promise<boolean> | null} traces at a kiosk: whether there was something to wipe */
  constructor(traces = null) {
    this.traces = traces;
    this.root = find(document, "#document", HTMLElement);
    this.testMode = this.root.dataset.testMode === "yes";
    /** @type {VisitSnapshot | null} */
    this.snapshot = null;
    /** @type {import("./kiosk/at_visit.js").AtVisit | null} */
    this.kiosk = null;
    this.shown = "";
    /** @type {ClientCommand | null} */
    this.ending = null;
    this.chatCopy = ""; // the conversation's lines, at the end, where the agency allows to keep them
    this.withdrawn = false;
    this.telling = 0;
    this.doubted = true; // whether web knows what stands behind the client
    this.unsure = true; // whether the client has gone on without the microphone, in another page
    this.quick = false; // the check is a short one: all went well here the last time
    this.socket = new Socket(this.testMode ? TEST_SOCKET : VISIT_SOCKET, {
      onPush: (push) => this.take(push),
      onOpen: () => this.opened(),
      onAway: (reason) => this.away(reason),
    });
    this.media = new MediaSession({
      send: (command) => this.send(command),
      online: () => this.socket.isOpen,
      onChange: () => this.changed(),
      onEnded: (kind) => this.tell(`device_gone_${kind}`),
      onReplaced: (kind) => this.replaced(kind),
      onTaken: (kind, taken) => this.screens[this.shown]?.taken?.(kind, taken),
      onHidingTrouble: (trouble) => this.hidingDialog.show(trouble),
    });
    this.hidingDialog = new HidingDialog(this);
    this.sound = new Sound();
    this.ownPicture = new OwnPicture();
    /** @type {CheckScreen | null} */
    this.checkScreen = null;
    this.screens = this.makeScreens();
    this.help = new Help(this);
    this.handOver = this.testMode ? null : new HandOver(this);
  }

  /** @returns {Record<string, Screen>} */
  makeScreens() {
    const at = (/** @type {string} */ name) =>
      find(this.root, `[data-screen="${name}"]`, HTMLElement);
    this.checkScreen = new CheckScreen(at("device_check"), this);
    return {
      arrived: new StartScreen(at("arrived"), this),
      device_check: this.checkScreen,
      consent: new ConsentScreen(at("consent"), this),
      identity: new IdentityScreen(at("identity"), this),
      waiting: new WaitingScreen(at("waiting"), this),
      session: new SessionScreen(at("session"), this),
      closed: new ClosedScreen(at("closed"), this),
    };
  }

  begin() {
    onClick(document, "problem-seen", () => show(this.problemBox, false));
    onClick(document, "continue-here", () => this.send({ type: "continue_here" }));
    onClick(document, "go-back", () => this.send({ type: "go_back" }));
    onClick(document, "leave", () => this.endBy({ type: "leave" }));
    onClick(document, "withdraw", () => this.withdraw());
    this.showScreen("connecting");
    this.socket.open();
  }

  get problemBox() {
    return find(document, "#problem", HTMLElement);
  }

  /** @param {ClientCommand} command */
  send(command) {
    return this.socket.send(command);
  }

  /**
   * Whoever wants to go has said so once: it is said again whenever the connection is back.
   *
   * @param {ClientCommand} command
   */
  endBy(command) {
    this.ending = command;
    if (!this.send(command)) {
      this.tell("said_later");
    }
  }

  opened() {
    const signed = sessionStorage.getItem(SIGNED);
    if (signed) {
      this.send({ type: "present_check", record: signed });
    }
    if (this.snapshot) {
      announce(text("reconnected"));
    }
    this.connection("");
    this.doubted = true;
    if (this.ending) {
      this.send(this.ending);
    }
    if (!this.withdrawn) {
      this.media.reconnected();
    }
    for (const screen of Object.values(this.screens)) {
      screen.opened?.();
    }
  }

  /** @param {"away" | "refused"} reason */
  away(reason) {
    if (reason === "refused") {
      this.media.stop();
      this.hidingDialog.close();
      this.screens[this.shown]?.leave?.(); // nothing of it may open or keep a device
      sessionStorage.removeItem(SIGNED);
      this.showScreen("refused");
      this.kiosk?.refused();
    } else if (this.snapshot) {
      this.connection(text("reconnecting"));
    }
  }

  /** @param {string} words empty: all is well */
  connection(words) {
    const bar = find(document, "#connection", HTMLElement);
    write(find(bar, '[data-slot="words"]', HTMLElement), words);
    show(bar, words !== "");
  }

  /** @param {import("../protocol").Push} push */
  take(push) {
    if (push.type === "snapshot") {
      this.render(push);
    } else if (push.type === "offer") {
      this.media.peer.take(push);
    } else if (push.type === "hand_over") {
      this.handOver?.take(push);
    } else if (push.type === "problem") {
      this.refused(push);
    }
    for (const screen of Object.values(this.screens)) {
      screen.push?.(push);
    }
  }

  /** @param {VisitSnapshot} snapshot */
  render(snapshot) {
    this.snapshot = snapshot;
    this.socket.idle = snapshot.elsewhere;
    this.keepSigned(snapshot);
    this.recallMicrophone(snapshot);
    if (!this.withdrawn || snapshot.state === "closed") {
      this.media.update(snapshot);
      this.repeatBackground(snapshot);
    }
    const name = screenOf(snapshot);
    if (name !== this.shown) {
      this.screens[this.shown]?.leave?.();
      this.showScreen(name);
      this.screens[name]?.enter?.(snapshot);
    }
    this.screens[name]?.render(snapshot);
    this.help.render(snapshot);
    this.kiosk?.render(snapshot);
    this.handOver?.render(snapshot);
    if (snapshot.state === "closed" || snapshot.elsewhere) {
      this.hidingDialog.close();
    }
    if (snapshot.state === "closed") {
      this.media.hiding.forget();
      maySleep();
      this.socket.end();
      sessionStorage.removeItem(SIGNED);
    }
  }

  /** @param {VisitSnapshot} snapshot */
  keepSigned(snapshot) {
    if (snapshot.check?.signed) {
      sessionStorage.setItem(SIGNED, snapshot.check.signed);
    }
  }

  /** @param {string} name */
  showScreen(name) {
    this.shown = name;
    for (const section of this.root.querySelectorAll("[data-screen]")) {
      show(section, section.getAttribute("data-screen") === name);
    }
    document.body.classList.toggle("visit--in-session", name === "session");
    show(this.problemBox, false);
    scrollTo(0, 0);
    const heading = this.root.querySelector(`[data-screen="${name}"] h1`);
    if (heading instanceof HTMLElement && name !== "device_check") {
      this.arriveAt(heading);
    }
  }

  /**
   * Where one is: the heading gets the focus and is the window's title.
   *
   * @param {HTMLElement} heading
   */
  arriveAt(heading) {
    heading.focus({ preventScroll: true });
    const words = heading.textContent?.trim();
    document.title = words ? `${words} · ${text("office")}` : text("office");
  }

  changed() {
    const { hiding, on, tracks } = this.media;
    const held = tracks.camera && on.camera && !hiding.outgoing ? text("not_sent_yet") : "";
    this.ownPicture.show(hiding.outgoing, on.camera, held);
    this.sound.show(this.media.slots[0]?.microphone ?? null);
    this.screens[this.shown]?.changed?.();
  }

  /** @param {"microphone" | "camera"} kind */
  replaced(kind) {
    const name = this.media.tracks[kind]?.label ?? "";
    this.tell(`device_replaced_${kind}`, { name });
    this.screens[this.shown]?.replaced?.(kind);
  }

  /**
   * @param {string} name of one of the page's sentences
   * @param {Record<string, string>} [places] what is filled into it
   */
  tell(name, places = {}) {
    this.problem({ type: "problem", code: name, title: text(name, places), detail: "" });
  }

  /** @param {import("../protocol").Problem} problem of the last command */
  refused(problem) {
    this.ending = this.withdrawn ? this.ending : null;
    if (!this.screens[this.shown]?.problem?.(problem)) {
      this.problem(problem);
    }
  }

  /** @param {import("../protocol").Problem} problem */
  problem({ title, detail }) {
    write(find(this.problemBox, '[data-slot="title"]', HTMLElement), title);
    write(find(this.problemBox, '[data-slot="detail"]', HTMLElement), detail);
    show(this.problemBox, true);
  }

  /**
   * What stands behind the client from now on; said to web, which keeps it for after a reload.
   *
   * @param {string} look
   */
  hide(look) {
    const { media } = this;
    const { hidden, applianceAgreed } = media.hiding;
    const wasRemote = this.telling !== 0 || (hidden && applianceAgreed);
    media.hiding.choose(look);
    if (wasRemote && media.hiding.hidden && media.inSession()) {
      this.telling ||= window.setTimeout(() => this.tellBackground(), UNDER_WAY_MS);
    } else {
      this.tellBackground();
    }
  }

  tellBackground() {
    clearTimeout(this.telling);
    this.telling = 0;
    this.send({ type: "choose_background", ...this.media.hiding.choice });
  }

  /**
   * Off after a reload as well; never switched on by what web remembers.
   *
   * @param {VisitSnapshot} snapshot
   */
  recallMicrophone({ check, elsewhere }) {
    this.unsure ||= elsewhere;
    // Web after a restart knows nothing until this page has presented what it had signed.
    const known = Boolean(check?.without_microphone || check?.findings.length);
    if (this.unsure && check && known && !elsewhere) {
      this.unsure = false;
      if (check.without_microphone) {
        void this.media.turn("microphone", false);
      }
    }
  }

  /**
   * Web may have been restarted meanwhile, or know the choice of another device.
   *
   * @param {VisitSnapshot} snapshot
   */
  repeatBackground({ check, elsewhere }) {
    this.doubted ||= elsewhere;
    if (elsewhere) {
      this.media.hiding.known &&= this.media.hiding.hidden; // "none" undoes no hiding elsewhere
    }
    if (this.doubted && check && !elsewhere) {
      this.doubted = false;
      if (this.telling === 0 && this.media.hiding.unknownTo(check)) {
        this.tellBackground();
      }
    }
  }

  /** Sound and picture end here at once, whatever the network does with the command. */
  withdraw() {
    this.withdrawn = true;
    this.media.stop();
    this.hidingDialog.close();
    this.endBy({ type: "withdraw_consent" });
  }
}

/** @param {VisitSnapshot} snapshot */
function screenOf({ state, elsewhere }) {
  if (elsewhere && state !== "closed") {
    return "elsewhere";
  }
  return state === "admitted" || state === "in_session" ? "session" : state;
}
