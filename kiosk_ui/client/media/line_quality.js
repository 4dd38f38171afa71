/** What counters of a connection mean in words. Free of the browser. */

/** @typedef {"good" | "fair" | "weak"} Quality */
/** @typedef {{lost: number, all: number}} Packets */
/** @typedef {{lossUp: number, down: Packets, roundTripMs: number}} Counters */

// Losses as in the line test before the conversation (Daily's figures); round trips are our own.
const FAIR = { loss: 0.05, roundTripMs: 300 };
const WEAK = { loss: 0.1, roundTripMs: 600 };

/**
 * @param {Iterable<Record<string, any>>} stats of the browser, as one list
 * @returns {Counters} since the connection began, but for the loss of what is sent
 */
export function countersOf(stats) {
  const found = { lossUp: 0, down: { lost: 0, all: 0 }, roundTripMs: 0 };
  for (const one of stats) {
    if (one.type === "remote-inbound-rtp") {
      found.lossUp = Math.max(found.lossUp, one.fractionLost ?? 0);
      found.roundTripMs = Math.max(found.roundTripMs, (one.roundTripTime ?? 0) * 1000);
    } else if (one.type === "inbound-rtp") {
      const lost = Math.max(0, one.packetsLost ?? 0);
      found.down.lost += lost;
      found.down.all += lost + (one.packetsReceived ?? 0);
    }
  }
  return found;
}

/**
 * @param {Counters} now
 * @param {Packets} before what had been received at the last look
 * @returns {Quality}
 */
export function qualityOf({ lossUp, down, roundTripMs }, before) {
  const all = down.all - before.all;
  const lossDown = all > 0 ? Math.max(0, down.lost - before.lost) / all : 0;
  const loss = Math.max(lossUp, lossDown);
  if (loss >= WEAK.loss || roundTripMs >= WEAK.roundTripMs) {
    return "weak";
  }
  return loss >= FAIR.loss || roundTripMs >= FAIR.roundTripMs ? "fair" : "good";
}
