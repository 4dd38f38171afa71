/** The own picture made tiny, to see whether a camera shows anything. Pixels are forgotten at once. */

export const WIDTH = 32;
export const HEIGHT = 18;
const COVERED_STRUCTURE = 3; // as in thresholds.py: camera_covered_structure
const BRIGHT_PICTURE = 0.5; // as in thresholds.py: camera_bright_picture
const WHITE = 250;

/**
 * @typedef {object} Look
 * @property {number} luma mean, 0 to 255
 * @property {boolean} covered noise only, and perhaps a glow: however bright, but not white
 */

export class TinyPicture {
  constructor() {
    const canvas = document.createElement("canvas");
    canvas.width = WIDTH;
    canvas.height = HEIGHT;
    this.pen = canvas.getContext("2d", { willReadFrequently: true });
    if (this.pen) {
      this.pen.imageSmoothingQuality = "high"; // averages a sensor's noise away
    }
  }

  /**
   * @param {HTMLVideoElement} video
   * @returns {Look | null}
   */
  look(video) {
    if (!this.pen) {
      return null;
    }
    this.pen.drawImage(video, 0, 0, WIDTH, HEIGHT);
    const { data } = this.pen.getImageData(0, 0, WIDTH, HEIGHT);
    const luma = Array.from({ length: WIDTH * HEIGHT }, (_, point) => {
      const [red, green, blue] = data.subarray(4 * point);
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    });
    return judge(luma);
  }
}

/**
 * @param {number[]} luma row by row
 * @returns {Look}
 */
export function judge(luma) {
  const white = luma.filter((one) => one >= WHITE).length;
  const covered = structure(luma) < COVERED_STRUCTURE && white <= BRIGHT_PICTURE * luma.length;
  return { luma: sum(luma) / luma.length, covered };
}

/**
 * How much there is to see besides a gentle slope of light, as the appliance measures it in the
 * check (`picture_light.py`).
 *
 * @param {number[]} luma
 */
export function structure(luma) {
  const left = [...luma];
  for (const slope of SLOPES) {
    const share = dot(luma, slope) / dot(slope, slope);
    slope.forEach((value, at) => (left[at] -= share * value));
  }
  return Math.sqrt(dot(left, left) / left.length);
}

/** Constant, linear and square terms, each at right angles to all others. */
const SLOPES = slopes();

function slopes() {
  const points = Array.from({ length: WIDTH * HEIGHT }, (_, at) => [
    (2 * (at % WIDTH)) / (WIDTH - 1) - 1,
    (2 * Math.floor(at / WIDTH)) / (HEIGHT - 1) - 1,
  ]);
  const middle = [0, 1].map((axis) => sum(points.map((one) => one[axis] ** 2)) / points.length);
  return [
    points.map(() => 1),
    points.map(([x]) => x),
    points.map(([, y]) => y),
    points.map(([x]) => x * x - middle[0]),
    points.map(([, y]) => y * y - middle[1]),
    points.map(([x, y]) => x * y),
  ];
}

/** @param {number[]} numbers */
function sum(numbers) {
  return numbers.reduce((all, one) => all + one, 0);
}

/**
 * @param {number[]} one
 * @param {number[]} other
 */
function dot(one, other) {
  return sum(one.map((value, at) => value * other[at]));
}
