/** `repair`: writes a mended AOF to a new file or folder, or lists what would be lost. */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { AofScan } from '../dataset/aof/aof-scan.js';
import type { AofSet } from '../dataset/aof/aof-set.js';
import { isLost, type RepairPlan, RepairPlanner, type RepairWay, repairedBytes } from '../dataset/aof/repair.js';
import { argumentSpans } from '../decoder/aof/arguments.js';
import { fillTemplate } from '../decoder/errors.js';
import { type ByteSource, readFully } from '../decoder/source.js';
import { openAof } from '../engine/node/aof-folder.js';
import { fileKind } from './file-kind.js';
import { withAof } from './open-aof.js';
import type { Output } from './output.js';
import { UsageError } from './usage.js';

export interface RepairOptions {
  readonly way: RepairWay;
  /** Seconds since the epoch, for `cut-at-time`. */
  readonly time: number | undefined;
  /** Where to write; undefined only with `dryRun`. */
  readonly out: string | undefined;
  readonly dryRun: boolean;
}

/** Arguments of a lost command that are printed, and bytes of each. */
const SHOWN_ARGUMENTS = 16;
const SHOWN_BYTES = 200;

/** Plans and writes. @param complain takes notes, and a summary when something was written. @returns the exit status. */
export function repair(
  target: string,
  options: RepairOptions,
  output: Output,
  complain: (text: string) => void,
): Promise<number> {
  if (fileKind(target) === 'rdb') throw new UsageError(`${target} is an RDB file: only AOFs can be repaired`);
  return withAof(target, (set) => planAndWrite(set, options, output, complain));
}

async function planAndWrite(
  set: AofSet,
  { way, time, out, dryRun }: RepairOptions,
  output: Output,
  complain: (text: string) => void,
): Promise<number> {
  if (out !== undefined && existsSync(out)) throw new UsageError(`${out} exists already`);
  const planner = new RepairPlanner(set, way, time);
  while (planner.step());
  const plan = planner.plan();
  for (const { phrase, args } of plan.notes) complain(`${fillTemplate(phrase, ...args.map(String))}\n`);
  for (const { part, restoration } of plan.files) {
    if (!restoration) continue;
    const { lineEnds, inValues } = restoration;
    complain(`${part.file}: ${lineEnds} line ends restored, and ${inValues} CRs inside of values\n`);
  }
  const lost = await listLost(set, plan, dryRun ? output : undefined);
  await output.end();
  if (dryRun || out === undefined) {
    complain(`would lose ${lost.commands} commands and ${lost.bytes} bytes in all\n`);
    return plan.changes ? 1 : 0;
  }
  write(plan, out);
  const { verdict, reason } = judged(out, plan);
  complain(`${out} written: ${lost.commands} commands and ${lost.bytes} bytes were left out\n`);
  if (verdict === 'loads') return 0;
  complain(`a server still refuses or cuts it: ${reason}\n`);
  return 1;
}

/** Writes the plan to a folder if there is a manifest, else to a file; what exists is never written over. */
function write(plan: RepairPlan, out: string): void {
  if (!plan.manifest) {
    const [file] = plan.files;
    writeFile(out, repairedBytes(file));
    return;
  }
  mkdirSync(out);
  for (const file of plan.files) writeFile(path.join(out, file.part.file), repairedBytes(file));
  // The manifest comes last: until then a server finds nothing to load.
  writeFile(path.join(out, plan.manifest.file), [plan.manifest.bytes]);
}

function writeFile(file: string, pieces: Iterable<Uint8Array>): void {
  const fd = openSync(file, 'wx');
  try {
    for (const piece of pieces) for (let at = 0; at < piece.length; ) at += writeSync(fd, piece, at);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** What a server makes of what was written. */
function judged(out: string, plan: RepairPlan): { readonly verdict: string; readonly reason: string } {
  const { folder, set } = openAof(plan.manifest ? path.join(out, plan.manifest.file) : out);
  try {
    const scan = new AofScan(set, () => {}, { checksum: true });
    scan.run();
    const { judgement } = scan;
    if (!judgement) throw new Error('the scan has not come to its end');
    return {
      verdict: judgement.verdict,
      reason: fillTemplate(judgement.reason.phrase, ...judgement.reason.args.map(String)),
    };
  } finally {
    folder.close();
  }
}

/** Bytes and whole commands of the parts that servers load which the plan does not keep; printed where wanted. */
async function listLost(
  set: AofSet,
  plan: RepairPlan,
  output: Output | undefined,
): Promise<{ readonly bytes: number; readonly commands: number }> {
  let rows: { readonly part: number; readonly offset: number; readonly size: number; readonly db: number }[] = [];
  let commands = 0;
  const loaded = { ...set, parts: set.parts.filter(({ role }) => role !== 'history') };
  const scan = new AofScan(loaded, (part, batch) => {
    for (let i = 0; i < batch.length; i++) {
      if (!isLost(plan, part, batch.offset[i])) continue;
      commands++;
      if (output) rows.push({ part, offset: batch.offset[i], size: batch.size[i], db: batch.db[i] });
    }
  });
  for (let more = true; more && !output?.closed; ) {
    more = scan.step();
    for (const { part, offset, size, db } of rows) {
      const { file, source } = set.parts[part];
      const argv = source ? preview(source, offset) : [];
      const line = JSON.stringify({ lost: 'command', part: file, offset, bytes: size, db, argv });
      if (output?.write(`${line}\n`)) await output.flush();
    }
    rows = [];
  }
  let bytes = 0;
  for (const part of loaded.parts) {
    const file = plan.files.find((one) => one.part.part === part.part);
    const stretches = file ? file.lost : part.source ? [[0, part.source.size] as const] : [];
    for (const [from, to] of stretches) {
      bytes += to - from;
      output?.write(`${JSON.stringify({ lost: 'bytes', part: part.file, offset: from, bytes: to - from })}\n`);
    }
  }
  return { bytes, commands };
}

/** The first arguments of a command, as Base64, cut where they are long. */
function preview(source: ByteSource, offset: number): string[] {
  const shown: string[] = [];
  for (const span of argumentSpans(source, offset)) {
    const bytes = Buffer.alloc(Math.min(SHOWN_BYTES, span.length));
    readFully(source, span.offset, bytes);
    shown.push(bytes.toString('base64'));
    if (shown.length === SHOWN_ARGUMENTS) break;
  }
  return shown;
}
