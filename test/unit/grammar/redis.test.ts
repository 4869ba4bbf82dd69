/** The grammars of command lines, of manifests and of fenced blocks in Markdown. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { allCommands, keyArguments, syntaxOf } from '../../../src/decoder/aof/command-table.js';
import { tokensOf } from '../support/grammar.js';

declare const PROJECT_ROOT: string;

const NAME = 'entity.name.function.command';
const SUB = 'entity.name.function.subcommand';
const KEY = 'variable.other.key';
const OPTION = 'keyword.other.option';
const NUMBER = 'constant.numeric';
const TEXT = 'string.unquoted';

/** The tokens of a line: text and scopes, without the name of the language. */
async function coloured(scope: string, line: string): Promise<string[]> {
  const lines = await tokensOf(scope, line);
  const language = new RegExp(`\\.${scope.replace('source.', '')}\\b`, 'g');
  return lines.flat().map(({ text, scopes }) => `${text} ${scopes.replace(language, '')}`);
}

async function assertLine(line: string, ...expected: string[]): Promise<void> {
  assert.deepEqual(await coloured('source.redis', line), expected);
}

describe('the grammar of command lines', () => {
  it('is what the script writes from the table', () => {
    const script = path.join(PROJECT_ROOT, 'scripts', 'grammars.mjs');
    const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  });

  it('knows every command, every subcommand, its key and the words of its options', async () => {
    for (const command of allCommands()) {
      const subs = command.subcommands;
      for (const entry of subs.length > 0 ? subs : [command]) {
        const args = Array.from({ length: 6 }, (_, i) => Buffer.from(i === 0 ? '' : 'x'));
        const words = entry.name.split(' ');
        if (words.length > 1) args[1] = Buffer.from(words[1]);
        const [key] = keyArguments(command, args.length, (i) => args[i]);
        const line = `${entry.name} x x`.toLowerCase();
        const [tokens] = await tokensOf('source.redis', line);
        const name = entry.group === 'transaction' ? 'keyword.control.transaction.redis' : `${NAME}.redis`;
        assert.equal(tokens[0].scopes, name, line);
        if (words.length > 1) assert.equal(tokens[1].scopes, `${SUB}.redis`, line);
        if (key === words.length) assert.equal(tokens[key].scopes, `${KEY}.redis`, line);

        const options = syntaxOf(entry).match(/(?<![\w-])[A-Z][A-Z0-9_.-]*(?![a-z])/g) ?? [];
        for (const option of options) {
          const [found] = await tokensOf('source.redis', `${entry.name} x ${option} y`);
          const token = found.find(({ text }, i) => i >= words.length && text === option);
          assert.equal(token?.scopes, `${OPTION}.redis`, `${entry.name} ${option}`);
        }
      }
    }
  });

  it('tells names, keys, options and numbers apart', async () => {
    await assertLine(
      'SET a:b 12 EX 10 NX',
      `SET ${NAME}`,
      `a:b ${KEY}`,
      `12 ${NUMBER}`,
      `EX ${OPTION}`,
      `10 ${NUMBER}`,
      `NX ${OPTION}`,
    );
    await assertLine('del ex nx', `del ${NAME}`, `ex ${KEY}`, `nx ${KEY}`);
    await assertLine(
      'XADD s 12-* f -1.5e3',
      `XADD ${NAME}`,
      `s ${KEY}`,
      `12-* ${NUMBER}.id`,
      `f ${TEXT}`,
      `-1.5e3 ${NUMBER}`,
    );
    await assertLine('ZCOUNT z (1 +inf', `ZCOUNT ${NAME}`, `z ${KEY}`, `(1 ${NUMBER}`, `+inf ${NUMBER}`);
    await assertLine(
      'XGROUP CREATE s g $',
      `XGROUP ${NAME}`,
      `CREATE ${SUB}`,
      `s ${KEY}`,
      `g ${TEXT}`,
      '$ constant.language',
    );
    await assertLine('MULTI', 'MULTI keyword.control.transaction');
  });

  it('knows a command that is in no table by its place', async () => {
    await assertLine('my.command set 1', 'my.command entity.name.function.unknown', `set ${TEXT}`, `1 ${NUMBER}`);
  });

  it('skips a prompt', async () => {
    const [prompt, name] = await coloured('source.redis', '127.0.0.1:6379[2](TX)> GET k');
    assert.equal(prompt, '127.0.0.1:6379[2](TX)> comment.other.prompt');
    assert.equal(name, `GET ${NAME}`);
  });

  it('takes a # for a comment at the start of a line only', async () => {
    await assertLine(
      ' # x',
      '# comment.line.number-sign punctuation.definition.comment',
      ' x comment.line.number-sign',
    );
    await assertLine('SORT k GET #', `SORT ${NAME}`, `k ${KEY}`, `GET ${OPTION}`, '# constant.language');
  });

  it('knows the escapes of both kinds of strings, and those that are none', async () => {
    const text = await coloured('source.redis', String.raw`ECHO "a\n\x4f\xg" 'b\n\''`);
    assert.deepEqual(text.slice(1), [
      '" string.quoted.double punctuation.definition.string.begin',
      'a string.quoted.double',
      String.raw`\n string.quoted.double constant.character.escape`,
      String.raw`\x4f string.quoted.double constant.character.escape`,
      String.raw`\x string.quoted.double invalid.illegal.escape`,
      'g string.quoted.double',
      '" string.quoted.double punctuation.definition.string.end',
      "' string.quoted.single punctuation.definition.string.begin",
      String.raw`b\n string.quoted.single`,
      String.raw`\' string.quoted.single constant.character.escape`,
      "' string.quoted.single punctuation.definition.string.end",
    ]);
  });

  it('marks a string that is open, or goes on behind its quote', async () => {
    for (const line of ['ECHO "a', "ECHO 'a", String.raw`ECHO "a\"`, 'ECHO "']) {
      assert.match((await coloured('source.redis', line)).at(-1) ?? '', /invalid\.illegal\.open$/, line);
    }
    assert.match((await coloured('source.redis', 'ECHO "a"b')).at(-1) ?? '', /^b .*invalid\.illegal\.behind-quote$/);
    const [, next] = await tokensOf('source.redis', 'ECHO "a\nPING');
    assert.equal(next[0].scopes, `${NAME}.redis`);
  });

  it('shows the signs of a glob where one is asked for', async () => {
    const glob = ['user: string.unquoted.glob', '* keyword.operator.wildcard', '[^ab] constant.other.character-class'];
    assert.deepEqual((await coloured('source.redis', 'KEYS user:*[^ab]')).slice(1), glob);
    const scan = await coloured('source.redis', 'SCAN 0 MATCH user:*[^ab] COUNT 3');
    assert.deepEqual(scan.slice(2, 6), [`MATCH ${OPTION}`, ...glob]);
    assert.equal(scan[6], `COUNT ${OPTION}`);
    assert.match(
      (await coloured('source.redis', 'KEYS "a*"'))[3],
      /^\* string\.quoted\.double keyword\.operator\.wildcard$/,
    );
    await assertLine('SET user:* v', `SET ${NAME}`, `user:* ${KEY}`, `v ${TEXT}`);
  });
});

