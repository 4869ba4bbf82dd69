// The grammar of command lines as people type them into redis-cli.
import { anyOf } from './commands.mjs';

const raw = String.raw;
const named = (name) => ({ name });

/** The end of an argument. */
const STOP = raw`(?=\s|$)`;

/** Commands whose first argument is a glob pattern. */
const GLOB_COMMANDS = ['KEYS', 'PSUBSCRIBE', 'PUNSUBSCRIBE'];

/** Subcommands whose first argument is a glob pattern. */
const GLOB_SUBCOMMANDS = ['CONFIG GET', 'PUBSUB CHANNELS', 'PUBSUB SHARDCHANNELS'];

/** A rule for the words that follow, to the end of the line. */
function rule(names, scope, patterns) {
  return {
    begin: raw`(?<=^|\s)(${anyOf(names)})${STOP}`,
    beginCaptures: { 1: named(scope) },
    end: '$',
    patterns,
  };
}

/** What may follow a name: keys first, then the words of options, then anything. */
function argumentsOf({ key, keysOnly, options, glob }, at) {
  const patterns = [];
  if (glob) patterns.push({ include: '#first-glob' });
  else if (key === at) patterns.push({ include: keysOnly ? '#keys' : '#first-key' });
  if (options.includes('MATCH')) patterns.push({ include: '#match-option' });
  if (options.length > 0) {
    patterns.push({ match: raw`(?<=\s)${anyOf(options)}${STOP}`, name: 'keyword.other.option.redis' });
  }
  return [...patterns, { include: '#arguments' }];
}

