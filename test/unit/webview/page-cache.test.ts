/** Pages of rows that were fetched: asked for once, forgotten when far away, fetched again after a change. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { PAGE_ROWS } from '../../../src/view-spec.js';
import { PageCache } from '../../../webview/grid/page-cache.js';
import { Cancelled, type Running } from '../../../webview/running.js';

/** Answers that the test gives when it likes. */
class Asked {
  readonly requests: { from: number; give: (rows: number[]) => void; fail: (error: unknown) => void }[] = [];
  readonly errors: unknown[] = [];
  cancelled = 0;
  changes = 0;
  readonly cache = new PageCache<number>(
    (from) => this.ask(from),
    () => this.changes++,
    (error) => this.errors.push(error),
  );

  private ask(from: number): Running<readonly number[]> {
    let fail: (error: unknown) => void = () => {};
    const answer = new Promise<readonly number[]>((resolve, reject) => {
      fail = reject;
      this.requests.push({ from, give: resolve, fail: reject });
    });
    return {
      answer,
      cancel: () => {
        this.cancelled++;
        fail(new Cancelled());
      },
    };
  }

  /** Answers all requests with rows that are their own positions, and something added. */
  async giveAll(plus = 0): Promise<void> {
    for (const { from, give } of this.requests.splice(0))
      give(Array.from({ length: PAGE_ROWS }, (_, i) => from + i + plus));
    await turn();
  }
}

const TOTAL = 1_000_000;

describe('a cache of pages', () => {
  it('asks once for what it does not have', async () => {
    const asked = new Asked();
    asked.cache.want(150, 320, TOTAL);
    asked.cache.want(150, 320, TOTAL);
    assert.deepEqual(
      asked.requests.map(({ from }) => from),
      [100, 200, 300],
    );
    assert.equal(asked.cache.row(150), undefined);
    await asked.giveAll();
    assert.deepEqual([asked.cache.row(150), asked.cache.row(399), asked.cache.row(400)], [150, 399, undefined]);
    asked.cache.want(150, 320, TOTAL);
    assert.equal(asked.requests.length, 0);
    assert.equal(asked.changes, 3);
  });

  it('does not wait for a place that was left', async () => {
    const asked = new Asked();
    asked.cache.want(0, 50, TOTAL);
    asked.cache.want(500_000, 500_050, TOTAL);
    assert.equal(asked.cancelled, 1);
    await asked.giveAll();
    assert.equal(asked.cache.row(500_000), 500_000);
    assert.deepEqual(asked.errors, []);
    asked.cache.want(0, 50, TOTAL);
    assert.equal(asked.requests.length, 1, 'it is asked for again');
  });

  it('keeps a bounded number of pages, those that were looked at last', async () => {
    const asked = new Asked();
    for (let page = 0; page < 200; page++) {
      asked.cache.want(page * PAGE_ROWS, page * PAGE_ROWS + 30, TOTAL);
      await asked.giveAll();
    }
    let kept = 0;
    for (let page = 0; page < 200; page++) if (asked.cache.row(page * PAGE_ROWS) !== undefined) kept++;
    assert.ok(kept > 10 && kept < 100, `${kept} pages`);
    assert.equal(asked.cache.row(199 * PAGE_ROWS), 199 * PAGE_ROWS);
  });

  it('shows rows of before until there are new ones', async () => {
    const asked = new Asked();
    asked.cache.want(0, 50, TOTAL);
    await asked.giveAll();
    asked.cache.invalidate();
    assert.equal(asked.cache.row(7), 7);
    asked.cache.want(0, 50, TOTAL);
    assert.equal(asked.requests.length, 1);
    assert.equal(asked.cache.row(7), 7);
    await asked.giveAll(1000);
    assert.equal(asked.cache.row(7), 1007);
  });

  it('takes no answer to a question of before a change', async () => {
    const asked = new Asked();
    asked.cache.want(0, 50, TOTAL);
    const [old] = asked.requests.splice(0);
    asked.cache.invalidate();
    asked.cache.want(0, 50, TOTAL);
    old.give(Array.from({ length: PAGE_ROWS }, () => -1));
    await turn();
    assert.equal(asked.cache.row(7), undefined);
    await asked.giveAll();
    assert.equal(asked.cache.row(7), 7);
  });

  it('fetches the last page again when more rows have come', async () => {
    const asked = new Asked();
    asked.cache.want(0, 50, 30);
    asked.requests.splice(0)[0].give([0, 1, 2]);
    await turn();
    asked.cache.want(0, 50, 3);
    assert.equal(asked.requests.length, 0);
    asked.cache.want(0, 50, 80);
    assert.equal(asked.requests.length, 1);
  });

  it('tells once of rows that could not be fetched, and asks again after a change', async () => {
    const asked = new Asked();
    asked.cache.want(0, 50, TOTAL);
    asked.requests.splice(0)[0].fail(new Error('no'));
    await turn();
    asked.cache.want(0, 50, TOTAL);
    assert.deepEqual([asked.errors.length, asked.requests.length], [1, 0]);
    asked.cache.invalidate();
    asked.cache.want(0, 50, TOTAL);
    await asked.giveAll();
    assert.equal(asked.cache.row(7), 7);
  });

  it('knows nothing any more when it is cleared', async () => {
    const asked = new Asked();
    asked.cache.want(0, 50, TOTAL);
    await asked.giveAll();
    asked.cache.clear();
    assert.equal(asked.cache.row(7), undefined);
  });
});
