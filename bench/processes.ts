/** Whole processes, timed in turns so that whatever slows the machine slows all of them, and their memory. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

/** A command to be measured. */
export interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The exit status that says that all went well, if it is not 0. */
  readonly status?: number;
}

/** What the runs of a program took. */
export interface Timing {
  readonly program: Program;
  /** Seconds of wall-clock time, of each run. */
  readonly seconds: readonly number[];
  /** Bytes, the most of all runs. */
  readonly peakMemory: number;
}

/** The middle one. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Runs each program so many times, one after the other and then all again. @throws if one of them fails. */
export async function inTurns(programs: readonly Program[], rounds: number): Promise<Timing[]> {
  const seconds = programs.map((): number[] => []);
  const memory = programs.map(() => 0);
  for (let round = 0; round < rounds; round++) {
    for (const [i, program] of programs.entries()) {
      const run = await once(program);
      seconds[i].push(run.seconds);
      memory[i] = Math.max(memory[i], run.peakMemory);
    }
  }
  return programs.map((program, i) => ({ program, seconds: seconds[i], peakMemory: memory[i] }));
}

/**
 * The surroundings of what is measured. With more certificates than its own Node reads all of them before it begins, which
 * takes longer than many of the programs do: that is a setting of a machine, and not of the program.
 */
const { NODE_EXTRA_CA_CERTS: _, ...ENVIRONMENT } = process.env;

/** Milliseconds between two looks at the memory of a process, which cost it time. */
const LOOK_MS = 20;

async function once({
  name,
  command,
  args,
  status: wanted = 0,
}: Program): Promise<{ seconds: number; peakMemory: number }> {
  const start = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'], env: ENVIRONMENT });
  let peakMemory = 0;
  const timer = setInterval(() => {
    peakMemory = Math.max(peakMemory, highWater(child.pid));
  }, LOOK_MS);
  try {
    const status = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', resolve);
    });
    if (status !== wanted) throw new Error(`${name} ended with status ${status}`);
    return { seconds: (performance.now() - start) / 1000, peakMemory };
  } finally {
    clearInterval(timer);
  }
}

/** The most memory that a process had so far, in bytes; 0 where the system does not say. */
function highWater(pid: number | undefined): number {
  try {
    const match = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return match ? Number(match[1]) * 1024 : 0;
  } catch {
    // It has ended, or this is no Linux.
    return 0;
  }
}
