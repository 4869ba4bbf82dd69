/** Requests that are under way, for those who need nothing of the connection that they run over. */

/** A request was cancelled, usually because something else was asked for. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** A request that is under way. */
export interface Running<Answer> {
  readonly answer: Promise<Answer>;
  cancel(): void;
}
