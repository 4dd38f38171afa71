/** The client's own picture, wherever the page has a place for it. Never leaves the page here. */

import { show, write } from "./find.js";

export class OwnPicture {
  constructor() {
    this.videos = [...document.querySelectorAll("[data-own-picture]")];
    /** @type {MediaStreamTrack | null} */
    this.track = null;
  }

  /**
   * @param {MediaStreamTrack | null} track
   * @param {boolean} on
   * @param {string} [held] why nothing is shown although the camera is on
   */
  show(track, on, held = "") {
    const shown = on ? track : null;
    for (const video of this.videos) {
      if (video instanceof HTMLVideoElement) {
        this.fill(video, shown);
        this.explain(video, held);
      }
    }
    this.track = shown;
  }

  /**
   * @param {HTMLVideoElement} video
   * @param {string} held
   */
  explain(video, held) {
    const words = video.parentElement?.querySelector('[data-slot="no-picture"] > span:last-child');
    if (words instanceof HTMLElement) {
      words.dataset.off ??= words.textContent ?? "";
      write(words, held || words.dataset.off);
    }
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
