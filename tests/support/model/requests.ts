import {
  currentGeneration,
  isLive,
  minutes,
  settle,
  standingOf,
  step,
  tokenExpiresAt,
  type Policy,
  type SessionEvent,
  type SessionState,
} from '../../../machines/index.ts';
import { begun, t0 } from '../machines.ts';
import type { Client, World } from '../server/world.ts';
import { notByDriver, walksOf, watch, type Unreachable } from './coverage.ts';
import { instantOf, pathsPerEdge, type Deed, type Moment } from './paths.ts';

/** Everybody's. */
export const password = 'correct horse';
const background = { 'Session-Activity': 'background' };

/** One session on a server: who has it, and every token it ever had, by generation. */
export interface Held {
  readonly world: World;
  readonly client: Client;
  readonly username: string;
  readonly id: string;
  readonly tokens: string[];
}

interface Request {
  /** What the request asks of the session, as DESIGN's table of the wire has it. */
  readonly asks: (state: SessionState, at: number) => readonly SessionEvent[];
  readonly send: (held: Held) => Promise<unknown>;
}

const newest = ({ context }: SessionState) => currentGeneration(context);

const firstUse = (state: SessionState, at: number): readonly SessionEvent[] => {
  if (!isLive(state.leaf))
    return at < tokenExpiresAt(state.context, newest(state)) ? [{ type: 'session.usedAfterEnd', at }] : [];
  return newest(state).confirmedAt === null
    ? [{ type: 'token.confirmed', at, generation: newest(state).generation }]
    : [];
};

/** That a Curfew client has spoken: it is written with the first request that says what it is. */
const firstWord = (state: SessionState, at: number): readonly SessionEvent[] => [
  ...firstUse(state, at),
  ...(isLive(state.leaf) && !state.context.heard ? [{ type: 'client.heard', at } as const] : []),
];

function refresh(back: number, extend: boolean): Request['asks'] {
  return (state, at) => {
    const generation = Math.max(0, newest(state).generation - back);
    const standing = standingOf(state.context, generation, at);
    if (standing === 'stale') return [{ type: 'token.reused', at, generation }];
    if (!isLive(state.leaf) || standing === 'superseded') return [];
    if (standing === 'grace') return [{ type: 'token.replayed', at, generation }];
    return [
      ...firstUse(state, at),
      ...(extend ? [{ type: 'session.extended', at, generation } as const] : []),
      { type: 'token.rotated', at, generation: generation + 1 },
    ];
  };
}

const present =
  (back: number, intent: 'extend' | 'rotate'): Request['send'] =>
  async ({ client, tokens }) => {
    const holder = client.twin();
    const generation = Math.max(0, tokens.length - 1 - back);
    holder.token = tokens[generation] ?? null;
    const { status } = await holder.post('/api/auth/refresh', { intent });
    if (status === 200 && generation === tokens.length - 1 && holder.token) tokens.push(holder.token);
    client.token = tokens.at(-1) ?? null;
  };

async function elsewhere({ world, username }: Held): Promise<Client> {
  const other = world.client('bearer');
  await other.login(username, password);
  return other;
}

