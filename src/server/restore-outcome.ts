/** What becomes of the keys of a restore: counts and errors, by the replies of the server. */
import { DecodeError, problemMessage } from '../decoder/errors.js';
import { DumpError } from '../decoder/rdb/dump.js';
import type { ByteSource } from '../decoder/source.js';
import type { RestoreKeys, RestoreRow } from './restore-keys.js';
import type { RestoreOptions } from './restore-options.js';
import type { RestorePlace } from './restore-place.js';
import type { KeyTaker } from './restore-replies.js';
import { RestoreErrors } from './restore-report.js';

/** The same of servers before 3.0 too. */
const IS_THERE = /^(BUSYKEY|ERR Target key name is busy)/;

/** Replies after which no other key would be taken either; a user who may not write one key may write another. */
export const FATAL =
  /^(OOM|READONLY|LOADING|MISCONF|NOAUTH|NOPERM(?!.* keys?\b)|NOREPLICAS|CLUSTERDOWN|MASTERDOWN|BUSY)\b/;

/** A key that the node which was asked does not have, or not any more. */
interface KeyToResend {
  readonly row: RestoreRow;
  /** What the server has said. */
  readonly text: string;
}

/** Takes the replies of one restore. */
export class RestoreOutcome implements KeyTaker {
  readonly counts = {
    keys: 0,
    restored: 0,
    built: 0,
    existing: 0,
    expired: 0,
    failed: 0,
    functions: 0,
    existingFunctions: 0,
  };
  readonly errors: RestoreErrors;
  /** Why no other key would be taken. */
  fatal: string | undefined;
  /** Keys that are to be sent again. */
  resend: KeyToResend[] = [];

  /** @param clustered true if keys have nodes of their own. */
  constructor(
    source: ByteSource,
    private readonly options: RestoreOptions,
    private readonly clustered: boolean,
    private readonly place: RestorePlace,
  ) {
    this.errors = new RestoreErrors(source);
  }

  runRestored(keys: RestoreKeys, from: number, to: number): void {
    this.counts.restored += to - from;
    const { left, pending } = this.place;
    // Of keys that go many at a time only those are pending that a former run has left.
    if (left.size > 0) for (let i = from; i < to; i++) pending.delete(keys.columns.offset[i]);
  }

  /** Takes the reply to the command of a key. */
  restored(row: RestoreRow, error: string | undefined): void {
    const { left, pending } = this.place;
    if (error === undefined) {
      this.counts.restored++;
      pending.delete(row.offset);
    } else if (this.goesElsewhere(error)) {
      this.resend.push({ row, text: error });
    } else if (IS_THERE.test(error) && (this.options.existing === 'skip' || left.has(row.offset))) {
      // A key whose reply a former run did not get may be there because that run has restored it.
      this.counts.existing++;
      pending.delete(row.offset);
    } else {
      this.failed(row, error);
    }
  }

  /** True if another node is to be asked. */
  goesElsewhere(error: string): boolean {
    return this.clustered && /^(MOVED|ASK|TRYAGAIN)\b/.test(error);
  }

  /** Notes that a key was not restored. */
  failed(row: RestoreRow, error: string): void {
    const { pending } = this.place;
    if (FATAL.test(error)) {
      pending.set(row.offset, pending.get(row.offset) ?? false);
      this.fatal ??= error;
      return;
    }
    this.counts.failed++;
    pending.delete(row.offset);
    this.errors.ofKey(error, row);
  }

  /** Notes what keeps a key from being sent. @throws what is not of the key. */
  failOn(error: unknown, row: RestoreRow): void {
    if (error instanceof DecodeError) this.failed(row, problemMessage(error.toProblem(row.typeOffset)));
    else if (error instanceof DumpError) this.failed(row, error.message);
    else throw error;
  }
}
