/** The order in which outputs are tried. Free of the DOM. */

/**
 * All but the one in use, each once: browsers list the system's choice a second time.
 *
 * @template {{deviceId: string, groupId: string}} Device
 * @param {Device[]} listed as the browser lists them
 * @param {string} usedId empty: the system's choice
 * @returns {Device[]}
 */
export function inTurn(listed, usedId) {
  const used = listed.find(({ deviceId }) => deviceId === (usedId || "default"));
  const real = listed.filter(({ deviceId }) => !["", "default", "communications"].includes(deviceId));
  const usedByName = used && !real.includes(used);
  return real.filter(
    (one) => one !== used && !(usedByName && used.groupId !== "" && one.groupId === used.groupId),
  );
}
