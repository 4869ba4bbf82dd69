// The grammar of RESP and of AOFs: lines of a type byte and what it announces.
import { anyOf } from './commands.mjs';

const raw = String.raw;

/** Lines that begin something, as far as a line can tell; all of them, and all but a bulk string. */
const OTHER_HEAD = [
  raw`[*%~>|!=](?:-?\d+|\?)`,
  raw`\$(?:-1|\?)`,
  raw`;\d+`,
  raw`:[+-]?\d+`,
  '_',
  raw`\.`,
  '#[tf]',
  raw`#TS:\d+`,
  raw`,[+-]?(?:\d[\d.eE+-]*|inf|nan)`,
  raw`\([+-]?\d+`,
  raw`\+[A-Z][^\n]*`,
  raw`-[A-Z]{2,}[^\n]*`,
].join('|');
const HEAD = raw`^(?=(?:\$\d+|${OTHER_HEAD})\r?$)`;
const NEXT_HEAD = raw`^(?=(?:${OTHER_HEAD})\r?$)`;

const NUMBER = raw`[+-]?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|inf)`;
/** A line of content: it is all that stands between the line of a length and the next one. */
const CONTENT = raw`^(?:(${NUMBER})|(.*?))(\r?\n)`;

const named = (name) => ({ name });
const lengthLine = { 1: named('keyword.operator.bulk.resp'), 2: named('constant.numeric.length.resp') };
const invalidLine = { match: raw`^.+$`, name: 'invalid.illegal.unexpected-line.resp' };

/**
 * A bulk string: the line of its length, one line of content whatever it looks like, and, if the content has more
 * lines, those up to the next line that begins something.
 *
 * A rule cannot count, so it is the line end behind the length that opens the content, and the whole next line that
 * closes it. All other rules take their line end with them, so that none of theirs is taken for that one.
 */
function bulk({ sign = raw`\$`, content, end = HEAD, also = [] }) {
  return {
    begin: raw`^(${sign})(\d+)(?=\r?$)`,
    beginCaptures: lengthLine,
    end,
    patterns: [
      { begin: raw`\r?\n`, end: content.match, endCaptures: content.captures },
      ...also,
      { match: raw`^.*\n`, name: content.more },
    ],
  };
}

const VALUE = {
  match: CONTENT,
  captures: { 1: named('constant.numeric.value.resp'), 2: named('string.unquoted.value.resp') },
  more: 'string.unquoted.value.resp',
};
const KEY = {
  match: raw`^(.*?)(\r?\n)`,
  captures: { 1: named('variable.other.key.resp') },
  more: 'variable.other.key.resp',
};

/** A rule for what follows a name; it lasts to the end of the command. */
function after(name, scope, patterns) {
  return {
    begin: raw`^(${name})\r?\n`,
    beginCaptures: { 1: named(scope) },
    end: NEXT_HEAD,
    patterns,
  };
}

