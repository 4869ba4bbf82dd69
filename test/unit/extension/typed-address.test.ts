/** Addresses that are typed or pasted: which forms there are, and where the password goes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseTypedAddress } from '../../../src/extension/servers/typed-address.js';
import { addressText } from '../../../src/server/address.js';
import { ServerError } from '../../../src/server/errors.js';

describe('a typed address', () => {
  const CASES: readonly (readonly [
    text: string,
    address: string,
    user?: string | undefined,
    password?: string | undefined,
    db?: number,
  ])[] = [
    ['localhost', 'redis://localhost:6379'],
    [' 10.0.0.1:7000 ', 'redis://10.0.0.1:7000'],
    ['[::1]:7000', 'redis://[::1]:7000'],
    ['/run/redis.sock', 'unix:///run/redis.sock'],
    ['redis://host', 'redis://host:6379'],
    ['redis://ann@host:7000/3', 'redis://host:7000', 'ann', undefined, 3],
    ['redis://:secret@host', 'redis://host:6379', undefined, 'secret'],
    ['rediss://ann:s%40cret@host:1', 'rediss://host:1', 'ann', 's@cret'],
    ['redis://ann:p/a?s#s:w@rd%@host', 'redis://host:6379', 'ann', 'p/a?s#s:w@rd%'],
    ['unix:///run/r.sock?password=a%20b&db=2', 'unix:///run/r.sock', undefined, 'a b', 2],
    ['unix:///run/r.sock?db=2&password=x', 'unix:///run/r.sock', undefined, 'x', 2],
  ];
  for (const [text, address, user, password, db = 0] of CASES) {
    it(`is read from ${text}`, () => {
      const typed = parseTypedAddress(text);
      assert.ok(typed);
      assert.equal(addressText({ ...typed.place, db: 0 }), address);
      assert.equal(typed.place.username, user);
      assert.equal(typed.password, password);
      assert.equal(typed.place.database, db);
    });
  }

  it('can be that of Sentinels, with the primary that they watch', () => {
    const typed = parseTypedAddress('rediss+sentinel://ann:s3cret@one:1,two,[::3]:3/main?sentinel_user=watch');
    assert.ok(typed);
    assert.equal(typed.password, 's3cret');
    assert.deepEqual(typed.place, {
      endpoint: { kind: 'tcp', host: 'one', port: 1 },
      tls: { verify: true },
      username: 'ann',
      database: 0,
      mode: 'sentinel',
      masterName: 'main',
      sentinels: [
        { host: 'two', port: 26379 },
        { host: '::3', port: 3 },
      ],
      sentinelUsername: 'watch',
    });
  });

  it('is nothing where nothing was typed', () => assert.equal(parseTypedAddress('  '), undefined));

  for (const text of ['http://host', 'redis://host:99999', 'redis://host/x', 'redis://h?x=1', 'a b']) {
    it(`is refused: ${text}`, () => assert.throws(() => parseTypedAddress(text), ServerError));
  }

  it('is refused without repeating its password', () => {
    for (const text of ['redis://ann:geheim@host:99999', 'http://ann:geheim@host', 'redis://:geheim@host/x']) {
      assert.throws(
        () => parseTypedAddress(text),
        (error) => error instanceof ServerError && !error.message.includes('geheim'),
      );
    }
  });
});
