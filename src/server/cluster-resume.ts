/** Where a replay into a cluster goes on: what each node has not acknowledged, and what was not sent to any. */
import type { ClusterLane } from './cluster-lane.js';
import type { ReplayInput } from './replay-input.js';
import { EXEC, MULTI, type PendingCommand } from './replay-lane.js';
import type { OnlyPlaces } from './replay-options.js';
import type { ReplayPlace, ResumePoint, SlotPlaces } from './replay-report.js';
import { resumePointAt } from './replay-resume.js';

/**
 * Where a replay into a cluster goes on.
 *
 * @param next where the first command stands that was not sent.
 * @param only what a former replay had left for this one.
 */
export function clusterResume(
  input: ReplayInput,
  next: ReplayPlace,
  { unsure, undone }: Pick<ClusterLane, 'unsure' | 'undone'>,
  only: OnlyPlaces | undefined,
): ResumePoint {
  const fileOf = (part: number) => input.parts.find((candidate) => candidate.part === part)?.file ?? '';
  const whole = (part: number, offset: number): ReplayPlace => ({ part, file: fileOf(part), offset });
  // What a former replay has left, and this one did not come to.
  const behind = [...(only?.slots ?? [])].flatMap(([key, slots]) => {
    const [part, offset] = key.split(':').map(Number);
    const isLeft = part > next.part || (part === next.part && offset >= next.offset);
    return isLeft ? [...slots].map((slot) => ({ part, offset, slot })) : [];
  });
  const isFurther = only && (only.part > next.part || (only.part === next.part && only.offset > next.offset));
  const upTo = isFurther ? whole(only.part, only.offset) : next;
  const notDone = [...heads(undone), ...behind];
  const [first] = [...heads(unsure), ...notDone, upTo].sort((a, b) => a.part - b.part || a.offset - b.offset);
  const place = resumePointAt(input, whole(first.part, first.offset));
  if (first === upTo) return place;
  const byFile = (list: readonly SlotPlace[]): SlotPlaces => {
    const files = new Map<string, [number, number][]>();
    for (const { part, offset, slot } of list) {
      const places = files.get(fileOf(part)) ?? [];
      files.set(fileOf(part), places);
      places.push([offset, slot]);
    }
    return Object.fromEntries(files);
  };
  return { ...place, left: { upTo, unsure: byFile(heads(unsure)), undone: byFile(notDone) } };
}

interface SlotPlace {
  readonly part: number;
  readonly offset: number;
  readonly slot: number;
}

/** Commands, and of transactions their MULTI only: they are done as a whole. */
function heads(commands: readonly PendingCommand[]): SlotPlace[] {
  const found: SlotPlace[] = [];
  let inside = false;
  for (const { kind, part, offset, slot = -1 } of commands) {
    if (!inside) found.push({ part, offset, slot });
    if (kind === MULTI) inside = true;
    else if (kind === EXEC) inside = false;
  }
  return found;
}
