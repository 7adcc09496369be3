import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  admitsProof,
  authenticationOf,
  hours,
  isFreshlyAuthenticated,
  isMethodList,
  methodsInWords,
  methodsOf,
  minutes,
  presets,
  proofOf,
  registeredMethods,
  replay,
  resumesFrom,
  settle,
  start,
  step,
  type Authentication,
  type AuthenticationMethod,
  type Policy,
} from '../../machines/index.ts';
import { policyWith, t0 } from '../support/machines.ts';

const policy = policyWith({ freshAuth: minutes(10) });
const issuer = 'https://id.example';
const begunWith = (authentication: Authentication, at = t0) =>
  start({ type: 'session.started', at, user: 'u1', policy, remembered: false, device: 'd1', ...authentication });
const again = (at: number, generation: number, authentication: Authentication) =>
  ({ type: 'user.reauthenticated', at, generation, policy, ...authentication }) as const;

describe('the proof that a session rests on', () => {
  it('is a password at the sign-in where rules 1 wrote it, and then no state says more', () => {
    const { state } = begunWith({ method: 'pwd' });
    expect(state.context).not.toHaveProperty('proof');
    expect(proofOf(state.context)).toEqual({ method: 'pwd', provedAt: t0 });
    const later = step(state, again(t0 + 5, 1, { method: 'pwd' })).state;
    expect(later.context).not.toHaveProperty('proof');
    expect(proofOf(later.context)).toEqual({ method: 'pwd', provedAt: t0 + 5 });
  });

  it('is what the sign-in says: how, when, and by whose word', () => {
    const { state, entries } = begunWith({ method: ['mfa'], provedAt: t0 - 7, issuer, amr: ['phr'], acr: '2' });
    expect(proofOf(state.context)).toEqual({ method: ['mfa'], provedAt: t0 - 7, issuer });
    expect(entries[0].data).toMatchObject({ method: ['mfa'], provedAt: t0 - 7, issuer, amr: ['phr'], acr: '2' });
    expect(proofOf(begunWith({ method: [] }).state.context)).toStrictEqual({ method: [], provedAt: t0 });
    expect(proofOf(begunWith({ method: 'pwd', issuer }).state.context)).toEqual({
      method: 'pwd',
      provedAt: t0,
      issuer,
    });
    expect(proofOf(begunWith({ method: 'pwd', provedAt: 1 }).state.context)).toEqual({ method: 'pwd', provedAt: 1 });
  });

  it('is replaced as a whole by that of the next sign-in, whichever wrote it', () => {
    const { state } = begunWith({ method: ['mfa'], provedAt: t0 - 7, issuer });
    for (const method of ['pwd', ['pwd']] as const) {
      const { context } = step(state, again(t0 + 5, 1, { method })).state;
      expect(context.proof).toEqual({ method, provedAt: t0 + 5 });
    }
  });

  it('is never of the future, whatever the clock of a provider says', () => {
    const { state } = begunWith({ method: [], provedAt: t0 + hours(1) });
    expect(proofOf(state.context).provedAt).toBe(t0);
    const next = step(state, again(t0 + 5, 1, { method: [], provedAt: t0 + 6 })).state;
    expect(proofOf(next.context).provedAt).toBe(t0 + 5);
  });

  it('moves no deadline: both clocks start at the sign-in', () => {
    const old = begunWith({ method: [], provedAt: t0 - hours(3) }).state.context;
    const young = begunWith({ method: [] }).state.context;
    expect({ ...old, proof: null }).toEqual({ ...young, proof: null });
  });

  it('brings with a sign-in to a session that is there that a client is heard, and never takes it back', () => {
    const { state } = begunWith({ method: ['pwd'] });
    const heard = step(state, again(t0 + 1, 1, { method: ['pwd'], heard: true }));
    expect(heard.state.context.heard).toBe(true);
    expect(heard.entries[0]?.data).toMatchObject({ heard: true });
    expect(step(heard.state, again(t0 + 2, 2, { method: ['pwd'] })).state.context.heard).toBe(true);
    expect(step(state, again(t0 + 1, 1, { method: ['pwd'] })).state.context).not.toHaveProperty('heard');
    expect(step(heard.state, { type: 'client.heard', at: t0 + 3 }).outcome).toBe('unchanged');
  });

  it('replays', () => {
    const { state, entries } = begunWith({ method: ['mfa'], provedAt: t0 - 7, issuer });
    const next = step(state, again(t0 + 5, 1, { method: [], heard: true }));
    expect(replay([...entries, ...next.entries])).toEqual(next.state);
  });
});

describe('ASVS 7.5.1 a recent authentication', () => {
  const { context } = begunWith({ method: ['pwd'] }).state;

  it('is one of at most `freshAuth` ago, that instant included', () => {
    for (const age of [0, minutes(10) - 1, minutes(10)]) expect(isFreshlyAuthenticated(context, t0 + age)).toBe(true);
  });

  it('is none 1 ms later', () => {
    expect(isFreshlyAuthenticated(context, t0 + minutes(10) + 1)).toBe(false);
  });

  it('counts from the proof, not from the sign-in that rests on it', () => {
    const silent = begunWith({ method: [], provedAt: t0 - minutes(10), issuer }).state.context;
    expect(isFreshlyAuthenticated(silent, t0)).toBe(true);
    expect(isFreshlyAuthenticated(silent, t0 + 1)).toBe(false);
  });

  it('can be asked to be younger, or older, than the policy says', () => {
    expect(isFreshlyAuthenticated(context, t0 + minutes(1), minutes(1))).toBe(true);
    expect(isFreshlyAuthenticated(context, t0 + minutes(1) + 1, minutes(1))).toBe(false);
    expect(isFreshlyAuthenticated(context, t0 + minutes(20), minutes(20))).toBe(true);
  });
});

