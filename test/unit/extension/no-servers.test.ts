/** The commands for servers where there are none: each that is registered elsewhere says so there. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

declare const PROJECT_ROOT: string;

/** Names in quotes that a source registers as commands. */
function registered(file: string): string[] {
  const source = readFileSync(path.join(PROJECT_ROOT, 'src', 'extension', file), 'utf8');
  return [...source.matchAll(/\b(?:register|withServer)\(\s*'(\w+)'/g)].map(([, name]) => name);
}

describe('the commands for servers in a browser', () => {
  it('are all that there are elsewhere', () => {
    const source = readFileSync(path.join(PROJECT_ROOT, 'src', 'extension', 'no-servers.ts'), 'utf8');
    const [, list = ''] = /SERVER_COMMANDS = \[([^\]]*)\]/.exec(source) ?? [];
    const said = [...list.matchAll(/'(\w+)'/g)].map(([, name]) => name);
    const wanted = [...registered('servers/register.ts'), ...registered('jobs/register.ts')];
    assert.ok(wanted.length > 15);
    assert.deepEqual([...said].sort(), [...wanted].sort());
  });
});
