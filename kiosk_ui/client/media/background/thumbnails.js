/** Small pictures of the choices, made once from the client's own picture; they stay in the page. */

import { within } from "../time_limit.js";
import { kindOf, NONE } from "./looks.js";
import { paintPicture } from "./pictures.js";

const PLAY_LIMIT_MS = 5_000;
const COARSE = { blur: 16, blur_strong: 7 }; // pixels across: the picture is scaled down and up

export class Thumbnails {
  /** @param {ParentNode} root */
  constructor(root) {
    this.canvases = /** @type {HTMLCanvasElement[]} */ ([
      ...root.querySelectorAll("canvas[data-thumbnail]"),
    ]);
    this.video = document.createElement("video");
    this.video.muted = true;
    this.video.playsInline = true;
    this.video.addEventListener("loadeddata", () => this.paint());
    this.shows = "";
  }

  /**
   * The camera as it is, also when what is sent shows something else: this stays on the screen.
   *
   * @param {MediaStreamTrack | null} raw
   */
  of(raw) {
    if (raw && raw.id !== this.shows) {
      this.shows = raw.id;
      this.video.srcObject = new MediaStream([raw]);
      within(this.video.play(), PLAY_LIMIT_MS).catch(() => {});
    }
  }

  /** Once; without a picture the backgrounds alone. */
  paint() {
    const seen = this.video.videoWidth > 0;
    for (const canvas of this.canvases) {
      const look = canvas.dataset.thumbnail ?? NONE;
      const pen = canvas.getContext("2d");
      if (pen && kindOf(look) === "picture" && look !== NONE) {
        paintPicture(look, pen, canvas.width, canvas.height);
      } else if (pen && seen) {
        this.own(pen, look);
      }
    }
    if (seen) {
      this.video.srcObject = null; // one frame is enough
    }
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {string} look
   */
  own(pen, look) {
    const { width, height } = pen.canvas;
    if (look !== "blur" && look !== "blur_strong") {
      pen.drawImage(this.video, 0, 0, width, height);
      return;
    }
    const small = document.createElement("canvas");
    small.width = COARSE[look];
    small.height = Math.round((COARSE[look] * height) / width);
    const smallPen = small.getContext("2d");
    if (smallPen) {
      smallPen.imageSmoothingQuality = "high";
      smallPen.drawImage(this.video, 0, 0, small.width, small.height);
      pen.imageSmoothingQuality = "high";
      pen.drawImage(small, 0, 0, width, height);
    }
  }
}
