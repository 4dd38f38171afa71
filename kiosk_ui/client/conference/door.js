/**
 * A guest's door. The secret is read from the fragment and travels by POST only; nobody knocks with
 * a dead microphone without saying so.
 */

import { post, Refused } from "../api.js";
import { find, onClick, show, write } from "../find.js";
import { openDevice } from "../media/devices.js";
import { Listening, wakeAudio } from "../media/level.js";
import { showTrack } from "../console/dom.js";
import { Looks } from "../screens/looks.js";
import { text } from "../texts.js";

const LOOK_MS = 200;
const VOICE_S = 0.4; // pitched, and louder than the room: somebody spoke
const SILENT_AFTER_MS = 6_000; // then it is said that nothing comes

export class Door {
  /** @param {import("./conference.js").Conference} conference */
  constructor(conference) {
    this.conference = conference;
    this.form = find(document, "[data-door]", HTMLFormElement);
    this.meter = find(this.form, "[data-meter]", HTMLMeterElement);
    /** @type {Listening | null} */
    this.listening = null;
    this.heard = false;
    this.beganAt = 0;
    /** @type {Record<"microphone" | "camera", MediaStreamTrack | null>} */
    this.tracks = { microphone: null, camera: null };
    this.withCamera = true;
    this.hiding = conference.media.hiding; // what is chosen here holds in the room
    this.backgrounds = find(this.form, "[data-door-looks]", HTMLElement);
    const room = { media: { hiding: this.hiding, tracks: this.tracks } };
    this.looks = new Looks(this.backgrounds, room, (look) => conference.hide(look));
    conference.onPicture = () => this.draw();
    conference.onAgain = () => this.show();
    conference.ifClosed = () => this.closed();
    onClick(this.form, "begin-check", () => void this.check());
    onClick(this.form, "no-camera", () => this.noCamera());
    onClick(this.form, "knock-silent", () => void this.knock(true));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.knock(false);
    });
    setInterval(() => this.look(), LOOK_MS);
    for (const link of document.querySelectorAll("a[data-keep-fragment]")) {
      link.addEventListener("click", (event) => {
        event.preventDefault(); // the other language's page needs the secret, too
        location.assign(`${link.getAttribute("href")}${location.hash}`);
      });
    }
    addEventListener("hashchange", () => location.reload()); // another link
  }

  /** Name and secret as they stand in the address. */
  get link() {
    const name = decodeURIComponent(location.pathname.split("/").at(-1) ?? "");
    return { name, secret: location.hash.slice(1) };
  }

  async begin() {
    this.conference.view("looking");
    if (!this.link.secret) {
      this.refused({ title: text("no_secret"), detail: text("no_secret_detail") });
      return;
    }
    try {
      /** @type {import("../../protocol").RoomFound} */
      const room = await post("rooms/look", this.link);
      this.conference.beside = room.beside;
      write(find(this.form, '[data-slot="title"]', HTMLElement), room.title || text("beside_title"));
      const host = find(this.form, '[data-slot="host"]', HTMLElement);
      const invites = room.beside ? "beside_invites" : "host_invites";
      write(host, text(invites, { name: room.host_name }));
      this.withCamera = room.mode === "video";
      if (room.known) {
        this.conference.connect("/api/v1/rooms/socket"); // a reload: on where it was
      } else {
        this.show();
      }
    } catch (error) {
      this.refused(error);
    }
  }

  /** @returns {Promise<boolean>} whether web is there, and the room is not */
  async closed() {
    try {
      await post("rooms/look", this.link);
      return false;
    } catch (error) {
      return error instanceof Refused && error.code === "room_unknown";
    }
  }

  show() {
    show(find(this.form, "[data-test]", HTMLElement), false);
    show(find(this.form, "[data-begin]", HTMLElement), true);
    for (const button of this.form.querySelectorAll('[data-do="no-camera"]')) {
      show(button, this.withCamera);
    }
    this.draw();
    this.conference.view("door");
  }

  /** @param {unknown} error */
  refused(error) {
    if (!(error instanceof Refused) && !(error && typeof error === "object" && "title" in error)) {
      throw error;
    }
    const { title, detail } = /** @type {{title: string, detail: string}} */ (error);
    const section = this.conference.view("ended");
    write(find(section, '[data-slot="title"]', HTMLElement), title);
    write(find(section, '[data-slot="detail"]', HTMLElement), detail);
  }

  /** Opens both, one after the other; what does not open is said and does not hinder the other. */
  async check() {
    wakeAudio();
    this.stop();
    show(find(this.form, "[data-begin]", HTMLElement), false);
    show(find(this.form, "[data-test]", HTMLElement), true);
    this.say("microphone", text("microphone_wait"));
    await this.open("microphone");
    if (this.tracks.microphone) {
      this.beganAt = performance.now();
      this.listening = new Listening(this.tracks.microphone);
      await this.listening.start().catch(() => {}); // then nothing is heard, and that is said
    }
    if (this.withCamera) {
      await this.open("camera");
    }
    this.draw();
  }

  /** @param {"microphone" | "camera"} kind */
  async open(kind) {
    try {
      this.tracks[kind] = await openDevice(kind);
      if (kind === "microphone") {
        this.say(kind, text("microphone_wait"));
      } else {
        this.looks.tick();
        this.looks.paint();
        this.hiding.source(this.tracks.camera);
      }
    } catch {
      this.say(kind, text("device_trouble", { kind: text(`kind.${kind}`) }));
    }
    this.draw();
  }

  noCamera() {
    this.tracks.camera?.stop();
    this.tracks.camera = null;
    this.hiding.source(null);
    this.withCamera = false;
    this.say("camera", "");
    this.draw();
  }

  /**
   * @param {"microphone" | "camera"} kind
   * @param {string} words
   */
  say(kind, words) {
    write(find(this.form, `[data-${kind}-words]`, HTMLElement), words);
  }

  /** What the microphone gives, five times a second. */
  look() {
    if (!this.listening) {
      return;
    }
    const { record } = this.listening;
    this.meter.value = Math.max(0, Math.min(1, (record.levelDbfs + 60) / 50));
    if (!this.heard && record.voiceS() >= VOICE_S) {
      this.heard = true;
      this.say("microphone", text("microphone_heard"));
      this.draw();
    } else if (!this.heard && performance.now() - this.beganAt > SILENT_AFTER_MS) {
      this.say("microphone", text("microphone_silent"));
    }
  }

  draw() {
    const { camera } = this.tracks;
    const picture = camera ? this.hiding.outgoing : null;
    showTrack(find(this.form, "video", HTMLVideoElement), picture);
    show(find(this.form, "[data-no-picture]", HTMLElement), picture === null);
    show(this.backgrounds, camera !== null);
    if (camera) {
      this.looks.changed();
      this.say("camera", this.looks.words || text("camera_good"));
    }
    show(find(this.form, "[data-knock]", HTMLElement), this.heard);
    show(find(this.form, '[data-do="knock-silent"]', HTMLElement), !this.heard);
    show(find(this.form, "#silent-consequence", HTMLElement), !this.heard);
  }

  /** @param {boolean} withoutMicrophone as the person has said by the button */
  async knock(withoutMicrophone) {
    const name = find(this.form, '[name="guest"]', HTMLInputElement);
    const missing = name.value.trim() === "";
    show(find(this.form, "[data-no-name]", HTMLElement), missing);
    if (missing) {
      name.focus();
      return;
    }
    if (!withoutMicrophone && !this.heard) {
      return; // by Enter in the field: the microphone has not been heard, and nobody has said so
    }
    const { media } = this.conference;
    const camera = this.withCamera && this.tracks.camera !== null && !this.hiding.undecided;
    media.on = { microphone: !withoutMicrophone, camera };
    try {
      await post("rooms/knock", {
        ...this.link,
        guest_name: name.value.trim(),
        without_microphone: withoutMicrophone,
      });
      this.stop();
      this.conference.connect("/api/v1/rooms/socket");
    } catch (error) {
      if (!(error instanceof Refused)) {
        throw error;
      }
      this.conference.say(error);
    }
  }

  /** Ends the test: in the room the devices are opened anew, with what was chosen. */
  stop() {
    this.listening?.stop();
    this.listening = null;
    this.heard = false;
    for (const kind of /** @type {("microphone" | "camera")[]} */ (["microphone", "camera"])) {
      this.tracks[kind]?.stop();
      this.tracks[kind] = null;
    }
    this.hiding.source(null);
  }
}
