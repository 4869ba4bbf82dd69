/** Why a file is not given to a server as its primary would give it, as data with a sentence that says what to do. */
import { fillTemplate } from '../decoder/errors.js';

const REPLICATION_TEMPLATES = {
  'no-rdb': '{0} is no RDB file.',
  'file-aof': '{0} is the beginning of an AOF, and commands belong to it. Use replay.',
  'file-damaged':
    '{0} is damaged: {1} (offset {2}). A server that loads such a file ends itself. Without --by-replication what is intact is restored.',
  'file-modules':
    '{0} holds data of modules (offset {1}). A server that lacks one of them ends itself while it loads the file. Restore it without --by-replication.',
  'not-loadable':
    '{0} would not load {1}: {2} (offset {3}). Restore it without --by-replication, or export --target it.',
  'no-database': '{0} has no database {1}, which {2} has keys in: {3}',
  make: '{0} calls itself {1}. What that loads is not known; restore without --by-replication.',
  version: '{0} says that it is {1}, which is no version that files are known for. Restore without --by-replication.',
  cluster: '{0} is a node of a cluster, which takes no primary that is none. Restore without --by-replication.',
  keys: '{0} is not empty: it holds {1}. All of it would be lost. Restore without --by-replication, or into an empty server.',
  functions: '{0} holds {1} function libraries, which would be lost. Restore without --by-replication.',
  replicas:
    '{0} has {1} connected replicas: they would lose their data and load the file too. Restore without --by-replication, or disconnect them before.',
  'sentinel-url':
    'A primary that Sentinels watch is not given a file by replication: they would take it for a replica and choose another. Restore without --by-replication.',
  'sentinel-watched':
    '{0} is watched by Sentinels: they would take it for a replica and choose another primary. Restore without --by-replication.',
  'not-primary': '{0} is no primary any more.',
  loading: '{0} is loading its data. Try again when it is done.',
  'tls-replication':
    '{0} speaks TLS to its primary (tls-replication yes), which is not offered here. Restore without --by-replication, or turn that off while it lasts.',
  writable:
    '{0} takes writes of others while it is a replica (replica-read-only no), and would lose them. Turn that on while it lasts, or restore without --by-replication.',
  command: '{0} refuses {1}: {2}',
  interrupted: 'It was interrupted before anything was changed.',
  'function-refused':
    '{0} refuses the function library {1} of the file (offset {2}): {3}. It would end itself while it loads the file. Restore it without --by-replication.',
  'listen-address': '--listen takes HOST, HOST:PORT or [IPV6]:PORT, where the server reaches this machine, not {0}.',
  'listen-failed': 'Nobody can listen at {0}: {1}. Give another address with --listen HOST[:PORT].',
} as const;

export type ReplicationErrorCode = keyof typeof REPLICATION_TEMPLATES;

/** The file is not given to the server. Nothing was changed. */
export class ReplicationError extends Error {
  override readonly name = 'ReplicationError';

  constructor(
    readonly code: ReplicationErrorCode,
    ...args: (string | number)[]
  ) {
    // What a server has said need not end as a sentence.
    super(fillTemplate(REPLICATION_TEMPLATES[code], ...args).replace(/[\s.]*$/, '.'));
  }
}
