/** The client's own picture, wherever the page has a place for it. Never leaves the page here. */

import { show } from "./find.js";

export class OwnPicture {
  constructor() {
    this.videos = [...document.querySelectorAll("[data-own-picture]")];
    /** @type {MediaStreamTrack | null} */
    this.track = null;
  }

  /**
   * @param {MediaStreamTrack | null} track
   * @param {boolean} on
   */
  show(track, on) {
    const shown = on ? track : null;
    for (const video of this.videos) {
      if (video instanceof HTMLVideoElement) {
        this.fill(video, shown);
      }
    }
    this.track = shown;
  }

  /**
   * @param {HTMLVideoElement} video
   * @param {MediaStreamTrack | null} track
   */
  fill(video, track) {
    if (track !== this.track) {
      video.srcObject = track ? new MediaStream([track]) : null;
    }
    show(video, track !== null);
    const empty = video.parentElement?.querySelector('[data-slot="no-picture"]');
    if (empty) {
      show(empty, track === null);
    }
  }
}
