/** Whether a server would load an AOF: whole, with its tail cut off, or not at all; by the rules of Redis 7.0 and later. */
import { type Phrase, phrase } from '../../decoder/errors.js';
import type { AofPart, AofSet } from './aof-set.js';
import type { PartScan } from './part-scan.js';

/** `loads-truncated`: with `aof-load-truncated yes`, the default, the tail is cut off; with `no` it is refused. */
export type Verdict = 'loads' | 'loads-truncated' | 'refused';

/** What would be cut off the end of a part. */
export interface Cut {
  readonly part: number;
  /** Offset where the server, or of a file that is refused `redis-check-aof --fix`, cuts. */
  readonly at: number;
  readonly bytes: number;
  /** Whole commands that do not happen: of an open transaction, or behind the damage. */
  readonly commands: number;
}

export interface Judgement {
  readonly verdict: Verdict;
  /** What the verdict rests on. */
  readonly reason: Phrase;
  /** Null if nothing needs to be cut, or cutting does not help. */
  readonly cut: Cut | null;
}

/** Judges a set whose parts have been scanned. */
export function judge(set: AofSet, scans: readonly PartScan[]): Judgement {
  const refused = (reason: Phrase, cut: Cut | null = null): Judgement => ({ verdict: 'refused', reason, cut });
  const loaded = scans.filter(({ part }) => part.role !== 'history');
  if (set.manifest && set.manifest.manifest.problems.length > 0) {
    return refused(phrase('A server refuses the manifest.'));
  }
  for (const { part } of loaded) {
    if (!part.source) return refused(phrase('The manifest names the file {0}, which is not there.', part.file));
  }
  for (const [index, scan] of loaded.entries()) {
    const { part, firstFault } = scan;
    const { file } = part;
    const last = index === loaded.length - 1;
    if (scan.rdbDamaged) return refused(phrase('The RDB in {0} is damaged.', file));
    const stop = scan.refusedAt;
    const unknown = scan.unknownCommand;
    if (unknown && (stop === undefined || unknown.offset < stop) && !isOfModule(unknown.name)) {
      return refused(
        phrase('{0} has the command {1} at offset {2}, which no server knows.', file, unknown.name, unknown.offset),
      );
    }
    if (stop !== undefined && (!firstFault || stop < firstFault.offset)) {
      return refused(phrase('{0} has a command without a name at offset {1}.', file, stop));
    }
    if (!firstFault) continue;
    const cut = cutOf(scan, firstFault.kind === 'cut-off' ? firstFault.cutAt : scan.validUpTo);
    if (firstFault.kind === 'format') {
      return refused(phrase('{0} has what is no command at offset {1}.', file, firstFault.offset), last ? cut : null);
    }
    if (!last) {
      return refused(phrase('{0} is cut off at offset {1}, and is not the last file.', file, firstFault.offset));
    }
    const what = firstFault.problem.code === 'aof-unclosed-multi' ? 'transaction' : 'command';
    return { verdict: 'loads-truncated', reason: cutReason(scan, what, firstFault.offset), cut };
  }
  return { verdict: 'loads', reason: phrase('Nothing is wrong with what a server loads.'), cut: null };
}

function cutReason(scan: PartScan, what: 'transaction' | 'command', offset: number): Phrase {
  const { file } = scan.part;
  // Observed with Redis 7.0: where no command was read behind the RDB, the offset to cut at is still 0.
  if (scan.rdbBytes > 0 && scan.firstFault?.cutAt === scan.rdbBytes) {
    return phrase(
      '{0} ends inside what begins at offset {1}, right behind its RDB: a server may load the RDB and then empty the file.',
      file,
      offset,
    );
  }
  return what === 'transaction'
    ? phrase('{0} ends inside the transaction that begins at offset {1}.', file, offset)
    : phrase('{0} ends inside the command that begins at offset {1}.', file, offset);
}

/** A command of a module that is not known here may well be known to the server. */
function isOfModule(name: string): boolean {
  return name.includes('.');
}

function cutOf(scan: PartScan, at: number): Cut {
  const open = scan.openTransaction?.commands ?? 0;
  return { part: scan.part.part, at, bytes: scan.bytes - at, commands: open + scan.commandsAfterDamage };
}

/** The last part that a server loads, which alone may be cut off; undefined if there is none. */
export function lastLoaded(set: AofSet): AofPart | undefined {
  return set.parts.filter(({ role }) => role !== 'history').at(-1);
}
