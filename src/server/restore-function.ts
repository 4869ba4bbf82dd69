/** Restores a function library of a file: FUNCTION LOAD with its code. */
import { fromLatin1 } from '../decoder/bytes.js';
import type { RdbFile } from '../decoder/rdb/entry.js';
import { readRecord } from '../decoder/rdb/records.js';
import { sendCommand } from './restore-command.js';
import type { RestoreLane } from './restore-lane.js';

/** What became of a library. */
export interface FunctionOutcome {
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
export async function restoreFunction(
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
