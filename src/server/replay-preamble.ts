/** The RDB that an AOF begins with, restored before the commands behind it are replayed. */
import type { ByteSource } from '../decoder/source.js';
import type { ClusterAccess } from './cluster-lane.js';
import type { Connection } from './connection.js';
import type { ServerFacts } from './facts.js';
import { ReplayInputError } from './replay-errors.js';
import type { Preamble } from './replay-input.js';
import type { ReplayOptions } from './replay-options.js';
import type { RestoreProgress } from './restore-options.js';
import type { ErrorGroup } from './restore-report.js';
import { restoreTargetOf } from './restore-target.js';

/** What became of the keys. */
export interface PreambleOutcome {
  readonly keys: number;
  readonly errors: readonly ErrorGroup[];
  /** Why it did not come to its end. */
  readonly stopped?: string;
}

/** Who steers the restore, and sees how it goes on. */
export interface PreambleWatch {
  readonly signal: AbortSignal;
  progress(state: RestoreProgress): void;
  /** Holds it now and then, where that is wanted. @param position in the file. */
  hold(position: number): Promise<void> | undefined;
}

/** Restores an RDB that a part begins with. @throws ReplayInputError if what is wanted cannot be done to keys. */
export type PreambleRestorer = (
  preamble: Preamble,
  source: ByteSource,
  watch: PreambleWatch,
) => Promise<PreambleOutcome>;

/**
 * Makes a function that restores.
 *
 * @param connect opens connections to the server, which `facts` describe.
 * @param write false to restore nothing, and only tell how many keys it would be.
 */
export function preambleRestorer(
  connect: () => Promise<Connection>,
  facts: ServerFacts,
  options: ReplayOptions,
  write: boolean,
  /** Given if the server is a node of a cluster. */
  cluster?: ClusterAccess,
): PreambleRestorer {
  return async (preamble, source, watch) => {
    const { addPrefix, removePrefix, commands, groups, dbs } = options;
    // Keys are restored under their own names, and are no commands that could be chosen.
    if (addPrefix || removePrefix || commands || groups) {
      throw new ReplayInputError('preamble', preamble.file, preamble.keys);
    }
    if (facts.mode === 'cluster' && !cluster) {
      throw new ReplayInputError('preamble-cluster', preamble.file, preamble.keys);
    }
    const errors: ErrorGroup[] = [];
    let keys = 0;
    // Most of a restore is set up for those only who have keys to restore.
    const { restore } = await import('./restore.js');
    for (const db of dbs ?? [undefined]) {
      const connection = await connect();
      const target = await restoreTargetOf(connection, facts);
      if (cluster) connection.close();
      const report = await restore(source, cluster ?? [connection], target, {
        db,
        match: options.keys,
        existing: 'replace',
        keepExpired: false,
        asCommands: false,
        dbMap: options.dbMap,
        dryRun: !write,
        verify: true,
        ...watch,
      });
      keys += report.restored + report.built;
      errors.push(...report.errors);
      if (report.stopped !== undefined) return { keys, errors, stopped: report.stopped };
    }
    return { keys, errors };
  };
}
