import { describe, expect, it } from 'vitest';
import { dialogAt, dialogBefore, minutes, nextStageAt, seconds, stageAt } from '../../machines/index.ts';
import { t0 } from '../support/machines.ts';
import { serverWith } from '../support/tabMachine.ts';

const view = serverWith().at(t0);
const [warn, dialog, end] = [t0 + minutes(25), t0 + minutes(28), t0 + minutes(30)];

describe('the stages of a warning', () => {
  it('come at their instants, and not 1 ms before', () => {
    const stages = [t0, warn - 1, warn, dialog - 1, dialog, end - 1, end, end + 1].map((at) => stageAt(view, at));
    expect(stages).toEqual(['none', 'none', 'toast', 'toast', 'dialog', 'dialog', 'over', 'over']);
  });

  it('follow each other', () => {
    const next = [t0, warn - 1, warn, dialog - 1, dialog, end - 1, end].map((at) => nextStageAt(view, at));
    expect(next).toEqual([warn, warn, dialog, dialog, end, end, null]);
  });

  it('are counted from the nearer limit', () => {
    const absolute = { ...view, absoluteDeadline: t0 + minutes(10) };
    expect(dialogAt(absolute)).toBe(t0 + minutes(8));
    expect(stageAt(absolute, t0 + minutes(10))).toBe('over');
  });
});

describe('the dialog', () => {
  const before = (warnBefore: number) => dialogBefore({ ...view, policy: { ...view.policy, warnBefore } });

  it('comes two minutes before the end, or after half of a shorter warning', () => {
    expect([minutes(5), minutes(4), minutes(3), seconds(20)].map(before)).toEqual([
      minutes(2),
      minutes(2),
      seconds(90),
      seconds(10),
    ]);
  });
});
