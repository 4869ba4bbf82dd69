/** Values of options as they are typed and shown: databases, names, numbers, times, breakpoints. */
import type { Breakpoint, BreakpointText } from '../../job-protocol.js';

const DATABASE = /^\d{1,9}$/;

/** The words of a text, between commas and blanks. */
function words(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}

/** Databases: `0, 3`; none for an empty text, undefined for anything else. */
export function parseDatabases(text: string): ReadonlySet<number> | undefined {
  const all = words(text);
  return all.every((word) => DATABASE.test(word)) ? new Set(all.map(Number)) : undefined;
}

/** Which database goes to which: `0:3, 1:4`; undefined for what is no map. */
export function parseDatabaseMap(text: string): ReadonlyMap<number, number> | undefined {
  const map = new Map<number, number>();
  for (const word of words(text.replace(/\s*(?:->|→|:)\s*/g, ':'))) {
    const [, from, to] = /^(\d{1,9}):(\d{1,9})$/.exec(word) ?? [];
    if (from === undefined || map.has(Number(from))) return undefined;
    map.set(Number(from), Number(to));
  }
  return map;
}

/** A map as it is typed. */
export function databaseMapText(map: ReadonlyMap<number, number>): string {
  return [...map].map(([from, to]) => `${from}:${to}`).join(', ');
}

/** Names of commands, in upper case; undefined for what cannot be one. */
export function parseCommandNames(text: string): ReadonlySet<string> | undefined {
  const all = words(text).map((word) => word.toUpperCase());
  return all.every((word) => /^[A-Z][\w.|-]*$/.test(word)) ? new Set(all) : undefined;
}

/** A positive number, whole or not; undefined for anything else. */
export function parsePositive(text: string): number | undefined {
  const plain = text.trim().replace(/[,_]/g, '');
  return /^\d+(?:\.\d+)?$/.test(plain) && Number(plain) > 0 ? Number(plain) : undefined;
}

/** A range of numbers `from – to`, both included; with one number, from there on. @param limit the largest. */
export function parseRange(text: string, limit: number): readonly [from: number, to: number] | undefined {
  const match = /^\s*(\d+)\s*(?:(?:-|–|\.\.|to)\s*(\d+)?\s*)?$/.exec(text.replace(/[,_](?=\d)/g, ''));
  if (!match) return undefined;
  const from = Number(match[1]);
  const to = match[2] === undefined ? limit : Number(match[2]);
  return from <= to && to <= limit ? [from, to] : undefined;
}

/** A time in UTC, or seconds since the epoch; undefined for anything else. */
export function parseTime(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^\d{1,12}$/.test(trimmed)) return Number(trimmed);
  const match = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)(?: ?UTC|Z)?$/i.exec(trimmed);
  const time = match ? Date.parse(`${match[1]}T${match[2]}Z`) : Number.NaN;
  return Number.isNaN(time) ? undefined : time / 1000;
}

/** An offset within a file, decimal or hexadecimal. */
export function parseOffset(text: string, size: number): number | undefined {
  const trimmed = text.trim().replace(/[,_]/g, '');
  if (!/^(\d{1,15}|0x[\da-f]{1,12})$/i.test(trimmed)) return undefined;
  const offset = Number(trimmed);
  return offset <= size ? offset : undefined;
}

/** A breakpoint from what was typed; undefined for what is none. An offset is in the given part. */
export function parseBreakpoint({ kind, text }: BreakpointText, part: number): Breakpoint | undefined {
  switch (kind) {
    case 'key':
      return text === '' ? undefined : { kind, glob: new TextEncoder().encode(text) };
    case 'command': {
      const names = parseCommandNames(text);
      return names?.size === 1 ? { kind, name: [...names][0] } : undefined;
    }
    case 'time': {
      const time = parseTime(text);
      return time === undefined ? undefined : { kind, time };
    }
    case 'offset': {
      const offset = parseOffset(text, Number.MAX_SAFE_INTEGER);
      return offset === undefined ? undefined : { kind, part, offset };
    }
  }
}

/** Text as bytes, with `\xHH` for bytes that cannot be typed. */
export function typedBytes(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const [whole, hex] of text.matchAll(/\\x([\da-f]{2})|[^\\]+|\\/gi)) {
    if (hex === undefined) bytes.push(...new TextEncoder().encode(whole));
    else bytes.push(Number.parseInt(hex, 16));
  }
  return Uint8Array.from(bytes);
}

/** The number of a command among those that a server runs, from 1; undefined for one that no server gets to. */
export function loadedNumber(
  parts: readonly { readonly role: string; readonly firstCommand: number; readonly commands: number }[],
  command: number,
): number | undefined {
  let before = 0;
  for (const { role, firstCommand, commands } of parts) {
    const own = command - firstCommand;
    if (own >= 0 && own < commands) return role === 'history' ? undefined : before + own + 1;
    if (role !== 'history') before += commands;
  }
  return undefined;
}
