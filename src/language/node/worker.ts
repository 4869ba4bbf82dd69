/** The language service in a worker thread of Node. */
import { parentPort } from 'node:worker_threads';
import type { ToLanguageWorker } from '../../language-protocol.js';
import { LanguageService } from '../service.js';

const port = parentPort;
if (port) {
  const service = new LanguageService((message) => port.postMessage(message));
  port.on('message', (message: ToLanguageWorker) => service.receive(message));
}
