import { describe, expect, it } from 'vitest';
import { sessionEvents } from '../../machines/index.ts';
import { arrows, redrawn } from './drawing.ts';

describe('the drawing of the session machine', () => {
  it('in machines/README.md is the machine as it is', () => {
    const { now, wanted } = redrawn();
    expect(now).toBe(wanted);
  });

  it('has arrows for known events only', () => {
    for (const { event } of arrows()) expect(Object.keys(sessionEvents)).toContain(event);
  });

  it('says of each arrow whether it records its event or takes it unchanged, and never both', () => {
    for (const { from, event, actions } of arrows()) {
      const said = actions.filter((action) => action === 'record' || action === 'accept');
      expect(said, `${from} on ${event}`).toHaveLength(1);
    }
  });

  it('moves to another state only by recorded events', () => {
    for (const { to, actions } of arrows()) if (to !== null) expect(actions).toContain('record');
  });
});
