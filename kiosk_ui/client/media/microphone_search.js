/**
 * Listens to every microphone for some seconds and says which one carries the voice. Nothing but
 * levels is kept, nothing is sent; what was opened for it is stopped again.
 */

const LEAST_VOICE_S = 0.4;
const AS_GOOD_DB = 3; // between two that hear the voice alike, the louder one
const MOST_DB = 40; // over the room: more is no better

/**
 * @typedef {object} Heard
 * @property {string} deviceId
 * @property {number} voiceS
 * @property {number} speechDbfs
 * @property {number} noiseDbfs
 */

/**
 * @typedef {object} Ears
 * @property {import("./level_record.js").LevelRecord} record
 * @property {() => void} stop
 */

/**
 * @typedef {object} Search
 * @property {string[]} deviceIds
 * @property {boolean} together whether the browser opens several at once
 * @property {(deviceId: string) => Promise<Ears>} open rejects within its own time limit
 * @property {(index: number) => Promise<void>} wait while the person speaks
 * @property {() => boolean} over whether nobody waits for the result any more
 */

/**
 * @param {Search} search
 * @returns {Promise<Heard[]>} in the order of the list, without those that could not be opened
 */
export async function listenToAll({ deviceIds, together, open, wait, over }) {
  const groups = together ? [deviceIds] : deviceIds.map((deviceId) => [deviceId]);
  /** @type {Heard[]} */
  const heard = [];
  for (const [index, group] of groups.entries()) {
    if (over()) {
      break;
    }
    heard.push(...(await listenTo(group, open, () => wait(index))));
  }
  return heard;
}

/**
 * @param {string[]} deviceIds
 * @param {Search["open"]} open
 * @param {() => Promise<void>} wait
 * @returns {Promise<Heard[]>}
 */
async function listenTo(deviceIds, open, wait) {
  const opened = await Promise.allSettled(deviceIds.map(open));
  try {
    if (opened.some(({ status }) => status === "fulfilled")) {
      await wait();
    }
    return opened.flatMap((one, index) =>
      one.status === "fulfilled" ? [figures(deviceIds[index], one.value.record)] : [],
    );
  } finally {
    for (const one of opened) {
      if (one.status === "fulfilled") {
        one.value.stop();
      }
    }
  }
}

/**
 * @param {string} deviceId
 * @param {import("./level_record.js").LevelRecord} record
 * @returns {Heard}
 */
function figures(deviceId, record) {
  const { speech_dbfs, noise_dbfs } = record.figures();
  return { deviceId, voiceS: record.voiceS(), speechDbfs: speech_dbfs, noiseDbfs: noise_dbfs };
}

/**
 * The microphone that hears the voice best.
 *
 * @param {Heard[]} heard
 * @returns {string} its id; empty when none hears a voice
 */
export function bestVoice(heard) {
  const able = heard.filter(({ voiceS }) => voiceS >= LEAST_VOICE_S);
  const clear = Math.max(...able.map(overRoomDb));
  const best = able
    .filter((one) => overRoomDb(one) > clear - AS_GOOD_DB)
    .sort((one, other) => other.speechDbfs - one.speechDbfs)[0];
  return best?.deviceId ?? "";
}

/** @param {Heard} one */
function overRoomDb({ speechDbfs, noiseDbfs }) {
  return Math.min(MOST_DB, speechDbfs - noiseDbfs);
}

/**
 * Real microphones: browsers list the system's choice a second time under these names.
 *
 * @param {MediaDeviceInfo[]} devices
 */
export function realOnes(devices) {
  return devices.filter(({ deviceId }) => !["", "default", "communications"].includes(deviceId));
}

/**
 * Whether a real microphone is the one in use, which may go by the system's name for it.
 *
 * @param {MediaDeviceInfo} one
 * @param {string} usedId
 * @param {MediaDeviceInfo[]} devices
 */
export function isInUse(one, usedId, devices) {
  const used = devices.find(({ deviceId }) => deviceId === usedId);
  const byAnotherName = used !== undefined && realOnes([used]).length === 0;
  return one.deviceId === usedId || (byAnotherName && one.groupId === used.groupId);
}
