/**
 * Restores keys of an RDB into a server: RESTORE with the bytes of the file where the server knows the value type, else
 * the commands that build the same value. Keys go out as they are read; nothing but what is on its way is held.
 */
import type { ByteSource } from '../decoder/source.js';
import type { ClusterAccess } from './cluster-lane.js';
import type { Connection } from './connection.js';
import type { RestoreOptions } from './restore-options.js';
import { RestoreOutcome } from './restore-outcome.js';
import { RestorePlace } from './restore-place.js';
import type { RestoreReport } from './restore-report.js';
import { ClusterRoutes, type RestoreRoutes, ServerRoutes } from './restore-routes.js';
import { RestoreRun } from './restore-run.js';
import type { RestoreTarget } from './restore-target.js';
import { WireBuffers } from './wire-buffer.js';

/** Seconds that a server has for the next reply: it may be loading a value of hundreds of MB. */
const REPLY_SECONDS = 120;

/**
 * Restores.
 *
 * @param source the file; bytes behind the end of the RDB are no part of it.
 * @param to connections that are ready for commands and are used up (more than one is worth it where one cannot keep the
 * server busy), or what a cluster is reached by.
 * @param target what {@link readRestoreTarget} says of the server.
 * @returns what was done, also if the connection was lost on the way.
 * @throws the error of the source if the file cannot be read.
 */
export async function restore(
  source: ByteSource,
  to: readonly Connection[] | ClusterAccess,
  target: RestoreTarget,
  options: RestoreOptions,
): Promise<RestoreReport> {
  const { replySeconds = REPLY_SECONDS } = options;
  const buffers = new WireBuffers();
  let routes: RestoreRoutes | undefined;
  // Keys on their way, and those that are to be sent again, are noted nowhere else.
  const place: RestorePlace = new RestorePlace(source, options, () => [
    ...(routes?.lanes.flatMap((lane) => lane.sentOffsets) ?? []),
    ...outcome.resend.map(({ row }) => row.offset),
  ]);
  const outcome = new RestoreOutcome(source, options, 'control' in to, place);
  routes =
    'control' in to
      ? await ClusterRoutes.open(to, replySeconds, outcome, buffers)
      : new ServerRoutes(to, replySeconds, outcome, buffers);
  const pause = 'control' in to ? (ms: number) => to.pause(ms) : async () => {};
  const run = new RestoreRun({ source, target, options, place, outcome, routes, buffers, pause });
  try {
    return await run.all();
  } finally {
    for (const lane of routes.lanes) lane.close();
  }
}
