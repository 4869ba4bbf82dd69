/** Where a replica is waited for, as it is written on the command line. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseListenAddress, plainAddress } from '../../../src/server/node/primary-listener.js';

describe('an address to listen at', () => {
  for (const [text, host, port] of [
    ['10.0.0.1', '10.0.0.1', 0],
    ['10.0.0.1:7000', '10.0.0.1', 7000],
    ['host.docker.internal:7000', 'host.docker.internal', 7000],
    ['::1', '::1', 0],
    ['[::1]', '::1', 0],
    ['[fe80::1%eth0]:7000', 'fe80::1%eth0', 7000],
  ] as const) {
    it(`is read from ${text}`, () => assert.deepEqual(parseListenAddress(text), { host, port }));
  }

  it('is refused where it is none', () => {
    for (const text of ['', ':7000', 'host:', 'host:x', 'host:70000', '[::1]7000', 'a b']) {
      assert.throws(() => parseListenAddress(text), { code: 'listen-address' }, text);
    }
  });

  it('is compared without what IPv6 puts before IPv4', () => {
    assert.equal(plainAddress('::ffff:127.0.0.1'), '127.0.0.1');
    assert.equal(plainAddress('::1'), '::1');
  });
});
