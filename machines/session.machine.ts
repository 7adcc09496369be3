import { assign, setup } from 'xstate';
import { absoluteDeadline, canExtend, lapsesAt, nearestLimit, restorableUntil, seenAt, warnAt } from './deadlines.ts';
import type { SessionEvent } from './events.ts';
import { confirm, currentGeneration, rotate, standingOf } from './generations.ts';
import { begin, proofFrom, type SessionContext, type SessionInput } from './session.context.ts';
import { isActivityRecorded, isUseAfterEndRecorded } from './recorded.ts';
import { tightened } from './tighten.ts';

/** The version of these rules; every log entry names the one that wrote it. */
export const rules = '2';

const session = setup({
  types: {
    context: {} as SessionContext,
    events: {} as SessionEvent,
    input: {} as SessionInput,
  },
  guards: {
    isWarningTime: ({ context, event }) => event.at >= warnAt(context) && event.at < lapsesAt(context),
    isPastAbsolute: ({ context, event }) => event.at >= lapsesAt(context) && nearestLimit(context) === 'absolute',
    isPastAbsoluteForGood: ({ context, event }) =>
      event.at >= lapsesAt(context) &&
      nearestLimit(context) === 'absolute' &&
      !context.policy.restoreFrom.includes('absolute'),
    isPastIdle: ({ context, event }) => event.at >= lapsesAt(context) && nearestLimit(context) === 'idle',
    isPastRestoreWindow: ({ context, event }) => event.at >= (restorableUntil(context) ?? Infinity),
    isWorthRecording: ({ context, event }) => event.type === 'activity.seen' && isActivityRecorded(context, event),
    isLeaseAllowed: ({ context, event }) =>
      event.type === 'lease.taken' &&
      event.until > event.at &&
      event.until - event.at <= context.policy.maxLease &&
      event.until <= absoluteDeadline(context),
    isLeased: ({ context, event }) => event.type === 'lease.released' && Object.hasOwn(context.leases, event.kind),
    canExtend: ({ context }) => canExtend(context),
    isNextGeneration: ({ context, event }) => {
      const current = currentGeneration(context);
      return 'generation' in event && event.generation === current.generation + 1 && current.confirmedAt !== null;
    },
    isFollowingGeneration: ({ context, event }) =>
      'generation' in event && event.generation === currentGeneration(context).generation + 1,
    isFirstUse: ({ context, event }) => {
      const current = currentGeneration(context);
      return 'generation' in event && event.generation === current.generation && current.confirmedAt === null;
    },
    isCurrent: ({ context, event }) =>
      'generation' in event && standingOf(context, event.generation, event.at) === 'current',
    isInGrace: ({ context, event }) =>
      'generation' in event && standingOf(context, event.generation, event.at) === 'grace',
    isStale: ({ context, event }) =>
      'generation' in event && standingOf(context, event.generation, event.at) === 'stale',
    isNewStage: ({ context, event }) => event.type === 'warning.shown' && !context.warned.includes(event.stage),
    isTighter: ({ context, event }) =>
      event.type === 'policy.applied' && tightened(context, event.policy) !== context.policy,
    isUnheard: ({ context }) => context.heard !== true,
    isWorthAlarm: ({ context, event }) => isUseAfterEndRecorded(context, event.at),
  },
  actions: {
    /** The event becomes an entry of the log. */
    record: assign({ version: ({ context }) => context.version + 1, updatedAt: ({ event }) => event.at }),
    /** The event is fine and changes nothing, so nothing is written. */
    accept: () => {},
    seeActivity: assign({
      lastActivityAt: ({ context, event }) =>
        event.type === 'activity.seen' ? seenAt(context, event.at, event.at - event.seenAt) : context.lastActivityAt,
    }),
    restartIdleClock: assign({ lastActivityAt: ({ event }) => event.at }),
    takeLease: assign({
      leases: ({ context, event }) => {
        const open = Object.entries(context.leases).filter(([, until]) => until > event.at);
        return Object.fromEntries(event.type === 'lease.taken' ? [...open, [event.kind, event.until]] : open);
      },
    }),
    releaseLease: assign(({ context, event }) => {
      if (event.type !== 'lease.released') return {};
      const { [event.kind]: until, ...leases } = context.leases;
      return { leases, lastActivityAt: Math.max(context.lastActivityAt, Math.min(event.at, until ?? event.at)) };
    }),
    rotate: assign({ generations: ({ context, event }) => rotate(context, event.at) }),
    confirm: assign({ generations: ({ context, event }) => confirm(context, event.at) }),
    startOver: assign(({ context, event }) => {
      if (event.type !== 'user.reauthenticated') return {};
      const { at, generation, policy, heard } = event;
      const proof = proofFrom(event, context.proof);
      return {
        policy,
        authenticatedAt: at,
        lastActivityAt: at,
        leases: {},
        generations: [{ generation, issuedAt: at, confirmedAt: at }],
        barrier: generation,
        lapsedFor: null,
        lapsedAt: null,
        ...(proof && { proof }),
        ...(heard && { heard }),
      };
    }),
    tighten: assign(({ context, event }) => {
      if (event.type !== 'policy.applied') return {};
      const policy = tightened(context, event.policy);
      const longest = event.at + policy.maxLease;
      const leases = Object.entries(context.leases).map(([kind, until]) => [kind, Math.min(until, longest)] as const);
      return { policy, leases: Object.fromEntries(leases) };
    }),
    noteStage: assign({
      warned: ({ context, event }) =>
        event.type === 'warning.shown' ? [...context.warned, event.stage] : context.warned,
    }),
    forgetStages: assign({ warned: [] }),
    noteHeard: assign({ heard: true }),
    stampLapse: assign({
      lapsedFor: ({ context }) => nearestLimit(context),
      // A policy that was tightened can have a limit that was over before it was applied.
      lapsedAt: ({ context }) => Math.max(lapsesAt(context), context.updatedAt),
    }),
    stampEnd: assign({ endedAt: ({ event }) => event.at }),
    noteUse: assign({
      usedAfterEnd: ({ context, event }) => ({ count: context.usedAfterEnd.count + 1, lastAt: event.at }),
    }),
  },
});

