/** Starts the webview. */
import './app.js';
import { defineControls } from './toolkit.js';

defineControls();
