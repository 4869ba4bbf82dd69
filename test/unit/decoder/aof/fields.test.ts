/** The fields of AOFs: commands and annotations tile what lies behind the RDB, up to where the file is valid. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { annotationAt, commandFields } from '../../../../src/decoder/aof/fields.js';
import { openAof } from '../../../../src/engine/node/aof-folder.js';
import { aofVariants, mainFile, multiPart, scanSet } from '../../support/aof-files.js';

const ALL = { from: 0, to: Number.POSITIVE_INFINITY };

/** Walks a part and gives where its fields end. */
function tile(set: Parameters<typeof scanSet>[0]): { readonly fields: number; readonly annotations: number } {
  const { scan, commands } = scanSet(set);
  let fields = 0;
  let annotations = 0;
  for (const part of scan.parts) {
    const source = part.part.source;
    if (!source) continue;
    let at = part.rdbBytes;
    for (const { offset, afterDamage } of commands.filter((command) => command.part === part.part.part)) {
      if (afterDamage) break;
      while (at < offset) {
        const annotation = annotationAt(source, at);
        assert.ok(annotation, `an annotation stands at ${at}`);
        at = annotation.end;
        annotations++;
      }
      assert.equal(at, offset);
      for (const event of commandFields(source, offset, source.size, ALL)) {
        if (event?.kind !== 'field') continue;
        assert.equal(event.start, at, event.name);
        at = event.end;
        fields++;
      }
    }
    for (let more = annotationAt(source, at); more; more = annotationAt(source, at)) at = more.end;
    if (part.damage.length === 0) assert.ok(at >= part.validUpTo, `${at} of ${part.validUpTo}`);
  }
  return { fields, annotations };
}

describe('the fields of an AOF', () => {
  for (const { name, folder } of aofVariants()) {
    it(`tile it without gap and overlap: ${name}`, () => {
      const { set, folder: opened } = openAof(mainFile(folder));
      try {
        tile(set);
      } finally {
        opened.close();
      }
    });
  }

  it('are header, length, bytes and line end of each argument, and the line of an annotation', () => {
    const part = Buffer.from('#TS:1715000000\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\n');
    assert.deepEqual(tile(multiPart([part])), { fields: 7, annotations: 1 });
    assert.equal(annotationAt(multiPart([part]).parts[0].source ?? assert.fail(), 0)?.text, '#TS:1715000000');
  });
});