/**
 * The law: what can happen to a session, and what it does. Time is data (every event carries `at`), so there is no
 * `after`, `invoke`, `always`, clock, randomness or I/O in it. Every transition either `record`s its event, which raises
 * the version, or `accept`s it without a trace; what no transition takes is rejected. Step it with the driver only.
 */
export const sessionMachine = session.createMachine({
  id: 'session',
  version: rules,
  context: ({ input }) => begin(input),
  initial: 'active',
  states: {
    active: {
      initial: 'fresh',
      on: {
        'clock.reached': [
          { guard: 'isPastAbsoluteForGood', target: 'ended.expired', actions: ['stampEnd', 'record'] },
          { guard: 'isPastAbsolute', target: 'lapsed.absolute', actions: ['stampLapse', 'record'] },
          { guard: 'isPastIdle', target: 'lapsed.idle', actions: ['stampLapse', 'record'] },
        ],
        'token.rotated': { guard: 'isNextGeneration', actions: ['rotate', 'record'] },
        'token.confirmed': [
          { guard: 'isFirstUse', actions: ['confirm', 'record'] },
          { guard: 'isCurrent', actions: 'accept' },
        ],
        'token.replayed': { guard: 'isInGrace', actions: 'record' },
        'token.reused': { guard: 'isStale', target: 'ended.compromised', actions: ['stampEnd', 'record'] },
        'user.reauthenticated': {
          guard: 'isFollowingGeneration',
          target: 'active.fresh',
          actions: ['startOver', 'forgetStages', 'record'],
        },
        'user.signedOut': { target: 'ended.signedOut', actions: ['stampEnd', 'record'] },
        'session.revoked': { target: 'ended.revoked', actions: ['stampEnd', 'record'] },
        'session.displaced': { target: 'ended.displaced', actions: ['stampEnd', 'record'] },
        'client.heard': [{ guard: 'isUnheard', actions: ['noteHeard', 'record'] }, { actions: 'accept' }],
        'policy.applied': [{ guard: 'isTighter', actions: ['tighten', 'record'] }, { actions: 'accept' }],
      },
      states: {
        fresh: {
          on: {
            'clock.reached': { guard: 'isWarningTime', target: 'expiring', actions: 'record' },
            'activity.seen': [{ guard: 'isWorthRecording', actions: ['seeActivity', 'record'] }, { actions: 'accept' }],
            'lease.taken': { guard: 'isLeaseAllowed', actions: ['takeLease', 'record'] },
            'lease.released': [{ guard: 'isLeased', actions: ['releaseLease', 'record'] }, { actions: 'accept' }],
            'session.extended': { actions: ['restartIdleClock', 'record'] },
            'warning.shown': { actions: 'accept' },
          },
        },
        expiring: {
          on: {
            'activity.seen': { actions: 'accept' },
            'session.extended': {
              guard: 'canExtend',
              target: 'fresh',
              actions: ['restartIdleClock', 'forgetStages', 'record'],
            },
            'warning.shown': [{ guard: 'isNewStage', actions: ['noteStage', 'record'] }, { actions: 'accept' }],
          },
        },
      },
    },
    lapsed: {
      initial: 'idle',
      on: {
        'clock.reached': { guard: 'isPastRestoreWindow', target: 'ended.expired', actions: ['stampEnd', 'record'] },
        'token.reused': { guard: 'isStale', target: 'ended.compromised', actions: ['stampEnd', 'record'] },
        'user.reauthenticated': {
          guard: 'isFollowingGeneration',
          target: 'active.fresh',
          actions: ['startOver', 'forgetStages', 'record'],
        },
        'user.signedOut': { target: 'ended.signedOut', actions: ['stampEnd', 'record'] },
        'session.revoked': { target: 'ended.revoked', actions: ['stampEnd', 'record'] },
        'session.displaced': { target: 'ended.displaced', actions: ['stampEnd', 'record'] },
        'policy.applied': [{ guard: 'isTighter', actions: ['tighten', 'record'] }, { actions: 'accept' }],
        'session.usedAfterEnd': [{ guard: 'isWorthAlarm', actions: ['noteUse', 'record'] }, { actions: 'accept' }],
      },
      states: { idle: {}, absolute: {} },
    },
    ended: {
      initial: 'expired',
      on: {
        'session.usedAfterEnd': [{ guard: 'isWorthAlarm', actions: ['noteUse', 'record'] }, { actions: 'accept' }],
      },
      states: {
        expired: { type: 'final' },
        signedOut: { type: 'final' },
        revoked: { type: 'final' },
        displaced: { type: 'final' },
        compromised: { type: 'final' },
      },
    },
  },
});
