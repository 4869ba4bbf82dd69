/** AOFs in memory, and the ones of real servers. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { AofScan, type AofScanOptions } from '../../../src/dataset/aof/aof-scan.js';
import { type AofFolder, type AofSet, openAofSet } from '../../../src/dataset/aof/aof-set.js';
import { AFTER_DAMAGE } from '../../../src/decoder/aof/command-batch.js';
import { MemorySource } from '../../../src/decoder/source.js';
import { isAofVariant } from '../../corpus/compare-aof.js';

declare const PROJECT_ROOT: string;

/** The folder of the AOFs: a folder of variants for each server. */
export const AOFS = path.join(PROJECT_ROOT, 'test', 'fixtures', 'aof');

/** The variants of all servers, by name. */
export function aofVariants(): { readonly name: string; readonly folder: string }[] {
  return readdirSync(AOFS, { withFileTypes: true })
    .filter((server) => server.isDirectory())
    .flatMap(({ name: server }) =>
      readdirSync(path.join(AOFS, server)).map((variant) => ({
        name: `${server}/${variant}`,
        folder: path.join(AOFS, server, variant),
      })),
    )
    .filter(({ folder }) => isAofVariant(folder))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The manifest of a variant, or its single file. */
export function mainFile(folder: string): string {
  const summary = JSON.parse(readFileSync(path.join(folder, 'summary.json'), 'utf8')) as {
    readonly files: readonly { readonly role: string; readonly file: string }[];
  };
  const main = summary.files.find(({ role }) => role === 'manifest' || role === 'single');
  return path.join(folder, main?.file ?? assert.fail(folder));
}

/** A folder in memory. */
export function memoryFolder(files: Readonly<Record<string, Uint8Array | string>>): AofFolder {
  return {
    list: () => Object.keys(files),
    open: (name) => {
      const content = files[name];
      return content === undefined
        ? undefined
        : new MemorySource(new Uint8Array(Buffer.from(content as string, 'latin1')));
    },
  };
}

/** A multi-part AOF in memory: incremental files one after the other, behind a base if there is one. */
export function multiPart(increments: readonly (Uint8Array | null)[], base?: Uint8Array): AofSet {
  const files: Record<string, Uint8Array | string> = {};
  let manifest = '';
  if (base) {
    files['a.1.base.rdb'] = base;
    manifest += 'file a.1.base.rdb seq 1 type b\n';
  }
  for (const [index, content] of increments.entries()) {
    const name = `a.${index + 1}.incr.aof`;
    if (content) files[name] = content;
    manifest += `file ${name} seq ${index + 1} type i\n`;
  }
  return openAofSet(memoryFolder({ ...files, 'a.manifest': manifest }), null);
}

/** A single file in memory. */
export function singleFile(content: Uint8Array): AofSet {
  return openAofSet(memoryFolder({ 'a.aof': content }), 'a.aof');
}

/** A command that a scan of a set has found. */
export interface FoundCommand {
  readonly part: number;
  readonly offset: number;
  readonly name: string;
  readonly afterDamage: boolean;
}

/** Scans a set to its end. */
export function scanSet(set: AofSet, options: AofScanOptions = {}): { scan: AofScan; commands: FoundCommand[] } {
  const commands: FoundCommand[] = [];
  const scan = new AofScan(
    set,
    (part, batch) => {
      for (let i = 0; i < batch.length; i++) {
        const name = scan.names.name(batch.name[i]);
        const afterDamage = (batch.flags[i] & AFTER_DAMAGE) !== 0;
        commands.push({ part, offset: batch.offset[i], name, afterDamage });
      }
    },
    options,
  );
  scan.run();
  return { scan, commands };
}
