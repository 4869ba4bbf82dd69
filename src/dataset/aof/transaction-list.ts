/** The transactions of an AOF: from which MULTI to which EXEC, in order; nine bytes a transaction. */

/** A transaction: commands `first` to `last`, both included. */
export interface Transaction {
  /** Its MULTI. */
  readonly first: number;
  /** Its EXEC, or the last command that is there of it. */
  readonly last: number;
  /** False if there is no EXEC: the file ends, or is damaged, before. */
  readonly complete: boolean;
}

const FIRST_SIZE = 256;

/** A growing list of transactions. */
export class TransactionList {
  private firsts = new Uint32Array(FIRST_SIZE);
  private lasts = new Uint32Array(FIRST_SIZE);
  private closed = new Uint8Array(FIRST_SIZE);
  private count = 0;
  private opened = false;

  get length(): number {
    return this.count;
  }

  get memory(): number {
    return this.firsts.length * 9;
  }

  /** True while the EXEC of the last transaction may still come. */
  get isOpen(): boolean {
    return this.opened;
  }

  /** Begins a transaction with its MULTI. */
  open(command: number): void {
    if (this.count === this.firsts.length) this.grow();
    this.firsts[this.count] = command;
    this.lasts[this.count] = command;
    this.closed[this.count] = 0;
    this.count++;
    this.opened = true;
  }

  /** Takes another command into the open transaction. @param closes true for its EXEC. */
  goOn(command: number, closes: boolean): void {
    if (!this.opened) return;
    this.lasts[this.count - 1] = command;
    if (!closes) return;
    this.closed[this.count - 1] = 1;
    this.opened = false;
  }

  /** The open transaction has no EXEC: what follows is not in it. */
  breakOff(): void {
    this.opened = false;
  }

  at(position: number): Transaction {
    return {
      first: this.firsts[position],
      last: this.lasts[position],
      complete: this.closed[position] === 1,
    };
  }

  /** Position of the transaction that a command is in; −1 if it is in none. */
  positionOf(command: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.firsts[middle] <= command) low = middle + 1;
      else high = middle;
    }
    return low > 0 && this.lasts[low - 1] >= command ? low - 1 : -1;
  }

  private grow(): void {
    const firsts = new Uint32Array(this.count * 2);
    firsts.set(this.firsts);
    this.firsts = firsts;
    const lasts = new Uint32Array(this.count * 2);
    lasts.set(this.lasts);
    this.lasts = lasts;
    const closed = new Uint8Array(this.count * 2);
    closed.set(this.closed);
    this.closed = closed;
  }
}
