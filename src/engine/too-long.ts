/** The error of a copy that would be too long. */

/** A text is longer than what can be copied. */
export class TooLongError extends Error {
  override readonly name = 'TooLongError';
}
