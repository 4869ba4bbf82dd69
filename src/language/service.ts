/** Answers what editors ask about text documents: keeps the last version of each and what was read of it. */
import type {
  DocumentText,
  FromLanguageWorker,
  LanguageParams,
  LanguageRequestKind,
  LanguageResult,
  ToLanguageWorker,
} from '../language-protocol.js';
import { convertToCommands, convertToResp } from './convert.js';
import { offsetOf } from './lines.js';
import {
  type ManifestText,
  manifestDiagnostics,
  manifestHover,
  manifestLinks,
  manifestSymbols,
  readManifestText,
} from './manifest-text.js';
import {
  type RedisText,
  readRedisText,
  redisCompletions,
  redisDiagnostics,
  redisHover,
  redisSignature,
} from './redis-text.js';
import { readRespText } from './resp-commands.js';
import { respDiagnostics } from './resp-diagnostics.js';
import { respHover } from './resp-hover.js';
import { respFolds, respSymbols } from './resp-outline.js';
import type { RespText } from './resp-text.js';

/** A document that was read, by its language. */
type Read =
  | { readonly language: 'resp'; readonly text: RespText }
  | { readonly language: 'redis'; readonly text: RedisText }
  | { readonly language: 'aof-manifest'; readonly text: ManifestText };

/** What a request of each kind is answered with. */
type Answers = {
  readonly [Kind in LanguageRequestKind]: (params: LanguageParams<Kind>) => LanguageResult<Kind>;
};

/** Takes messages, in order, and answers each request once. */
export class LanguageService {
  private readonly documents = new Map<string, DocumentText>();
  private readonly read = new Map<string, Read>();

  constructor(private readonly send: (message: FromLanguageWorker) => void) {}

  /** Takes a message. Nothing in a document makes this throw: an error is an answer. */
  receive(message: ToLanguageWorker): void {
    if ('document' in message) {
      this.documents.set(message.document.uri, message.document);
      this.read.delete(message.document.uri);
    } else if ('close' in message) {
      this.documents.delete(message.close);
      this.read.delete(message.close);
    } else {
      const { id, request, params } = message;
      try {
        const answer = this.answers[request] as (given: typeof params) => unknown;
        this.send({ id, result: answer(params) });
      } catch (error) {
        this.send({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
      }
    }
  }

  private readonly answers: Answers = {
    diagnostics: ({ uri }) => {
      const read = this.document(uri);
      if (read.language === 'resp') return respDiagnostics(read.text);
      return read.language === 'redis' ? redisDiagnostics(read.text) : manifestDiagnostics(read.text);
    },
    symbols: ({ uri }) => {
      const read = this.document(uri);
      if (read.language === 'resp') return respSymbols(read.text);
      return read.language === 'aof-manifest' ? manifestSymbols(read.text) : [];
    },
    folds: ({ uri }) => {
      const read = this.document(uri);
      return read.language === 'resp' ? respFolds(read.text) : [];
    },
    links: ({ uri }) => {
      const read = this.document(uri);
      return read.language === 'aof-manifest' ? manifestLinks(read.text) : [];
    },
    hover: ({ uri, position }) => {
      const read = this.document(uri);
      const offset = offsetOf(read.text.lines, position);
      if (read.language === 'resp') return respHover(read.text, offset);
      return read.language === 'redis' ? redisHover(read.text, offset) : manifestHover(read.text, offset);
    },
    completions: ({ uri, position }) => {
      const read = this.document(uri);
      return read.language === 'redis' ? redisCompletions(read.text, offsetOf(read.text.lines, position)) : null;
    },
    signature: ({ uri, position }) => {
      const read = this.document(uri);
      return read.language === 'redis' ? redisSignature(read.text, offsetOf(read.text.lines, position)) : null;
    },
    convert: ({ from, content, aof }) => (from === 'redis' ? convertToResp(content) : convertToCommands(content, aof)),
  };

  /** What was read of a document. @throws Error if it was never sent. */
  private document(uri: string): Read {
    const known = this.read.get(uri);
    if (known) return known;
    const document = this.documents.get(uri);
    if (!document) throw new Error(`no document ${uri}`);
    const read = readDocument(document);
    this.read.set(uri, read);
    return read;
  }
}

function readDocument({ language, text, aof, files }: DocumentText): Read {
  if (language === 'resp') return { language, text: readRespText(text, aof) };
  if (language === 'redis') return { language, text: readRedisText(text) };
  return { language, text: readManifestText(text, files) };
}
