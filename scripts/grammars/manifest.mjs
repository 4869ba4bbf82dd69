// The grammar of the manifest of a multi-part AOF: a file a line, as pairs of a name and a value.
const raw = String.raw;
const named = (name) => ({ name });

const STOP = raw`(?=\s|$)`;

/** A pair whose value is a number. */
function number(word) {
  return {
    match: raw`(?<=^|\s)((?i:${word}))\s+(?:(\d+)|(\S+))${STOP}`,
    captures: {
      1: named(`keyword.control.${word}.aof-manifest`),
      2: named('constant.numeric.aof-manifest'),
      3: named('invalid.illegal.number.aof-manifest'),
    },
  };
}

/** The grammar. */
export function manifestGrammar() {
  const quoted = raw`"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'`;
  return {
    $schema: 'https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json',
    name: 'AOF Manifest',
    scopeName: 'source.aof-manifest',
    patterns: [
      {
        match: '^(#).*$',
        name: 'comment.line.number-sign.aof-manifest',
        captures: { 1: named('punctuation.definition.comment.aof-manifest') },
      },
      {
        // A file lies in the folder of the manifest: a name with a folder is refused.
        match: raw`(?<=^|\s)((?i:file))\s+(?:(${quoted})|([^\s"'/\\]+)|(\S+))${STOP}`,
        captures: {
          1: named('keyword.control.file.aof-manifest'),
          2: { name: 'string.quoted.aof-manifest', patterns: [{ include: '#escapes' }] },
          3: named('string.unquoted.aof-manifest'),
          4: named('invalid.illegal.file.aof-manifest'),
        },
      },
      number('seq'),
      number('startoffset'),
      number('endoffset'),
      {
        match: raw`(?<=^|\s)((?i:type))\s+(?:([bhi])|(\S+))${STOP}`,
        captures: {
          1: named('keyword.control.type.aof-manifest'),
          2: named('constant.language.type.aof-manifest'),
          3: named('invalid.illegal.type.aof-manifest'),
        },
      },
      {
        // A pair that servers do not know, and ignore.
        match: raw`(?<=^|\s)([A-Za-z][\w-]*)\s+(${quoted}|\S+)${STOP}`,
        captures: { 1: named('variable.other.unknown.aof-manifest'), 2: named('string.unquoted.aof-manifest') },
      },
      { match: raw`\S+`, name: 'invalid.illegal.aof-manifest' },
    ],
    repository: {
      escapes: {
        patterns: [
          { match: raw`\\(?:x\h{2}|.)`, name: 'constant.character.escape.aof-manifest' },
          { match: '[/]', name: 'invalid.illegal.file.aof-manifest' },
        ],
      },
    },
  };
}
