/** The dumps of real servers that tests read, and the damaged files made of them. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { isVariant } from '../../corpus/compare.js';

declare const PROJECT_ROOT: string;

/** The folder of the fixtures: a folder of variants for each server, and `corrupt`. */
export const CORPUS = path.join(PROJECT_ROOT, 'test', 'fixtures', 'corpus');

/** A dump of a server. */
export interface Dump {
  /** Server and variant, such as `redis-7.2.6/mini`. */
  readonly name: string;
  readonly folder: string;
  readonly size: number;
  readonly bytes: Uint8Array;
}

/** All dumps, by name; their bytes are read when they are looked at. */
export function dumps(): Dump[] {
  return readdirSync(CORPUS)
    .filter((server) => server !== 'corrupt')
    .sort()
    .flatMap((server) =>
      readdirSync(path.join(CORPUS, server))
        .sort()
        .map((variant) => ({ name: `${server}/${variant}`, folder: path.join(CORPUS, server, variant) })),
    )
    .filter(({ folder }) => isVariant(folder))
    .map(({ name, folder }) => {
      const file = path.join(folder, 'dump.rdb');
      return {
        name,
        folder,
        size: statSync(file).size,
        get bytes() {
          return new Uint8Array(readFileSync(file));
        },
      };
    });
}
