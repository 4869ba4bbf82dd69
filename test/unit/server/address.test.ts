/** Addresses of servers: what URLs mean, and which are refused. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addressText, parseServerAddress } from '../../../src/server/address.js';
import { ServerError } from '../../../src/server/errors.js';

function codeOf(text: string): string {
  try {
    parseServerAddress(text);
  } catch (error) {
    if (error instanceof ServerError) return error.code;
    throw error;
  }
  return 'none';
}

describe('the address of a server', () => {
  it('has a default for everything but its scheme', () => {
    assert.deepEqual(parseServerAddress('redis://'), {
      endpoint: { kind: 'tcp', host: '127.0.0.1', port: 6379 },
      db: 0,
    });
  });

  it('names host, port, user and database', () => {
    assert.deepEqual(parseServerAddress('redis://jo%40hn@example.org:7000/12'), {
      endpoint: { kind: 'tcp', host: 'example.org', port: 7000 },
      username: 'jo@hn',
      db: 12,
    });
    assert.deepEqual(parseServerAddress('redis://[::1]:7000').endpoint, { kind: 'tcp', host: '::1', port: 7000 });
  });

  it('names the files of TLS', () => {
    const { tls } = parseServerAddress('rediss://h?cacert=/ca.pem&cert=c&key=k&sni=name&insecure=true');
    assert.deepEqual(tls, { caFile: '/ca.pem', certFile: 'c', keyFile: 'k', serverName: 'name', verify: false });
    assert.deepEqual(parseServerAddress('rediss://h').tls, { verify: true });
  });

  it('can be a Unix socket', () => {
    for (const scheme of ['unix', 'redis+unix']) {
      assert.deepEqual(parseServerAddress(`${scheme}:///run/a%20b.sock?db=3&user=ann`), {
        endpoint: { kind: 'unix', path: '/run/a b.sock' },
        username: 'ann',
        db: 3,
      });
    }
  });

  const REFUSED: readonly (readonly [text: string, code: string])[] = [
    ['localhost:6379', 'address-scheme'],
    ['http://localhost', 'address-scheme'],
    ['redis://a b', 'address-invalid'],
    ['redis://h:0', 'address-port'],
    ['redis://h:65536', 'address-invalid'],
    ['redis://h/x', 'address-db'],
    ['redis://h?cacert=x', 'address-option'],
    ['rediss://h?ca=x', 'address-option'],
    ['unix://', 'address-invalid'],
    ['unix://host/path', 'address-invalid'],
    ['redis://:secret@h', 'address-password'],
    ['redis://u:secret@h', 'address-password'],
    ['redis://h?password=secret', 'address-password'],
  ];
  for (const [text, code] of REFUSED) it(`is refused as ${code}: ${text}`, () => assert.equal(codeOf(text), code));

  it('never gets into a message with its password', () => {
    for (const text of ['redis://u:secret@h', 'redis://u:secret@a b', 'foo://u:secret@h', 'unix://u:secret@h/p']) {
      assert.throws(
        () => parseServerAddress(text),
        (error: Error) => !error.message.includes('secret'),
      );
    }
  });

  it('is written without user and options', () => {
    assert.equal(addressText(parseServerAddress('rediss://u@[::1]:7000/3?insecure=true')), 'rediss://[::1]:7000');
    assert.equal(addressText(parseServerAddress('unix:///a/b?db=1')), 'unix:///a/b');
  });
});
