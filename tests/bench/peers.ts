import type { AnswerKind, Limits, Peer, Scene } from './peer.ts';

const get: readonly Scene[] = [{ method: 'GET', answer: 'json' }];
const kinds: readonly AnswerKind[] = ['json', 'response', 'stream'];
const all: readonly Scene[] = (['GET', 'POST'] as const).flatMap((method) =>
  kinds.map((answer) => ({ method, answer })),
);

const token: Limits = { idle: 'no', absolute: '`exp`', revocable: 'no' };
const ours: Limits = { idle: 'yes', absolute: 'yes', revocable: 'yes' };

/** What every ratio is to: the same routes, without a session. */
export const bare: Peer = {
  name: 'hono',
  title: 'bare Hono',
  file: 'bare',
  carriers: ['cookie'],
  scenes: get,
  limits: { idle: '', absolute: '', revocable: '' },
};

const betterAuth = { file: 'better-auth', carriers: ['cookie'], scenes: get } as const;
const expressSession = {
  file: 'express-session',
  carriers: ['cookie'],
  scenes: get,
  limits: { idle: 'with `cookie.maxAge`', absolute: 'no', revocable: 'yes' },
} as const;
const curfew = {
  file: 'curfew',
  carriers: ['cookie', 'bearer'],
  limits: ours,
  heads: ['session-status: ', 'no-store'],
} as const;

/** All there is to compare, in the order of the table. */
export const peers: readonly Peer[] = [
  { ...curfew, name: 'curfew', title: 'Curfew', variant: 'quiet', scenes: all },
  { ...curfew, name: 'curfew-recorded', title: 'Curfew, each request recorded', variant: 'recorded', scenes: get },
  {
    name: 'secure-session',
    title: 'Fastify, @fastify/secure-session',
    file: 'secure-session',
    carriers: ['cookie'],
    scenes: get,
    limits: { idle: 'no', absolute: 'since the last change', revocable: 'no' },
  },
  {
    name: 'fast-jwt',
    title: 'Hono, fast-jwt with its cache',
    file: 'fast-jwt',
    carriers: ['bearer'],
    scenes: get,
    limits: token,
  },
  { name: 'jose', title: 'Hono, jose HS256', file: 'jose', carriers: ['bearer'], scenes: get, limits: token },
  {
    name: 'jsonwebtoken',
    title: 'Hono, jsonwebtoken',
    file: 'jsonwebtoken',
    carriers: ['bearer'],
    scenes: get,
    limits: token,
  },
  { name: 'hono-jwt', title: 'hono/jwt', file: 'hono-jwt', carriers: ['bearer'], scenes: get, limits: token },
  {
    name: 'hono-sessions',
    title: 'hono-sessions, memory',
    file: 'hono-sessions',
    carriers: ['cookie'],
    scenes: get,
    limits: { idle: 'yes', absolute: 'no', revocable: 'yes' },
  },
  { ...expressSession, name: 'express-session', title: 'Express, express-session, memory', variant: 'memory' },
  {
    ...expressSession,
    name: 'express-session-redis',
    title: 'Express, express-session, Redis',
    variant: 'redis',
    needs: 'redis-server',
  },
  {
    name: 'hono-session',
    title: '@hono/session',
    file: 'hono-session',
    carriers: ['cookie'],
    scenes: get,
    limits: { idle: 'since the last change', absolute: 'yes', revocable: 'with a store' },
  },
  {
    name: 'iron-session',
    title: 'Hono, iron-session',
    file: 'iron-session',
    carriers: ['cookie'],
    scenes: get,
    limits: { idle: 'no', absolute: 'since the last `save`', revocable: 'no' },
  },
  {
    ...betterAuth,
    name: 'better-auth',
    title: 'Hono, better-auth, SQLite',
    variant: 'store',
    limits: { idle: 'yes, written once a day', absolute: 'no', revocable: 'yes' },
  },
  {
    ...betterAuth,
    name: 'better-auth-cookie-cache',
    title: 'Hono, better-auth, SQLite and cookie cache',
    variant: 'cache',
    limits: { idle: 'yes, written once a day', absolute: 'no', revocable: 'after 5 min' },
  },
];
