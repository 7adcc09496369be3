import { useState } from 'react';
import type { SessionView, WarningStage } from '../../machines/index.ts';
import { openingOf } from '../messages/warningWords.ts';

/**
 * How much time was left when a stage of the warning was opened, in whole seconds, and that same number for as long as it
 * is open: what is said of the opening must not change afterwards. 0 while it is closed.
 */
export function useOpening(isOpen: boolean, view: SessionView | null, stage: WarningStage, remaining: number): number {
  const [opening, setOpening] = useState(0);
  if (isOpen && view && opening === 0 && remaining > 0) {
    const now = openingOf(view, stage, remaining);
    setOpening(now);
    return now;
  }
  if (!isOpen && opening !== 0) setOpening(0);
  return isOpen ? opening : 0;
}
