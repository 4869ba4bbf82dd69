/** An AOF in memory with the index of its commands, and files of many commands that a test can say everything about. */
import { CommandIndex } from '../../../src/dataset/aof/command-index.js';
import type { PartFiles } from '../../../src/dataset/aof/part-files.js';
import { NameTable } from '../../../src/decoder/aof/command-names.js';
import { AofScanner } from '../../../src/decoder/aof/scan.js';
import { MemorySource } from '../../../src/decoder/source.js';
import type { ListData } from '../../../src/engine/command-list.js';
import { resp } from './aof-scanned.js';
import type { Random } from './random.js';

/** Scans files as the parts of one AOF. */
export function indexedAof(...contents: readonly Uint8Array[]): ListData {
  const names = new NameTable();
  const index = new CommandIndex(names);
  for (const [part, content] of contents.entries()) {
    index.beginPart(part, false);
    scanInto(index, names, content);
  }
  const sources = contents.map((content) => new MemorySource(content));
  const files: PartFiles = (part) => sources[part];
  return { files, index, damages: [] };
}

/** Adds the commands of a file to an index. */
export function scanInto(index: CommandIndex, names: NameTable, content: Uint8Array): void {
  const sink = { commands: index.add.bind(index), problem: () => {} };
  const scanner = new AofScanner(sink, { size: content.length, keys: true, names });
  scanner.push(content);
  scanner.finish();
}

/** A file of commands as servers write them: several databases, transactions, times, keys of a few namespaces. */
export function mixedAof(random: Random, commands: number): Uint8Array {
  const parts: Uint8Array[] = [];
  const key = () => `${['user', 'order', 'Session', 'plain-'][random(4)]}:${random(40)}`;
  // Random bytes of a value, one byte many times.
  const one = (): Uint8Array => {
    switch (random(8)) {
      case 0:
        return resp('MSET', key(), 'a', key(), 'b', key(), 'c'.repeat(random(300)));
      case 1:
        return resp('DEL', key(), key());
      case 2:
        return resp('rename', key(), key());
      case 3:
        return resp('XGROUP', 'CREATE', key(), 'group', '$');
      case 4:
        return resp('NOT.KNOWN', key());
      default:
        return resp('SET', key(), new Uint8Array(random(100)).fill(random(256)));
    }
  };
  let time = 1_700_000_000;
  while (parts.length < commands) {
    if (random(10) === 0) {
      time += random(5);
      parts.push(new TextEncoder().encode(`#TS:${time}\r\n`));
    }
    if (random(12) === 0) parts.push(resp('SELECT', String(random(3))));
    if (random(6) === 0) parts.push(resp('MULTI'), one(), one(), one(), resp('EXEC'));
    else parts.push(one());
  }
  return new Uint8Array(Buffer.concat(parts));
}
