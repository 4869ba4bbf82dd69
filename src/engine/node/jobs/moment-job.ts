/**
 * The keyspace of an AOF at a moment: a private server loads the commands up to there and saves what it then holds. It
 * listens on a Unix socket only, reads no configuration but ours, and is gone when the job ends.
 */
import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { MomentJob } from '../../../job-protocol.js';
import { openAof } from '../aof-folder.js';
import { checkedRdb } from './capture-job.js';
import { type JobHost, NOTHING_DONE } from './job-host.js';
import { writeUntil } from './moment-aof.js';
import { makeMomentFolder } from './moment-folders.js';
import { findProgram, PrivateServer } from './private-server.js';

const AOF = 'appendonly.aof';
const DUMP = 'dump.rdb';

/** Does the job. @throws JobError, JobStopped; the system's error if a file cannot be read or written. */
export async function momentJob(job: MomentJob, host: JobHost): Promise<void> {
  const program = await findProgram(job.program);
  const folder = makeMomentFolder();
  let done = false;
  try {
    const { folder: files, set } = openAof(job.path);
    let written: Awaited<ReturnType<typeof writeUntil>>;
    try {
      written = await writeUntil(set, job.until, path.join(folder, AOF), host);
    } finally {
      files.close();
    }
    const server = await PrivateServer.start(program, folder, { aof: AOF, dump: DUMP, databases: written.databases });
    try {
      await server.loaded(host.signal, (part) => {
        host.send({ event: 'step', step: 'loading', progress: { ...NOTHING_DONE, done: part, of: 100 } });
      });
      host.check();
      host.send({ event: 'step', step: 'saving', progress: NOTHING_DONE });
      await server.save();
    } finally {
      await server.stop();
    }
    const dump = path.join(folder, job.name);
    renameSync(path.join(folder, DUMP), dump);
    for (const name of [AOF, 'appendonlydir', server.config])
      rmSync(path.join(folder, name), { recursive: true, force: true });
    const { keys } = await checkedRdb(dump);
    host.check();
    done = true;
    const { commands, leftOut } = written;
    host.send({ event: 'loaded', report: { dump, keys, program: program.version, commands, leftOut } });
  } finally {
    if (!done) rmSync(folder, { recursive: true, force: true });
  }
}
