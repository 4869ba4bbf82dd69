/** How the views of a string ask for it decoded: a string of a value, or an argument of a command. */
import type { CellAddress } from '../../src/protocol.js';
import type { ChainStep, Decoding, RememberedDecoders, ValueRow } from '../../src/viewer-protocol.js';
import { ask } from '../connection.js';
import type { Running } from '../running.js';
import type { ReadBytes } from './hex-view.js';

/** Asks about one string. */
export interface DecodingAccess {
  open(chain: readonly ChainStep[] | null): Running<Decoding>;
  /** Reads what came out of the steps. */
  bytes(handle: number): ReadBytes;
  nodes(
    handle: number,
    path: readonly number[],
    from: number,
    count: number,
  ): Running<{ rows: readonly ValueRow[]; total: number }>;
  copy(handle: number, path: readonly number[], what: 'path' | 'value' | 'json'): Running<{ text: string }>;
}

export function cellDecoding(cell: CellAddress): DecodingAccess {
  return {
    open: (chain) => ask('decode.open', { cell, chain, remembered }),
    bytes: (handle) => (from, count) => ask('decode.bytes', { handle, from, count }),
    nodes: (handle, path, from, count) => ask('decode.nodes', { handle, path, from, count }),
    copy: (handle, path, what) => ask('decode.copy', { handle, path, what }),
  };
}

export function argumentDecoding(command: number, argument: number): DecodingAccess {
  return {
    open: (chain) => ask('argument.open', { command, argument, chain, remembered }),
    bytes: (handle) => (from, count) => ask('argument.bytes', { handle, from, count }),
    nodes: (handle, path, from, count) => ask('argument.nodes', { handle, path, from, count }),
    copy: (handle, path, what) => ask('argument.copy', { handle, path, what }),
  };
}

/** Patterns that are remembered; older ones are forgotten. */
const REMEMBERED = 300;

let remembered: RememberedDecoders = {};

/** Takes over what was chosen before. */
export function setRemembered(decoders: RememberedDecoders | undefined): void {
  remembered = decoders ?? {};
}

/** Keeps a choice for the strings of a pattern; with null, they are looked at automatically again. */
export async function rememberChoice(pattern: string, chain: readonly ChainStep[] | null): Promise<void> {
  const { [pattern]: _, ...others } = remembered;
  const kept = Object.entries(others).slice(chain ? 1 - REMEMBERED : -REMEMBERED);
  remembered = Object.fromEntries(chain ? [...kept, [pattern, chain]] : kept);
  await ask('host.savePreferences', { preferences: { decoders: remembered } }).answer;
}
