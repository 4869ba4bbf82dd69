/** Replays that tests start as callers of the API do, with everything that crosses to another thread copied as it would be. */
import { after } from 'node:test';
import { setTimeout as sleep, setImmediate as soon } from 'node:timers/promises';
import { openAof } from '../../src/engine/node/aof-folder.js';
import { AofInput } from '../../src/server/aof-input.js';
import { openTarget } from '../../src/server/node/open-target.js';
import { type Breakpoint, ReplayControl, type ReplayStanding } from '../../src/server/replay-control.js';
import { REPLAY_ALL, type ReplayOptions } from '../../src/server/replay-options.js';
import { preambleRestorer } from '../../src/server/replay-preamble.js';
import type { ReplayReport } from '../../src/server/replay-report.js';
import { type ReplayProgress, replayInto } from '../../src/server/replay-session.js';
import { clusterAccess } from '../../src/server/restore-session.js';
import { factsForWriting } from '../../src/server/target-checks.js';
import { parseTarget, type TargetAddress } from '../../src/server/target-url.js';
import { addressOf } from './replay-support.js';
import type { TestServer } from './server.js';

/** A replay that runs. */
export interface Running {
  readonly control: ReplayControl;
  readonly report: Promise<ReplayReport>;
  /** Waits until it stands. */
  standing(): Promise<ReplayStanding>;
  readonly progress: ReplayProgress[];
}

export interface Start {
  readonly breakpoints?: readonly Breakpoint[];
  readonly options?: Partial<ReplayOptions>;
  /** Pauses before the first command. */
  readonly paused?: boolean;
}

/** Starts a replay as a caller of the API does. */
export function startReplay(
  file: string,
  target: TestServer | TargetAddress,
  { breakpoints = [], options, paused }: Start = {},
): Running {
  const stood: ReplayStanding[] = [];
  const progress: ReplayProgress[] = [];
  let waiting: (() => void) | undefined;
  const wake = () => waiting?.();
  const control = new ReplayControl(breakpoints, (standing) => {
    stood.push(structuredClone(standing));
    wake();
  });
  if (paused) control.pause();
  const run = async () => {
    const open = await openTarget('mode' in target ? target : parseTarget(addressOf(target)));
    const { folder: opened, set } = openAof(file);
    try {
      const facts = await factsForWriting(open);
      const whole = { ...REPLAY_ALL, ...options };
      const report = await replayInto({ ...open, facts }, new AofInput(set), whole, {
        now: () => performance.now(),
        pause: async (ms) => void (await (ms > 0 ? sleep(ms) : soon())),
        restore: preambleRestorer(
          () => open.connect(open.address),
          facts,
          whole,
          true,
          clusterAccess(open, facts, (ms) => sleep(ms)),
        ),
        progress: (state) => void progress.push(structuredClone(state)),
        control,
      });
      return structuredClone(report);
    } finally {
      open.control.close();
      opened.close();
    }
  };
  const report = run();
  report.finally(wake).catch(() => {});
  let ended = false;
  void report.then(
    () => {
      ended = true;
    },
    () => {
      ended = true;
    },
  );
  const standing = async (): Promise<ReplayStanding> => {
    for (;;) {
      const next = stood.shift();
      if (next) return next;
      if (ended) throw new Error(`it has ended: ${JSON.stringify(await report)}`);
      await new Promise<void>((resolve) => {
        waiting = resolve;
      });
    }
  };
  after(() => control.stop());
  return { control, report, standing, progress };
}
