/** What RediSearch keeps in a file: index definitions of every version, suggestions, dictionaries for spell checking. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DecodeError } from '../../../src/decoder/errors.js';
import { moduleDataView } from '../../../src/decoder/rdb/modules/module-data.js';
import { searchIndexView } from '../../../src/decoder/rdb/modules/search-index.js';
import { spellCheckView } from '../../../src/decoder/rdb/modules/spell-check.js';
import {
  double,
  END,
  join,
  onlyDecodeErrors,
  readerOf,
  refuses,
  refusesEveryCut,
  string,
  survivesEveryChange,
  uint,
  viewOf,
  withNul,
} from './support/items.js';
import { fieldsOf, type Plain, plainFields } from './support/plain.js';

const VERSIONS = [17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27] as const;

const TEXT = 1;
const TAG = 8;
const VECTOR = 0x10;
const GEOSHAPE = 0x20;
const DYNAMIC = 0x10;

/** A field: name, path if it has one, types, options, what belongs to the types. */
function attribute(version: number, name: string, types: number, options: number, ...parts: Uint8Array[]): Uint8Array {
  const path = version >= 18 ? [uint(1), withNul(`$.${name}`)] : [];
  return join(withNul(name), ...path, uint(types), uint(options), uint(-1), ...parts);
}

const textParts = [uint(0), double(2)];
const tagParts = [uint(1), string(',')];
const geoParts = (version: number) => (version >= 23 ? [uint(1)] : []);

/** The parameters of a vector field, as versions write them. */
function vectorParts(version: number, algorithm: 'flat' | 'hnsw' | 'svs'): Uint8Array[] {
  const multi = version >= 21 ? [uint(1)] : [];
  const shape = [uint(0), uint(128), uint(2), ...multi];
  const capacity = version < 25 ? [uint(1000)] : [];
  const head = version >= 20 ? [uint(512)] : [];
  if (algorithm === 'flat') return [...head, uint(0), ...shape, ...capacity, ...(version < 25 ? [uint(1024)] : [])];
  if (algorithm === 'svs') {
    const numbers = [0x10804, 32, 200, 64, 10].map(uint);
    return [...head, uint(2), uint(3), uint(10240), ...shape, ...numbers, double(0.01)];
  }
  const tiered = version >= 22 ? [uint(2), uint(1), uint(1024)] : [uint(1)];
  const epsilon = version >= 25 ? [double(0.01)] : [];
  const rerank = version >= 27 ? [uint(1)] : [];
  return [...head, ...tiered, ...shape, ...capacity, ...[16, 200, 10].map(uint), ...epsilon, ...rerank];
}

interface Index {
  readonly flags?: number;
  readonly attributes?: readonly Uint8Array[];
  readonly attributeCount?: number | bigint;
  readonly language?: number;
  readonly behind?: readonly Uint8Array[];
  readonly timeout?: number;
}

function index(version: number, spec: Index = {}): Uint8Array {
  const { flags = 0x53, attributes = [], language = 0, behind = [] } = spec;
  return join(
    withNul('idx'),
    uint(flags),
    uint(spec.attributeCount ?? attributes.length),
    ...attributes,
    withNul('HASH'),
    ...[uint(2), withNul('a:'), withNul('b:')],
    ...[uint(1), withNul('@x>1'), uint(0), uint(1), withNul('score'), uint(0)],
    double(1),
    uint(language),
    ...(version >= 24 ? [uint(0)] : []),
    ...behind,
    uint(spec.timeout ?? -1000),
    ...[uint(1), withNul('alias')],
  );
}

const aux = (...indexes: readonly Uint8Array[]) => join(uint(indexes.length), ...indexes, END);

function indexes(version: number, bytes: Uint8Array): Record<string, Plain>[] {
  const fields = searchIndexView(readerOf('ft_index0', version, bytes));
  assert.ok(fields, `version ${version}`);
  return (plainFields(fields) as { indexes: Record<string, Plain>[] }).indexes;
}

/** An index with every type of field that a version has. */
function rich(version: number): Uint8Array {
  const attributes = [
    attribute(version, 'title', TEXT, 1, ...textParts),
    attribute(version, 'price', 2, 0),
    attribute(version, 'place', 4, 4),
    attribute(version, 'colour', TAG, 0x40, ...tagParts),
    ...(version >= 19 ? [attribute(version, 'flat', VECTOR, 0, ...vectorParts(version, 'flat'))] : []),
    ...(version >= 19 ? [attribute(version, 'hnsw', VECTOR, 0, ...vectorParts(version, 'hnsw'))] : []),
    ...(version >= 25 ? [attribute(version, 'svs', VECTOR, 0, ...vectorParts(version, 'svs'))] : []),
    ...(version >= 21 ? [attribute(version, 'shape', GEOSHAPE, 0, ...geoParts(version))] : []),
    attribute(version, 'any', 0xf, DYNAMIC, ...textParts, ...tagParts, ...geoParts(version)),
  ];
  const behind = [
    ...[uint(2), string('the'), string('a')],
    ...[uint(1), withNul('boy'), uint(2), withNul('child'), withNul('male')],
  ];
  return aux(index(version, { flags: 0x53 | 0x108, attributes, behind }), index(version));
}

