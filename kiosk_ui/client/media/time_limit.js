/** Every wait on a browser gets a limit: some promises never settle. */

/** Thrown when a wait took too long. */
export class TimeLimit extends Error {
  constructor() {
    super("took too long");
    this.name = "TimeLimit";
  }
}

/**
 * @template T
 * @param {Promise<T>} promise
 * @param {number} limitMs
 * @param {(late: T) => void} [whenLate] what to do with a result that nobody waits for any more
 * @returns {Promise<T>}
 */
export function within(promise, limitMs, whenLate) {
  return new Promise((resolve, reject) => {
    let over = false;
    const timer = setTimeout(() => {
      over = true;
      reject(new TimeLimit());
    }, limitMs);
    promise.then(
      (value) => {
        clearTimeout(timer);
        over ? whenLate?.(value) : resolve(value);
      },
      (error) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
