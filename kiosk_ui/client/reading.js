/** Reads what people type, forgiving of spaces, case and habits. Free of the DOM. */

/**
 * "31.12.1980", "31. 12. 80", "31-12-1980", "31/12/1980", "31121980" or "1980-12-31".
 *
 * @param {string} typed
 * @param {number} [thisYear]
 * @returns {string | null} ISO date; null when it is no day of the calendar
 */
export function readDate(typed, thisYear = new Date().getFullYear()) {
  const clean = typed.trim();
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(clean);
  if (iso) {
    return day(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  }
  const local =
    /^(\d{1,2})[.\-/\s]+(\d{1,2})[.\-/\s]+(\d{4}|\d{2})$/.exec(clean) ??
    /^(\d{2})(\d{2})(\d{4})$/.exec(clean);
  return local ? day(wholeYear(local[3], thisYear), Number(local[2]), Number(local[1])) : null;
}

/**
 * @param {string} digits two or four
 * @param {number} thisYear
 */
function wholeYear(digits, thisYear) {
  const year = Number(digits);
  if (digits.length === 4) {
    return year;
  }
  return 2000 + year > thisYear ? 1900 + year : 2000 + year;
}

/**
 * @param {number} year
 * @param {number} month
 * @param {number} date
 */
function day(year, month, date) {
  const there = new Date(Date.UTC(year, month - 1, date));
  const same = there.getUTCMonth() === month - 1 && there.getUTCDate() === date;
  return same && year > 1880 ? there.toISOString().slice(0, 10) : null;
}

/**
 * @param {string} typed
 * @returns {string} capitals in groups of four, as it is printed: "ABCD EFGH"
 */
export function inGroups(typed) {
  const letters = typed.replace(/[\s\-–.]/g, "").toUpperCase();
  return letters.replace(/(.{4})(?=.)/g, "$1 ");
}

/**
 * Splits a text at its web addresses. Only http and https count as such.
 *
 * @param {string} line
 * @returns {{text: string, href: string | null}[]}
 */
export function withLinks(line) {
  const parts = [];
  let from = 0;
  for (const found of line.matchAll(/https?:\/\/[^\s<>"']+/gi)) {
    const address = found[0].replace(/[.,;:!?)\]}]+$/, "");
    const href = safeAddress(address);
    if (href) {
      parts.push({ text: line.slice(from, found.index), href: null });
      parts.push({ text: address, href });
      from = found.index + address.length;
    }
  }
  parts.push({ text: line.slice(from), href: null });
  return parts.filter((part) => part.text !== "");
}

/**
 * @param {string} address
 * @returns {string | null}
 */
function safeAddress(address) {
  try {
    const url = new URL(address);
    return ["http:", "https:"].includes(url.protocol) && url.hostname ? url.href : null;
  } catch {
    return null;
  }
}
