/**
 * Dumps with random damage: reading them throws nothing that is not a problem of the file, ends, gives the same over
 * pieces, and leaves every key alone that ends before the damage.
 *
 * FUZZ_ROUNDS is the number of damaged files, FUZZ_SEED repeats a run.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { decodeSource } from '../../corpus/decode-lines.js';
import { bytes, type Part } from '../support/bytes.js';
import { dumps } from '../support/fixtures.js';
import { type Random, seededRandom } from '../support/random.js';
import { length } from '../support/rdb-writer.js';
import { SAMPLE_FILES } from '../support/samples.js';
import { CountedReads, fingerprint, randomCuts, type Scanned, scan } from '../support/scanned.js';

const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
const ROUNDS = Number(process.env.FUZZ_ROUNDS ?? 1500);
/** Where a file is written that fails, if FUZZ_KEEP names one. */
const KEEP = process.env.FUZZ_KEEP;

interface Base {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly scanned: Scanned;
  readonly lines: readonly string[];
}

/** Name and value of a key: its encoding goes by the server, which damage elsewhere can change; the scan has the rest. */
const nameAndValue = (line: string) => line.replace(/"encoding":(?:"[^"]*"|null),|,"(?:idle|freq)":\d+/g, '');

const BASES: readonly Base[] = [
  ...SAMPLE_FILES.map(({ title, bytes: content }) => ({ name: title, bytes: content })),
  ...dumps().filter(({ size }) => size <= 16_000),
].map(({ name, bytes: content }) => {
  const { lines } = decodeSource(new CountedReads(content));
  return { name, bytes: content, scanned: scan(content), lines: lines.map(nameAndValue) };
});

/** Bytes that mean something in many places. */
const TELLING = [0, 1, 2, 3, 5, 6, 7, 0x3f, 0x40, 0x7f, 0x80, 0x81, 0xc0, 0xc1, 0xc2, 0xc3, 0xf0, 0xfa, 0xfe, 0xff];
const LENGTHS = [0n, 1n, 63n, 64n, 16383n, 65535n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n];

/** A stretch of a file. */
function stretch(content: Uint8Array, random: Random, most: number): [start: number, end: number] {
  const start = random(content.length);
  return [start, Math.min(content.length, start + 1 + random(most))];
}

const joined = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

/** Ways to damage a file; each gives the changed bytes and the first that changed. */
const MUTATIONS: readonly ((content: Uint8Array, random: Random) => [changed: Uint8Array, at: number])[] = [
  function flip(content, random) {
    const changed = content.slice();
    const at = random(content.length);
    changed[at] ^= 1 << random(8);
    return [changed, at];
  },
  function set(content, random) {
    const changed = content.slice();
    const at = random(content.length);
    changed[at] = random(2) === 0 ? random(256) : TELLING[random(TELLING.length)];
    return [changed, at];
  },
  function insert(content, random) {
    const at = random(content.length);
    const added: Part[] = Array.from({ length: 1 + random(8) }, () => random(256));
    return [joined(content.subarray(0, at), bytes(added), content.subarray(at)), at];
  },
  function remove(content, random) {
    const [start, end] = stretch(content, random, 20);
    return [joined(content.subarray(0, start), content.subarray(end)), start];
  },
  function repeat(content, random) {
    const [start, end] = stretch(content, random, 200);
    return [joined(content.subarray(0, end), content.subarray(start)), end];
  },
  function splice(content, random) {
    const other = BASES[random(BASES.length)].bytes;
    const [start, end] = stretch(other, random, 400);
    const at = random(content.length);
    const behind = Math.min(content.length, at + random(2) * (end - start));
    return [joined(content.subarray(0, at), other.subarray(start, end), content.subarray(behind)), at];
  },
  function overwriteLength(content, random) {
    const at = random(content.length);
    const size = length(LENGTHS[random(LENGTHS.length)]);
    const changed = content.slice();
    changed.set(size.subarray(0, content.length - at), at);
    return [changed, at];
  },
  function insertLength(content, random) {
    const at = random(content.length);
    const size = length(LENGTHS[random(LENGTHS.length)]);
    return [joined(content.subarray(0, at), size, content.subarray(at + 1)), at];
  },
  function truncate(content, random) {
    const at = random(content.length);
    return [content.slice(0, at), at];
  },
];

/** A damaged file of which it is known where the damage begins. */
function damage(base: Base, random: Random): { content: Uint8Array; first: number; how: string } {
  let content = base.bytes;
  let first = content.length;
  const how: string[] = [];
  for (let times = 1 + random(3); times > 0 && content.length > 0; times--) {
    const mutation = MUTATIONS[random(MUTATIONS.length)];
    const [changed, at] = mutation(content, random);
    content = changed;
    first = Math.min(first, at);
    how.push(`${mutation.name} at ${at}`);
  }
  return { content, first, how: how.join(', ') };
}

/** True if some aux field says that KeyDB wrote the file. */
function fromKeydb(content: Uint8Array): boolean {
  return ['mvcc-tstamp', 'keydb-subexpire', 'repl-masters'].some((name) => Buffer.from(content).includes(name));
}

function check(base: Base, content: Uint8Array, first: number, random: Random): void {
  const source = new CountedReads(content);
  const { lines, problems } = decodeSource(source);
  // Every key is read a few times, each time through a window of at most 64 KiB.
  assert.ok(source.count <= (lines.length + problems.length + 20) * 1_000_000, `read ${source.count} bytes`);
  for (const line of lines) JSON.parse(line);
  for (const problem of problems) {
    // Texts of the file stand in quotation marks.
    assert.doesNotMatch(problem.replace(/".*"/, ''), /\{\d\}|undefined|\[object/);
    const offset = Number(/^offset (\d+): /.exec(problem)?.[1]);
    assert.ok(offset >= 0 && offset <= content.length, problem);
  }
  const before = base.scanned.keys.filter(({ end }) => end <= first).length;
  // What KeyDB writes of the members of a key stands behind it; and a file that was not KeyDB's may now seem to be.
  const sure = fromKeydb(base.bytes) ? before - 1 : fromKeydb(content) ? 0 : before;
  for (let row = 0; row < sure; row++) assert.equal(nameAndValue(lines[row]), base.lines[row], `key ${row}`);
  const cuts = [...randomCuts(content, random, 1 + random(300))];
  const whole = scan(content);
  assert.deepEqual(whole.keys.slice(0, before), base.scanned.keys.slice(0, before));
  const pieces = scan(content, cuts);
  if (fingerprint(pieces) !== fingerprint(whole)) assert.deepEqual(pieces, whole, `cut at ${cuts.join(' ')}`);
}

describe('a dump with random damage', () => {
  it('is read without harm', { timeout: 60_000 + ROUNDS * 1000 }, (test) => {
    test.diagnostic(`FUZZ_SEED=${SEED} FUZZ_ROUNDS=${ROUNDS}`);
    for (let round = 0; round < ROUNDS; round++) {
      const random = seededRandom(SEED + round);
      const base = BASES[random(BASES.length)];
      const { content, first, how } = damage(base, random);
      try {
        check(base, content, first, random);
      } catch (error) {
        if (KEEP) writeFileSync(KEEP, content);
        throw new Error(`${base.name}, ${how}; again with FUZZ_SEED=${SEED + round} FUZZ_ROUNDS=1`, { cause: error });
      }
    }
  });
});
