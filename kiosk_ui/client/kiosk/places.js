/** Under which names a kiosk's pages keep something in the browser's stores. */

export const COMFORT = "vorzimmer.comfort"; // a visitor's contrast, size and reading out
export const STARTED = "vorzimmer.kiosk.started"; // this browser's beginning has been told
