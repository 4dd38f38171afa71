/** The fast Fourier transform, radix 2, in place. Free of the browser. */

/**
 * @param {Float64Array} real of a power of two; overwritten by the spectrum
 * @param {Float64Array} imaginary of the same length
 */
export function transform(real, imaginary) {
  reorder(real, imaginary);
  for (let half = 1; half < real.length; half *= 2) {
    for (let k = 0; k < half; k += 1) {
      const angle = (-Math.PI * k) / half;
      butterflies(real, imaginary, { half, first: k, cos: Math.cos(angle), sin: Math.sin(angle) });
    }
  }
}

/**
 * @param {Float64Array} real
 * @param {Float64Array} imaginary
 */
function reorder(real, imaginary) {
  let other = 0;
  for (let at = 1; at < real.length; at += 1) {
    let bit = real.length >> 1;
    for (; other & bit; bit >>= 1) {
      other ^= bit;
    }
    other |= bit;
    if (at < other) {
      [real[at], real[other]] = [real[other], real[at]];
      [imaginary[at], imaginary[other]] = [imaginary[other], imaginary[at]];
    }
  }
}

/**
 * @param {Float64Array} real
 * @param {Float64Array} imaginary
 * @param {{half: number, first: number, cos: number, sin: number}} step
 */
function butterflies(real, imaginary, { half, first, cos, sin }) {
  for (let at = first; at < real.length; at += 2 * half) {
    const to = at + half;
    const turnedReal = real[to] * cos - imaginary[to] * sin;
    const turnedImaginary = real[to] * sin + imaginary[to] * cos;
    real[to] = real[at] - turnedReal;
    imaginary[to] = imaginary[at] - turnedImaginary;
    real[at] += turnedReal;
    imaginary[at] += turnedImaginary;
  }
}
