/** The language worker as the extension talks to it, in a real thread. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { type DocumentHead, LanguageClient } from '../../../src/language/client.js';
import type { ToLanguageWorker } from '../../../src/language-protocol.js';
import { wire, words } from './support.js';

/** A client whose threads, and what was posted to them, can be looked at. */
function testClient() {
  const threads: Worker[] = [];
  const posted: ToLanguageWorker[] = [];
  const client = new LanguageClient(() => {
    const thread = new Worker(path.join(process.env.TEST_PROGRAMS ?? '', 'language.cjs'));
    threads.push(thread);
    return {
      post(message) {
        posted.push(message);
        thread.postMessage(message);
      },
      onMessage: (listener) => void thread.on('message', listener),
      onError: (listener) => void thread.on('error', (error) => listener(error.message)),
      terminate: () => void thread.terminate(),
    };
  });
  return { client, threads, posted };
}

/** A version of a document, and how its text is got. */
function document(version: number, text: string): [head: DocumentHead, text: () => string] {
  return [{ uri: 'file:///a.resp', version, language: 'resp', aof: true, files: null }, () => text];
}

describe('the language worker', () => {
  it('gets a document once for each version, and answers about the newest', async () => {
    const { client, threads, posted } = testClient();
    try {
      const first = document(1, wire('SET', 'a', 'b'));
      const [symbols, diagnostics] = await Promise.all([
        client.about(...first, 'symbols', {}),
        client.about(...first, 'diagnostics', {}),
      ]);
      assert.deepEqual([symbols.map(({ detail }) => words(detail)), diagnostics], [['a'], []]);
      const second = await client.about(...document(2, wire('DEL', 'c')), 'symbols', {});
      assert.deepEqual(
        second.map(({ name }) => words(name)),
        ['DEL'],
      );
      assert.equal(posted.filter((message) => 'document' in message).length, 2);
      assert.equal(threads.length, 1);
      const hover = await client.about(...document(2, ''), 'hover', { position: [2, 1] });
      assert.ok(hover && hover.parts.length > 0);
    } finally {
      client.dispose();
    }
  });

  it('forgets a document that was closed', async () => {
    const { client, posted } = testClient();
    try {
      const text = document(1, wire('PING'));
      await client.about(...text, 'folds', {});
      client.close(text[0].uri);
      client.close(text[0].uri);
      await client.about(...text, 'folds', {});
      const kinds = posted.map((message) => Object.keys(message)[0]);
      assert.deepEqual(kinds, ['document', 'id', 'close', 'document', 'id']);
    } finally {
      client.dispose();
    }
  });

  it('refuses what it cannot answer, and goes on', async () => {
    const { client } = testClient();
    try {
      await assert.rejects(client.ask('symbols', { uri: 'file:///never-sent' }), /no document/);
      const { text } = await client.ask('convert', { from: 'redis', content: 'PING', aof: false });
      assert.equal(text, wire('PING'));
    } finally {
      client.dispose();
    }
  });

  it('is started again after it has died', async () => {
    const { client, threads } = testClient();
    try {
      const text = document(1, wire('PING'));
      await client.about(...text, 'folds', {});
      // The thread ends with an error, as it would of one of its own.
      threads[0].emit('error', new Error('out of memory'));
      await threads[0].terminate();
      assert.equal((await client.about(...text, 'symbols', {})).length, 1);
      assert.equal(threads.length, 2);
    } finally {
      client.dispose();
    }
  });

  it('rejects what is open when it is stopped', async () => {
    const { client } = testClient();
    const open = client.about(...document(1, wire('PING')), 'symbols', {});
    client.dispose();
    await assert.rejects(open, /stopped/);
  });
});
