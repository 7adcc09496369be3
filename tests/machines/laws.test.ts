import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  absoluteDeadline,
  isLive,
  lapsesAt,
  nextDeadline,
  phaseOf,
  proofOf,
  replay,
  restorableUntil,
  settle,
  step,
  tighten,
} from '../../machines/index.ts';
import { begun, histories, live, policies } from '../support/machines.ts';

const runs = { numRuns: Number(process.env['CURFEW_RUNS'] ?? 400) };
const audits = new Set([
  'warning.shown',
  'token.replayed',
  'session.usedAfterEnd',
  'token.rotated',
  'token.confirmed',
  'client.heard',
]);

describe('the laws of a session, over random histories', () => {
  it('Promise 1, ASVS 7.4.1: ended is ended: no event of any kind brings an ended session back', () => {
    fc.assert(
      fc.property(policies, histories, (policy, history) => {
        const { lived } = live(policy, history);
        for (const { before, step: taken } of lived) {
          if (phaseOf(before.leaf) === 'ended') expect(taken.state.leaf).toBe(before.leaf);
        }
      }),
      runs,
    );
  });

  it('Promise 1: whatever is accepted after the end is an audit entry and nothing else', () => {
    fc.assert(
      fc.property(policies, histories, (policy, history) => {
        for (const { before, event, step: taken } of live(policy, history).lived) {
          if (phaseOf(before.leaf) !== 'ended' || event.type === 'clock.reached') continue;
          if (event.type === 'session.usedAfterEnd') expect(taken.outcome).not.toBe('rejected');
          else expect(taken).toMatchObject({ outcome: 'rejected', code: 'session_ended', entries: [] });
        }
      }),
      runs,
    );
  });

  it('Promise 2: extra clock checks anywhere never change what becomes of a session', () => {
    fc.assert(
      fc.property(policies, histories, fc.infiniteStream(fc.boolean()), (policy, history, checks) => {
        const { state, lived } = live(policy, history);
        let checked = begun(policy).state;
        for (const { event } of lived) {
          if (checks.next().value) checked = step(checked, { type: 'clock.reached', at: event.at }).state;
          checked = step(checked, event).state;
        }
        expect(checked).toEqual(state);
      }),
      runs,
    );
  });

  it('Promise 2: the next deadline is exact: 1 ms earlier nothing happens, at it something does', () => {
    fc.assert(
      fc.property(policies, histories, (policy, history) => {
        const { state } = live(policy, history);
        const due = nextDeadline(state);
        if (due === Infinity) {
          expect(settle(state, Number.MAX_SAFE_INTEGER).entries).toEqual([]);
          return;
        }
        expect(settle(state, due - 1)).toEqual({ state, entries: [] });
        const [entry] = settle(state, due).entries;
        expect(entry).toMatchObject({ type: 'clock.reached', at: due, from: state.leaf });
        expect(entry?.to).not.toBe(state.leaf);
      }),
      runs,
    );
  });

  it('Promise 2: no step leaves a deadline behind that has already come', () => {
    fc.assert(
      fc.property(policies, histories, (policy, history) => {
        for (const { event, step: taken } of live(policy, history).lived)
          expect(nextDeadline(taken.state)).toBeGreaterThan(Math.max(event.at, taken.state.context.updatedAt));
      }),
      runs,
    );
  });

  it('Promise 2: every time-out bears the instant of its deadline, whoever found out and when', () => {
    fc.assert(
      fc.property(policies, histories, (policy, history) => {
        const { lived } = live(policy, history);
        for (const { before, event, step: taken } of lived) {
          if (!isLive(before.leaf)) continue;
          const lapse = taken.entries.find(({ type, to }) => type === 'clock.reached' && !to.startsWith('active'));
          const applied = taken.entries.find(({ type }) => type === 'policy.applied');
          // A limit that is over before it is applied times out when it is applied.
          if (lapse && applied && applied.version < lapse.version)
            expect(lapse.at).toBe(Math.max(event.at, before.context.updatedAt));
          else if (lapse && taken.entries[0]?.type === 'clock.reached') expect(lapse.at).toBe(lapsesAt(before.context));
        }
      }),
      runs,
    );
  });

  it('Promise 2: a late or backdated event never revives: after the deadline only a credential does', () => {
    fc.assert(
      fc.property(policies, histories, (policy, history) => {
        for (const { before, event, step: taken } of live(policy, history).lived) {
          if (isLive(before.leaf) && event.at < lapsesAt(before.context)) continue;
          if (event.type !== 'user.reauthenticated') expect(isLive(taken.state.leaf)).toBe(false);
        }
      }),
      runs,
    );
  });

  it('Promise 4, ASVS 7.3.2 NIST SP 800-63B-4 §5.2: no session is live at or after its absolute limit', () => {
    fc.assert(
      fc.property(policies, histories, (policy, history) => {
        for (const { step: taken, event } of live(policy, history).lived) {
          const { leaf, context } = taken.state;
          if (isLive(leaf)) expect(Math.max(event.at, context.updatedAt)).toBeLessThan(absoluteDeadline(context));
        }
      }),
      runs,
    );
  });

  it('Promise 3, ASVS 7.3.1 NIST SP 800-63B-4 §5.2: only a person, an answer, a lease or a credential ever moves a deadline', () => {
    fc.assert(
      fc.property(policies, histories, (policy, history) => {
        for (const { before, event, step: taken } of live(policy, history).lived) {
          if (!audits.has(event.type) || !isLive(taken.state.leaf)) continue;
          expect(lapsesAt(taken.state.context)).toBe(lapsesAt(before.context));
        }
      }),
      runs,
    );
  });

  it('Promise 4: a policy that is applied to a session that is there never gives it more time', () => {
    fc.assert(
      fc.property(policies, histories, (policy, history) => {
        for (const { before, event, step: taken } of live(policy, history).lived) {
          if (event.type !== 'policy.applied' || taken.outcome === 'rejected') continue;
          const { context, leaf } = settle(before, event.at).state;
          const now = taken.state.context;
          expect(lapsesAt(now)).toBeLessThanOrEqual(lapsesAt(context));
          expect(absoluteDeadline(now)).toBeLessThanOrEqual(absoluteDeadline(context));
          expect(tighten(now.policy, context.policy)).toBe(now.policy);
          if (phaseOf(leaf) === 'lapsed')
            expect(restorableUntil(now) ?? 0).toBeLessThanOrEqual(restorableUntil(context) ?? 0);
          if (!isLive(leaf)) expect(isLive(taken.state.leaf)).toBe(false);
          const isRecorded = taken.entries.some(({ type }) => type === event.type);
          expect(isRecorded).toBe(JSON.stringify(now.policy) !== JSON.stringify(context.policy));
        }
      }),
      runs,
    );
  });

  it('what is a recent proof is never younger than the sign-in that rests on it, and never of the future', () => {
    fc.assert(
      fc.property(policies, histories, (policy, history) => {
        for (const { step: taken } of live(policy, history).lived) {
          const { context } = taken.state;
          expect(proofOf(context).provedAt).toBeLessThanOrEqual(context.authenticatedAt);
          expect(context.authenticatedAt).toBeLessThanOrEqual(context.updatedAt);
        }
      }),
      runs,
    );
  });

  it('Promise 7: replaying the log gives the live state, at the end and at every entry', () => {
    fc.assert(
      fc.property(policies, histories, (policy, history) => {
        const { state, log, lived } = live(policy, history);
        expect(replay(log)).toEqual(state);
        for (const { step: taken } of lived)
          expect(replay(log.slice(0, taken.state.context.version))).toEqual(taken.state);
      }),
      { numRuns: 150 },
    );
  });

  it('versions count the entries, times never run backwards, and each entry begins where the last one led', () => {
    fc.assert(
      fc.property(policies, histories, (policy, history) => {
        const { state, log } = live(policy, history);
        expect(log.map(({ version }) => version)).toEqual(log.map((_, index) => index + 1));
        expect(state.context.version).toBe(log.length);
        for (const [index, entry] of log.entries()) {
          const last = log[index - 1];
          expect(entry.from).toBe(last?.to ?? null);
          if (last) expect(entry.at).toBeGreaterThanOrEqual(last.at);
        }
      }),
      runs,
    );
  });

  it('what is unchanged or rejected writes nothing of its own', () => {
    fc.assert(
      fc.property(policies, histories, (policy, history) => {
        for (const { event, step: taken } of live(policy, history).lived) {
          if (taken.outcome === 'changed') continue;
          expect(taken.entries.every(({ type }) => type === 'clock.reached')).toBe(true);
          if (event.type !== 'clock.reached' && taken.entries.length > 0)
            expect(taken.state.context.updatedAt).toBe(taken.entries.at(-1)?.at);
        }
      }),
      runs,
    );
  });

  it('a state survives JSON, so that it can be stored and compared', () => {
    fc.assert(
      fc.property(policies, histories, (policy, history) => {
        const { state } = live(policy, history);
        expect(JSON.parse(JSON.stringify(state))).toEqual(state);
      }),
      runs,
    );
  });
});
