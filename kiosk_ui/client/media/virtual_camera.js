/** Whether a camera is a program that makes pictures. By its name alone, which stays in the page. */

const PROGRAMS = new RegExp(
  [
    "virtual",
    "\\bobs\\b",
    "manycam",
    "snap camera",
    "xsplit",
    "splitcam",
    "altercam",
    "chromacam",
    "youcam",
    "webcammax",
    "camtwist",
    "mmhmm",
    "e2esoft",
    "\\bv-?cam\\b",
    "unity video",
    "facerig",
    "animaze",
    "prism",
    "dummy video",
    "loopback",
  ].join("|"),
  "i",
);

/** @param {string} label of the camera's track */
export function isVirtual(label) {
  return PROGRAMS.test(label);
}
