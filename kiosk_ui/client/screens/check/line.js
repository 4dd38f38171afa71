/**
 * The line test as the check shows it: it runs by itself while nothing else is measured, says in one
 * line how far it is, and can be repeated. What comes of it is judged by web.
 *
 * Whoever is quick leaves the check before it is over: it goes on while they read, type and wait,
 * where nothing is sent, and ends for good as soon as somebody asks them in.
 */

import { announce } from "../../announce.js";
import { find, onClick, show, write } from "../../find.js";
import { progress } from "../../media/line_plan.js";
import { LineRun } from "../../media/line_run.js";
import { detourOf } from "../../media/line_stats.js";
import { counted, numberLanguage, text } from "../../texts.js";
import { volumeOf } from "./volume.js";

/** @typedef {import("../../../protocol").CheckView} CheckView */
/** @typedef {import("../../../protocol").FindingView} FindingView */
/** @typedef {import("../../../protocol").LineFilled} LineFilled */

const ANSWER_LIMIT_MS = 4_000; // beside the phase itself
const CONNECT_WAIT_MS = 10_000; // as in thresholds.py: network_connect_wait
const REJOIN_LIMIT_MS = 5_000; // as in thresholds.py: network_reconnect
const NO_RETURN = "network_reconnect";
const BLOCKED = new Set(["network_udp_blocked", "network_turn_down"]);
const AFTER_THE_CHECK = new Set(["consent", "identity", "waiting"]);
const OVER = new Set(["session", "closed", "refused", "elsewhere"]);
const TROUBLED = new Set(["warning", "failed"]);

export class LineTest {
  /**
   * @param {HTMLElement} root
   * @param {import("../check.js").CheckScreen} screen
   */
  constructor(root, screen) {
    this.root = root;
    this.screen = screen;
    /** @type {LineRun | null} */
    this.run = null;
    this.winding = false; // a run that was stopped still has the picture's sender
    /** @type {((told: LineFilled) => void) | null} */
    this.answered = null;
    this.apartSince = 0; // offered, and not connected; 0: connected, or nothing offered
    this.blocked = false; // that has been told
    this.told = "";
    onClick(root, "test-line", () => this.repeat());
    onClick(root, "with-picture", () => this.visit.send({ type: "waive", kind: "network" }));
  }

  get visit() {
    return this.screen.visit;
  }

  /** @returns {FindingView | undefined} */
  get finding() {
    return this.screen.snapshot?.check?.findings.find(({ kind }) => kind === "network");
  }

  /** That nothing comes through at all: then no other test can run either. */
  get noWay() {
    const { finding } = this;
    return finding?.verdict === "failed" && BLOCKED.has(finding.cause) ? finding : null;
  }

  /** Whether the line may be loaded: nothing is heard, seen or spoken over it now. */
  get free() {
    const { socket } = this.visit;
    const watched = socket.isOpen && document.visibilityState === "visible";
    return watched && (this.afterwards || this.quiet);
  }

  /** Between check and conversation; who wants to write needs no line for a picture. */
  get afterwards() {
    const { shown, snapshot } = this.visit;
    return AFTER_THE_CHECK.has(shown) && snapshot?.mode !== "text";
  }

  /** In a step of the check: nothing is heard, seen, spoken or painted. */
  get quiet() {
    const { at, steps, snapshot } = this.screen;
    const { tracks, hiding } = this.visit.media;
    const asking = (at === "microphone" || at === "camera") && !tracks[at];
    const thinking = at === "speaker" && steps.speaker.quiet;
    const plain = !hiding.hidden && snapshot?.check?.background === "none";
    const choosing = at === "background" && plain;
    return at === "system" || at === "result" || asking || thinking || choosing;
  }

  /** Twice a second. */
  tick() {
    if (OVER.has(this.visit.shown)) {
      this.stop();
    } else if (this.screen.at) {
      this.watchTheWay();
      this.tell();
    }
    if ((this.screen.at || this.afterwards) && this.visit.media.connection) {
      this.begin();
    }
  }

  begin() {
    const judged = this.finding && !BLOCKED.has(this.finding.cause);
    if (this.run || this.winding || judged || !this.free) {
      return;
    }
    if (this.finding) {
      this.visit.send({ type: "measured", record: { kind: "network" } }); // another network: forgotten
    }
    this.run = new LineRun({
      connection: () => this.visit.media.connection,
      sendPicture: (track) => this.visit.media.peer.send("screen", track),
      fill: (downKbps, forMs) => this.fill(downKbps, forMs),
      rejoin: () => this.rejoin(),
      free: () => this.free,
      onRecord: (record) => this.visit.send({ type: "measured", record }),
    });
    this.winding = true;
    void this.run.run().finally(() => {
      this.winding = false;
    });
  }

