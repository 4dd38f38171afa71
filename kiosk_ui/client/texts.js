/** Sentences that change at run time. They stand translated in the page, never in scripts. */

/**
 * @param {string} name value of ``data-text``
 * @param {Record<string, string | number>} [values] for the ``{places}`` in the sentence
 * @returns {string}
 */
export function text(name, values = {}) {
  const element = document.querySelector(`[data-text="${name}"]`);
  if (!element) {
    throw new Error(`the page lacks the sentence ${name}`);
  }
  return fill(element.textContent?.trim() ?? "", values);
}

/**
 * A sentence with a number in it: the page holds one for each form that the language counts with.
 *
 * @param {string} name
 * @param {number} n a whole number
 * @param {Record<string, string | number>} [values]
 */
export function counted(name, n, values = {}) {
  const form = new Intl.PluralRules(document.documentElement.lang.slice(0, 2)).select(n);
  return text(`${name}.${form}`, { n, ...values });
}

/** For numbers and times: the reader's language, with the digits that are on our keys. */
export function numberLanguage() {
  return `${document.documentElement.lang.slice(0, 2)}-u-nu-latn`;
}

/**
 * @param {string} sentence
 * @param {Record<string, string | number>} values
 */
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (place, key) => String(values[key] ?? place));
}
