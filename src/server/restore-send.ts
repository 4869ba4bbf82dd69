/** What stands in the command of a key, and RESTORE for keys that cannot go with many others: it is sent piece by piece. */
import { payloadVersion } from '../dataset/server-versions.js';
import { planDump } from '../decoder/rdb/dump.js';
import { openEntry, type RdbFile } from '../decoder/rdb/entry.js';
import type { TypeTable } from '../decoder/rdb/key-batch.js';
import { wholeText } from '../decoder/rdb/string.js';
import { FORM_MODERN, FORM_REPLACE, WHOLE_KEY } from '../decoder/restore/layout.js';
import type { RunPlan } from '../decoder/restore/memory.js';
import type { RestoreRow } from './restore-keys.js';
import type { RestoreLane } from './restore-lane.js';
import type { RestoreOptions } from './restore-options.js';
import type { RestoreTarget } from './restore-target.js';
import { FLUSH_AT } from './wire-buffer.js';

/** Values larger than this are built by commands: servers take no longer string, unless they are told to. */
const PAYLOAD_LIMIT = 512 * 1024 * 1024;
/** Servers from here on take the expiry as a time, and idle time and access frequency. */
const ABSOLUTE_TTL = 500;
/** Servers from here on replace a key in RESTORE. */
const REPLACE = 300;

/** Types whose payload is not just the bytes of the file: modules without tags, hashes with a template of the file. */
const REWRITTEN = new Set([6, 30, 32]);

/** What the commands of one restore look like, by what the server can do. */
export class RestoreForms {
  /** The time at the server. */
  now = 0;

  constructor(
    private readonly target: RestoreTarget,
    private readonly options: RestoreOptions,
  ) {}

  /** Looks at the clock: until the next time, a key is over or it is not. */
  tick(): void {
    this.now = this.clock();
  }

  private clock(): number {
    return Math.floor(Date.now() + this.target.clockOffset);
  }

  /** True if keys are to be replaced, but RESTORE cannot do that. */
  get deletesFirst(): boolean {
    return this.options.existing === 'replace' && this.target.level < REPLACE;
  }

  isExpired({ expireAt }: RestoreRow): boolean {
    return expireAt !== undefined && expireAt <= this.now;
  }

  /** The version for the payload of a key; undefined if it is built by commands. */
  versionFor(row: RestoreRow, { header }: RdbFile): number | undefined {
    if (this.options.asCommands || row.end - row.typeOffset > PAYLOAD_LIMIT) return undefined;
    return payloadVersion(row.type, header, this.target.rdbVersion);
  }

  /** The version for a payload for which there are no commands. */
  neededVersion({ type }: RestoreRow, { header }: RdbFile): number | undefined {
    return payloadVersion(type, header, this.target.rdbVersion);
  }

  /** Fills in the versions of those types whose keys can be written many at a time. */
  versions(types: TypeTable, { header }: RdbFile, into: Uint16Array): void {
    into.fill(0);
    if (this.options.asCommands) return;
    for (const type of types) {
      if (type && !REWRITTEN.has(type.code))
        into[type.code] = payloadVersion(type, header, this.target.rdbVersion) ?? 0;
    }
  }

  /** How keys are written of which the memory has the bytes from `base` on. */
  plan(base: number, filled: number): RunPlan {
    const { level } = this.target;
    const modern = level >= ABSOLUTE_TTL;
    const replaces = this.options.existing === 'replace' && level >= REPLACE;
    const forms = (modern ? FORM_MODERN : 0) | (replaces ? FORM_REPLACE : 0);
    if (modern) return { base, filled, now: this.now, less: 0, forms };
    const clock = this.clock();
    return { base, filled, now: Math.max(this.now, clock), less: clock, forms };
  }

  /**
   * Sends a RESTORE of any size.
   *
   * @throws DecodeError if the key is damaged at its start, DumpError if RESTORE takes no such value, ServerError.
   */
  async send(lane: RestoreLane, file: RdbFile, row: RestoreRow, version: number): Promise<void> {
    const entry = openEntry(file, row.typeOffset, row.end);
    const name = wholeText(entry.key, 'the key name');
    const payload = planDump(file, entry, row.end, version);
    const { ttl, words } = this.words(row);
    const { out } = lane;
    const whole = name.length + payload.size <= WHOLE_KEY;
    const put = (bytes: Uint8Array) => (whole ? out.copy(bytes, 0, bytes.length) : lane.sendPiece(bytes));
    if (!whole) lane.flush();
    out.array(4 + words.length);
    out.text('RESTORE');
    out.bulkHead(name.length);
    put(name);
    out.endOfLine();
    out.text(ttl);
    out.bulkHead(payload.size);
    for (const piece of payload.pieces(FLUSH_AT)) {
      put(piece);
      if (!whole && lane.full) await lane.room();
    }
    out.endOfLine();
    for (const word of words) out.text(word);
    lane.expect(row);
  }

  private words(row: RestoreRow): { readonly ttl: string; readonly words: readonly string[] } {
    const { expireAt, idle, freq } = row;
    const modern = this.target.level >= ABSOLUTE_TTL;
    const expires = expireAt !== undefined && !this.isExpired(row);
    const ttl = !expires ? 0 : modern ? expireAt : Math.max(1, Number(expireAt) - this.clock());
    const words = [
      ...(expires && modern ? ['ABSTTL'] : []),
      ...(this.options.existing === 'replace' && !this.deletesFirst ? ['REPLACE'] : []),
      ...(!modern ? [] : idle >= 0 ? ['IDLETIME', String(idle)] : freq >= 0 ? ['FREQ', String(freq)] : []),
    ];
    return { ttl: String(ttl), words };
  }
}
