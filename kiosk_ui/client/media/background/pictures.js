/** Background pictures, painted by code: calm, without words or faces, and free of anybody's rights. */

import { PLAIN_COLOUR } from "./looks.js";

/** @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Pen */

const SPINES = ["#7d4e4a", "#4f6b7a", "#8a7a52", "#5b6f58", "#6a5a78", "#94694a", "#3f5666"];

/** @type {Record<string, (pen: Pen, width: number, height: number) => void>} */
const PAINTED = { plain, wall, shelf };

export const PICTURES = Object.keys(PAINTED);

/**
 * Fills the canvas; an unknown name gives the plain colour, never nothing.
 *
 * @param {string} name
 * @param {Pen} pen
 * @param {number} width
 * @param {number} height
 */
export function paintPicture(name, pen, width, height) {
  const paint = Object.hasOwn(PAINTED, name) ? PAINTED[name] : plain;
  pen.save();
  paint(pen, width, height);
  pen.restore();
}

/**
 * @param {Pen} pen
 * @param {number} width
 * @param {number} height
 */
function plain(pen, width, height) {
  pen.fillStyle = PLAIN_COLOUR;
  pen.fillRect(0, 0, width, height);
}

/**
 * An office wall in the light of a window, with a skirting board and a plant.
 *
 * @param {Pen} pen
 * @param {number} width
 * @param {number} height
 */
function wall(pen, width, height) {
  const light = pen.createLinearGradient(0, 0, width, height);
  light.addColorStop(0, "#f4efe6");
  light.addColorStop(0.6, "#e0d8ca");
  light.addColorStop(1, "#cbc1b0");
  pen.fillStyle = light;
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = "rgb(255 255 255 / 35%)";
  for (const from of [0.08, 0.21]) {
    pen.beginPath();
    pen.moveTo(width * from, 0);
    pen.lineTo(width * (from + 0.09), 0);
    pen.lineTo(width * (from + 0.22), height);
    pen.lineTo(width * (from + 0.08), height);
    pen.fill();
  }
  pen.fillStyle = "#b3a792";
  pen.fillRect(0, height * 0.93, width, height * 0.07);
  plant(pen, width * 0.88, height * 0.93, height * 0.4);
}

/**
 * @param {Pen} pen
 * @param {number} x
 * @param {number} foot
 * @param {number} size
 */
function plant(pen, x, foot, size) {
  pen.fillStyle = "#5f7f63";
  for (const lean of [-0.9, -0.5, -0.15, 0.2, 0.55, 0.95]) {
    pen.save();
    pen.translate(x, foot - size * 0.3);
    pen.rotate(lean);
    pen.beginPath();
    pen.ellipse(0, -size * 0.36, size * 0.09, size * 0.36, 0, 0, 2 * Math.PI);
    pen.fill();
    pen.restore();
  }
  pen.fillStyle = "#a5714f";
  pen.fillRect(x - size * 0.15, foot - size * 0.32, size * 0.3, size * 0.32);
}

/**
 * Rows of books without titles.
 *
 * @param {Pen} pen
 * @param {number} width
 * @param {number} height
 */
function shelf(pen, width, height) {
  pen.fillStyle = "#d9cbb5";
  pen.fillRect(0, 0, width, height);
  const row = height / 4;
  for (let board = 0; board < 4; board += 1) {
    let x = width * 0.01;
    for (let book = 0; x < width * 0.99; book += 1) {
      const turn = (book * 7 + board * 11) % 13;
      const thick = width * (0.016 + 0.002 * (turn % 5));
      const tall = row * (0.62 + 0.02 * (turn % 8));
      if (turn !== 5) {
        pen.fillStyle = SPINES[(book + 3 * board + turn) % SPINES.length];
        pen.fillRect(x, (board + 0.92) * row - tall, thick * 0.92, tall);
      }
      x += thick;
    }
    pen.fillStyle = "#b59b76";
    pen.fillRect(0, (board + 0.92) * row, width, row * 0.08);
  }
}
