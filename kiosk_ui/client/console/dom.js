/** Rows and marks from the page's templates; lists are changed in place, so that focus stays. */

import { find, write } from "../find.js";

/**
 * @param {string} name value of ``data-template``
 * @returns {HTMLElement} a fresh copy
 */
export function fresh(name) {
  const template = find(document, `template[data-template="${name}"]`, HTMLTemplateElement);
  const copy = template.content.firstElementChild?.cloneNode(true);
  if (!(copy instanceof HTMLElement)) {
    throw new Error(`the template ${name} is empty`);
  }
  return copy;
}

/**
 * @param {ParentNode} root
 * @param {string} name value of ``data-slot``
 */
export function slot(root, name) {
  return find(root, `[data-slot="${name}"]`, HTMLElement);
}

/**
 * @typedef {object} Mark
 * @property {string} symbol name of an icon
 * @property {string} words
 * @property {"" | "good" | "warn" | "bad"} kind
 */

/**
 * @param {HTMLElement} place
 * @param {Mark[]} marks
 */
export function showMarks(place, marks) {
  const state = JSON.stringify(marks);
  if (place.dataset.shown === state) {
    return;
  }
  place.dataset.shown = state;
  place.replaceChildren(...marks.map(markElement));
}

/** @param {Mark} mark */
function markElement({ symbol, words, kind }) {
  const element = fresh("mark");
  if (kind) {
    element.classList.add(`mark--${kind}`);
  }
  slot(element, "symbol").classList.add(`icon--${symbol}`);
  write(slot(element, "text"), words);
  return element;
}

/**
 * Keeps one element per item, in the order of the items.
 *
 * @template Item
 * @param {HTMLElement} list
 * @param {Item[]} items
 * @param {{template: string, key: (item: Item) => string, made?: (row: HTMLElement, item: Item) => void, fill: (row: HTMLElement, item: Item) => void}} how
 */
export function showRows(list, items, how) {
  const rows = /** @type {HTMLElement[]} */ ([...list.children]);
  const old = new Map(rows.map((row) => [row.dataset.id ?? "", row]));
  items.forEach((item, index) => {
    const id = how.key(item);
    const row = old.get(id) ?? fresh(how.template);
    if (!old.delete(id)) {
      row.dataset.id = id;
      how.made?.(row, item);
    }
    how.fill(row, item);
    if (list.children[index] !== row) {
      list.insertBefore(row, list.children[index] ?? null);
    }
  });
  for (const gone of old.values()) {
    gone.remove();
  }
}

/**
 * @param {HTMLVideoElement} video
 * @param {MediaStreamTrack | null} track
 */
export function showTrack(video, track) {
  const present = video.srcObject instanceof MediaStream ? video.srcObject.getTracks()[0] : null;
  if ((present ?? null) !== track) {
    video.srcObject = track ? new MediaStream([track]) : null;
  }
  video.hidden = track === null;
}
