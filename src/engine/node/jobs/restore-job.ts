/** Restores keys of an RDB into a server: looks at the file and at the server, says what is about to be done, and does it. */
import path from 'node:path';
import { setTimeout as sleep, setImmediate as soon } from 'node:timers/promises';
import type { FileScan } from '../../../dataset/file-scan.js';
import type { JobCaution, JobSummary, KeySet, RestoreJob } from '../../../job-protocol.js';
import type { ServerFacts } from '../../../server/facts.js';
import { Rate } from '../../../server/rate.js';
import { restore } from '../../../server/restore.js';
import { RestoreContents } from '../../../server/restore-contents.js';
import { checkRestorePoint, restorePoint } from '../../../server/restore-report.js';
import { restoreWays } from '../../../server/restore-session.js';
import { restoreTargetOf } from '../../../server/restore-target.js';
import { cautionsFor, memoryOfKeys } from '../../../server/target-checks.js';
import { FileSource } from '../file-source.js';
import { openForWriting } from './job-connect.js';
import { JobError, type JobHost, Throttle } from './job-host.js';

/** What is known of the file before a key is sent. */
interface Contents {
  readonly bytes: number;
  readonly keys: number;
  readonly expires: number;
  readonly functions: number;
  readonly damaged: boolean;
  /** True if the checksum says that the values are as a server wrote them. */
  readonly trusted: boolean;
}

/** Does the job. @throws ServerError, ReplayInputError, JobError, JobStopped; the system's error if the file cannot be read. */
export async function restoreJob(job: RestoreJob, host: JobHost): Promise<void> {
  const source = new FileSource(job.path);
  try {
    const { resume } = job.options;
    if (resume) checkRestorePoint(resume, source, path.basename(job.path));
    const contents = await examine(source, job.chosen, host);
    const { control, connect, address, facts } = await openForWriting(job.to);
    try {
      const target = await restoreTargetOf(control, facts);
      const start = resume ?? restorePoint(source, 0, []);
      host.send({ event: 'checkpoint', restore: { resume: start, builds: false } });
      host.send({ event: 'prepared', summary: summaryOf(contents, facts) });
      await host.wanted();
      if (source.changed) throw new JobError('file-changed', job.path);
      const ways = await restoreWays({ control, connect, address }, facts, (ms) => sleep(ms));
      const began = performance.now();
      const report = await restore(source, ways, target, {
        ...job.options,
        chosen: job.chosen && chosenKeys(job.chosen),
        verify: !contents.trusted,
        signal: host.signal,
        checkpoint: job.options.dryRun ? undefined : (restore) => host.send({ event: 'checkpoint', restore }),
        progress: teller(source.size, host),
        // Controls come while others have their turn.
        hold: () => soon(),
      });
      const seconds = (performance.now() - began) / 1000;
      host.send({ event: 'restored', report, seconds, changed: source.changed });
    } finally {
      control.close();
    }
  } finally {
    source.close();
  }
}

/** Takes a pass over the file. */
async function examine(source: FileSource, chosen: KeySet | undefined, host: JobHost): Promise<Contents> {
  const contents = new RestoreContents(source, chosen && ((row) => hasBit(chosen.bits, row)));
  const { scan } = contents;
  await host.prepare(steps(scan), source.size);
  const { facts } = scan;
  if (!facts.fileHeader) throw new JobError('not-rdb', source.path);
  if (chosen && chosen.of !== contents.total) throw new JobError('file-changed', source.path);
  const { trusted, keys, expires, bytes } = contents;
  const damaged = facts.problems.some(({ severity }) => severity === 'error');
  return { keys, expires, bytes, functions: chosen ? 0 : facts.functions, damaged, trusted };
}

function* steps(scan: FileScan): Generator<number> {
  while (scan.step()) yield scan.position;
}

function hasBit(bits: Uint8Array, row: number): boolean {
  return ((bits[row >> 3] >> (row & 7)) & 1) === 1;
}

/** The chosen keys by their number in the file, and the last of them. */
function chosenKeys({ bits, of }: KeySet) {
  let last = of - 1;
  while (last >= 0 && !hasBit(bits, last)) last--;
  return { has: (row: number) => hasBit(bits, row), last };
}

function summaryOf({ bytes, keys, expires, functions, damaged }: Contents, server: ServerFacts): JobSummary {
  const cautions: JobCaution[] = [
    ...cautionsFor(server, memoryOfKeys(bytes, keys)),
    ...(damaged ? [{ kind: 'damaged' } as const] : []),
  ];
  return { files: 1, bytes, keys, expires, functions, server, cautions };
}

function teller(of: number, host: JobHost) {
  const told = new Throttle();
  const began = performance.now();
  const keys = new Rate(() => performance.now());
  const bytes = new Rate(() => performance.now());
  return ({ position, restored, failed }: { position: number; restored: number; failed: number }) => {
    if (!told.due()) return;
    const speed = bytes.of(position);
    host.send({
      event: 'progress',
      progress: {
        done: position,
        of,
        sent: restored + failed,
        failed,
        seconds: (performance.now() - began) / 1000,
        rate: keys.of(restored + failed),
        ...(speed > 0 ? { left: (of - position) / speed } : {}),
      },
    });
  };
}
