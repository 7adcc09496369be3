import { describe, expect, it } from 'vitest';
import {
  createPolicy,
  hours,
  isPresetName,
  minutes,
  policyFor,
  presets,
  seconds,
  days,
  type Policy,
} from '../../machines/index.ts';

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
    ['a word in a list', { onLimit: ['deny'] }, 'onLimit'],
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

describe('a policy that is refused', () => {
  const refused = (overrides: Partial<Policy>) => createPolicy(presets.standard, overrides);
  const fault = (field: keyof Policy, value: unknown, allowed: string) => ({
    ok: false,
    faults: [{ field, value, allowed }],
  });

  it.each([
    'idleTimeout',
    'absoluteTimeout',
    'warnBefore',
    'restoreWindow',
    'tokenLifetime',
    'activityResolution',
    'rotationGrace',
    'freshAuth',
    'maxLease',
  ] as const)('says that its %s must be a finite duration', (field) => {
    for (const value of [-1, Number.NaN, Infinity, '5' as unknown as number])
      expect(refused({ [field]: value })).toEqual(fault(field, value, 'a finite duration, 0 or more'));
  });

  it('says that its sessions must be a whole number', () => {
    for (const maxSessions of [0, -1, 1.5, Number.NaN])
      expect(refused({ maxSessions })).toEqual(fault('maxSessions', maxSessions, 'a whole number, 1 or more'));
  });

  it('says from which lapses it must be possible to resume', () => {
    const restoreFrom = ['absolute'] as const;
    expect(refused({ restoreFrom })).toEqual(fault('restoreFrom', restoreFrom, 'idle, or idle and absolute'));
  });

  it('says which words and which fields there are', () => {
    const word = 'maybe' as never;
    expect(refused({ onLimit: word })).toEqual(fault('onLimit', word, 'end-oldest or deny'));
    const undeclaredActivity = fault('undeclaredActivity', word, 'user or until-declared or background');
    expect(refused({ undeclaredActivity: word })).toEqual(undeclaredActivity);
    const names = Object.keys(presets.standard).toSorted().join(', ');
    const result = refused({ idleTimout: 5 } as Partial<Policy>);
    const [unknown] = result.ok ? [] : result.faults;
    expect(unknown).toMatchObject({ field: 'idleTimout', value: 5 });
    const [, listed = ''] = /^one of (.*)$/.exec(unknown?.allowed ?? '') ?? [];
    expect(listed.split(', ').toSorted().join(', ')).toBe(names);
  });

  it('says which limit must be less than which', () => {
    const idleTimeout = hours(12);
    expect(refused({ idleTimeout })).toEqual(fault('idleTimeout', idleTimeout, 'less than absoluteTimeout'));
    const warnBefore = minutes(30);
    expect(refused({ warnBefore })).toEqual(fault('warnBefore', warnBefore, 'less than idleTimeout'));
  });

  it('says what is wrong with the limits of remembered sessions', () => {
    for (const [idleTimeout, absoluteTimeout, allowed] of [
      [-1, days(1), 'finite durations, 0 or more'],
      [days(1), Infinity, 'finite durations, 0 or more'],
      [Number.NaN, Number.NaN, 'finite durations, 0 or more'],
      [days(1), days(1), 'idle less than absolute'],
      [minutes(5), days(1), 'idle more than warnBefore'],
    ] as const) {
      const remembered = { idleTimeout, absoluteTimeout };
      expect(refused({ remembered })).toEqual(fault('remembered', remembered, allowed));
    }
  });

  it('says everything that is wrong with it at once', () => {
    const result = refused({ idleTimeout: -1, maxSessions: 0, restoreFrom: [], remembered: null });
    const fields = result.ok ? [] : result.faults.map(({ field }) => field);
    expect(fields).toEqual(['idleTimeout', 'maxSessions', 'restoreFrom']);
  });
});

describe('a policy at the edge of what is allowed', () => {
  it.each<[string, Partial<Policy>]>([
    ['1 ms between idle and absolute', { idleTimeout: hours(12) - 1, remembered: null }],
    ['1 ms between the warning and idle', { warnBefore: minutes(30) - 1 }],
    ['a single session', { maxSessions: 1 }],
    ['no warning, no grace, no leases', { warnBefore: 0, rotationGrace: 0, maxLease: 0 }],
    [
      '1 ms between the limits of remembered sessions',
      { remembered: { idleTimeout: days(1) - 1, absoluteTimeout: days(1) } },
    ],
    [
      '1 ms between the warning and a remembered idle',
      { remembered: { idleTimeout: minutes(5) + 1, absoluteTimeout: days(1) } },
    ],
  ])('is accepted with %s', (_, overrides) => {
    expect(createPolicy(presets.standard, overrides)).toMatchObject({ ok: true, policy: overrides });
  });

  it('lets nothing outlive its absolute limit', () => {
    const absoluteTimeout = hours(1);
    const endless = { tokenLifetime: days(9), freshAuth: days(9), maxLease: days(9), rotationGrace: days(9) };
    expect(createPolicy(presets.standard, { ...endless, absoluteTimeout })).toMatchObject({
      ok: true,
      policy: {
        tokenLifetime: absoluteTimeout,
        freshAuth: absoluteTimeout,
        maxLease: absoluteTimeout,
        rotationGrace: absoluteTimeout,
      },
    });
  });

  it('records activity at least ten times before the warning, in whole milliseconds', () => {
    const resolution = (activityResolution: number) => {
      const result = createPolicy(presets.standard, { idleTimeout: 1_009, warnBefore: 0, activityResolution });
      return result.ok ? result.policy.activityResolution : null;
    };
    expect(resolution(seconds(60))).toBe(100);
    expect(resolution(100)).toBe(100);
    expect(resolution(99)).toBe(99);
    expect(resolution(0)).toBe(0);
  });

  it('is clamped again to the limits of a remembered session, and is the same for any other', () => {
    const policy: Policy = {
      ...presets.standard,
      tokenLifetime: hours(12),
      remembered: { idleTimeout: minutes(10), absoluteTimeout: hours(1) },
    };
    expect(policyFor(policy, true)).toMatchObject({
      idleTimeout: minutes(10),
      absoluteTimeout: hours(1),
      tokenLifetime: hours(1),
      activityResolution: seconds(30),
    });
    expect(policyFor(policy, false)).toBe(policy);
  });
});

describe('the presets', () => {
  it('have the limits that are documented as the defaults', () => {
    expect(presets.standard).toEqual({
      idleTimeout: 30 * 60_000,
      absoluteTimeout: 12 * 3_600_000,
      warnBefore: 5 * 60_000,
      restoreWindow: 24 * 3_600_000,
      restoreFrom: ['idle', 'absolute'],
      tokenLifetime: 30 * 60_000,
      activityResolution: 60_000,
      rotationGrace: 30_000,
      freshAuth: 10 * 60_000,
      maxLease: 2 * 3_600_000,
      maxSessions: 10,
      onLimit: 'end-oldest',
      undeclaredActivity: 'until-declared',
      remembered: { idleTimeout: 14 * 86_400_000, absoluteTimeout: 30 * 86_400_000 },
    });
  });

  it('are known by name, and nothing else is', () => {
    expect(Object.keys(presets).every(isPresetName)).toBe(true);
    for (const name of ['', 'lax', 'toString']) expect(isPresetName(name)).toBe(false);
  });

  it('OWASP Session Management owasp-high asks again after 5 minutes without activity, and after 4 hours', () => {
    expect(presets['owasp-high']).toMatchObject({ idleTimeout: minutes(5), absoluteTimeout: hours(4) });
  });

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