describe('index definitions', () => {
  it('have the names of FT.INFO', () => {
    const [first, second] = indexes(27, rich(27));
    const { attributes, ...others } = first;
    assert.deepEqual(others, {
      index_name: 'idx',
      index_options: [],
      index_definition: {
        key_type: 'HASH',
        prefixes: ['a:', 'b:'],
        filter: '@x>1',
        score_field: 'score',
        default_score: 1,
        default_language: 'english',
        indexes_all: false,
      },
      stopwords_list: ['the', 'a'],
      synonyms: [{ term: 'boy', groups: ['child', 'male'] }],
      aliases: ['alias'],
    });
    const common = (name: string, type: string) => ({ identifier: `$.${name}`, attribute: name, type });
    const vector = { data_type: 'FLOAT32', dim: 128, distance_metric: 'COSINE', multi: true };
    assert.deepEqual(attributes, [
      { ...common('title', 'TEXT'), WEIGHT: 2, flags: ['SORTABLE'] },
      { ...common('price', 'NUMERIC'), flags: [] },
      { ...common('place', 'GEO'), flags: ['NOINDEX'] },
      { ...common('colour', 'TAG'), SEPARATOR: ',', flags: ['CASESENSITIVE', 'WITHSUFFIXTRIE'] },
      { ...common('flat', 'VECTOR'), algorithm: 'FLAT', ...vector, flags: [] },
      {
        ...common('hnsw', 'VECTOR'),
        algorithm: 'HNSW',
        ...vector,
        M: 16,
        ef_construction: 200,
        ef_runtime: 10,
        epsilon: 0.01,
        rerank: true,
        flags: [],
      },
      {
        ...common('svs', 'VECTOR'),
        algorithm: 'SVS-VAMANA',
        ...vector,
        compression: 'LeanVec4x8',
        graph_max_degree: 32,
        construction_window_size: 200,
        reduced_dim: 64,
        search_window_size: 10,
        epsilon: 0.01,
        training_threshold: 10240,
        flags: [],
      },
      { ...common('shape', 'GEOSHAPE'), coord_system: 'SPHERICAL', flags: [] },
      {
        ...common('any', '<DYNAMIC>'),
        types: ['TEXT', 'NUMERIC', 'GEO', 'TAG'],
        WEIGHT: 2,
        SEPARATOR: ',',
        coord_system: 'SPHERICAL',
        flags: ['CASESENSITIVE'],
      },
    ]);
    assert.deepEqual(second.attributes, []);
  });

  it('are read in every version', () => {
    for (const version of VERSIONS) {
      const bytes = rich(version);
      const [first] = indexes(version, bytes);
      const attributes = first.attributes as Record<string, Plain>[];
      assert.equal(attributes[0].identifier, version >= 18 ? '$.title' : 'title');
      const byName = new Map(attributes.map((each) => [each.attribute, each]));
      if (version >= 19) {
        assert.equal(byName.get('hnsw')?.M, 16, `version ${version}`);
        assert.equal(byName.get('flat')?.block_size, version < 25 ? 1024 : undefined);
        assert.equal(byName.get('hnsw')?.initial_cap, version < 25 ? 1000 : undefined);
      }
      for (let end = 0; end < bytes.length; end++) {
        const part = readerOf('ft_index0', version, bytes.slice(0, end));
        assert.throws(() => searchIndexView(part), DecodeError, `version ${version} cut at ${end}`);
      }
      for (let at = 0; at < bytes.length; at++) {
        const changed = bytes.slice();
        changed[at] ^= 0x81;
        onlyDecodeErrors(() => searchIndexView(readerOf('ft_index0', version, changed)), `byte ${at}`);
      }
    }
  });

  it('name the options that are kept as missing flags', () => {
    const [first] = indexes(27, aux(index(27, { flags: 0x80 })));
    assert.deepEqual(first.index_options, ['NOFREQS', 'NOFIELDS', 'NOOFFSETS', 'NOHL', 'MAXTEXTFIELDS']);
  });

  it('name the language only where its number means the same in all releases', () => {
    const language = (version: number, number: number) =>
      (indexes(version, aux(index(version, { language: number })))[0].index_definition as Record<string, Plain>)
        .default_language;
    assert.equal(language(17, 0), 'english');
    assert.equal(language(17, 7), 7n);
    assert.equal(language(18, 7), 'finnish');
    assert.equal(language(27, 30), 'malay');
    assert.equal(language(27, 99), 99n);
  });

  it('have a timeout if they are temporary', () => {
    assert.equal(indexes(27, aux(index(27, { timeout: 5000 })))[0].timeout, undefined);
    const [temporary] = indexes(27, aux(index(27, { flags: 0x253, timeout: 5000 })));
    assert.equal(temporary.timeout, 5000);
    assert.deepEqual(temporary.index_options, ['TEMPORARY']);
  });

  it('may be none', () => {
    assert.deepEqual(indexes(27, aux()), []);
    assert.deepEqual(indexes(17, END), []);
  });

  it('of unknown versions, fields and algorithms have no view', () => {
    for (const version of [0, 16, 28, 1023]) {
      assert.equal(searchIndexView(readerOf('ft_index0', version, aux(index(27)))), undefined);
    }
    const unknown = [
      attribute(27, 'new', 0x40, 0),
      attribute(27, 'vector', VECTOR, 0, uint(512), uint(4)),
      attribute(27, 'vector', VECTOR, 0, uint(512), uint(1)),
      attribute(27, 'vector', VECTOR, 0, uint(512), uint(2), uint(7)),
    ];
    for (const field of unknown) {
      const bytes = aux(index(27, { attributes: [field] }));
      assert.equal(searchIndexView(readerOf('ft_index0', 27, bytes)), undefined);
    }
    const old = attribute(24, 'vector', VECTOR, 0, ...vectorParts(24, 'svs'));
    assert.equal(searchIndexView(readerOf('ft_index0', 24, aux(index(24, { attributes: [old] })))), undefined);
  });

  it('with hostile counts are refused', () => {
    const huge = 2n ** 63n;
    const cases = [
      join(uint(huge), index(27), END),
      aux(index(27, { attributeCount: huge })),
      aux(index(27, { flags: 0x5b, behind: [uint(huge), string('a')] })),
      join(uint(1), index(27), uint(1), END),
    ];
    for (const bytes of cases) assert.throws(() => searchIndexView(readerOf('ft_index0', 27, bytes)), DecodeError);
  });
});

