/** Starts the webview. */
import './aof/aof-app.js';
import './app.js';
import './job/job-app.js';
import './compare/compare-app.js';
import './servers/lag-app.js';
import { defineControls } from './toolkit.js';

defineControls();
