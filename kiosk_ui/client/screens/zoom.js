/** How large a picture is in its box, and where it stays when it is made larger. Free of the DOM. */

/** @typedef {{width: number, height: number}} Size */

export const MOST = 5; // on a phone a shared screen is then as large as it was sent

/**
 * @param {Size} box
 * @param {Size} picture as it was sent; nothing yet is taken for 16 to 9
 * @returns {Size} all of the picture, as large as the box allows
 */
export function fitted(box, picture) {
  const { width, height } = picture.width && picture.height ? picture : { width: 16, height: 9 };
  const scale = Math.min(box.width / width, box.height / height);
  return { width: width * scale, height: height * scale };
}

/** @param {number} zoom */
export function limited(zoom) {
  return Math.min(MOST, Math.max(1, zoom));
}

/**
 * Keeps what lies below a point of the box where it is; for one of the two directions.
 *
 * @param {{box: number, before: number, after: number}} sizes of the box and of the picture
 * @param {number} scroll so far
 * @param {number} at the point, from the edge of the box
 * @returns {number} where to scroll to
 */
export function scrolled({ box, before, after }, scroll, at) {
  const inside = (scroll + at - margin(box, before)) / before;
  const wanted = inside * after + margin(box, after) - at;
  return Math.min(Math.max(0, after - box), Math.max(0, wanted));
}

/**
 * A picture that is smaller than its box stands in the middle.
 *
 * @param {number} box
 * @param {number} picture
 */
function margin(box, picture) {
  return Math.max(0, (box - picture) / 2);
}
