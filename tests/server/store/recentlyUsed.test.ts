import fc from 'fast-check';
import { expect, it } from 'vitest';
import { recentlyUsed } from '../../../server/store/recentlyUsed.ts';

it('never keeps more than it may, and never what was put under another key or before', () => {
  const keys = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
  const steps = fc.array(
    fc.oneof(
      fc.record({ what: fc.constant('set' as const), key: keys, value: fc.integer({ min: 1, max: 20 }) }),
      fc.record({ what: fc.constantFrom('get' as const, 'delete' as const), key: keys }),
      fc.record({ what: fc.constant('clear' as const) }),
    ),
  );
  fc.assert(
    fc.property(steps, (all) => {
      const kept = recentlyUsed<number>(40, (value) => value);
      const present = new Map<string, number>();
      for (const step of all) {
        if (step.what === 'clear') {
          kept.clear();
          present.clear();
          continue;
        }
        if (step.what === 'set') {
          kept.set(step.key, step.value);
          present.set(step.key, step.value);
        }
        if (step.what === 'delete') {
          kept.delete(step.key);
          present.delete(step.key);
        }
        expect([undefined, present.get(step.key)]).toContain(kept.get(step.key));
        expect(kept.size()).toBeLessThanOrEqual(40);
      }
    }),
  );
});

it('keeps what is used again and again, and loses what is not', () => {
  const kept = recentlyUsed<number>(100, () => 1);
  kept.set('often', 0);
  kept.set('once', 0);
  for (let other = 0; other < 1_000; other += 1) {
    kept.set(`other ${other}`, other);
    expect(kept.get('often')).toBe(0);
  }
  expect(kept.get('once')).toBeUndefined();
});

it('keeps nothing that is larger than all it may keep', () => {
  const kept = recentlyUsed<number>(10, (value) => value);
  kept.set('large', 11);
  expect(kept.get('large')).toBeUndefined();
  expect(kept.size()).toBe(0);
});
