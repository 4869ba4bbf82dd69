/** Why a replay cannot begin, or not go on, as data with a sentence that says what to do. */
import { fillTemplate } from '../decoder/errors.js';

export const REPLAY_INPUT_TEMPLATES = {
  manifest: 'No server would load the manifest {0}: at offset {1}, {2}',
  'missing-part': 'The file {0} is missing, which the manifest names. Nothing was replayed.',
  preamble:
    '{0} begins with an RDB of {1} keys, which are no commands to choose from and keep their names. With --commands-only the commands behind it are replayed alone.',
  'no-database': '{0} has no database {1}: {2}. Map it to another with --db-map {1}:NUMBER.',
  'resume-part': 'The resume point is in {0}, which is not among the files.',
  'resume-file':
    'The resume point is of a file {0} of {1} bytes, but it has {2} now. Another file cannot be gone on with.',
  'resume-other':
    '{0} is not the file that was stopped in: its bytes before the resume point at offset {1} are others. Nothing was written.',
  unacknowledged:
    'Of {0} commands behind the resume point nobody knows if they were done, and doing some of them twice would be wrong. Say --unacknowledged retry or --unacknowledged skip.',
  'preamble-cluster':
    '{0} begins with an RDB of {1} keys, which is not restored into a cluster. With --commands-only the commands behind it are replayed alone.',
  replica: '{0} is a replica: what is written there is lost or refused. Use its primary.',
  loading: '{0} is still loading its data. Try again when it is done.',
  sentinel: '{0} is a Sentinel and keeps no keys. Ask it for its primary: redis+sentinel://HOST:PORT/NAME.',
  'is-cluster': '{0} is a node of a cluster, but was said to stand alone. Nothing was written.',
  'no-cluster': '{0} is no node of a cluster, but was said to be one. Nothing was written.',
  'cluster-down': 'The cluster of {0} does not serve all of its slots. Nothing was written.',
} as const;

export type ReplayInputCode = keyof typeof REPLAY_INPUT_TEMPLATES;

/** What is to be replayed, or where to, cannot be used. */
export class ReplayInputError extends Error {
  override readonly name = 'ReplayInputError';
  readonly args: readonly (string | number)[];

  constructor(
    readonly code: ReplayInputCode,
    ...args: (string | number)[]
  ) {
    super(fillTemplate(REPLAY_INPUT_TEMPLATES[code], ...args));
    this.args = args;
  }
}
