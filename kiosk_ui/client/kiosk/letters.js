/** What can be typed at a kiosk, row by row: Latin letters first, as a name stands in the files. */

const LATIN = ["1234567890", "qwertzuiopü", "asdfghjklöä", "yxcvbnmß-.'@"];
const ACCENTS = ["áàâãåæçćč", "đéèêëğıíîï", "łñńóôõøřşš", "úûýÿžż,/:?!"];
/** @type {Record<string, {face: string, rows: string[]}>} by the language that is read */
const OWN = {
  ar: { face: "ابت", rows: ["1234567890؟،", "ضصثقفغعهخحجد", "شسيبلاتنمكطذ", "ئءؤرىةوزظأإآ"] },
  ru: { face: "абв", rows: ["1234567890?!", "йцукенгшщзхъ", "фывапролджэё", "ячсмитьбю.,-"] },
  uk: { face: "абв", rows: ["1234567890?!", "йцукенгшщзхї", "фівапролджєґ", "ячсмитьбю'.,-"] },
};

/** @typedef {{face: string, rows: string[]}} Letters ``face`` is what leads to them */

/**
 * @param {string} language
 * @returns {Letters[]} to be gone through one after the other
 */
export function lettersOf(language) {
  const own = OWN[language];
  return [{ face: "abc", rows: LATIN }, ...(own ? [own] : []), { face: "éçş", rows: ACCENTS }];
}
