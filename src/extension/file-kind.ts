/** What a file is by its first bytes and its name, as far as that decides which editor it needs. */
import type { EditorKind } from '../protocol.js';

/** Bytes that are looked at: an RDB preamble says within its first aux fields that commands follow it. */
export const HEAD_BYTES = 512;

/** A command or an annotation; the CR is missing where a version control system took it away. */
const COMMANDS = /^(?:\*\d+\r?\n\$\d+\r?\n|#TS:\d+\r?\n)/;
/** A line of a manifest, behind comments. */
const MANIFEST = /^(?:#[^\n]*\n)*file\s+\S.*\btype\s+[bhi]\b/;
/** The aux field that servers before 7.0 wrote into the RDB at the start of an AOF: its value is the 8 bit integer 1. */
const PREAMBLE = 'aof-preamble\xc0\x01';

/** The editor that a file needs; null if neither its bytes nor its name say. @param head its first bytes, up to {@link HEAD_BYTES}. */
export function fileKind(head: Uint8Array, name: string): EditorKind | null {
  const text = Array.from(head, (byte) => String.fromCharCode(byte)).join('');
  if (COMMANDS.test(text) || MANIFEST.test(text) || text.includes(PREAMBLE)) return 'aof';
  if (/^(?:REDIS|VALKEY)/.test(text)) return /\.aof$/i.test(name) ? 'aof' : 'rdb';
  // A server that has just begun an incremental part has written nothing to it.
  return head.length === 0 && /\.aof(?:\.manifest)?$/i.test(name) ? 'aof' : null;
}

/** True for the name of a manifest. */
export function isManifest(name: string): boolean {
  return /\.manifest$/i.test(name);
}

/** The manifest that a part belongs to, by its name: `appendonly.aof.2.incr.aof` to `appendonly.aof.manifest`. */
export function manifestOfPart(name: string): string | null {
  const match = /^(.+)\.\d+\.(?:incr\.aof|base\.(?:aof|rdb))$/.exec(name);
  return match ? `${match[1]}.manifest` : null;
}
