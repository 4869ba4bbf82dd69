/** The language service in a web worker. */
import type { ToLanguageWorker } from '../../language-protocol.js';
import { LanguageService } from '../service.js';

declare const self: DedicatedWorkerGlobalScope;

const service = new LanguageService((message) => self.postMessage(message));
self.onmessage = ({ data }: MessageEvent<ToLanguageWorker>) => service.receive(data);