  /** Signalling works, an offer is there, and media find no way. */
  watchTheWay() {
    const { connection, peer } = this.visit.media;
    if (connection || peer.state === "none" || !this.visit.socket.isOpen) {
      this.apartSince = 0;
      this.blocked &&= !connection;
      return;
    }
    this.apartSince ||= performance.now();
    if (!this.blocked && performance.now() - this.apartSince > CONNECT_WAIT_MS) {
      this.blocked = true;
      void this.tellBlocked(peer.current?.pc);
    }
  }

  /** @param {RTCPeerConnection | undefined} pc */
  async tellBlocked(pc) {
    const detour = await detourOf(pc).catch(() => /** @type {"silent"} */ ("silent"));
    if (this.blocked) {
      const record = { kind: /** @type {"network"} */ ("network"), connected: false, detour };
      this.visit.send({ type: "measured", record });
    }
  }

  /** From the beginning, once web has forgotten what was found. */
  repeat() {
    this.stop();
    this.told = "";
    this.visit.send({ type: "measured", record: { kind: "network" } });
  }

  /** The check begins (again): what could not be measured the last time may be tried once more. */
  enter() {
    if (this.run?.finished) {
      this.stop();
    }
  }

  stop() {
    this.run?.stop();
    this.run = null;
  }

  /**
   * @param {number} downKbps
   * @param {number} forMs
   * @returns {Promise<LineFilled>}
   */
  fill(downKbps, forMs) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("no answer")), forMs + ANSWER_LIMIT_MS);
      this.answered = (told) => {
        clearTimeout(timer);
        resolve(told);
      };
      this.visit.send({ type: "fill_line", down_kbps: downKbps, for_ms: forMs });
    });
  }

  /**
   * As after an interruption, while the first connection stands.
   *
   * @returns {Promise<import("../../media/line_run.js").Rejoined | null>}
   */
  async rejoin() {
    const { visit } = this;
    const began = performance.now();
    const ask = () => visit.send({ type: "join_media", peer_id: null });
    const works = await visit.media.peer.rehearse(ask, REJOIN_LIMIT_MS);
    return works === null ? null : { works, seconds: (performance.now() - began) / 1000 };
  }

  /** @param {LineFilled} told */
  filled(told) {
    this.answered?.(told);
    this.answered = null;
  }

  /** @param {CheckView} check */
  render(check) {
    this.tell();
    const advice = find(this.root, '[data-slot="line-advice"]', HTMLElement);
    const { line_advice: word } = check;
    const without = word === "sound_only" || word === "telephone";
    show(advice, without);
    show(find(advice, '[data-slot="line-telephone"]', HTMLElement), word === "telephone");
    this.tellVolume(!without);
    const overrule = find(advice, '[data-slot="line-overrule"]', HTMLElement);
    show(overrule, without && check.line_overrule);
  }

  /**
   * For whoever pays by volume, and no browser tells all of them apart.
   *
   * @param {boolean} withPicture
   */
  tellVolume(withPicture) {
    const booked = this.visit.snapshot?.appointment?.duration_min;
    const words = withPicture ? "line_volume" : "line_volume_sound";
    const place = find(this.root, '[data-slot="line-volume"]', HTMLElement);
    const { minutes, volume } = volumeOf(booked, withPicture, numberLanguage());
    write(place, counted(words, minutes, { volume }));
  }

  /** One line, wherever it is shown; spoken only when it is over. */
  tell() {
    const [verdict, words, brief] = this.state();
    for (const place of this.root.querySelectorAll("[data-line]")) {
      if (place instanceof HTMLElement) {
        place.dataset.verdict = verdict;
        const said = "brief" in place.dataset ? brief : words;
        write(find(place, '[data-slot="line-words"]', HTMLElement), said);
      }
    }
    if (words === this.told) {
      return;
    }
    this.told = words;
    this.showSteps();
    if (verdict !== "open" && this.run) {
      announce(words);
    }
  }

  /** @returns {[string, string, string]} verdict, words, and those beside the line's name */
  state() {
    const { run, finding } = this;
    if (finding) {
      const { verdict, title } = finding;
      const words = title || text(verdict === "waived" ? "state_waived" : "line_good");
      return [verdict, words, words];
    }
    if (run?.skipped) {
      return ["open", text(`line_${run.skipped}`), text(`line_${run.skipped}`)];
    }
    if (!run) {
      return ["open", text("line_soon"), text("line_soon_brief")];
    }
    if (!run.picture && !run.finished) {
      return ["open", text("line_later"), text("line_later_brief")];
    }
    const percent = Math.round(progress(run.phases) * 100);
    return ["open", text("line_running", { percent }), text("line_running_brief", { percent })];
  }

  showSteps() {
    const list = find(this.root, '[data-slot="line-steps"]', HTMLElement);
    const steps = this.finding?.steps ?? [];
    const worth = TROUBLED.has(this.finding?.verdict ?? "") || this.finding?.cause;
    this.screen.steps.result.showSteps(list, worth ? steps : []);
    const number = find(this.root, '[data-slot="line-number"]', HTMLElement);
    show(number, this.finding?.cause === NO_RETURN); // shown in advance: later it may be too late
  }
}
