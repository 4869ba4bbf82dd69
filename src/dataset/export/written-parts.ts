/** The files that an export writes: each with its form, which depends on what the files say that are exported. */
import { CliCommands, RespCommands } from './arguments.js';
import type { ExportInput } from './export-input.js';
import { type FileParts, keepsTemplates, partsAfter, partsBefore } from './file-parts.js';
import { CommandFormatter } from './format-commands.js';
import { CsvFormatter, FlatCsvFormatter } from './format-csv.js';
import { DumpFormatter } from './format-dump.js';
import { JsonFormatter } from './format-json.js';
import { MarkdownFormatter } from './format-markdown.js';
import { RdbFormatter } from './format-rdb.js';
import type { Formatter } from './formatter.js';
import { type ExportOptions, isFiltered } from './options.js';
import { type ByteSink, OutBuffer } from './out-buffer.js';
import type { Findings } from './report.js';
import { type ExportTarget, targetOfVersion } from './target.js';

/** A file that is written: where its bytes go. @param part distinguishes it from others, empty where there is one. */
export type OpenPart = (part: string) => ByteSink;

/** The most files that an export is divided into. */
export const MOST_PARTS = 1024;

/** The keys would go into more files than an export may have. */
export class TooManyPartsError extends Error {
  override readonly name = 'TooManyPartsError';
}

/** Bytes of the buffer of each file, where there are many. */
const SMALL_BUFFER = 64 * 1024;

/** One of the files. */
export interface Part {
  readonly name: string;
  readonly out: OutBuffer;
  readonly formatter: Formatter;
  keys: number;
}

interface Counts {
  keys: number;
  expires: number;
}

/** The files of one export. */
export class WrittenParts {
  readonly byName = new Map<string, Part>();
  /** Keys of a part and database, for the size hints of an RDB. */
  private readonly counts = new Map<string, Counts>();

  constructor(
    private readonly inputs: readonly ExportInput[],
    private readonly options: ExportOptions,
    private readonly open: OpenPart,
    private readonly findings: Findings,
  ) {}

  private get isAnonymous(): boolean {
    return this.options.seed !== undefined;
  }

  /** Tells of keys that are going to be written. */
  count(part: string, db: number, keys: number, expires: number): void {
    const name = `${part} ${db}`;
    const counts = this.counts.get(name) ?? { keys: 0, expires: 0 };
    counts.keys += keys;
    counts.expires += expires;
    this.counts.set(name, counts);
  }

  /** The files that are exported, with what is known of them now. */
  files(): FileParts[] {
    const parts: FileParts[] = [];
    for (const input of this.inputs) {
      const facts = input.facts();
      const header = facts.fileHeader ?? { magic: '', family: 'redis', version: 0 };
      parts.push({ file: { source: input.source, header, templates: new Map(), keydb: facts.keydb }, facts });
    }
    return parts;
  }

  /** True if function libraries and what modules keep go along. */
  get keepsLibraries(): boolean {
    return this.options.functions ?? (!isFiltered(this.options) && !this.isAnonymous);
  }

  /** The part of a name, which is begun when it is first asked for. @throws TooManyPartsError */
  named(name: string): Part {
    const known = this.byName.get(name);
    if (known) return known;
    if (this.byName.size >= MOST_PARTS) throw new TooManyPartsError(`more than ${MOST_PARTS} files`);
    const sink = this.open(name);
    const { formatter, out } = this.makeFormatter(name, sink);
    const part = { name, out, formatter, keys: 0 };
    this.byName.set(name, part);
    formatter.begin();
    return part;
  }

  /** The server to write for: the one that was chosen, or one like those that wrote the files. */
  private get target(): ExportTarget {
    const { target } = this.options;
    if (target) return target;
    let newest: ExportTarget | undefined;
    for (const input of this.inputs) {
      const { fileHeader, server } = input.facts();
      if (!fileHeader) continue;
      const own = targetOfVersion(fileHeader.version);
      if (!newest || own.rdbVersion > newest.rdbVersion) {
        newest = { ...own, make: server.make, level: Math.max(own.level, server.level) };
      }
    }
    return newest ?? targetOfVersion(1);
  }

  private makeFormatter(name: string, sink: ByteSink): { formatter: Formatter; out: OutBuffer } {
    const { options, findings, target } = this;
    const dropFieldExpiry = options.dropFieldExpiry ?? false;
    if (options.format === 'rdb') {
      const formatter = this.rdbFormatter(name, sink);
      return { formatter, out: formatter.buffer };
    }
    const out = new OutBuffer(sink, options.split ? SMALL_BUFFER : undefined);
    switch (options.format) {
      case 'json':
      case 'jsonl':
        return { out, formatter: new JsonFormatter(out, options.format === 'jsonl', options.base64 ?? false) };
      case 'csv':
        return { out, formatter: options.flat ? new FlatCsvFormatter(out, findings) : new CsvFormatter(out) };
      case 'markdown':
        return { out, formatter: new MarkdownFormatter(out) };
      case 'dump':
        return { out, formatter: new DumpFormatter(out, target, dropFieldExpiry, findings) };
      default: {
        const commands = options.format === 'resp' ? new RespCommands(out) : new CliCommands(out);
        const how = { target, restore: options.restore ?? false, dropFieldExpiry };
        return { out, formatter: new CommandFormatter(commands, how, findings) };
      }
    }
  }

  private rdbFormatter(name: string, sink: ByteSink): RdbFormatter {
    const { options, findings, target } = this;
    const files = this.files();
    const own = files[0]?.file.header;
    const same = options.target === undefined && files.every(({ file }) => file.header.magic === own?.magic);
    const templates = keepsTemplates(files, target) && !this.isAnonymous;
    const whole = files.length === 1 && !isFiltered(options) && !options.split && !options.expiry && !this.isAnonymous;
    const parts = { target, same, whole, libraries: this.keepsLibraries, templates };
    return new RdbFormatter(
      {
        target,
        same,
        templates,
        dropFieldExpiry: options.dropFieldExpiry ?? false,
        counts: (db) => {
          const counts = this.counts.get(`${name} ${db}`);
          // The hint is given once.
          this.counts.delete(`${name} ${db}`);
          return counts;
        },
        before: () => partsBefore(files, parts, findings),
        after: () => partsAfter(files, parts, findings),
      },
      findings,
      sink,
    );
  }
}
