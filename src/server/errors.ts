/** What can go wrong with a server, as data: a code, what fills its template, and a sentence that says what to do. */
import { fillTemplate } from '../decoder/errors.js';

/** The templates; {0} is the address where there is one. */
export const SERVER_ERROR_TEMPLATES = {
  'address-scheme': '{0} is no address of a server: it begins with redis://, rediss://, redis+sentinel:// or unix://.',
  'address-invalid': '{0} is no address of a server.',
  'address-password':
    'The address holds a password, which others could read. Leave it out, and give it in the environment variable REDIS_PERSISTENCE_PASSWORD.',
  'address-port': '{0} is no port: ports are 1 to 65535.',
  'address-db': '{0} is no database number.',
  'address-option': 'An address has no option {0}; there are {1}.',
  'address-primary': 'The address {0} names no primary: redis+sentinel://HOST:PORT,HOST:PORT/NAME.',
  'not-found': 'The name {1} is not known. Check the host of {0}.',
  unreachable: '{0} cannot be reached ({1}). Check that the server runs and that its port is open.',
  'connect-timeout': '{0} has not answered within {1} seconds. Check host, port and firewall.',
  certificate: 'The certificate of {0} is not trusted: {1}. Give its authority with ?cacert=FILE.',
  'tls-file': 'The TLS file {0} cannot be used: {1}.',
  'no-tls': '{0} does not speak TLS. Use redis:// if the connection may be open to others.',
  'auth-required': '{0} wants a password. Give it in the environment variable REDIS_PERSISTENCE_PASSWORD.',
  'wrong-password': '{0} refuses the password or the user. Check both.',
  'no-users': '{0} is older than Redis 6 and knows no users. Leave the user out of the address.',
  refused: '{0} refuses the connection: {1}',
  'sentinel-name': 'The Sentinel {0} knows no primary {1}. Check the name.',
  'sentinel-role':
    '{0} is the primary {1} for the Sentinels, but calls itself {2}. If a failover is going on, try again when it is over.',
  timeout: '{0} has not answered a command within {1} seconds.',
  closed: '{0} has closed the connection{1}.',
  protocol: '{0} answers with what is no RESP: {1}',
  'reply-size': '{0} answers with more than {1} MB.',
  reply: '{0} answers {1} with an error: {2}',
} as const;

export type ServerErrorCode = keyof typeof SERVER_ERROR_TEMPLATES;

/** A server could not be used. The message never holds a password. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  readonly args: readonly (string | number)[];

  constructor(
    readonly code: ServerErrorCode,
    ...args: (string | number)[]
  ) {
    super(fillTemplate(SERVER_ERROR_TEMPLATES[code], ...args));
    this.args = args;
  }
}
