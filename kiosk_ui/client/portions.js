/** Many lines of a chat as messages that web takes: it closes a socket for one beyond 64 KiB. */

const MESSAGE_BYTES = 48 * 1024;

/** @typedef {import("../protocol").ChatLine} ChatLine */
/** @typedef {Pick<ChatLine, "line_id" | "text" | "sent_at">} Line */

/**
 * @param {ChatLine[]} lines
 * @returns {Line[][]} none for no line
 */
export function portions(lines) {
  /** @type {Line[][]} */
  const found = [];
  let room = 0;
  for (const { line_id, text, sent_at } of lines) {
    const line = { line_id, text, sent_at };
    const bytes = new TextEncoder().encode(JSON.stringify(line)).length + 1;
    if (bytes > room) {
      found.push([]);
      room = MESSAGE_BYTES;
    }
    found[found.length - 1].push(line);
    room -= bytes;
  }
  return found;
}
