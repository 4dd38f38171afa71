/** The agency's own background pictures: the page names their addresses, all of this origin. */

import { within } from "../time_limit.js";

const LIMIT_MS = 10_000;

/**
 * @param {string} look
 * @returns {Promise<ImageBitmap | null>} null: not one of these, or not to be had
 */
export async function ownPicture(look) {
  const card = document.querySelector(`[data-own-look="${CSS.escape(look)}"]`);
  const address = card instanceof HTMLElement ? card.dataset.address : undefined;
  if (!address) {
    return null;
  }
  try {
    const answer = await within(fetch(address), LIMIT_MS);
    const picture = answer.ok ? await within(answer.blob(), LIMIT_MS) : null;
    return picture && (await within(createImageBitmap(picture), LIMIT_MS));
  } catch {
    return null;
  }
}
