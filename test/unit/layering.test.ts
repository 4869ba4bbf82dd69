/** Who may import whom: the lint rules in biome.json catch each import that runs against the layers, and no other. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { before, describe, it } from 'node:test';

declare const PROJECT_ROOT: string;

/** A file that could be, what it may import, and what it may not. */
const RULES: readonly { readonly file: string; readonly may: readonly string[]; readonly mayNot: readonly string[] }[] =
  [
    {
      file: 'src/decoder/rdb/new.ts',
      may: ['./string.js', '../bytes.js', 'wasm:decoder/crc64'],
      mayNot: [
        'vscode',
        'fs',
        'node:fs',
        'node:fs/promises',
        'lit',
        '@scope/package',
        '../../dataset/names.js',
        '../../format/display.js',
        '../../pictures/treemap.js',
        '../../protocol.js',
        '../../engine/client.js',
        '../../cli/output.js',
        '../../language/lines.js',
        '../../extension/status.js',
        '../../../webview/strings.js',
        '../../../test/unit/support/random.js',
      ],
    },
    {
      file: 'src/format/new.ts',
      may: ['./display.js'],
      mayNot: ['vscode', 'node:fs', '@scope/package', '../decoder/bytes.js', '../protocol.js'],
    },
    {
      file: 'src/pictures/new.ts',
      may: ['./shapes.js', '../analysis-protocol.js', '../format/quantities.js'],
      mayNot: [
        'vscode',
        'node:fs',
        'lit',
        '../decoder/bytes.js',
        '../dataset/names.js',
        '../engine/client.js',
        '../protocol.js',
        '../extension/status.js',
        '../../webview/strings.js',
      ],
    },
    {
      file: 'src/dataset/new.ts',
      may: ['./names.js', '../decoder/rdb/scan.js', '../format/display.js', '../pictures/treemap.js'],
      mayNot: [
        'program:cli/checksum-worker',
        'vscode',
        'node:fs',
        'fzstd',
        '../engine/client.js',
        '../server/replay.js',
        '../protocol.js',
        '../cli/output.js',
      ],
    },
    {
      file: 'src/new.ts',
      may: ['./dataset/filter.js', './format/messages.js'],
      mayNot: ['vscode', 'node:fs', './engine/client.js', './extension/status.js', './cli/output.js'],
    },
    {
      file: 'src/job-protocol-new.ts',
      may: ['./dataset/filter.js', './server/replay-report.js', './format/messages.js'],
      mayNot: ['vscode', 'node:fs', './server/node/connect.js', './engine/client.js', './extension/status.js'],
    },
    {
      file: 'src/engine/new.ts',
      may: ['./cells.js', '../protocol.js', '../dataset/names.js', '../decoder/bytes.js', '../format/display.js'],
      mayNot: [
        'vscode',
        'node:fs',
        './node/worker.js',
        './browser/worker.js',
        '../extension/status.js',
        '../cli/main.js',
      ],
    },
    {
      file: 'src/engine/node/new.ts',
      may: ['node:fs', 'node:fs/promises', '../engine.js', '../../dataset/names.js'],
      mayNot: ['vscode', '../browser/worker.js', '../../extension/status.js', '../../../webview/strings.js'],
    },
    {
      file: 'src/engine/browser/new.ts',
      may: ['../engine.js', '../../decoder/source.js'],
      mayNot: ['vscode', 'node:fs', '../node/worker.js', '../../extension/status.js'],
    },
    {
      file: 'src/server/new.ts',
      may: ['./address.js', '../decoder/resp/decoder.js', '../dataset/slots.js', '../format/quantities.js'],
      mayNot: [
        'vscode',
        'node:net',
        '@scope/package',
        './node/connect.js',
        '../engine/client.js',
        '../protocol.js',
        '../cli/output.js',
        '../extension/status.js',
      ],
    },
    {
      file: 'src/server/node/new.ts',
      may: ['node:net', 'node:tls', '../connection.js', '../../decoder/bytes.js'],
      mayNot: ['vscode', '../../engine/node/file-source.js', '../../cli/output.js', '../../extension/status.js'],
    },
    {
      file: 'src/language/new.ts',
      may: ['./lines.js', '../decoder/resp/inline.js', '../format/display.js', '../language-protocol.js'],
      mayNot: [
        'vscode',
        'node:fs',
        './node/worker.js',
        './browser/worker.js',
        '../dataset/names.js',
        '../engine/client.js',
        '../protocol.js',
        '../extension/status.js',
        '../cli/output.js',
        '../../webview/strings.js',
      ],
    },
    {
      file: 'src/language/node/new.ts',
      may: ['node:worker_threads', '../service.js'],
      mayNot: ['vscode', '../browser/worker.js', '../../extension/status.js', '../../dataset/names.js'],
    },
    {
      file: 'src/language/browser/new.ts',
      may: ['../service.js'],
      mayNot: ['vscode', 'node:fs', '../node/worker.js', '../../extension/status.js'],
    },
    {
      file: 'src/extension/language/new.ts',
      may: ['vscode', './documents.js', '../platform.js', '../../language/client.js', '../../language-protocol.js'],
      mayNot: ['node:fs', '../../language/service.js', '../../decoder/bytes.js', '../../engine/engine.js'],
    },
    {
      file: 'src/cli/new.ts',
      may: [
        'program:cli/checksum-worker',
        'node:fs',
        './output.js',
        '../dataset/names.js',
        '../decoder/bytes.js',
        '../engine/node/file-source.js',
        '../server/address.js',
        '../server/node/connect.js',
      ],
      mayNot: ['vscode', '@scope/package', '../engine/engine.js', '../engine/node/serve.js', '../extension/status.js'],
    },
    {
      file: 'src/extension/new.ts',
      may: [
        'vscode',
        './status.js',
        '../protocol.js',
        '../engine/client.js',
        '../engine/start.js',
        '../format/messages.js',
        './language/register.js',
        '../language/client.js',
      ],
      mayNot: [
        'node:fs',
        '../language/service.js',
        '@scope/package',
        '../decoder/bytes.js',
        '../dataset/names.js',
        '../engine/engine.js',
        '../engine/node/worker.js',
        '../server/address.js',
        '../cli/output.js',
        '../../webview/strings.js',
      ],
    },
    {
      file: 'src/extension/servers/new.ts',
      may: [
        'vscode',
        './servers.js',
        '../platform.js',
        '../../server/address.js',
        '../../server/overview.js',
        '../../server/exchange.js',
      ],
      mayNot: [
        'node:fs',
        'node:net',
        '../../server/replay.js',
        '../../server/restore-lane.js',
        '../../server/capture.js',
        '../../server/node/connect.js',
        '../../decoder/bytes.js',
        '../../dataset/names.js',
        '../../engine/engine.js',
        '../../cli/output.js',
      ],
    },
    {
      file: 'webview/aof/new.ts',
      may: ['lit', './timeline-plot.js', '../../src/aof-protocol.js', '../../src/format/quantities.js'],
      mayNot: ['uplot', 'vscode', 'node:fs', '../../src/engine/client.js', '../../src/dataset/names.js'],
    },
    {
      file: 'webview/keys/new.ts',
      may: [
        'lit',
        'lit/directives/repeat.js',
        './columns.js',
        '../strings.js',
        '../../src/protocol.js',
        '../../src/pictures/treemap.js',
      ],
      mayNot: [
        'vscode',
        'node:fs',
        '@vscode/webview-ui-toolkit',
        '../../src/engine/client.js',
        '../../src/decoder/bytes.js',
        '../../src/dataset/names.js',
        '../../src/extension/status.js',
        '../../test/unit/support/random.js',
      ],
    },
  ];

