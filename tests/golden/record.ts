import { existsSync, writeFileSync } from 'node:fs';
import {
  createPolicy,
  days,
  hours,
  minutes,
  presets,
  replay,
  rules,
  seconds,
  start,
  stepAll,
  type Authentication,
  type Entry,
  type Policy,
  type SessionEvent,
  type SessionState,
} from '../../machines/index.ts';
import type { Golden } from './record.types.ts';

/**
 * Writes the golden logs of the present rules, each once: `node tests/golden/record.ts`. A log that has been stored must
 * replay for ever, so an existing file is never written again; new rules and new events get a file of their own beside it.
 */

const t0 = Date.UTC(2026, 10, 24, 9);

const password: Authentication = { method: ['pwd'] };

function live(
  name: string,
  policy: Policy,
  events: readonly SessionEvent[],
  more: Authentication & { remembered?: true } = password,
): Golden {
  const begun = start({
    type: 'session.started',
    at: t0,
    user: 'u1',
    policy,
    remembered: false,
    device: 'd1',
    ...more,
  });
  const taken = stepAll(begun.state, events);
  if (taken.outcome === 'rejected') throw new Error(`${name}: the last event is ${taken.code}`);
  const entries: readonly Entry[] = [...begun.entries, ...taken.entries];
  const states = entries.map((_, index): SessionState => replay(entries.slice(0, index + 1)));
  if (JSON.stringify(states.at(-1)) !== JSON.stringify(taken.state))
    throw new Error(`${name} replays to another state`);
  return { name, entries, states };
}

const policy = presets.standard;
const strict = createPolicy(presets.standard, { absoluteTimeout: minutes(50), restoreFrom: ['idle'] });
const brief = createPolicy(presets.standard, { absoluteTimeout: minutes(50) });
if (!strict.ok || !brief.ok) throw new Error('these policies are good');
const at = (duration: number) => t0 + duration;
const reauthenticated = (when: number, generation: number, proof: Authentication = password): SessionEvent => ({
  type: 'user.reauthenticated',
  at: at(when),
  generation,
  policy,
  ...proof,
});

const all: readonly Golden[] = [
  live('a day at work: activity, a call, a warning answered, a lapse resumed, a sign-out', policy, [
    { type: 'activity.seen', at: at(minutes(5)), seenAt: at(minutes(4)), generation: 0 },
    { type: 'lease.taken', at: at(minutes(6)), kind: 'call', until: at(minutes(70)) },
    { type: 'lease.released', at: at(minutes(60)), kind: 'call' },
    { type: 'warning.shown', at: at(minutes(86)), stage: 'toast', visible: true },
    { type: 'warning.shown', at: at(minutes(88)), stage: 'dialog', visible: false },
    { type: 'session.extended', at: at(minutes(89)), generation: 0 },
    { type: 'token.rotated', at: at(minutes(89)), generation: 1 },
    { type: 'token.replayed', at: at(minutes(89) + seconds(1)), generation: 0 },
    { type: 'token.confirmed', at: at(minutes(90)), generation: 1 },
    { type: 'session.usedAfterEnd', at: at(minutes(130)) },
    reauthenticated(hours(4), 2),
    { type: 'user.signedOut', at: at(hours(4) + minutes(1)) },
    { type: 'session.usedAfterEnd', at: at(hours(4) + minutes(2)) },
  ]),
  live('an idle lapse that nobody came back to', policy, [{ type: 'clock.reached', at: at(days(3)) }]),
  live('a token that came back after its grace', policy, [
    { type: 'token.rotated', at: at(minutes(1)), generation: 1 },
    { type: 'token.confirmed', at: at(minutes(2)), generation: 1 },
    { type: 'token.reused', at: at(minutes(3)), generation: 0 },
  ]),
  live('a revocation', policy, [{ type: 'session.revoked', at: at(minutes(1)), by: 'u1', reason: 'other device' }]),
  live('a displacement', policy, [{ type: 'session.displaced', at: at(minutes(1)), by: 's2' }]),
  live('an absolute limit, resumed from', brief.policy, [
    { type: 'session.extended', at: at(minutes(26)), generation: 0 },
    { type: 'clock.reached', at: at(minutes(51)) },
    reauthenticated(minutes(52), 1),
  ]),
  live('an absolute limit, for good', strict.policy, [
    { type: 'session.extended', at: at(minutes(26)), generation: 0 },
    { type: 'clock.reached', at: at(minutes(51)) },
  ]),
];