/** The grammar, for the commands of the table. */
export function redisGrammar(commands) {
  // Commands that take the same arguments share a rule.
  const alike = new Map();
  const containers = [];
  for (const command of commands) {
    const scope =
      command.family === 'transactions' ? 'keyword.control.transaction.redis' : 'entity.name.function.command.redis';
    if (command.subcommands.length > 0) {
      containers.push(rule([command.name], scope, [...subcommandRules(command), { include: '#arguments' }]));
      continue;
    }
    const patterns = argumentsOf({ ...command, glob: GLOB_COMMANDS.includes(command.name) }, 1);
    const id = JSON.stringify([scope, patterns]);
    const group = alike.get(id) ?? { names: [], scope, patterns };
    group.names.push(command.name);
    alike.set(id, group);
  }
  const rules = [...alike.values()].map(({ names, scope, patterns }) => rule(names, scope, patterns));

  return {
    $schema: 'https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json',
    name: 'Redis Commands',
    scopeName: 'source.redis',
    patterns: [{ include: '#comment' }, { include: '#line' }],
    repository: {
      comment: {
        match: raw`^\s*((#).*)$`,
        captures: { 1: named('comment.line.number-sign.redis'), 2: named('punctuation.definition.comment.redis') },
      },
      line: {
        // A prompt is taken along when a session is copied from a terminal.
        begin: raw`^\s*(\S*:\d+(?:\[\d+\])?(?:\(\w+\))?>|redis>|valkey>)?(?=\s*\S)`,
        beginCaptures: { 1: named('comment.other.prompt.redis') },
        end: '$',
        patterns: [
          ...containers,
          ...rules,
          {
            // Of a module, or newer than this grammar.
            begin: raw`(?<=^|\s)[A-Za-z_][\w.-]*${STOP}`,
            beginCaptures: { 0: named('entity.name.function.unknown.redis') },
            end: '$',
            patterns: [{ include: '#arguments' }],
          },
          { include: '#arguments' },
        ],
      },
      'first-key': {
        match: raw`\G\s+([^\s"']\S*)${STOP}`,
        captures: { 1: named('variable.other.key.redis') },
      },
      keys: {
        match: raw`(?<=\s)([^\s"']\S*)${STOP}`,
        captures: { 1: named('variable.other.key.redis') },
      },
      'first-glob': { begin: raw`\G\s+(?=\S)`, end: STOP, patterns: [{ include: '#glob' }] },
      'match-option': {
        begin: raw`(?<=\s)((?i:MATCH))\s+(?=\S)`,
        beginCaptures: { 1: named('keyword.other.option.redis') },
        end: STOP,
        patterns: [{ include: '#glob' }],
      },
      glob: {
        patterns: [
          {
            begin: raw`"(?=(?:[^"\\]|\\.)*"(?:\s|$))`,
            beginCaptures: { 0: named('punctuation.definition.string.begin.redis') },
            end: '"',
            endCaptures: { 0: named('punctuation.definition.string.end.redis') },
            name: 'string.quoted.double.redis',
            patterns: [{ include: '#glob-signs' }],
          },
          { include: '#strings' },
          { match: raw`[^\s*?\[\]\\]+`, name: 'string.unquoted.glob.redis' },
          { include: '#glob-signs' },
        ],
      },
      'glob-signs': {
        patterns: [
          { match: raw`\\.`, name: 'constant.character.escape.redis' },
          { match: raw`[*?]`, name: 'keyword.operator.wildcard.redis' },
          { match: raw`\[\^?[^\]\s]*\]`, name: 'constant.other.character-class.redis' },
        ],
      },
      arguments: {
        patterns: [
          { include: '#strings' },
          { match: raw`(?<=\s)\d+-(?:\d+|\*)${STOP}`, name: 'constant.numeric.id.redis' },
          {
            match: raw`(?<=\s)\(?[+-]?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|(?i:inf))${STOP}`,
            name: 'constant.numeric.redis',
          },
          { match: raw`(?<=\s)[-+*$>~=#]${STOP}`, name: 'constant.language.redis' },
          { match: raw`(?<=\s)[^\s"']\S*`, name: 'string.unquoted.redis' },
        ],
      },
      strings: {
        patterns: [
          // A quote that is not closed, or is closed in the middle of a word: the line is refused.
          { match: raw`(?<=\s)"(?:[^"\\]|\\.)*\\?$`, name: 'string.quoted.double.redis invalid.illegal.open.redis' },
          { match: raw`(?<=\s)'(?:[^'\\]|\\.)*\\?$`, name: 'string.quoted.single.redis invalid.illegal.open.redis' },
          {
            begin: '"',
            beginCaptures: { 0: named('punctuation.definition.string.begin.redis') },
            end: raw`(")([^\s]+)?`,
            endCaptures: {
              1: named('punctuation.definition.string.end.redis'),
              2: named('invalid.illegal.behind-quote.redis'),
            },
            name: 'string.quoted.double.redis',
            patterns: [
              { match: raw`\\x\h{2}`, name: 'constant.character.escape.redis' },
              // The server would read an x.
              { match: raw`\\x`, name: 'invalid.illegal.escape.redis' },
              { match: raw`\\.`, name: 'constant.character.escape.redis' },
            ],
          },
          {
            begin: "'",
            beginCaptures: { 0: named('punctuation.definition.string.begin.redis') },
            end: raw`(')([^\s]+)?`,
            endCaptures: {
              1: named('punctuation.definition.string.end.redis'),
              2: named('invalid.illegal.behind-quote.redis'),
            },
            name: 'string.quoted.single.redis',
            patterns: [{ match: raw`\\'`, name: 'constant.character.escape.redis' }],
          },
        ],
      },
    },
  };
}

/** Rules for the subcommands of a command; those that take the same arguments share one. */
function subcommandRules(command) {
  const alike = new Map();
  const help = { name: 'HELP', key: 0, options: [] };
  for (const sub of [...command.subcommands, help]) {
    const glob = GLOB_SUBCOMMANDS.includes(`${command.name} ${sub.name}`);
    const patterns = argumentsOf({ ...sub, glob }, 2);
    const id = JSON.stringify(patterns);
    const group = alike.get(id) ?? { names: [], patterns };
    group.names.push(sub.name);
    alike.set(id, group);
  }
  return [...alike.values()].map(({ names, patterns }) => ({
    begin: raw`\G\s+(${anyOf(names)})${STOP}`,
    beginCaptures: { 1: named('entity.name.function.subcommand.redis') },
    end: '$',
    patterns,
  }));
}
