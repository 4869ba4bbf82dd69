/** Findings and problems of the files that are open, in the Problems panel. */
import * as vscode from 'vscode';
import type { Finding } from '../analysis-protocol.js';
import { phraseText } from '../format/messages.js';
import { formatCount } from '../format/quantities.js';
import type { Summary } from '../protocol.js';
import { findingLimits } from './analysis.js';
import type { FileDocument } from './file-document.js';
import { translatedMessage } from './translations.js';

/** Bytes up to which a file is looked through without being asked to: that takes no time worth mentioning. */
const SMALL_FILE = 32 * 1024 * 1024;
/** Problems of a file that are listed. */
const LISTED = 100;
/** Findings that sum up problems, which are listed themselves. */
const SUMMED_UP: ReadonlySet<string> = new Set<Finding['code']>(['checksum-mismatch', 'unknown-records', 'damage']);

const SEVERITIES: Readonly<Record<Finding['severity'], vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

interface Known {
  problems: readonly vscode.Diagnostic[];
  findings: readonly vscode.Diagnostic[];
  /** How many problems there were when they were last told. */
  told: number;
  /** True if findings are looked for, or were. */
  looked: boolean;
}

/** Keeps the diagnostics of all files that are open. */
export class FindingDiagnostics implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('redis-persistence-findings');
  private readonly known = new Map<FileDocument, Known>();

  /** More is known of a file. */
  summary(document: FileDocument, summary: Summary): void {
    const known = this.of(document);
    if (summary.problems.length !== known.told) {
      known.told = summary.problems.length;
      known.problems = summary.problems.slice(0, LISTED).map((problem) => {
        const text = vscode.l10n.t('Offset {0}: {1}', formatCount(problem.offset), translatedMessage(problem));
        return diagnostic(text, problem.severity === 'error' ? 'error' : 'warning', problem.code);
      });
      this.show(document, known);
    }
    const done = summary.state === 'ready' && summary.checksum !== 'pending';
    if (!done || known.looked || summary.bytes > SMALL_FILE || !wanted(document)) return;
    known.looked = true;
    void this.look(document);
  }

  /** Something was found in a file. */
  findings(document: FileDocument, findings: readonly Finding[]): void {
    const known = this.of(document);
    known.looked = true;
    known.findings = findings
      .filter(({ code }) => !SUMMED_UP.has(code))
      .map(({ code, severity, title, advice }) => {
        const say = (phrase: Finding['title']) => phraseText(phrase, vscode.l10n.t);
        return diagnostic(`${say(title)} ${say(advice)}`, severity, code);
      });
    this.show(document, known);
  }

  private async look(document: FileDocument): Promise<void> {
    const engine = await document.engine();
    if (!engine) return;
    const separator = vscode.workspace
      .getConfiguration('redisPersistence', document.uri)
      .get('namespaceSeparator', ':');
    try {
      await engine.request('keyspace.memory', {}).result;
      // Told to all who listen, as this does.
      await engine.request('keyspace.findings', { filter: {}, separator, limits: findingLimits(document.uri) }).result;
    } catch {
      // The file was closed or has changed meanwhile: the editor says so.
    }
  }

  private of(document: FileDocument): Known {
    let known = this.known.get(document);
    if (!known) {
      known = { problems: [], findings: [], told: 0, looked: false };
      this.known.set(document, known);
    }
    return known;
  }

  private show(document: FileDocument, { problems, findings }: Known): void {
    this.collection.set(document.uri, wanted(document) ? [...problems, ...findings] : []);
  }

  /** The file is closed, or opened anew. */
  forget(document: FileDocument): void {
    if (!this.known.delete(document)) return;
    this.collection.delete(document.uri);
  }

  dispose(): void {
    this.collection.dispose();
  }
}

function wanted(document: FileDocument): boolean {
  return vscode.workspace.getConfiguration('redisPersistence.findings', document.uri).get('inProblems', true);
}

function diagnostic(text: string, severity: Finding['severity'], code: string): vscode.Diagnostic {
  // The file has no lines; its beginning stands for all of it.
  const made = new vscode.Diagnostic(new vscode.Range(0, 0, 0, 0), text, SEVERITIES[severity]);
  made.source = 'redis-persistence';
  made.code = code;
  return made;
}
