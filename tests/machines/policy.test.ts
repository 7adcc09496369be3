import { describe, expect, it } from 'vitest';
import { createPolicy, hours, minutes, policyFor, presets, seconds, days, type Policy } from '../../machines/index.ts';

const faults = (overrides: Partial<Policy>) => {
  const result = createPolicy(presets.standard, overrides);
  return result.ok ? [] : result.faults.map(({ field }) => field);
};

describe('a policy', () => {
  it.each<[string, Partial<Policy>, string]>([
    ['idle as long as absolute', { idleTimeout: hours(12) }, 'idleTimeout'],
    ['a warning as long as idle', { warnBefore: minutes(30) }, 'warnBefore'],
    ['a negative duration', { restoreWindow: -1 }, 'restoreWindow'],
    ['an endless duration', { absoluteTimeout: Infinity }, 'absoluteTimeout'],
    ['a duration that is no number', { tokenLifetime: Number.NaN }, 'tokenLifetime'],
    ['no sessions at all', { maxSessions: 0 }, 'maxSessions'],
    [
      'a remembered idle longer than its absolute',
      { remembered: { idleTimeout: 2, absoluteTimeout: 1 } },
      'remembered',
    ],
    ['no way back from an idle lapse', { restoreFrom: [] }, 'restoreFrom'],
  ])('is refused with %s', (_, overrides, field) => {
    expect(faults(overrides)).toContain(field);
  });

  it.each<[string, object, string]>([
    ['a field that it does not have', { idleTimout: minutes(5) }, 'idleTimout'],
    ['a duration as text', { idleTimeout: '15m' }, 'idleTimeout'],
    ['a field left out', { freshAuth: undefined }, 'freshAuth'],
    ['a list that is none', { restoreFrom: 'idle' }, 'restoreFrom'],
    ['a limit that is none', { restoreFrom: ['idle', 'never'] }, 'restoreFrom'],
    ['an unknown word for a full house', { onLimit: 'end-newest' }, 'onLimit'],
    ['an unknown word for silence', { undeclaredActivity: 'maybe' }, 'undeclaredActivity'],
    ['half of the remembered limits', { remembered: { idleTimeout: days(14) } }, 'remembered'],
    ['remembered sessions left open', { remembered: undefined }, 'remembered'],
  ])('from outside of TypeScript is refused with %s', (_, overrides, field) => {
    expect(faults(overrides)).toEqual([field]);
  });

  it('is clamped where that makes sense', () => {
    const result = createPolicy(presets.standard, {
      absoluteTimeout: hours(1),
      tokenLifetime: hours(9),
      maxLease: hours(9),
      activityResolution: hours(9),
    });
    expect(result).toMatchObject({
      ok: true,
      policy: { tokenLifetime: hours(1), maxLease: hours(1), activityResolution: (minutes(30) - minutes(5)) / 10 },
    });
  });

  it('has longer limits for a remembered session, where the policy allows one', () => {
    expect(policyFor(presets.standard, true)).toMatchObject({ idleTimeout: days(14), absoluteTimeout: days(30) });
    expect(policyFor(presets.pci, true)).toEqual(presets.pci);
  });
});

describe('the presets', () => {
  it.each(Object.entries(presets))('%s is accepted as it is and changes nothing when clamped', (_, preset) => {
    expect(createPolicy(preset)).toEqual({ ok: true, policy: { ...preset, activityResolution: expect.any(Number) } });
  });

  it.each(Object.entries(presets))('WCAG 2.2.1 %s warns at least 20 s ahead', (_, preset) => {
    expect(preset.warnBefore).toBeGreaterThanOrEqual(seconds(20));
  });

  it('PCI DSS 8.2.8 pci asks again after no more than 15 minutes', () => {
    expect(presets.pci.idleTimeout).toBeLessThanOrEqual(minutes(15));
  });

  it.each(Object.entries(presets))(
    'NIST SP 800-63B-4 AAL1 %s lasts at most 30 days, remembered or not',
    (_, preset: Policy) => {
      for (const limits of [preset, preset.remembered])
        expect(limits?.absoluteTimeout ?? 0).toBeLessThanOrEqual(days(30));
    },
  );

  it('NIST SP 800-63B-4 AAL2 lasts at most 24 h and 1 h without activity', () => {
    expect(presets['nist-aal2']).toMatchObject({ absoluteTimeout: hours(24), idleTimeout: hours(1) });
  });

  it('NIST SP 800-63B-4 AAL3 lasts at most 12 h and 15 min without activity', () => {
    expect(presets['nist-aal3']).toMatchObject({ absoluteTimeout: hours(12), idleTimeout: minutes(15) });
  });

  it.each(['owasp-high', 'nist-aal2', 'nist-aal3', 'pci'] as const)(
    '%s forbids leases, remembering and undeclared activity',
    (name) => {
      expect(presets[name]).toMatchObject({
        maxLease: 0,
        remembered: null,
        undeclaredActivity: 'background',
        restoreFrom: ['idle'],
      });
    },
  );
});
