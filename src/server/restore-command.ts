/** Sends a command whose arguments may be larger than memory should be: long ones are read in pages as they go. */

import type { TextCommand } from '../dataset/value-commands.js';
import { type Text, textSlice } from '../decoder/rdb/string.js';
import type { RestoreLane } from './restore-lane.js';
import type { ReplyTaker } from './restore-replies.js';
import { FLUSH_AT, WHOLE_COMMAND } from './wire-buffer.js';

/** Bytes that the head of an argument and its line ends take, at most. */
const PER_ARGUMENT = 24;

/**
 * Sends a command through a lane.
 *
 * @returns a promise where the lane has to be waited for, nothing if the command just went into the buffer.
 * @throws ServerError if the connection is lost, DecodeError where a long argument is damaged.
 */
export function sendCommand(lane: RestoreLane, command: TextCommand, taker: ReplyTaker): Promise<void> | undefined {
  lane.writeAsking();
  let size = PER_ARGUMENT;
  for (const { length } of command) size += length + PER_ARGUMENT;
  if (size > WHOLE_COMMAND) return sendLong(lane, command, taker);
  const { out } = lane;
  out.array(command.length);
  for (const text of command) out.bulk(whole(text));
  lane.expect(taker);
  return undefined;
}

async function sendLong(lane: RestoreLane, command: TextCommand, taker: ReplyTaker): Promise<void> {
  const { out } = lane;
  lane.flush();
  out.array(command.length);
  for (const text of command) {
    // Each part leaves room for the next one.
    if (out.size > FLUSH_AT) lane.flush();
    out.bulkHead(text.length);
    if (text.length + PER_ARGUMENT <= WHOLE_COMMAND) out.copy(whole(text), 0, text.length);
    else await sendPages(lane, text);
    out.endOfLine();
    if (lane.full) await lane.room();
  }
  lane.expect(taker);
}

async function sendPages(lane: RestoreLane, text: Text): Promise<void> {
  for (let at = 0; at < text.length; at += FLUSH_AT) {
    // A copy: the caller's bytes may be changed before they are sent.
    lane.sendPiece(textSlice(text, at, at + FLUSH_AT).slice());
    if (lane.full) await lane.room();
  }
}

function whole(text: Text): Uint8Array {
  return textSlice(text, 0, text.length);
}
