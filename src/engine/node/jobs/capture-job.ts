/** Captures what a server holds as a replica does, checks what came, and if wanted goes on with the commands that follow. */
import { FileScan } from '../../../dataset/file-scan.js';
import type { CapturedRdb, CaptureJob } from '../../../job-protocol.js';
import { type CaptureSink, capture } from '../../../server/capture.js';
import { CaptureFiles } from '../../../server/node/capture-files.js';
import { openTarget } from '../../../server/node/open-target.js';
import { Rate } from '../../../server/rate.js';
import { startChecksum } from '../../checksum.js';
import { FileSource } from '../file-source.js';
import { type JobHost, NOTHING_DONE, Throttle } from './job-host.js';

/** Does the job. @throws ServerError, TransferError, FileExistsError; the system's error if nothing can be written. */
export async function captureJob(job: CaptureJob, host: JobHost): Promise<void> {
  const { control, reconnect } = await openTarget(job.from);
  let files: CaptureFiles;
  try {
    host.check();
    files = new CaptureFiles(job.out, job.follow, job.overwrite, tellerOf(host));
  } catch (error) {
    control.close();
    throw error;
  }
  try {
    const sink = new TellingSink(files, host);
    const link = (state: 'lost' | 'resumed', reason: string) => host.send({ event: 'link', state, reason });
    const result = await capture(control, sink, { follow: job.follow, signal: host.signal, link, reconnect });
    files.close();
    // While commands follow, the RDB was checked when it had come.
    const rdb = files.whole ? await (sink.checked ?? checkedRdb(files.rdbFile)) : undefined;
    host.send({
      event: 'captureEnded',
      report: {
        ...(rdb ? { rdb } : {}),
        ...(result.offset === undefined ? {} : { offset: result.offset }),
        resumed: result.resumed,
        ...(result.ended === undefined ? {} : { ended: result.ended }),
      },
    });
  } finally {
    files.close();
    control.close();
  }
}

function tellerOf(host: JobHost): (bytes: number, total: number | undefined) => void {
  const told = new Throttle();
  const began = performance.now();
  const speed = new Rate(() => performance.now());
  return (bytes, total) => {
    if (!told.due()) return;
    const rate = speed.of(bytes);
    const left = total === undefined || rate === 0 ? {} : { left: (total - bytes) / rate };
    const seconds = (performance.now() - began) / 1000;
    const progress = {
      ...NOTHING_DONE,
      done: bytes,
      ...(total === undefined ? {} : { of: total }),
      seconds,
      rate,
      ...left,
    };
    host.send({ event: 'progress', progress });
  };
}

/** Hands on what comes, and tells of it. */
class TellingSink implements CaptureSink {
  /** The check of the RDB, once it has come and commands follow. */
  checked: Promise<CapturedRdb> | undefined;
  private bytes = 0;
  private readonly told = new Throttle();

  constructor(
    private readonly files: CaptureFiles,
    private readonly host: JobHost,
  ) {}

  rdb(bytes: Uint8Array, total: number | undefined): void {
    this.files.rdb(bytes, total);
  }

  rdbEnd(): void {
    this.files.rdbEnd();
    this.checked = checkedRdb(this.files.rdbFile);
    this.checked.then(
      (rdb) => this.host.send({ event: 'captured', rdb }),
      // Whoever waits for the end of the capture hears of it.
      () => {},
    );
  }

  commands(bytes: Uint8Array): void {
    this.files.commands(bytes);
    this.bytes += bytes.length;
  }

  sync(): void {
    this.files.sync();
    if (this.told.due()) this.host.send({ event: 'followed', bytes: this.bytes });
  }
}

/** Reads the RDB that was written, and compares its checksum. */
export async function checkedRdb(file: string): Promise<CapturedRdb> {
  const source = new FileSource(file);
  try {
    const pending = startChecksum(source, Math.max(0, source.size - 8), () => {}, setImmediate);
    let keys = 0;
    const scan = new FileScan(source, ({ count }) => {
      keys += count;
    });
    scan.run();
    const checksum = scan.checksumWithoutReading ?? scan.compareChecksum(await pending.result);
    const { facts } = scan;
    return {
      file,
      magic: facts.fileHeader?.magic ?? '',
      bytes: source.size,
      keys,
      functions: facts.functions,
      checksum,
      problems: facts.problems.filter(({ severity }) => severity === 'error').length,
    };
  } finally {
    source.close();
  }
}