describe('the grammar of manifests', () => {
  it('colours one that a server wrote', async () => {
    const text = readFileSync(path.join(PROJECT_ROOT, 'test/fixtures/aof/redis-8.6.3.aof.manifest'), 'utf8');
    const tokens = await coloured('source.aof-manifest', text.trimEnd());
    assert.deepEqual(tokens.slice(0, 6), [
      'file keyword.control.file',
      'appendonly.aof.1.base.aof string.unquoted',
      'seq keyword.control.seq',
      '1 constant.numeric',
      'type keyword.control.type',
      'b constant.language.type',
    ]);
    assert.deepEqual(tokens.slice(-4), [
      'startoffset keyword.control.startoffset',
      '0 constant.numeric',
      'endoffset keyword.control.endoffset',
      '234 constant.numeric',
    ]);
  });

  it('marks what a server refuses', async () => {
    const tokens = await coloured('source.aof-manifest', 'FILE a/b seq x type z');
    assert.deepEqual(
      tokens.filter((token) => token.includes('invalid')).map((token) => token.split(' ')[0]),
      ['a/b', 'x', 'z'],
    );
    assert.match((await coloured('source.aof-manifest', 'file "a b" seq 1'))[1], /^"a b" string\.quoted$/);
    assert.match((await coloured('source.aof-manifest', '# x'))[0], /^# comment/);
  });
});

describe('fenced blocks of Markdown', () => {
  it('are coloured in their language, and end with their fence', async () => {
    const text = '```redis\nSET k "v\n```\n*x*\n~~~ resp\n*2\n$3\nGET\n$1\nk\n$1\n2\n~~~\n*x*';
    const lines = await tokensOf('text.html.markdown', text);
    const scopes = (line: number) => lines[line].map((token) => token.scopes).join(', ');
    assert.match(scopes(1), /meta\.embedded\.block\.redis entity\.name\.function\.command\.redis/);
    assert.match(scopes(3), /^markup\.italic$/);
    assert.match(scopes(7), /meta\.embedded\.block\.resp entity\.name\.function\.command\.resp/);
    assert.match(scopes(9), /variable\.other\.key\.resp/);
    assert.match(scopes(10), /constant\.numeric\.length\.resp/);
    assert.match(scopes(13), /^markup\.italic$/);
  });
});
