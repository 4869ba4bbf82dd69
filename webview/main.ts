/** Starts the webview. */
import './aof/aof-app.js';
import './app.js';
import './servers/lag-app.js';
import { defineControls } from './toolkit.js';

defineControls();
