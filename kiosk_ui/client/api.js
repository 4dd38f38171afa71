/** What a page posts; every answer is either what was asked for or a problem in plain words. */

import { within } from "./media/time_limit.js";
import { text } from "./texts.js";

/** @typedef {import("../protocol").ProblemDocument} ProblemDocument */

const LIMIT_MS = 15_000;

/** Something did not work; title and detail are to be shown. */
export class Refused extends Error {
  /** @param {Pick<ProblemDocument, "code" | "title" | "detail">} problem */
  constructor({ code, title, detail }) {
    super(code);
    this.code = code;
    this.title = title;
    this.detail = detail;
  }
}

/**
 * @template Answer
 * @param {string} path below /api/v1/
 * @param {object} body
 * @returns {Promise<Answer>}
 * @throws {Refused}
 */
export async function post(path, body) {
  let response;
  let answer;
  try {
    const asked = fetch(`/api/v1/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    response = await within(asked, LIMIT_MS);
    answer = await within(response.json(), LIMIT_MS);
  } catch {
    const detail = text("no_answer_detail");
    throw new Refused({ code: "no_answer", title: text("no_answer"), detail });
  }
  if (!response.ok) {
    throw new Refused(answer);
  }
  return answer;
}
