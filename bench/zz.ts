import { dumpOf } from './dump.js';
void dumpOf(Number(process.argv[2] ?? 1000000), '.bench').then(console.log);