/** Everything that can be asked of a server about one session. */
export const requests = {
  'the session is looked at': {
    asks: (_, at) => [{ type: 'clock.reached', at }],
    send: ({ client }) => client.get('/api/auth/session-info'),
  },
  'a poll comes': { asks: firstWord, send: ({ client }) => client.get('/api/auth/me', background) },
  'activity is reported': {
    asks: (state, at) =>
      isLive(state.leaf)
        ? [...firstWord(state, at), { type: 'activity.seen', at, seenAt: at, generation: newest(state).generation }]
        : firstUse(state, at),
    send: ({ client }) => client.post('/api/auth/activity', { ageMs: 0 }),
  },
  'a call begins': {
    asks: (state, at) => [...firstUse(state, at), { type: 'lease.taken', at, kind: 'call', until: at + minutes(10) }],
    send: ({ client }) => client.call('PUT', '/api/auth/leases/call', { ms: minutes(10) }),
  },
  'a call begins that has no end': {
    asks: (state, at) => [...firstUse(state, at), { type: 'lease.taken', at, kind: 'call', until: at + minutes(1000) }],
    send: ({ client }) => client.call('PUT', '/api/auth/leases/call', { ms: minutes(1000) }),
  },
  'a call ends': {
    asks: (state, at) => [...firstUse(state, at), { type: 'lease.released', at, kind: 'call' }],
    send: ({ client }) => client.call('DELETE', '/api/auth/leases/call'),
  },
  'the toast is shown': {
    asks: (state, at) => [...firstUse(state, at), { type: 'warning.shown', at, stage: 'toast', visible: true }],
    send: ({ client }) => client.post('/api/auth/warning', { stage: 'toast', visible: true }),
  },
  'the person stays': { asks: refresh(0, true), send: present(0, 'extend') },
  'the token is refreshed': { asks: refresh(0, false), send: present(0, 'rotate') },
  'the token before is refreshed': { asks: refresh(1, false), send: present(1, 'rotate') },
  'an older token is refreshed': { asks: refresh(2, false), send: present(2, 'rotate') },
  'who is here is proved': {
    asks: ({ context }, at) => [
      {
        type: 'user.reauthenticated',
        at,
        method: 'pwd',
        generation: currentGeneration(context).generation + 1,
        policy: context.policy,
      },
    ],
    async send({ client, tokens }) {
      const { status } = await client.post('/api/auth/reauthenticate', { password });
      if (status === 200 && client.token) tokens.push(client.token);
    },
  },
  'the person signs out': {
    asks: (_, at) => [{ type: 'user.signedOut', at }],
    async send({ client }) {
      await client.twin().post('/api/auth/logout', {});
    },
  },
  'another device ends it': {
    asks: (_, at) => [{ type: 'session.revoked', at, by: 'u1', reason: 'other device' }],
    async send(held) {
      await (await elsewhere(held)).call('DELETE', `/api/auth/sessions/${held.id}`);
    },
  },
  'somebody signs in over it': {
    asks: (_, at) => [{ type: 'session.displaced', at, by: 's2' }],
    async send({ client, username }) {
      await client.twin().login(username, password);
    },
  },
} as const satisfies Record<string, Request>;

export type RequestName = keyof typeof requests;
export const requestNames = Object.keys(requests) as RequestName[];

/** What becomes of a session when it is asked. */
export function asked(moment: Moment, { type, place }: Deed<RequestName>): Moment {
  const now = instantOf(place, moment);
  const settled = settle(moment.state, now).state;
  let state = settled;
  for (const event of requests[type].asks(settled, now)) {
    const { outcome, state: next } = step(state, event);
    if (outcome === 'rejected') break;
    state = next;
  }
  return { state, now };
}

/** One path for every edge of what can be asked of a session under a policy, with what of the machine it walks. */
export function requestPaths(policy: Policy) {
  const begin: Moment = { state: begun(policy).state, now: t0 };
  return pathsPerEdge(begin, requestNames, asked).map((path) => {
    const walked = watch('session');
    const { deeds, moments } = path;
    walked.stop();
    return { deeds, moments, walks: new Set(walksOf(walked)) };
  });
}

const other = 'a request asks for it only when it is so';
const fromCode = 'an application asks for it in its own code, by no request';
/** What no request can ask of the machine. */
export const unreachableByRequests: Unreachable = {
  ...notByDriver,
  'active|token.rotated|0: no': other,
  'active|token.confirmed|0: no': other,
  'active|token.confirmed|1': other,
  'active|token.confirmed|1: no': other,
  'active|token.replayed|0: no': other,
  'active|token.reused|0: no': other,
  'active|user.reauthenticated|0: no': other,
  'active|policy.applied|0': fromCode,
  'active|policy.applied|0: no': fromCode,
  'active|policy.applied|1': fromCode,
  'lapsed|policy.applied|0': fromCode,
  'lapsed|policy.applied|0: no': fromCode,
  'lapsed|policy.applied|1': fromCode,
  'lapsed|token.reused|0: no': other,
  'lapsed|user.reauthenticated|0: no': other,
};