/** The grammar, for the commands of the table. */
export function respGrammar(commands) {
  const inFamily = (family) => commands.filter((command) => command.family === family).map(({ name }) => name);
  const transaction = inFamily('transactions');
  const keyed = commands.filter(({ key, name }) => key === 1 && !transaction.includes(name)).map(({ name }) => name);
  const containers = commands.filter(({ subcommands }) => subcommands.some(({ key }) => key === 2));
  const plain = commands.map(({ name }) => name).filter((name) => !keyed.includes(name) && !transaction.includes(name));
  const subcommands = containers.flatMap((command) => command.subcommands.filter(({ key }) => key === 2));

  const rest = [{ include: '#bulk' }, invalidLine];
  const key = [{ include: '#key' }, invalidLine];
  return {
    $schema: 'https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json',
    name: 'RESP',
    scopeName: 'source.resp',
    patterns: [
      { include: '#preamble' },
      { include: '#annotation' },
      { include: '#command' },
      { include: '#bulk' },
      { include: '#bulk-error' },
      { include: '#verbatim' },
      { include: '#values' },
      { include: '#inline' },
      { include: '#command-behind-preamble' },
      invalidLine,
    ],
    repository: {
      preamble: {
        // The commands follow the checksum of the RDB without a line end, and the first of them is a SELECT.
        begin: raw`\A(?=REDIS\d{4}|VALKEY\d{3})`,
        end: raw`(?=\*2\r?$)`,
        name: 'comment.block.preamble.resp',
      },
      annotation: {
        patterns: [
          {
            match: raw`^((#)TS:)(\d+)\r?$`,
            name: 'comment.line.number-sign.annotation.resp',
            captures: {
              1: named('keyword.other.annotation.resp'),
              2: named('punctuation.definition.comment.resp'),
              3: named('constant.numeric.timestamp.resp'),
            },
          },
          {
            match: raw`^(#)(?![tf]\r?$).*$`,
            name: 'comment.line.number-sign.resp',
            captures: { 1: named('punctuation.definition.comment.resp') },
          },
        ],
      },
      command: commandRule('^'),
      'command-behind-preamble': commandRule('(?<!^)'),
      name: {
        begin: raw`^(\$)(\d+)(?=\r?$)`,
        beginCaptures: lengthLine,
        end: NEXT_HEAD,
        patterns: [
          {
            begin: raw`\r?\n`,
            end: NEXT_HEAD,
            patterns: [
              after(anyOf(transaction), 'keyword.control.transaction.resp', rest),
              after(anyOf(keyed), 'entity.name.function.command.resp', key),
              after(anyOf(containers.map(({ name }) => name)), 'entity.name.function.command.resp', [
                { include: '#subcommand' },
                invalidLine,
              ]),
              after(anyOf(plain), 'entity.name.function.command.resp', rest),
              // Of a module, or newer than this grammar.
              after(raw`[A-Z][A-Z0-9_-]+|[A-Za-z]\w*\.\w[\w.]*`, 'entity.name.function.command.resp', rest),
              after('.*', 'string.unquoted.value.resp', rest),
            ],
          },
        ],
      },
      subcommand: {
        begin: raw`^(\$)(\d+)(?=\r?$)`,
        beginCaptures: lengthLine,
        end: NEXT_HEAD,
        patterns: [
          {
            begin: raw`\r?\n`,
            end: NEXT_HEAD,
            patterns: [
              after(anyOf(subcommands.map(({ name }) => name)), 'entity.name.function.subcommand.resp', key),
              after(raw`[A-Za-z-]+`, 'entity.name.function.subcommand.resp', rest),
              after('.*', 'string.unquoted.value.resp', rest),
            ],
          },
        ],
      },
      key: bulk({ content: KEY, end: NEXT_HEAD, also: [{ include: '#bulk' }] }),
      bulk: bulk({ content: VALUE }),
      'bulk-error': bulk({
        sign: '!',
        content: {
          match: raw`^([A-Z][A-Z0-9_]*)?(.*?)(\r?\n)`,
          captures: { 1: named('keyword.control.error.resp'), 2: named('string.unquoted.error.resp') },
          more: 'string.unquoted.error.resp',
        },
      }),
      verbatim: bulk({
        sign: '=',
        content: {
          match: raw`^(?:(\w{3})(:))?(.*?)(\r?\n)`,
          captures: {
            1: named('storage.type.format.resp'),
            2: named('punctuation.separator.format.resp'),
            3: named('string.unquoted.value.resp'),
          },
          more: 'string.unquoted.value.resp',
        },
      }),
      values: {
        patterns: [
          line(raw`^(\+)(.*)$`, 'keyword.operator.simple-string.resp', 'string.unquoted.simple.resp'),
          {
            match: raw`^(-)([A-Z][A-Z0-9_]*)?(.*)$`,
            captures: {
              1: named('keyword.operator.error.resp'),
              2: named('keyword.control.error.resp'),
              3: named('string.unquoted.error.resp'),
            },
          },
          line(raw`^(:)([+-]?\d+)\r?$`, 'keyword.operator.integer.resp', 'constant.numeric.integer.resp'),
          line(
            raw`^(,)([+-]?(?:\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|inf|nan))\r?$`,
            'keyword.operator.double.resp',
            'constant.numeric.double.resp',
          ),
          line(raw`^(\()([+-]?\d+)\r?$`, 'keyword.operator.big-number.resp', 'constant.numeric.big-number.resp'),
          line(raw`^(#)([tf])\r?$`, 'keyword.operator.boolean.resp', 'constant.language.boolean.resp'),
          { match: raw`^_\r?$`, name: 'constant.language.null.resp' },
          line(raw`^([*$])(-1)\r?$`, 'keyword.operator.null.resp', 'constant.language.null.resp'),
          line(raw`^(\*)(0)\r?$`, 'keyword.control.array.resp', 'constant.numeric.length.resp'),
          line(raw`^([%~>|])(\d+)\r?$`, 'keyword.control.aggregate.resp', 'constant.numeric.length.resp'),
          line(raw`^([*%~$])(\?)\r?$`, 'keyword.control.streamed.resp', 'constant.language.streamed.resp'),
          { match: raw`^\.\r?$`, name: 'keyword.control.streamed.end.resp' },
          { match: raw`^;0\r?$`, name: 'keyword.control.streamed.end.resp' },
          { include: '#chunk' },
        ],
      },
      chunk: bulk({ sign: ';', content: VALUE }),
      inline: {
        begin: raw`^(?=[A-Za-z])`,
        end: '$',
        patterns: [{ include: 'source.redis' }],
      },
    },
  };
}

/** A line of a sign and something. */
function line(match, sign, content) {
  return { match, captures: { 1: named(sign), 2: named(content) } };
}

/** An array, which is a command if its first element looks like the name of one. */
function commandRule(where) {
  return {
    begin: raw`${where}(\*)([1-9]\d*)\r?\n`,
    beginCaptures: { 1: named('keyword.control.array.resp'), 2: named('constant.numeric.length.resp') },
    end: NEXT_HEAD,
    patterns: [{ include: '#name' }, invalidLine],
  };
}