describe('NIST SP 800-63B-4 §5.2 signing in with a proof', () => {
  const strict = Object.entries(presets).filter(([name]) => name !== 'standard');

  it.each<[string, Policy]>(strict)('of %s has to be at most `freshAuth` old, that instant included', (_, preset) => {
    const { freshAuth } = preset;
    expect(admitsProof(preset, t0 - freshAuth, t0)).toBe(true);
    expect(admitsProof(preset, t0 - freshAuth - 1, t0)).toBe(false);
    expect(admitsProof(preset, t0, t0)).toBe(true);
  });

  it('of `standard` can be as old as it likes', () => {
    expect(admitsProof(presets.standard, 0, t0)).toBe(true);
  });

  it('has to be young wherever the absolute limit is for good', () => {
    expect(admitsProof(policyWith({ restoreFrom: ['idle'] }), t0 - minutes(10) - 1, t0)).toBe(false);
  });
});

describe('NIST SP 800-63B-4 §5.2 a silent single sign-on is no proof', () => {
  const { state } = begunWith({ method: [], provedAt: t0 - minutes(7), issuer });
  const lapsed = settle(state, t0 + hours(1)).state.context;
  const lapse = t0 + minutes(30);

  it('a lapsed session is resumed from a proof younger than the lapse only', () => {
    const at = t0 + hours(1);
    for (const [provedAt, resumes] of [
      [t0 - minutes(7), false],
      [lapse - 1, false],
      [lapse, false],
      [lapse + 1, true],
      [at, true],
    ] as const)
      expect([provedAt, resumesFrom(lapsed, provedAt, at)]).toEqual([provedAt, resumes]);
  });

  it('a proof of this very instant is one, also at the instant of the lapse', () => {
    expect(resumesFrom(lapsed, lapse, lapse)).toBe(true);
    expect(resumesFrom(lapsed, lapse - 1, lapse)).toBe(false);
  });

  it('a live session takes any', () => {
    expect(resumesFrom(state.context, 0, t0)).toBe(true);
  });

  it('a younger proof is never worth less', () => {
    const instant = fc.integer({ min: t0, max: t0 + hours(3) });
    fc.assert(
      fc.property(instant, instant, instant, (one, other, at) => {
        const [older, younger] = [Math.min(one, other), Math.max(one, other)];
        for (const context of [lapsed, state.context])
          if (resumesFrom(context, older, at)) expect(resumesFrom(context, younger, at)).toBe(true);
        for (const preset of Object.values(presets))
          if (admitsProof(preset, older, at)) expect(admitsProof(preset, younger, at)).toBe(true);
      }),
    );
  });
});

describe('RFC 8176 the methods in words', () => {
  it.each<[AuthenticationMethod, string | undefined, string]>([
    ['pwd', undefined, ' with a password'],
    [['pwd'], undefined, ' with a password'],
    [['pwd', 'otp'], undefined, ' with a password and a one-time code'],
    [['hwk', 'user', 'pin'], undefined, ' with a hardware key, a touch and a PIN'],
    [['mfa'], 'https://id.example', ' with several factors, at https://id.example'],
    [[], 'https://id.example', ' at https://id.example'],
    [[], undefined, ''],
    [['of.its.own', 'constructor'], undefined, ' with of.its.own and constructor'],
  ])('%j at %s is%s', (method, provider, words) => {
    expect(methodsInWords(method, provider)).toBe(words);
  });

  it('has words for every one that is registered', () => {
    expect(registeredMethods).toHaveLength(21);
    for (const method of registeredMethods) expect(methodsInWords([method])).toMatch(/^ with ([\w-]+ ){0,4}[\w-]+$/);
    expect(new Set(registeredMethods.map((method) => methodsInWords([method]))).size).toBe(21);
  });
});

describe('what an entry says of a proof', () => {
  const { entries } = begunWith({ method: ['mfa'], issuer, provedAt: t0 - 1 });

  it('is what its sign-in said, of either kind', () => {
    expect(authenticationOf(entries[0])).toMatchObject({ method: ['mfa'], issuer, provedAt: t0 - 1 });
    const { state } = begunWith({ method: 'pwd' });
    const [entry] = step(state, again(t0 + 5, 1, { method: [] })).entries;
    expect(entry && authenticationOf(entry)).toMatchObject({ method: [] });
  });

  it('is nothing for any other entry, nor for one that cannot be read', () => {
    expect(authenticationOf({ type: 'client.heard', at: t0, data: { method: ['pwd'] } })).toBeNull();
    expect(authenticationOf({ ...entries[0], data: { ...entries[0].data, method: 1 } })).toBeNull();
    expect(authenticationOf({ type: 'user.reauthenticated', at: t0, data: {} })).toBeNull();
  });
});

describe('RFC 8176 the methods', () => {
  it('are a list, however they were written', () => {
    expect(methodsOf('pwd')).toEqual(['pwd']);
    expect(methodsOf([])).toEqual([]);
    expect(methodsOf(['hwk', 'user'])).toEqual(['hwk', 'user']);
  });

  it.each([[[]], [['pwd']], [['mfa', 'otp', 'pwd']], [registeredMethods]])('%j are registered', (list) => {
    expect(isMethodList(list)).toBe(true);
  });

  it.each(['pwd', null, undefined, {}, ['password'], ['pwd', 'pwd'], [''], [1], ['pwd', undefined]])(
    '%j are not, or no list',
    (value) => {
      expect(isMethodList(value)).toBe(false);
    },
  );
});
