/** Building keys by commands where RESTORE does not do: which of them are there, and the commands of one after the other. */

import { type TextCommand, valueCommands } from '../dataset/value-commands.js';
import { fromLatin1 } from '../decoder/bytes.js';
import { type Entry, readKeyName } from '../decoder/rdb/entry.js';
import type { Text } from '../decoder/rdb/string.js';
import type { Millis } from '../decoder/rdb/value-model.js';
import type { ByteSource } from '../decoder/source.js';
import { sendCommand } from './restore-command.js';
import type { RestoreRow } from './restore-keys.js';
import type { RestoreLane } from './restore-lane.js';

/** Bytes of a string that one command takes. */
const PIECE_BYTES = 1024 * 1024;

const ascii = fromLatin1;

/** Asks which of the keys the server has. @throws ServerError, DecodeError if a name is damaged. */
export async function existingKeys(
  lane: RestoreLane,
  source: ByteSource,
  rows: readonly RestoreRow[],
): Promise<Set<RestoreRow>> {
  const there = new Set<RestoreRow>();
  for (const row of rows) {
    const name = readKeyName(source, row.typeOffset);
    await sendCommand(lane, [ascii('EXISTS'), name], (_, value) => {
      if (value?.type === 'integer' && value.value > 0) there.add(row);
    });
    if (lane.full) await lane.room();
  }
  await lane.settled();
  return there;
}

/** A key to be built. */
export interface BuildPlan {
  readonly entry: Entry;
  /** True if what the server has by that name is to be deleted first. */
  readonly replace: boolean;
  readonly expireAt: Millis | undefined;
  /** The server, and its release: 702 for 7.2. */
  readonly make: string;
  readonly level: number;
}

/**
 * Sends the commands that build a key. If one of them fails, what was built is deleted.
 *
 * @param done called once, when the last reply has come; with the first error, if there was one.
 * @throws DecodeError if the value is damaged; `done` is called then too, as soon as the replies have come.
 */
export async function buildKey(lane: RestoreLane, plan: BuildPlan, done: (error?: string) => void): Promise<void> {
  const { key } = plan.entry;
  let waiting = 1;
  let failure: string | undefined;
  const taker = (error: string | undefined) => {
    failure ??= error;
    if (--waiting > 0) return;
    if (failure === undefined) {
      done();
      return;
    }
    void sendCommand(lane, [ascii('DEL'), key], () => done(failure));
    lane.flush();
  };
  try {
    for (const command of commandsOf(key, plan)) {
      waiting++;
      await sendCommand(lane, command, taker);
      if (lane.full) await lane.room();
      // The others would fail too, or build on what is not there.
      if (failure !== undefined) break;
    }
  } finally {
    taker(undefined);
  }
}

function* commandsOf(key: Text, { entry, replace, expireAt, make, level }: BuildPlan): Generator<TextCommand> {
  if (replace) yield [ascii('DEL'), key];
  yield* valueCommands(key, entry.value, { make, level, pieceBytes: PIECE_BYTES });
  if (expireAt !== undefined) yield [ascii('PEXPIREAT'), key, ascii(String(expireAt))];
}
