// Fenced blocks of Markdown in the languages of this extension.
const raw = String.raw;
const named = (name) => ({ name });

/** Words behind a fence, and the grammar that they mean. */
const FENCES = { resp: 'source.resp', redis: 'source.redis' };

function fence([word, grammar]) {
  return {
    begin: raw`(^|\G)(\s*)(\x60{3,}|~{3,})\s*(?i:(${word})((?:\s+|[:,{?])[^\x60]*)?$)`,
    beginCaptures: {
      3: named('punctuation.definition.markdown'),
      4: named('fenced_code.block.language'),
      5: named('fenced_code.block.language.attributes'),
    },
    end: raw`(^|\G)(\2|\s{0,3})(\3)\s*$`,
    endCaptures: { 3: named('punctuation.definition.markdown') },
    name: 'markup.fenced_code.block.markdown',
    patterns: [
      {
        begin: raw`(^|\G)(\s*)(.*)`,
        // The block ends with its fence, whatever the text in it has left open.
        while: raw`(^|\G)(?!\s*(?:\x60{3,}|~{3,})\s*$)`,
        contentName: `meta.embedded.block.${word}`,
        patterns: [{ include: grammar }],
      },
    ],
  };
}

/** The grammar, to be injected into that of Markdown. */
export function markdownGrammar() {
  return {
    $schema: 'https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json',
    scopeName: 'markdown.redis-persistence.codeblock',
    injectionSelector: 'L:text.html.markdown',
    patterns: Object.entries(FENCES).map(fence),
  };
}
