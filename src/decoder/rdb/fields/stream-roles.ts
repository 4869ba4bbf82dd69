/** What the entries of a stream node's listpack are: first the master entry, then entries that refer to it (§ streams). */
import type { FieldName } from './names.js';

const SAME_FIELDS = 2;

type State =
  | 'count'
  | 'deleted'
  | 'master-fields'
  | 'master-field'
  | 'terminator'
  | 'flags'
  | 'ms'
  | 'seq'
  | 'number-of-fields'
  | 'field'
  | 'value'
  | 'entry-length';

const NAMES: Readonly<Record<State, FieldName>> = {
  count: 'count',
  deleted: 'deleted',
  'master-fields': 'number-of-fields',
  'master-field': 'field',
  terminator: 'terminator',
  flags: 'flags',
  ms: 'ms-offset',
  seq: 'sequence-offset',
  'number-of-fields': 'number-of-fields',
  field: 'field',
  value: 'value',
  'entry-length': 'entry-length',
};

/** Follows the elements of a listpack and says what the next one is. A number that cannot be true ends no loop. */
export class StreamRoles {
  private state: State = 'count';
  private masterFields = 0;
  private left = 0;
  private sameFields = false;
  /** Number of the stream entry that the element belongs to, from 0; 0 also for the master entry. */
  index = 0;

  /** What the next element is. */
  get role(): FieldName {
    return NAMES[this.state];
  }

  /** Takes the element that {@link role} has named. @param value undefined for one that is no number. */
  saw(value: number | bigint | undefined): void {
    const number = value === undefined ? 0 : Number(value);
    switch (this.state) {
      case 'count':
        this.state = 'deleted';
        break;
      case 'deleted':
        this.state = 'master-fields';
        break;
      case 'master-fields':
        this.masterFields = this.left = Math.max(0, number);
        this.state = this.left > 0 ? 'master-field' : 'terminator';
        break;
      case 'master-field':
        if (--this.left <= 0) this.state = 'terminator';
        break;
      case 'terminator':
        this.state = 'flags';
        break;
      case 'flags':
        this.sameFields = (number & SAME_FIELDS) !== 0;
        this.state = 'ms';
        break;
      case 'ms':
        this.state = 'seq';
        break;
      case 'seq':
        this.left = this.masterFields;
        this.state = !this.sameFields ? 'number-of-fields' : this.left > 0 ? 'value' : 'entry-length';
        break;
      case 'number-of-fields':
        this.left = Math.max(0, number);
        this.state = this.left > 0 ? 'field' : 'entry-length';
        break;
      case 'field':
        this.state = 'value';
        break;
      case 'value':
        this.state = --this.left <= 0 ? 'entry-length' : this.sameFields ? 'value' : 'field';
        break;
      case 'entry-length':
        this.state = 'flags';
        this.index++;
        break;
    }
  }
}
