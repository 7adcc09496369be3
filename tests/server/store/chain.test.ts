import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leaves } from '../../../machines/index.ts';
import { chain, follows } from '../../../server/store/chain.ts';

const instant = fc.double({ noNaN: true, noDefaultInfinity: true });
const entry = fc.record({
  version: fc.nat(),
  type: fc.constantFrom('session.started' as const, 'activity.seen' as const, 'clock.reached' as const),
  at: instant,
  from: fc.option(fc.constantFrom(...leaves)),
  to: fc.constantFrom(...leaves),
  data: fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ stringUnit: 'grapheme' })),
  rules: fc.string({ unit: 'grapheme' }),
});

describe('the hash of an entry', () => {
  it('is that of the hash before it and the entry in canonical JSON, whatever is in it', () => {
    fc.assert(
      fc.property(fc.constantFrom('', 'ab'), entry, instant, (before, written, recordedAt) => {
        const [chained] = chain(before, [written], recordedAt);
        const text = canonicalize({ ...written, recordedAt }) ?? '';
        expect(chained?.hash).toBe(createHash('sha256').update(before).update(text).digest('hex'));
        expect(chained && follows(before, chained)).toBe(true);
      }),
    );
  });
});
