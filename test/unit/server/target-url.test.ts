/** Targets as URLs. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addressText } from '../../../src/server/address.js';
import { ServerError } from '../../../src/server/errors.js';
import { parseTarget } from '../../../src/server/target-url.js';

describe('the URL of a target', () => {
  it('is that of a server, or names the Sentinels of a primary', () => {
    assert.deepEqual([parseTarget('redis://h:1').mode, parseTarget('redis://h:1').sentinel], ['standalone', undefined]);
    const { mode, address, sentinel } = parseTarget(
      'rediss+sentinel://me@one:26000,two,[::1]:5/my%20data?db=2&sentinel_user=guard&insecure=true',
    );
    assert.deepEqual([mode, address.username, address.db, address.tls?.verify], ['sentinel', 'me', 2, false]);
    assert.equal(sentinel?.masterName, 'my data');
    assert.deepEqual(sentinel?.addresses.map(addressText), [
      'rediss://one:26000',
      'rediss://two:26379',
      'rediss://[::1]:5',
    ]);
    assert.deepEqual(
      sentinel?.addresses.map(({ username, db }) => [username, db]),
      [1, 2, 3].map(() => ['guard', 0]),
    );
  });

  const refused: readonly (readonly [string, string])[] = [
    ['redis+sentinel://one:1', 'address-primary'],
    ['redis+sentinel://one:1/', 'address-primary'],
    ['redis+sentinel://me:secret@one:1/data', 'address-password'],
    ['redis+sentinel://one:1/data?password=secret', 'address-password'],
    ['redis+sentinel://one:99999/data', 'address-invalid'],
    ['redis+sentinel://one/data?sni=x', 'address-option'],
    ['sentinel://one/data', 'address-scheme'],
  ];
  for (const [url, code] of refused) {
    it(`is not ${url}, and the message has no password`, () => {
      assert.throws(
        () => parseTarget(url),
        (error: Error) => error instanceof ServerError && error.code === code && !error.message.includes('secret'),
      );
    });
  }
});
