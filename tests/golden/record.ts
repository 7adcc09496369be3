import { existsSync, writeFileSync } from 'node:fs';
import {
  createPolicy,
  days,
  hours,
  minutes,
  presets,
  rules,
  seconds,
  start,
  step,
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

function live(name: string, policy: Policy, events: readonly SessionEvent[], sentBy: { heard?: true } = {}): Golden {
  const started = { type: 'session.started', at: t0, user: 'u1', policy, remembered: false, method: 'pwd' } as const;
  const begun = start({ ...started, device: 'd1', ...sentBy });
  let { state }: { state: SessionState } = begun;
  const golden: { name: string; entries: Entry[]; states: SessionState[] } = {
    name,
    entries: [...begun.entries],
    states: [state],
  };
  for (const event of events) {
    // One at a time, so that the state after every single entry is known.
    for (const each of [{ type: 'clock.reached', at: event.at } as const, event]) {
      const taken = step(state, each);
      if (taken.outcome === 'rejected') throw new Error(`${name}: ${each.type} is ${taken.code}`);
      for (const entry of taken.entries) {
        state = step(
          state,
          entry.type === each.type && entry.type !== 'clock.reached' ? each : { type: 'clock.reached', at: entry.at },
        ).state;
        golden.entries.push(entry);
        golden.states.push(state);
      }
    }
  }
  return golden;
}

const policy = presets.standard;
const strict = createPolicy(presets.standard, { absoluteTimeout: minutes(50), restoreFrom: ['idle'] });
const brief = createPolicy(presets.standard, { absoluteTimeout: minutes(50) });
if (!strict.ok || !brief.ok) throw new Error('these policies are good');
const at = (duration: number) => t0 + duration;
const reauthenticated = (when: number, generation: number): SessionEvent => ({
  type: 'user.reauthenticated',
  at: at(when),
  method: 'pwd',
  generation,
  policy,
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
    { heard: true },
  ),
];

for (const [name, golden] of Object.entries({ [`rules-${rules}`]: all, [`rules-${rules}.heard`]: heard })) {
  const file = new URL(`${name}.json`, import.meta.url);
  if (existsSync(file)) console.log(`${name}.json is kept as it is`);
  else writeFileSync(file, `${JSON.stringify(golden, null, 1)}\n`, { flag: 'wx' });
}
