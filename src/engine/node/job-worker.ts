/** The worker for one job with a server: a thread of its own, so that neither the editor nor an open file waits for it. */
import { isMainThread, parentPort } from 'node:worker_threads';
import type { Job, JobEvent, JobMessage } from '../../job-protocol.js';
import { captureJob } from './jobs/capture-job.js';
import { jobFailure } from './jobs/job-failure.js';
import { JobHost } from './jobs/job-host.js';
import { momentJob } from './jobs/moment-job.js';
import { replayJob } from './jobs/replay-job.js';
import { restoreJob } from './jobs/restore-job.js';

function doJob(job: Job, host: JobHost): Promise<void> {
  switch (job.kind) {
    case 'replay':
      return replayJob(job, host);
    case 'restore':
      return restoreJob(job, host);
    case 'capture':
      return captureJob(job, host);
    case 'moment':
      return momentJob(job, host);
  }
}

function listen(): void {
  const port = parentPort;
  if (!port) return;
  const host = new JobHost((event: JobEvent) => port.postMessage(event));
  port.on('message', (message: JobMessage) => {
    if (!('start' in message)) {
      host.receive(message);
      return;
    }
    void doJob(message.start, host)
      .catch((error: unknown) => host.send({ event: 'failed', failure: jobFailure(error) }))
      .finally(() => port.close());
  });
}

if (!isMainThread) listen();
