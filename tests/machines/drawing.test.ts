import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { chartOf, sessionEvents, sessionMachine, tabMachine } from '../../machines/index.ts';
import { jsonOf } from '../support/charts/drawing.ts';
import { exported } from '../support/charts/export.ts';

const arrows = chartOf(sessionMachine).transitions;

describe('what is made from the machines', () => {
  let files: ReadonlyMap<string, string>;
  beforeAll(async () => {
    files = await exported();
  }, 60_000);

  it('is in the repository as they are now: run `npm run machines -- export`', () => {
    expect(files.size).toBe(7);
    for (const [path, text] of files) expect(readFileSync(path, 'utf8'), path).toBe(text);
  });
});

describe.each([sessionMachine, tabMachine])('the JSON of a machine ($id)', (machine) => {
  it('makes the same machine again', () => {
    const again = createMachine(JSON.parse(jsonOf(machine)));
    expect(chartOf(again)).toEqual(chartOf(machine));
  });
});

describe('the drawing of the session machine', () => {
  it('has arrows for known events only', () => {
    for (const { event } of arrows) expect(Object.keys(sessionEvents)).toContain(event);
  });

  it('says of each arrow whether it records its event or takes it unchanged, and never both', () => {
    for (const { from, event, actions } of arrows) {
      const said = actions.filter((action) => action === 'record' || action === 'accept');
      expect(said, `${from} on ${event}`).toHaveLength(1);
    }
  });

  it('moves to another state only by recorded events', () => {
    for (const { to, actions } of arrows) if (to !== null) expect(actions).toContain('record');
  });
});