describe('module data', () => {
  it('have a view where their module is known', () => {
    assert.deepEqual(plainFields(moduleDataView(readerOf('ft_index0', 27, aux())) ?? []), { indexes: [] });
    assert.deepEqual(plainFields(moduleDataView(readerOf('scdtype00', 1, END)) ?? []), { dictionaries: [] });
    assert.equal(moduleDataView(readerOf('unknown00', 1, END)), undefined);
  });
});

describe('a suggestion dictionary', () => {
  const value = (version: number, count: number | bigint = 2) => {
    const entry = (term: string, score: number, payload: string) =>
      join(
        withNul(term),
        double(score),
        ...(version >= 1 ? [withNul(payload)] : []),
        ...(version >= 2 ? [uint(0)] : []),
      );
    return join(uint(count), entry('hello', 1.5, ''), entry('hélas', 1, 'data'), END);
  };

  it('has its strings in every version', () => {
    for (const version of [0, 1, 2]) {
      assert.deepEqual(fieldsOf(viewOf('trietype0', version, value(version))), {
        size: 2,
        suggestions: [
          { string: 'hello', score: 1.5 },
          { string: 'hélas', score: 1, ...(version >= 1 ? { payload: 'data' } : {}) },
        ],
      });
      refusesEveryCut('trietype0', version, value(version));
      survivesEveryChange('trietype0', version, value(version));
    }
    assert.equal(viewOf('trietype0', 3, value(2)), undefined);
    refuses('trietype0', 2, value(2, 2n ** 63n), /it ends where/);
  });

  it('counts the strings that it has no room for', () => {
    const long = 'x'.repeat(60_000);
    const entries = Array.from({ length: 1200 }, (_, i) => join(withNul(`${i} ${long}`), double(1)));
    const fields = fieldsOf(viewOf('trietype0', 0, join(uint(1200), ...entries, END))) as Record<string, Plain>;
    const shown = (fields.suggestions as Plain[]).length;
    assert.ok(shown > 1000 && shown < 1200, `${shown} are shown`);
    assert.equal(fields['suggestions omitted'], 1200 - shown);
    assert.equal(fields.size, 1200);
  });
});

describe('dictionaries for spell checking', () => {
  const bytes = join(
    uint(2),
    ...[withNul('english'), uint(2), withNul('colour'), double(1), withNul('grey'), double(1)],
    ...[withNul('empty'), uint(0)],
    END,
  );

  it('have their terms', () => {
    const fields = spellCheckView(readerOf('scdtype00', 1, bytes));
    assert.deepEqual(plainFields(fields ?? []), {
      dictionaries: [
        { name: 'english', terms: ['colour', 'grey'] },
        { name: 'empty', terms: [] },
      ],
    });
    assert.deepEqual(plainFields(spellCheckView(readerOf('scdtype00', 1, END)) ?? []), { dictionaries: [] });
    assert.equal(spellCheckView(readerOf('scdtype00', 2, bytes)), undefined);
  });

  it('that are damaged are refused', () => {
    for (let end = 0; end < bytes.length; end++) {
      assert.throws(() => spellCheckView(readerOf('scdtype00', 1, bytes.slice(0, end))), DecodeError, `cut at ${end}`);
    }
    assert.throws(() => spellCheckView(readerOf('scdtype00', 1, join(uint(2n ** 63n), END))), DecodeError);
  });
});
