import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { beforeAll, describe, expect, it } from 'vitest';
import { chartOf, presets, sessionMachine, tabMachine } from '../../../machines/index.ts';
import { Drawing } from '../../../web/app/inspector/chart/Drawing.tsx';
import { labelOf, linesOf } from '../../../web/app/inspector/chart/labels.ts';
import { layOut, type Placed } from '../../../web/app/inspector/chart/layout.ts';
import { StateList } from '../../../web/app/inspector/chart/StateList.tsx';

const none = new Set<string>();
const occurrences = (markup: string, attribute: string) =>
  [...markup.matchAll(new RegExp(` ${attribute}="([^"]*)"`, 'g'))].map(([, value]) => String(value)).toSorted();

describe.each([sessionMachine, tabMachine])('the drawing of a machine ($id)', (machine) => {
  const chart = chartOf(machine);
  let placed: Placed;
  beforeAll(async () => {
    placed = await layOut(chart, (transition) => linesOf(transition, presets.standard));
  });

  it.each(['drawn', 'listed'])('has every state and every transition of the definition, once, %s', (how) => {
    const props = { active: none, traced: none };
    const markup = renderToStaticMarkup(
      how === 'drawn'
        ? createElement(Drawing, { placed, ...props })
        : createElement(StateList, { chart, policy: presets.standard, ...props }),
    );
    expect(occurrences(markup, 'data-state')).toEqual(chart.states.map(({ id }) => id).toSorted());
    expect(occurrences(markup, 'data-transition')).toEqual(chart.transitions.map(({ id }) => id).toSorted());
  });

  it('puts every state inside its parent, and beside its siblings', () => {
    const boxes = new Map(placed.states.map((each) => [each.state.id, each]));
    for (const { state, x, y, width, height } of placed.states) {
      const parent = state.parent === null ? undefined : boxes.get(state.parent);
      if (parent) {
        expect(x).toBeGreaterThanOrEqual(parent.x);
        expect(y).toBeGreaterThanOrEqual(parent.y);
        expect(x + width).toBeLessThanOrEqual(parent.x + parent.width);
        expect(y + height).toBeLessThanOrEqual(parent.y + parent.height);
      }
      for (const other of placed.states) {
        if (other.state.parent !== state.parent || other.state.id === state.id) continue;
        const isApart =
          x + width <= other.x || other.x + other.width <= x || y + height <= other.y || other.y + other.height <= y;
        expect(isApart, `${state.id} and ${other.state.id}`).toBe(true);
      }
    }
  });

  it('leads every line from somewhere to somewhere', () => {
    for (const { points } of placed.edges) expect(points.length).toBeGreaterThan(1);
  });
});

describe('a chart', () => {
  const chart = chartOf(sessionMachine);

  it('marks where it is and what it did, in words too', () => {
    const markup = renderToStaticMarkup(
      createElement(StateList, {
        chart,
        policy: presets.standard,
        active: new Set(['active', 'active.expiring']),
        traced: new Set(['active.fresh|clock.reached|0']),
      }),
    );
    expect(markup).toContain('<strong>expiring</strong> (now)');
    expect(markup).not.toContain('<strong>fresh</strong> (now)');
    expect(markup).toContain('→ active.expiring (just now)');
  });

  it('says how long the policy’s limits are', () => {
    const labels = chart.transitions.map((transition) => labelOf(transition, presets.standard));
    expect(labels).toContain('clock.reached [isPastIdle: after 30 minutes]');
    expect(labels).toContain('clock.reached [isWarningTime: 5 minutes before the limit]');
    expect(labels).toContain('clock.reached [isPastAbsolute: after 12 hours]');
    expect(labels).toContain('clock.reached [isPastRestoreWindow: after 24 hours]');
  });
});
