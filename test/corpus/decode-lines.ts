/** Decodes a whole dump in memory: the lines that `decode` prints, and what was wrong. */
import { readFileSync } from 'node:fs';
import { FileScan } from '../../src/dataset/file-scan.js';
import { KeyIndex } from '../../src/dataset/key-index.js';
import { keyLine } from '../../src/dataset/key-json.js';
import { crc64 } from '../../src/decoder/crc64/crc64.js';
import { DecodeError, problemMessage } from '../../src/decoder/errors.js';
import { openEntry, type RdbFile } from '../../src/decoder/rdb/entry.js';
import { readKeyHead } from '../../src/decoder/rdb/records.js';
import { verifyEntry } from '../../src/decoder/rdb/verify.js';
import { type ByteSource, MemorySource, readFully } from '../../src/decoder/source.js';

export interface Decoded {
  readonly magic: string;
  readonly lines: readonly string[];
  readonly problems: readonly string[];
  readonly codes: readonly string[];
  readonly typeCodes: ReadonlySet<number>;
}

/** Decodes the file at a path. */
export function decodeLines(file: string): Decoded {
  return decodeSource(new MemorySource(readFileSync(file)));
}

/** Decodes a source, with the deep check of every value. */
export function decodeSource(source: ByteSource, step?: number): Decoded {
  let index: KeyIndex | undefined;
  const scan = new FileScan(
    source,
    (batch, types, facts) => {
      index ??= new KeyIndex(facts.server);
      index.add(batch, types);
    },
    step,
  );
  scan.run();
  index ??= new KeyIndex(scan.facts.server);
  if (!scan.checksumWithoutReading) {
    const covered = new Uint8Array(scan.checkedBytes);
    readFully(source, 0, covered);
    scan.compareChecksum(crc64(0n, covered));
  }
  const header = scan.facts.fileHeader ?? { magic: '', family: 'redis' as const, version: 0 };
  const file: RdbFile = { source, header, templates: scan.templates, keydb: scan.facts.keydb };
  const lines: string[] = [];
  const problems = [...scan.facts.problems];
  const typeCodes = new Set<number>();
  for (let row = 0; row < index.length; row++) {
    const fact = index.fact(row);
    typeCodes.add(fact.kind.valueType.code);
    try {
      const entry = openEntry(file, fact.typeOffset, fact.offset + fact.size);
      verifyEntry(entry, fact.typeOffset);
      const { metadata } = readKeyHead(source, fact.offset, fact.typeOffset, header);
      const { type, encoding } = fact.kind;
      lines.push([...keyLine(entry, { ...fact, type, encoding, metadata })].join(''));
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      problems.push(error.toProblem(fact.typeOffset));
    }
  }
  return {
    magic: header.magic,
    lines,
    problems: problems.map((problem) => `offset ${problem.offset}: ${problemMessage(problem)}`),
    codes: problems.map((problem) => problem.code),
    typeCodes,
  };
}
