/** The kiosk's own way to the relay, without a visit: whether media pass, and what the camera reads. */

import { MediaSession } from "../media/session.js";
import { Socket } from "../socket.js";

const PATH = "/api/v1/visit/socket?test=1";
const TERMS = "kiosk"; // nobody is tested here

export class TestRoom {
  /** @param {(push: import("../../protocol").CodeRead) => void} [onCode] */
  constructor(onCode = () => {}) {
    this.onCode = onCode;
    this.reading = false;
    /** @type {Socket<import("../../protocol").ClientCommand>} */
    this.socket = new Socket(PATH, {
      onPush: (push) => this.take(push),
      onOpen: () => this.media.reconnected(),
      onAway: () => {},
    });
    const nothing = () => {};
    this.media = new MediaSession({
      send: (command) => void this.socket.send(command),
      online: () => this.socket.isOpen,
      onChange: nothing,
      onEnded: nothing,
      onReplaced: nothing,
      onTaken: nothing,
      onHidingTrouble: nothing,
    });
    this.socket.open();
  }

  /** @param {import("../../protocol").Push} push */
  take(push) {
    if (push.type === "snapshot") {
      this.render(push);
    } else if (push.type === "offer") {
      this.media.peer.take(push);
    } else if (push.type === "code_read") {
      this.onCode(push);
    }
  }

  /** @param {import("../../protocol").VisitSnapshot} snapshot */
  render(snapshot) {
    if (snapshot.state === "arrived") {
      this.socket.send({ type: "start_check", terms_version: TERMS });
    } else if (this.reading && snapshot.check?.step !== "camera") {
      this.socket.send({ type: "run_step", kind: "camera" });
      this.socket.send({ type: "read_code" });
    }
    this.media.update(snapshot);
  }

  get connected() {
    return this.media.peer.state === "connected";
  }

  /**
   * Opens the camera and has what it sees searched for a code, until the end.
   *
   * @returns {Promise<MediaStreamTrack>}
   */
  async read() {
    this.reading = true;
    const track = await this.media.open("camera");
    if (this.media.snapshot) {
      this.render(this.media.snapshot);
    }
    return track;
  }

  end() {
    this.reading = false;
    this.socket.send({ type: "leave" });
    this.socket.end();
    this.media.stop();
  }
}
