/** The lane of a dry run: checks commands against what the server has and lets its user do, and sends nothing. */
import { latin1 } from '../decoder/bytes.js';
import { ClusterRouter } from './cluster-router.js';
import type { Permission, ServerCommand, ServerCommands } from './permissions.js';
import { ADDED, ADDED_DISCARD, COPY, PIECE, type ReplayLane, type UnitItem } from './replay-lane.js';
import type { OnlyPlaces } from './replay-options.js';
import type { ReplayTally } from './replay-tally.js';

/** What is known of the target; what is undefined is not checked. */
export interface DryRunFacts {
  readonly commands: ServerCommands | undefined;
  readonly permission: Permission | undefined;
}

/** Takes commands, and says what the server would say of them. */
export class DryLane implements ReplayLane {
  db = 0;
  readonly full = false;
  readonly pending = [];

  constructor(
    private readonly facts: DryRunFacts,
    private readonly tally: ReplayTally,
    private readonly nameOf: (name: number) => string,
  ) {}

  expect(kind: number, name: number, part: number, offset: number, _bytes: number, argv: readonly Uint8Array[]): void {
    if (kind === ADDED || kind === ADDED_DISCARD || kind === PIECE) return;
    this.tally.sent++;
    const error = this.errorOf(this.nameOf(name).toLowerCase(), argv);
    if (error === undefined) this.tally.applied++;
    else this.tally.fail(error, name, part, offset);
  }

  /** Takes the commands for a cluster. @param only what a former replay left undone. */
  router(only: OnlyPlaces | undefined): ClusterRouter {
    const deliver = (_: number, items: readonly UnitItem[]) => {
      for (const { kind, name, part, offset, error } of items) {
        if (kind === COPY) continue;
        this.tally.sent++;
        if (error === undefined) this.tally.applied++;
        else this.tally.fail(error, name, part, offset);
      }
    };
    const check = (name: number, argv: readonly Uint8Array[]) => this.errorOf(this.nameOf(name).toLowerCase(), argv);
    return new ClusterRouter(this.tally, deliver, only, check);
  }

  write(): void {
    // Nothing leaves this machine.
  }

  discard(): void {
    // Nothing was begun.
  }

  close(): void {
    // Nothing was opened.
  }

  async ready(): Promise<void> {}

  async drained(): Promise<void> {}

  private errorOf(name: string, argv: readonly Uint8Array[]): string | undefined {
    const { commands, permission } = this.facts;
    if (!commands) return undefined;
    const command = commands.get(name);
    if (!command) return `ERR the server has no command '${name}'`;
    const subcommand = argv.length > 1 ? this.subcommandOf(commands, name, argv[1]) : undefined;
    const { arity } = subcommand ?? command;
    if (arity >= 0 ? argv.length !== arity : argv.length < -arity) {
      return `ERR wrong number of arguments for '${name}' command`;
    }
    if (permission && !permission(command, subcommand)) return `NOPERM the user may not run the '${name}' command`;
    return undefined;
  }

  private subcommandOf(commands: ServerCommands, name: string, word: Uint8Array): ServerCommand | undefined {
    return word.length < 64 ? commands.get(`${name}|${latin1(word).toLowerCase()}`) : undefined;
  }
}
