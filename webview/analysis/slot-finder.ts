/** Finding slots in their map, by the pointer and by the keyboard. */
import type { Measure, SlotShares } from '../../src/analysis-protocol.js';
import { slotGrid } from '../../src/pictures/slot-map.js';
import { slotPart } from '../../src/pictures/views/slots.js';
import { t } from '../strings.js';
import type { PartFinder } from './section.js';

const SLOTS = 16384;

/** Finds slots in their map. @param width that it is drawn in, about. */
export function slotFinder(slots: SlotShares, measure: Measure, width: number): PartFinder {
  return {
    count: SLOTS,
    down: slotGrid(width).across,
    at: (x, y, width) => {
      const { across, cell } = slotGrid(width);
      const column = Math.floor(x / cell);
      const slot = Math.floor(y / cell) * across + column;
      return column >= 0 && column < across && slot >= 0 && slot < SLOTS ? slot : -1;
    },
    place: (slot, width) => {
      const { across, cell } = slotGrid(width);
      const size = Math.max(cell, 5);
      return {
        x: (slot % across) * cell - (size - cell) / 2 - 1,
        y: Math.floor(slot / across) * cell - (size - cell) / 2 - 1,
        width: size + 2,
        height: size + 2,
      };
    },
    text: (slot) => slotPart(slots, slot, measure, t).text,
    choice: (slot) => slotPart(slots, slot, measure, t).choice,
  };
}
