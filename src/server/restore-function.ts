/** Restores a function library of a file: FUNCTION LOAD with its code. */
import { fromLatin1 } from '../decoder/bytes.js';
import type { RdbFile } from '../decoder/rdb/entry.js';
import { readRecord } from '../decoder/rdb/records.js';
import { sendCommand } from './restore-command.js';
import type { RestoreLane } from './restore-lane.js';
import type { RestoreOptions } from './restore-options.js';
import { FATAL, type RestoreOutcome } from './restore-outcome.js';
import type { RestorePlace } from './restore-place.js';
import type { RestoreRoutes } from './restore-routes.js';

/** What functions are restored by. */
export interface FunctionTools {
  readonly options: RestoreOptions;
  readonly outcome: RestoreOutcome;
  readonly place: RestorePlace;
  readonly routes: RestoreRoutes;
}

/** What became of a library. */
interface FunctionOutcome {
  readonly name: string;
  /** Undefined if the server has it now. */
  readonly error: string | undefined;
  /** True if it was refused because the server has one of that name, or with functions of the same names. */
  readonly exists: boolean;
}

/**
 * Gives a library to the server and waits for the reply.
 *
 * @param offset of its record in the file.
 * @throws ServerError if the connection is lost, DecodeError if the record is damaged.
 */
async function restoreFunction(
  lane: RestoreLane,
  file: RdbFile,
  offset: number,
  replace: boolean,
): Promise<FunctionOutcome> {
  const { content } = readRecord(file.source, offset, file.header.family);
  if (content.kind !== 'function') return { name: '', error: 'no function library', exists: false };
  const { name, code } = content.library;
  const words = ['FUNCTION', 'LOAD', ...(replace ? ['REPLACE'] : [])].map(fromLatin1);
  let error: string | undefined;
  await sendCommand(lane, [...words, code], (failure) => {
    error = failure;
  });
  await lane.settled();
  return { name, error, exists: error !== undefined && /already exists/i.test(error) };
}

/** Restores a library to all nodes, if functions are asked for, and notes what became of it. @throws ServerError */
export async function takeFunction(tools: FunctionTools, file: RdbFile, offset: number): Promise<void> {
  const { options, outcome, place, routes } = tools;
  const { db, match, type, chosen, dryRun, existing } = options;
  // Functions are no keys: who asks for some keys does not ask for them.
  if (db !== undefined || match || type !== undefined || chosen) return;
  if (place.isDone(offset)) return;
  if (dryRun) {
    outcome.counts.functions++;
    return;
  }
  place.pending.set(offset, false);
  const outcomes: FunctionOutcome[] = [];
  for (const lane of routes.primaries) {
    outcomes.push(await restoreFunction(lane, file, offset, existing === 'replace'));
  }
  const failed = outcomes.filter(({ error }) => error !== undefined);
  const [first] = failed.filter(({ exists }) => !exists || existing !== 'skip');
  outcome.fatal ??= failed.find(({ error = '' }) => FATAL.test(error))?.error;
  // It stays among what is left to be done.
  if (outcome.fatal !== undefined) return;
  if (first?.error !== undefined) outcome.errors.ofFunction(first.error, first.name, offset);
  else if (failed.length === outcomes.length) outcome.counts.existingFunctions++;
  else outcome.counts.functions++;
  place.pending.delete(offset);
}
