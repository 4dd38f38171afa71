/** What the browser's statistics say of the line, and what a phase comes to. */

import { within } from "./time_limit.js";

/** @typedef {import("../../protocol").LinePhase} LinePhase */
/** @typedef {import("../../protocol").LineFilled} LineFilled */

/**
 * @typedef {object} Sample
 * @property {number} at ms, monotonic
 * @property {number} received packets of padding, so far
 * @property {number} jitterMs of the padding
 * @property {number} octets both ways, so far
 * @property {number} frames of the test picture, encoded so far
 * @property {number} cpuS limited by the processor, so far
 * @property {number} availableKbps the browser's own estimate of the way up; 0 unknown
 * @property {"udp" | "tcp" | "unknown"} protocol
 * @property {"" | "udp" | "tcp" | "tls"} turn
 * @property {Array<[string, number, number]>} trips source, how often measured, newest in ms
 */

const STATS_LIMIT_MS = 2_000;
const PADDING_BYTES = 275; // an RTP packet of padding as the relay sends it

/**
 * @param {RTCRtpSender} sender of the test picture
 * @param {RTCRtpReceiver} receiver of the padding
 * @returns {Promise<Sample>} rejects when the browser does not answer in time
 */
export async function sampleLine(sender, receiver) {
  const [sent, received] = await Promise.all([
    within(sender.getStats(), STATS_LIMIT_MS),
    within(receiver.getStats(), STATS_LIMIT_MS),
  ]);
  /** @type {any[]} */
  const all = [...new Map([...received, ...sent]).values()];
  const of = (/** @type {string} */ type) => all.find((report) => report.type === type);
  const inbound = of("inbound-rtp") ?? {};
  const outbound = of("outbound-rtp") ?? {};
  const remote = of("remote-inbound-rtp");
  const pair = selectedPair(all) ?? {};
  const local = all.find(({ id }) => id === pair.localCandidateId);
  return {
    at: performance.now(),
    received: inbound.packetsReceived ?? 0,
    jitterMs: (inbound.jitter ?? 0) * 1000,
    octets: (pair.bytesSent ?? 0) + (pair.bytesReceived ?? 0),
    frames: outbound.framesEncoded ?? 0,
    cpuS: outbound.qualityLimitationDurations?.cpu ?? 0,
    availableKbps: (pair.availableOutgoingBitrate ?? 0) / 1000,
    protocol: protocolOf(local),
    turn: turnOf(local),
    trips: [
      ["reports", remote?.roundTripTimeMeasurements ?? 0, (remote?.roundTripTime ?? 0) * 1000],
      ["checks", pair.responsesReceived ?? 0, (pair.currentRoundTripTime ?? 0) * 1000],
    ],
  };
}

/** @param {any[]} all */
function selectedPair(all) {
  const transport = all.find(({ type }) => type === "transport");
  const pairs = all.filter(({ type }) => type === "candidate-pair");
  return (
    pairs.find(({ id }) => id === transport?.selectedCandidatePairId) ??
    pairs.find(({ selected, nominated, state }) => selected ?? (nominated && state === "succeeded"))
  );
}

/**
 * Of a relayed path, what leads to the relay's server.
 *
 * @param {any} candidate
 * @returns {"udp" | "tcp" | "unknown"}
 */
function protocolOf(candidate) {
  const word = String(candidate?.relayProtocol ?? candidate?.protocol ?? "");
  return word === "udp" ? "udp" : word === "" ? "unknown" : "tcp";
}

/**
 * How the agency's detour is reached, where the path in use leads over it.
 *
 * @param {any} candidate
 * @returns {"" | "udp" | "tcp" | "tls"}
 */
function turnOf(candidate) {
  if (candidate?.candidateType !== "relay") {
    return "";
  }
  const way = candidate.relayProtocol;
  return way === "tls" || way === "tcp" ? way : "udp";
}

/**
 * Of a connection that finds no way: whether the agency offers a detour, and whether it answers.
 *
 * @param {RTCPeerConnection | undefined} pc
 * @returns {Promise<"none" | "silent" | "open">}
 */
export async function detourOf(pc) {
  if (!pc?.getConfiguration().iceServers?.length) {
    return "none";
  }
  const stats = await within(pc.getStats(), STATS_LIMIT_MS);
  const local = [...stats.values()].filter(({ type }) => type === "local-candidate");
  return local.some(({ candidateType }) => candidateType === "relay") ? "open" : "silent";
}

/**
 * @param {import("./line_plan.js").Plan} plan
 * @param {Sample[]} samples from before the phase until its last packets
 * @param {LineFilled} relay
 * @returns {LinePhase}
 */
export function foldPhase({ direction, kbps }, samples, relay) {
  const first = samples[0];
  const last = samples[samples.length - 1];
  const passedS = Math.max((last.at - first.at) / 1000, 0.001);
  const arrived = last.received - first.received;
  const upKbps = (relay.received_octets * 8) / Math.max(relay.took_ms, 1);
  return {
    direction,
    wanted_kbps: kbps,
    arrived_kbps: direction === "up" ? upKbps : downKbps(samples, relay),
    round_trip_ms: median([...tripsOf(samples), ...relay.round_trips_ms]),
    down_packets: relay.sent_packets,
    down_lost: Math.max(relay.sent_packets - arrived, 0),
    down_jitter_ms: relay.sent_packets ? last.jitterMs : 0,
    up_packets: relay.expected_packets,
    up_lost: relay.lost_packets,
    up_jitter_ms: direction === "up" ? 0 : relay.jitter_ms,
    available_kbps: last.availableKbps,
    estimate_kbps: relay.estimate_kbps,
    cpu_limited_s: Math.max(Math.min(last.cpuS - first.cpuS, 60), 0),
    frames_per_s: Math.max((last.frames - first.frames) / passedS, 0),
  };
}

/**
 * The rate while padding came in, so that neither the way there nor a wait counts; never above what
 * was sent. A page that stalled sees all of it at once.
 *
 * @param {Sample[]} samples
 * @param {LineFilled} relay
 */
export function downKbps(samples, relay) {
  const sent = (relay.sent_packets * PADDING_BYTES * 8) / Math.max(relay.took_ms, 1);
  const grew = samples.filter((one, at) => at > 0 && one.received > samples[at - 1].received);
  const [from, to] = [grew[0], grew[grew.length - 1]];
  if (!from || from === to) {
    const heap = from ? from.received - samples[0].received : 0;
    return Math.min(sent, (heap * PADDING_BYTES * 8) / Math.max(relay.took_ms, 1));
  }
  const rate = ((to.received - from.received) * PADDING_BYTES * 8) / (to.at - from.at);
  return Math.min(rate, sent);
}

/**
 * Each measurement once.
 *
 * @param {Sample[]} samples
 * @returns {number[]} ms
 */
function tripsOf(samples) {
  const found = [];
  for (let at = 1; at < samples.length; at += 1) {
    for (const [source, count, ms] of samples[at].trips) {
      const before = samples[at - 1].trips.find(([name]) => name === source)?.[1] ?? 0;
      if (count > before && ms > 0) {
        found.push(ms);
      }
    }
  }
  return found;
}

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length ? sorted[Math.floor((sorted.length - 1) / 2)] : 0;
}
