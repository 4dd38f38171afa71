/** Texts written beforehand: a press puts one into the field; it is sent only by the adviser. */

/**
 * @param {HTMLElement} root holds the list, if there is anything to offer
 * @param {HTMLInputElement | HTMLTextAreaElement} input
 */
export function offerTextBlocks(root, input) {
  const list = root.querySelector("[data-text-blocks]");
  for (const block of root.querySelectorAll("[data-text-block]")) {
    block.addEventListener("click", () => {
      input.value = joined(input.value, block.textContent ?? "", input.maxLength);
      list?.removeAttribute("open");
      input.focus();
    });
  }
}

/**
 * @param {string} before what stands in the field
 * @param {string} words
 * @param {number} most characters
 */
export function joined(before, words, most) {
  const kept = before.trimEnd();
  return (kept ? `${kept} ${words}` : words).slice(0, most);
}
