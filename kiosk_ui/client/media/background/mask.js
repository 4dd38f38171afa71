/**
 * What the segmentation says, made fit for painting: numbers only, free of the browser.
 *
 * A mask is a Float32Array of SIDE x SIDE shares (0 background, 1 person). The figures are those of
 * the appliance's blur (media study, part 2, section 4).
 */

export const SIDE = 256; // what the square model sees
const STEP = 2; // islands are looked for on a grid of this many pixels
const RISE = 0.15;
const KEEP = 0.35;
const SURE_BACKGROUND = 0.3;
const SURE_PERSON = 0.7;
const ISLAND_SHARE = 0.25; // of the largest part; smaller ones are lamps and chairs, not people

/**
 * The pixelwise minimum of two masks never leaks more than either.
 *
 * @param {Float32Array} mask is changed
 * @param {Float32Array} other
 */
export function fuse(mask, other) {
  for (let at = 0; at < mask.length; at += 1) {
    if (other[at] < mask[at]) {
      mask[at] = other[at];
    }
  }
}

/**
 * Background returns at once, the person slowly.
 *
 * @param {Float32Array | null} previous is changed and given back
 * @param {Float32Array} mask
 * @returns {Float32Array}
 */
export function settle(previous, mask) {
  if (!previous) {
    return mask.slice();
  }
  for (let at = 0; at < mask.length; at += 1) {
    const now = mask[at];
    previous[at] = Math.min(now + RISE, KEEP * previous[at] + (1 - KEEP) * now);
  }
  return previous;
}

/**
 * Writes the mask as alpha of RGBA pixels: what is rather background is background.
 *
 * @param {Float32Array} mask
 * @param {Uint8ClampedArray} pixels
 */
export function toAlpha(mask, pixels) {
  for (let at = 0; at < mask.length; at += 1) {
    const share = (mask[at] - SURE_BACKGROUND) / (SURE_PERSON - SURE_BACKGROUND);
    const sure = share <= 0 ? 0 : share >= 1 ? 1 : share * share * (3 - 2 * share);
    pixels[4 * at + 3] = 255 * sure;
  }
}

/**
 * Keeps the largest part of the mask and those that are a fair share of it.
 *
 * @param {Float32Array} mask is changed
 * @param {number} [side]
 */
export function withoutIslands(mask, side = SIDE) {
  const across = side / STEP;
  const { parts, areas } = partsOf(solid(mask, side), across);
  if (areas.length < 3) {
    return; // nothing, or one part
  }
  const least = ISLAND_SHARE * Math.max(...areas.slice(1));
  for (let row = 0; row < side; row += 1) {
    for (let column = 0; column < side; column += 1) {
      const part = parts[(row >> 1) * across + (column >> 1)];
      if (part > 0 && areas[part] < least) {
        mask[row * side + column] = 0;
      }
    }
  }
}

/**
 * Which cells of the coarser grid hold anything that may be seen.
 *
 * @param {Float32Array} mask
 * @param {number} side
 */
function solid(mask, side) {
  const across = side / STEP;
  const cells = new Uint8Array(across * across);
  for (let at = 0; at < mask.length; at += 1) {
    if (mask[at] > SURE_BACKGROUND) {
      cells[((at / side) >> 1) * across + ((at % side) >> 1)] = 1;
    }
  }
  return cells;
}

/**
 * Parts are numbered from 1; their areas in cells.
 *
 * @param {Uint8Array} cells
 * @param {number} across
 */
function partsOf(cells, across) {
  const parts = new Uint16Array(cells.length);
  const stack = new Int32Array(cells.length);
  const areas = [0];
  for (let seed = 0; seed < cells.length; seed += 1) {
    if (cells[seed] && !parts[seed]) {
      areas.push(flood(seed, areas.length, { cells, parts, stack, across }));
    }
  }
  return { parts, areas };
}

/**
 * @param {number} seed
 * @param {number} number
 * @param {{cells: Uint8Array, parts: Uint16Array, stack: Int32Array, across: number}} grid
 */
function flood(seed, number, { cells, parts, stack, across }) {
  let height = 1;
  let area = 0;
  stack[0] = seed;
  parts[seed] = number;
  const visit = (/** @type {number} */ at) => {
    if (cells[at] && !parts[at]) {
      parts[at] = number;
      stack[height++] = at;
    }
  };
  while (height > 0) {
    const at = stack[--height];
    const column = at % across;
    area += 1;
    if (column > 0) visit(at - 1);
    if (column < across - 1) visit(at + 1);
    if (at >= across) visit(at - across);
    if (at < cells.length - across) visit(at + across);
  }
  return area;
}
