import { transition } from 'xstate';
import { minutes, presets, start, type SessionEvent, type SessionState } from '../../machines/index.ts';
import { isActivityRecorded } from '../../machines/recorded.ts';
import { seenAt } from '../../machines/deadlines.ts';
import { leafOf, valueOf } from '../../machines/leaf.ts';
import { sessionMachine } from '../../machines/session.machine.ts';
import { stepMachine } from '../../machines/stepper.ts';

/**
 * What one recorded activity costs in CPU: by XState's `transition()`, by the stepper that the driver uses, and by a
 * switch written by hand for this one event. Interleaved in one process; prints the median of the rounds.
 */

type Way = (state: SessionState, event: SessionEvent & { type: 'activity.seen' }) => number;

const ways: Readonly<Record<string, Way>> = {
  'transition()': ({ leaf, context }, event) => {
    const snapshot = sessionMachine.resolveState({ value: valueOf(leaf), context });
    const [next] = transition(sessionMachine, snapshot, event);
    return leafOf(next.value).length + next.context.version;
  },
  stepper: ({ leaf, context }, event) => {
    const { snapshot } = stepMachine(leaf, context, event);
    return leafOf(snapshot.value).length + snapshot.context.version;
  },
  'a switch by hand': ({ leaf, context }, event) => {
    if (leaf !== 'active.fresh' || !isActivityRecorded(context, event)) return 0;
    const lastActivityAt = seenAt(context, event.at, event.at - event.seenAt);
    const next = { ...context, lastActivityAt, version: context.version + 1, updatedAt: event.at };
    return leaf.length + next.version;
  },
};

const at = Date.UTC(2026, 10, 24, 9);
const { state } = start({
  type: 'session.started',
  at,
  user: 'u1',
  policy: presets.standard,
  remembered: false,
  method: ['pwd'],
  device: '',
});
const event = { type: 'activity.seen', at: at + minutes(2), seenAt: at + minutes(2), generation: 0 } as const;

const rounds = 9;
const steps = 20_000;
const taken = new Map(Object.keys(ways).map((name) => [name, [] as number[]]));
for (let round = 0; round <= rounds; round++)
  for (const [name, way] of Object.entries(ways)) {
    const before = process.cpuUsage();
    let sum = 0;
    for (let index = 0; index < steps; index++) sum += way(state, event);
    const { user, system } = process.cpuUsage(before);
    // The first round warms up.
    if (round > 0 && sum > 0) taken.get(name)?.push((user + system) / steps);
  }

for (const [name, microseconds] of taken) {
  const sorted = microseconds.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  console.log(`${name.padEnd(18)} ${median.toFixed(2).padStart(7)} µs of CPU a step`);
}
