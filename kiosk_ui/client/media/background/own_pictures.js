/** The agency's own background pictures: the page names their addresses, all of this origin. */

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
    const answer = await fetch(address);
    return answer.ok ? await createImageBitmap(await answer.blob()) : null;
  } catch {
    return null;
  }
}
