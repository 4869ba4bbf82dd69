// The icons of the editor, without those that nothing here names: the font is a tenth of the package otherwise.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Icons by name: their characters. */
function iconsOf(css) {
  const rules = css.matchAll(/^\.codicon-([a-z0-9-]+):before \{ content: "\\([0-9a-f]+)" \}$/gm);
  return new Map([...rules].map(([, name, code]) => [name, Number.parseInt(code, 16)]));
}

/**
 * The names of icons that stand in the sources of a folder. Any word that is the name of an icon counts, and where a
 * name is put together, all icons that begin with what stands there.
 */
function namesIn(folder, icons) {
  const words = new Set();
  const starts = [];
  for (const file of readdirSync(folder, { recursive: true })) {
    if (!/\.(ts|css)$/.test(file)) continue;
    const text = readFileSync(path.join(folder, file), 'utf8');
    for (const [word] of text.matchAll(/[a-z0-9]+(?:-[a-z0-9]+)*/g)) {
      words.add(word);
      if (word.startsWith('codicon-')) words.add(word.slice('codicon-'.length));
    }
    for (const [, code] of text.matchAll(/\\(e[a-f0-9]{3})/g)) words.add(Number.parseInt(code, 16));
    for (const [, start] of text.matchAll(/codicon-([a-z0-9-]+-)\$\{/g)) starts.push(start);
  }
  const isNamed = ([name, code]) =>
    words.has(name) || words.has(code) || starts.some((start) => name.startsWith(start));
  return new Map([...icons].filter(isNamed));
}

/** The tables of a font: tag and bytes. */
function tablesOf(font) {
  const count = font.readUInt16BE(4);
  const tables = new Map();
  for (let at = 12; at < 12 + 16 * count; at += 16) {
    const start = font.readUInt32BE(at + 8);
    tables.set(font.toString('latin1', at, at + 4), font.subarray(start, start + font.readUInt32BE(at + 12)));
  }
  return tables;
}

/** Glyphs by character, from the segments of a `cmap` of format 4. */
function glyphsByCode(cmap) {
  const glyphs = new Map();
  for (let record = 0; record < cmap.readUInt16BE(2); record++) {
    const at = cmap.readUInt32BE(4 + 8 * record + 4);
    if (cmap.readUInt16BE(at) !== 4) continue;
    const segments = cmap.readUInt16BE(at + 6) / 2;
    const column = (i) => at + 14 + 2 * segments * i + (i > 0 ? 2 : 0);
    for (let segment = 0; segment < segments; segment++) {
      const value = (i) => cmap.readUInt16BE(column(i) + 2 * segment);
      const [end, start, delta, offset] = [value(0), value(1), value(2), value(3)];
      for (let code = start; code <= end && code < 0xffff; code++) {
        const place = column(3) + 2 * segment + offset + 2 * (code - start);
        const glyph = offset === 0 ? code : cmap.readUInt16BE(place);
        if (offset === 0 || glyph !== 0) glyphs.set(code, (glyph + delta) & 0xffff);
      }
    }
  }
  return glyphs;
}

function checksum(bytes) {
  let sum = 0;
  for (let at = 0; at + 4 <= bytes.length; at += 4) sum = (sum + bytes.readUInt32BE(at)) >>> 0;
  return sum;
}

/** A font of some tables. */
function fontOf(tables) {
  const count = tables.size;
  const head = Buffer.alloc(12 + 16 * count);
  const power = 2 ** Math.floor(Math.log2(count));
  head.writeUInt32BE(0x00010000, 0);
  head.writeUInt16BE(count, 4);
  head.writeUInt16BE(16 * power, 6);
  head.writeUInt16BE(Math.log2(power), 8);
  head.writeUInt16BE(16 * (count - power), 10);
  const parts = [head];
  let at = head.length;
  for (const [i, [tag, bytes]] of [...tables].sort(([a], [b]) => (a < b ? -1 : 1)).entries()) {
    const padded = Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
    head.write(tag, 12 + 16 * i, 'latin1');
    head.writeUInt32BE(checksum(padded), 12 + 16 * i + 4);
    head.writeUInt32BE(at, 12 + 16 * i + 8);
    head.writeUInt32BE(bytes.length, 12 + 16 * i + 12);
    parts.push(padded);
    at += padded.length;
  }
  return Buffer.concat(parts);
}

/** The font with the outlines of some characters only; their places stay, so that nothing else has to change. */
function withOutlinesOf(font, codes) {
  const tables = tablesOf(font);
  const [glyf, loca, cmap, head] = ['glyf', 'loca', 'cmap', 'head'].map((tag) => tables.get(tag));
  const long = head.readInt16BE(50) === 1;
  const place = (glyph) => (long ? loca.readUInt32BE(4 * glyph) : 2 * loca.readUInt16BE(2 * glyph));
  const byCode = glyphsByCode(cmap);
  const kept = new Set([0, ...codes.map((code) => byCode.get(code))]);
  const count = loca.length / (long ? 4 : 2) - 1;
  const outlines = [];
  const places = Buffer.alloc(4 * (count + 1));
  let at = 0;
  for (let glyph = 0; glyph < count; glyph++) {
    places.writeUInt32BE(at, 4 * glyph);
    if (!kept.has(glyph)) continue;
    const outline = glyf.subarray(place(glyph), place(glyph + 1));
    if (outline.length > 0 && outline.readInt16BE(0) < 0) throw new Error('an icon is made of other icons');
    const padded = Buffer.concat([outline, Buffer.alloc((4 - (outline.length % 4)) % 4)]);
    outlines.push(padded);
    at += padded.length;
  }
  places.writeUInt32BE(at, 4 * count);
  const longHead = Buffer.from(head);
  longHead.writeInt16BE(1, 50);
  // Names of glyphs, and ligatures of them, are for those who set text in the font.
  const post = Buffer.from(tables.get('post').subarray(0, 32));
  post.writeUInt32BE(0x00030000, 0);
  tables.delete('GSUB');
  return fontOf(
    new Map([...tables, ['glyf', Buffer.concat(outlines)], ['loca', places], ['head', longHead], ['post', post]]),
  );
}

/** Leaves out of the style sheet and the font of the icons what the sources in a folder do not name. */
export function codiconsPlugin(folder) {
  const used = (cssFile) => namesIn(folder, iconsOf(readFileSync(cssFile, 'utf8')));
  return {
    name: 'codicons',
    setup(setup) {
      setup.onLoad({ filter: /codicon\.css$/ }, ({ path: file }) => {
        const names = used(file);
        const contents = readFileSync(file, 'utf8').replace(
          /^\.codicon-([a-z0-9-]+):before \{ content: .* \}\n/gm,
          (rule, name) => (names.has(name) ? rule : ''),
        );
        return { contents, loader: 'css' };
      });
      setup.onLoad({ filter: /codicon\.ttf$/ }, ({ path: file }) => {
        const names = used(path.join(path.dirname(file), 'codicon.css'));
        return { contents: withOutlinesOf(readFileSync(file), [...names.values()]), loader: 'file' };
      });
    },
  };
}
