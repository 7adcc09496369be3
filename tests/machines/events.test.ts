import { describe, expect, it } from 'vitest';
import {
  isSessionEvent,
  isSessionStarted,
  presets,
  sessionEvents,
  step,
  type LoggedEvent,
  type SessionEvent,
} from '../../machines/index.ts';
import { begun, t0 } from '../support/machines.ts';

const { state } = begun();
const at = t0;

const started = {
  type: 'session.started',
  at,
  user: 'u1',
  policy: presets.standard,
  remembered: false,
  method: 'pwd',
  device: 'd1',
} as const;

const events: Readonly<{ [Type in SessionEvent['type']]: Extract<SessionEvent, { type: Type }> }> = {
  'clock.reached': { type: 'clock.reached', at },
  'activity.seen': { type: 'activity.seen', at, seenAt: at, generation: 0 },
  'lease.taken': { type: 'lease.taken', at, kind: 'call', until: at + 1 },
  'lease.released': { type: 'lease.released', at, kind: 'call' },
  'session.extended': { type: 'session.extended', at, generation: 0 },
  'token.rotated': { type: 'token.rotated', at, generation: 1 },
  'token.confirmed': { type: 'token.confirmed', at, generation: 0 },
  'token.replayed': { type: 'token.replayed', at, generation: 0 },
  'token.reused': { type: 'token.reused', at, generation: 0 },
  'user.reauthenticated': { type: 'user.reauthenticated', at, method: 'pwd', generation: 1, policy: presets.standard },
  'user.signedOut': { type: 'user.signedOut', at },
  'session.revoked': { type: 'session.revoked', at, by: 'u1', reason: 'lost' },
  'session.displaced': { type: 'session.displaced', at, by: 's2' },
  'warning.shown': { type: 'warning.shown', at, stage: 'dialog', visible: false },
  'session.usedAfterEnd': { type: 'session.usedAfterEnd', at },
  'client.heard': { type: 'client.heard', at },
  'policy.applied': { type: 'policy.applied', at, policy: presets.pci },
};

/** What a sign-in may say besides, of the proof it rests on. */
const authentication = {
  provedAt: at - 1,
  issuer: 'https://id.example',
  amr: ['phr'],
  acr: '',
  heard: true,
} as const;

/** For every field of an event, what it must not be; what is missing is `undefined`. */
const wrong: Readonly<Record<string, readonly unknown[]>> = {
  at: [Number.NaN, Infinity, -Infinity, String(t0), null, undefined],
  seenAt: [Number.NaN, -Infinity, String(t0), undefined],
  until: [Number.NaN, Infinity, null, undefined],
  generation: [-1, 0.5, '0', Number.NaN, undefined],
  user: [1, null, undefined],
  device: [1, {}, undefined],
  kind: [1, null, undefined],
  by: [1, undefined],
  reason: [true, undefined],
  remembered: ['false', 0, undefined],
  visible: ['true', 1, undefined],
  policy: [null, 'standard', undefined],
  stage: ['banner', '', null, undefined],
  method: ['otp', '', true, [1], ['pwd', null], { 0: 'pwd' }, null, undefined],
};

/** For every field that may be left out, what it must not be when it is there. */
const wrongWhenThere: Readonly<Record<keyof typeof authentication, readonly unknown[]>> = {
  provedAt: [Number.NaN, Infinity, String(t0), null, undefined],
  issuer: [1, null, ['https://id.example'], undefined],
  amr: ['phr', [1], ['phr', null], null, undefined],
  acr: [1, null, undefined],
  heard: [false, 'yes', null, 1, undefined],
};

const spoilt = ({ type, ...fields }: LoggedEvent) =>
  Object.keys(fields).flatMap((name) =>
    (wrong[name] ?? []).map((value) => [name, value, { type, ...fields, [name]: value }] as const),
  );

describe.each(Object.entries(events))('the event %s', (type, event) => {
  it('is understood, and nothing else is called so', () => {
    expect(isSessionEvent(event)).toBe(true);
    expect(isSessionStarted(event)).toBe(false);
    expect(Object.keys(sessionEvents)).toContain(type);
  });

  it.each(spoilt(event))('is refused when its %s is %s', (_, __, bad) => {
    expect(isSessionEvent(bad)).toBe(false);
    const refused = { outcome: 'rejected', code: 'invalid_event', state, entries: [] };
    expect(step(state, bad as unknown as SessionEvent)).toEqual(refused);
  });
});

it('both stages of a warning are known', () => {
  for (const stage of ['toast', 'dialog'] as const)
    expect(step(state, { ...events['warning.shown'], stage }).outcome).toBe('unchanged');
});

describe('the event that begins a session', () => {
  it('is understood, and is none of those that follow it', () => {
    expect(isSessionStarted(started)).toBe(true);
    expect(isSessionStarted({ ...started, type: 'session.begun' })).toBe(false);
    expect(isSessionEvent(started)).toBe(false);
  });

  it.each(spoilt(started))('is not understood when its %s is %s', (_, __, bad) => {
    expect(isSessionStarted(bad)).toBe(false);
  });
});

describe.each([events['user.reauthenticated'], started])('the sign-in $type', (event) => {
  const isUnderstood = (each: { readonly type: string }) => isSessionEvent(each) || isSessionStarted(each);

  it.each([[], ['pwd'], ['hwk', 'user'], ['of.its.own']])('is understood with the methods %j', (...method) => {
    expect(isUnderstood({ ...event, method } as typeof event)).toBe(true);
  });

  it('may say more of its proof, or only a part', () => {
    expect(isUnderstood({ ...event, ...authentication })).toBe(true);
    for (const [name, value] of Object.entries(authentication))
      expect(isUnderstood({ ...event, [name]: value })).toBe(true);
  });

  it.each(Object.entries(wrongWhenThere))('is not understood with a %s that cannot be read', (name, values) => {
    for (const value of values) expect([value, isUnderstood({ ...event, [name]: value })]).toEqual([value, false]);
  });

  it('is the only one that is asked for its proof', () => {
    expect(isSessionEvent(Object.assign({ issuer: 1 }, events['client.heard']))).toBe(true);
  });
});

describe('what is no event', () => {
  it.each(['session.resurrected', 'toString', 'constructor', ''])('has the type `%s`, and is refused', (type) => {
    const unknown = { type, at } as unknown as SessionEvent;
    expect(isSessionEvent(unknown)).toBe(false);
    expect(step(state, unknown)).toEqual({ outcome: 'rejected', code: 'unknown_event', state, entries: [] });
  });
});
