/** Why a job has ended before its time, as data that can be sent. */
import { NoAofError } from '../../../dataset/aof/aof-set.js';
import type { JobFailure } from '../../../job-protocol.js';
import { TransferError } from '../../../server/capture-transfer.js';
import { ServerError } from '../../../server/errors.js';
import { FileExistsError } from '../../../server/node/capture-files.js';
import { ReplayInputError } from '../../../server/replay-errors.js';
import { failureText } from '../../error-info.js';
import { JobError, JobStopped } from './job-host.js';

/** The failure of an error that a job has thrown. */
export function jobFailure(error: unknown): JobFailure {
  if (error instanceof ServerError) return { of: 'server', code: error.code, args: error.args };
  if (error instanceof ReplayInputError) return { of: 'input', code: error.code, args: error.args };
  if (error instanceof JobError) return { of: 'job', code: error.code, args: error.args };
  if (error instanceof JobStopped) return { of: 'job', code: 'stopped', args: [] };
  if (error instanceof FileExistsError) return { of: 'job', code: 'file-exists', args: [error.path] };
  if (error instanceof TransferError) return { of: 'job', code: 'refused', args: [error.message] };
  const { code, path, message } = error as NodeJS.ErrnoException;
  if (code !== undefined && path !== undefined) return { of: 'job', code: 'file', args: [path, message] };
  if (error instanceof NoAofError) return { of: 'job', code: 'other', args: [failureText(error)] };
  return { of: 'job', code: 'other', args: [failureText(error)] };
}