const untilDeclared = createPolicy(presets.standard, { undeclaredActivity: 'until-declared' });
if (!untilDeclared.ok) throw new Error('this policy is good');
const heard: readonly Golden[] = [
  live('a client that is heard while the session is fresh, and a person who comes back', untilDeclared.policy, [
    { type: 'activity.seen', at: at(minutes(5)), seenAt: at(minutes(5)), generation: 0 },
    { type: 'client.heard', at: at(minutes(6)) },
    { type: 'activity.seen', at: at(minutes(10)), seenAt: at(minutes(9)), generation: 0 },
    reauthenticated(hours(1), 1),
    { type: 'user.signedOut', at: at(hours(1) + minutes(1)) },
  ]),
  live('a client that is heard during the warning', untilDeclared.policy, [
    { type: 'client.heard', at: at(minutes(26)) },
    { type: 'clock.reached', at: at(minutes(31)) },
  ]),
  live(
    'a sign-in that a client has sent',
    untilDeclared.policy,
    [{ type: 'session.extended', at: at(minutes(26)), generation: 0 }],
    { ...password, heard: true },
  ),
];

const provider = { issuer: 'https://id.example', amr: ['phr', 'https://id.example/face'], acr: 'urn:loa:2' } as const;
const proofs: readonly Golden[] = [
  live(
    'a provider’s word for a sign-in that is older, and then a passkey on a client that is heard',
    untilDeclared.policy,
    [
      { type: 'activity.seen', at: at(minutes(5)), seenAt: at(minutes(5)), generation: 0 },
      reauthenticated(hours(1), 1, { method: ['hwk', 'user'], heard: true }),
      reauthenticated(hours(1) + minutes(20), 2, { method: [], provedAt: at(minutes(70)), ...provider }),
      reauthenticated(hours(3), 3, { method: 'pwd' }),
      { type: 'user.signedOut', at: at(hours(3) + minutes(1)), forgetDevice: true },
    ],
    { method: ['mfa'], provedAt: t0 - minutes(7), ...provider },
  ),
];

const tighter = (overrides: Partial<Policy>): Policy => {
  const result = createPolicy(presets.standard, overrides);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.policy;
};
const applied = (when: number, overrides: Partial<Policy>): SessionEvent => ({
  type: 'policy.applied',
  at: at(when),
  policy: tighter(overrides),
});
const tightened: readonly Golden[] = [
  live('tighter limits, twice, the second of them already over', policy, [
    { type: 'lease.taken', at: at(minutes(1)), kind: 'call', until: at(minutes(90)) },
    applied(minutes(2), { maxLease: minutes(20), undeclaredActivity: 'background' }),
    applied(minutes(10), { idleTimeout: minutes(8), maxLease: 0, warnBefore: minutes(1) }),
  ]),
  live('tighter limits during the warning, and another time to come back', policy, [
    applied(minutes(26), { idleTimeout: minutes(28), warnBefore: minutes(3) }),
    { type: 'clock.reached', at: at(minutes(29)) },
    applied(minutes(30), { restoreWindow: hours(1) }),
    applied(minutes(40), { restoreWindow: minutes(5) }),
  ]),
  live('an absolute limit that cannot be resumed from any more', brief.policy, [
    { type: 'session.extended', at: at(minutes(26)), generation: 0 },
    { type: 'clock.reached', at: at(minutes(51)) },
    applied(minutes(52), { restoreFrom: ['idle'] }),
  ]),
  live(
    'tighter limits for a remembered session',
    tighter({ idleTimeout: days(14), absoluteTimeout: days(30) }),
    [
      applied(days(1), { remembered: { idleTimeout: days(7), absoluteTimeout: days(30) } }),
      applied(days(2), { remembered: null }),
    ],
    { ...password, remembered: true },
  ),
];

const golden: readonly Golden[] = [...all, ...heard, ...proofs, ...tightened];
const file = new URL(`rules-${rules}.json`, import.meta.url);
if (existsSync(file)) console.log(`rules-${rules}.json is kept as it is`);
else writeFileSync(file, `${JSON.stringify(golden, null, 1)}\n`, { flag: 'wx' });
