/** `report`: the analysis of an RDB file, written as one page of HTML. */

import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { analysisFacts } from '../dataset/analysis/facts.js';
import { DEFAULT_FINDING_LIMITS } from '../dataset/analysis/findings/finding.js';
import { startsCommand } from '../dataset/aof/part-scan.js';
import { filterRows, isOpen, type KeyFilter } from '../dataset/filter.js';
import { indexFile } from '../dataset/indexed-file.js';
import type { KeyIndex } from '../dataset/key-index.js';
import { MemoryColumn, memorySteps } from '../dataset/memory/column.js';
import { parseServerName, targetFor } from '../dataset/memory/target.js';
import { allRows, type Rows } from '../dataset/names.js';
import { reportPage, serverName } from '../dataset/report/report.js';
import type { RdbFile } from '../decoder/rdb/entry.js';
import type { FileSource } from '../engine/node/file-source.js';
import { fill } from '../format/messages.js';
import { filterWords } from '../pictures/filter-words.js';
import type { Words } from '../pictures/shapes.js';
import { FileExistsError } from '../server/node/capture-files.js';
import { startChecksum } from './checksum-thread.js';
import { fileKind } from './file-kind.js';
import { withFile } from './open-file.js';
import { onlyFile, readOptions, wholeNumber } from './options.js';
import type { Output } from './output.js';
import { UsageError } from './usage.js';
import { rdbFile } from './verify-keys.js';

interface ReportArguments {
  readonly file: string;
  readonly out: string;
  readonly overwrite: boolean;
  readonly filter: KeyFilter;
  readonly top: number;
  readonly separator: string;
  readonly target: ReturnType<typeof parseServerName>;
}

/** Rows of each table, unless something else is asked for. */
const TOP = 50;
const TOP_LIMIT = 1000;

/** Writes the report. @returns the exit status. */
export function report(args: string[], output: Output): Promise<number> {
  const options = readArguments(args);
  if (fileKind(options.file) === 'aof') throw new UsageError(`${options.file} is an AOF: report is for RDB files`);
  if (resolve(options.out) === resolve(options.file)) throw new UsageError('--out is the file that is read');
  return withFile(options.file, (source) => write(source, options, output));
}

async function write(source: FileSource, options: ReportArguments, output: Output): Promise<number> {
  const pending = startChecksum(source.fd, source.size - 8);
  const { scan, index } = indexFile(source);
  const { facts } = scan;
  if (!scan.checksumWithoutReading) scan.compareChecksum(pending.result(scan.checkedBytes));
  pending.cancel();
  if (!facts.fileHeader) throw new UsageError(`${source.path} is no RDB file`);
  if (scan.complete && startsCommand(source, scan.end))
    throw new UsageError(`${source.path} is an AOF that begins with an RDB: report is for RDB files`);
  const { server } = facts;
  const column = new MemoryColumn(targetFor(server, options.target ? { server: options.target } : {}));
  for (const _ of memorySteps(source, index, column));
  index.costs = column;
  const memory = (row: number) => column.at(row);
  const savedAt = secondsOf(facts.auxValue('ctime'));
  const keys = {
    file: rdbFile(source, scan),
    index,
    rows: rowsOf(rdbFile(source, scan), index, options.filter, savedAt),
    memory,
    savedAt,
  };
  const { separator, top } = options;
  const analysed = finish(analysisFacts(keys, { separator, limits: DEFAULT_FINDING_LIMITS, problems: facts.problems }));
  const head = {
    fileName: source.path.replace(/^.*[\\/]/, ''),
    bytes: source.size,
    magic: facts.fileHeader.magic,
    server: serverName(server.make, server.version),
    savedAt: savedAt ?? null,
    usedMemory: numberOf(facts.auxValue('used-mem')),
    keys: index.length,
    filter: filterWords(options.filter, ENGLISH),
    damaged: facts.problems.some(({ severity }) => severity === 'error'),
    target: options.target ? serverName(options.target.make, levelText(options.target.level)) : '',
  };
  const page = reportPage(keys, analysed, head, { limit: top, words: ENGLISH, language: 'en' });
  try {
    writeFileSync(options.out, page, { flag: options.overwrite ? 'w' : 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new FileExistsError(options.out, 'file');
    throw error;
  }
  output.write(
    `${options.out}: ${analysed.all.keys} keys, ${analysed.findings.length} findings${head.damaged ? '; the file is damaged, this is what is intact' : ''}\n`,
  );
  await output.end();
  return facts.problems.length > 0 ? 1 : 0;
}

const ENGLISH: Words = (template, ...args) => fill(template, args);

function rowsOf(file: RdbFile, index: KeyIndex, filter: KeyFilter, savedAt: number | undefined): Rows {
  if (isOpen(filter)) return allRows(index.length);
  const list = finish(filterRows(file, index, filter, { now: Date.now(), savedAt }, 0, index.length)).toArray();
  return { length: list.length, at: (i) => list[i] };
}

function finish<Result>(work: Generator<unknown, Result>): Result {
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value;
}

function numberOf(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}

/** ms since the epoch, from seconds as text. */
function secondsOf(text: string | undefined): number | undefined {
  const seconds = numberOf(text);
  return seconds === null ? undefined : seconds * 1000;
}

function levelText(level: number): string {
  return `${Math.floor(level / 100)}.${level % 100}`;
}

function readArguments(args: string[]): ReportArguments {
  const { values, positionals } = parse(args);
  const file = onlyFile('report', positionals);
  if (values.out === undefined) throw new UsageError('report needs --out FILE');
  const { db, match, type, separator = ':' } = values;
  const target = values.target === undefined ? undefined : parseServerName(values.target);
  if (values.target !== undefined && !target)
    throw new UsageError(`--target takes a version such as 7.2 or valkey-8.0, not ${values.target}`);
  const top = values.top === undefined ? TOP : Number(values.top);
  if (!Number.isInteger(top) || top < 1 || top > TOP_LIMIT)
    throw new UsageError(`--top takes a number from 1 to ${TOP_LIMIT}, not ${values.top}`);
  return {
    file,
    out: values.out,
    overwrite: values.overwrite ?? false,
    filter: {
      ...(db === undefined ? {} : { dbs: [wholeNumber('db', db)] }),
      ...(match === undefined ? {} : { key: { mode: 'glob', text: match, ignoreCase: false } }),
      ...(type === undefined ? {} : { types: [type] }),
    },
    top,
    separator,
    target,
  };
}

function parse(args: string[]) {
  return readOptions(args, {
    out: { type: 'string' },
    overwrite: { type: 'boolean' },
    db: { type: 'string' },
    match: { type: 'string' },
    type: { type: 'string' },
    top: { type: 'string' },
    separator: { type: 'string' },
    target: { type: 'string' },
  });
}