/** Lints files with one import each, in a folder of their own. @returns which of the imports were refused. */
function refusedImports(): ReadonlySet<string> {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'layering-')));
  try {
    const settings = JSON.parse(readFileSync(path.join(PROJECT_ROOT, 'biome.json'), 'utf8'));
    writeFileSync(path.join(folder, 'biome.json'), JSON.stringify({ ...settings, vcs: { enabled: false } }));
    const imports = new Map<string, string>();
    for (const { file, may, mayNot } of RULES) {
      for (const [i, from] of [...may, ...mayNot].entries()) {
        const probe = file.replace('new.ts', `new-${i}.ts`);
        imports.set(probe, `${file} ${from}`);
        mkdirSync(path.dirname(path.join(folder, probe)), { recursive: true });
        writeFileSync(path.join(folder, probe), `import * as part from '${from}';\nexport const parts = part;\n`);
      }
    }
    const biome = path.join(PROJECT_ROOT, 'node_modules', '.bin', 'biome');
    const options = ['--only=style/noRestrictedImports', '--max-diagnostics=none', '--reporter=github'];
    const { stdout } = spawnSync(biome, ['lint', ...options], {
      cwd: folder,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    const files = stdout.matchAll(/noRestrictedImports,file=([^,]+),/g);
    return new Set([...files].map(([, file]) => imports.get(path.relative(folder, file).replace(/\\/g, '/')) ?? file));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('the layers', () => {
  let refused: ReadonlySet<string> = new Set();
  before(() => {
    refused = refusedImports();
  });

  for (const { file, may, mayNot } of RULES) {
    it(`let ${path.dirname(file)} import what it stands on`, () => {
      assert.deepEqual(
        may.filter((from) => refused.has(`${file} ${from}`)),
        [],
      );
    });

    it(`keep ${path.dirname(file)} from importing anything else`, () => {
      assert.deepEqual(
        mayNot.filter((from) => !refused.has(`${file} ${from}`)),
        [],
      );
    });
  }
});
