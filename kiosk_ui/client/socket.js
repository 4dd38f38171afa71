/** The page's socket: opens again by itself, says every 2 s that the page is there. */

/**
 * @typedef {object} SocketEvents
 * @property {(push: import("../protocol").Push) => void} onPush
 * @property {() => void} onOpen
 * @property {(reason: "away" | "refused") => void} onAway ``refused``: trying again is useless
 */

const ALIVE_MS = 2_000;
const UNANSWERED = 5; // so many in a row, over 10 s: the network has gone without a word
const DOUBT_MS = 2_000; // to be answered in after the network has changed, or four round trips
const SILENCE_MS = 9_000; // an open that takes longer is given up
const REFUSED_FROM = 4400; // codes of ours: this page has no business here (any more)

/**
 * Quick at first, since web restarts within seconds; calmer when it stays away.
 *
 * @param {number} attempt from 0
 * @returns {number} from 0.25 s to 1 s; 4 s after half a minute
 */
export function backoffMs(attempt) {
  return attempt < 30 ? Math.min(1_000, 250 * 2 ** attempt) : 4_000;
}

/** @template Command */
export class Socket {
  /**
   * @param {string} path
   * @param {SocketEvents} events
   */
  constructor(path, events) {
    this.path = path;
    this.events = events;
    /** @type {WebSocket | null} */
    this.ws = null;
    this.attempt = 0;
    this.unanswered = 0; // counted, not timed: a page that slept itself must not blame web
    this.askedAt = 0;
    this.heardAt = 0;
    this.doubted = false; // whether an answer is waited for after a change of the network
    /** @type {number | null} */
    this.roundTripMs = null; // of the newest sign of life, told in the system check
    this.ended = false;
    this.idle = false; // the visit is open in another window: come back without taking over
    setInterval(() => this.alive(), ALIVE_MS);
    addEventListener("online", () => this.doubt());
    // Where the browser tells: from one network to another it is never offline.
    const { connection } = /** @type {{connection?: EventTarget}} */ (globalThis.navigator ?? {});
    connection?.addEventListener("change", () => this.doubt());
    addEventListener("pageshow", (event) => event.persisted && this.open());
  }

  get isOpen() {
    return this.ws?.readyState === WebSocket.OPEN;
  }

  open() {
    if (this.ended || (this.ws && this.ws.readyState <= WebSocket.OPEN)) {
      return;
    }
    const address = new URL(this.path, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    if (this.idle) {
      address.searchParams.set("idle", "1");
    }
    const ws = new WebSocket(address);
    this.ws = ws;
    const patience = setTimeout(() => ws.close(), SILENCE_MS);
    ws.onopen = () => {
      clearTimeout(patience);
      this.attempt = 0;
      this.unanswered = 0;
      this.heardAt = performance.now();
      this.events.onOpen();
    };
    ws.onmessage = ({ data }) => ws === this.ws && this.heard(JSON.parse(data));
    ws.onclose = ({ code }) => {
      clearTimeout(patience);
      if (ws === this.ws) {
        this.closed(code); // what a newer socket has replaced is no news
      }
    };
  }

  /** @param {import("../protocol").Push} push */
  heard(push) {
    if (push.type === "alive" && this.unanswered === 1) {
      this.roundTripMs = performance.now() - this.askedAt;
    }
    this.unanswered = 0;
    this.heardAt = performance.now();
    if (push.type !== "alive") {
      this.events.onPush(push);
    }
  }

  /** @param {number} code */
  closed(code) {
    if (this.ended) {
      return;
    }
    if (code >= REFUSED_FROM && code < 4500) {
      this.ended = true;
      this.events.onAway("refused");
      return;
    }
    this.events.onAway("away");
    setTimeout(() => this.open(), backoffMs(this.attempt) * (0.75 + Math.random() / 2));
    this.attempt += 1;
  }

  /** @param {Command} command dropped while the socket is away: the next snapshot repairs */
  send(command) {
    if (this.isOpen) {
      this.ws?.send(JSON.stringify(command));
      return true;
    }
    return false;
  }

  alive() {
    if (!this.isOpen) {
      return;
    }
    if (this.unanswered >= UNANSWERED) {
      this.giveUp();
      return;
    }
    this.unanswered += 1;
    this.askedAt = performance.now();
    this.ws?.send('{"type":"alive"}');
  }

  /**
   * The network has changed: an address that is gone takes its connections along, unsaid.
   *
   * One change comes as several events, and a mere new estimate of the line is one, too: so it is
   * asked once, outside the count of what is unanswered, and there is time for the answer.
   */
  doubt() {
    this.open();
    const { ws } = this;
    if (!ws || !this.isOpen || this.doubted) {
      return; // one that is only opening has its own patience
    }
    this.doubted = true;
    const since = performance.now();
    ws.send('{"type":"alive"}');
    setTimeout(
      () => {
        this.doubted = false;
        if (ws === this.ws && this.isOpen && this.heardAt < since) {
          this.giveUp();
        }
      },
      Math.max(DOUBT_MS, 4 * (this.roundTripMs ?? 0)),
    );
  }

  /** Without waiting for the farewell of a side that is not heard any more. */
  giveUp() {
    const silent = this.ws;
    this.ws = null;
    silent?.close();
    this.closed(0);
  }

  /** For good: nothing is to be said any more. */
  end() {
    this.ended = true;
    this.ws?.close();
  }
}
