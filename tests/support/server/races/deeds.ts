import { minutes } from '../../../../machines/index.ts';
import type { Client } from '../world.ts';

export const password = 'correct horse';

/** Whoever takes part: the browser of the session that everything happens to, and what others of its user have. */
export interface Cast {
  /** The browser whose session it is, with its present token. */
  readonly browser: Client;
  /** The same with the token before. */
  readonly before: Client;
  /** Another device of the same user, which has just signed in. */
  readonly device: Client;
  /** Nobody yet. */
  readonly stranger: Client;
  readonly username: string;
  /** On the server that it happens on. */
  readonly sweep: () => Promise<unknown>;
  readonly pass: (duration: number) => void;
}

/** What came of something, as far as whoever did it can tell. */
export interface Outcome {
  readonly status: number;
  readonly code: string | null;
  /** The credential that was handed out. */
  readonly token: string | null;
}

const nothing: Outcome = { status: 0, code: null, token: null };

async function answered(client: Client, asked: () => ReturnType<Client['get']>): Promise<Outcome> {
  const before = client.token;
  const { status, body } = await asked();
  const code = body?.code ? [body.code, ...(body.reason ? [body.reason] : [])].join(' ') : null;
  return { status, code, token: client.token !== before && status < 300 ? client.token : null };
}

const post =
  (who: 'browser' | 'before' | 'device', path: string, json: object = {}) =>
  (cast: Cast): Promise<Outcome> =>
    answered(cast[who], () => cast[who].post(`/api/auth/${path}`, json));

/** Everything that can happen to one session, from wherever it comes. */
export const deeds = {
  signOut: post('browser', 'logout'),
  forget: post('browser', 'logout', { forgetDevice: true }),
  revoke: ({ browser, device }) => answered(device, () => device.call('DELETE', `/api/auth/sessions/${browser.id}`)),
  endOthers: ({ device }) => answered(device, () => device.call('DELETE', '/api/auth/sessions')),
  displace: ({ browser, username }) => answered(browser, () => browser.login(username, password)),
  signInElsewhere: ({ stranger, username }) => answered(stranger, () => stranger.login(username, password)),
  act: post('browser', 'activity', { ageMs: 0 }),
  extend: post('browser', 'refresh', { intent: 'extend' }),
  rotate: post('browser', 'refresh', { intent: 'rotate' }),
  refreshBefore: post('before', 'refresh', { intent: 'rotate' }),
  reauthenticate: post('browser', 'reauthenticate', { password }),
  lease: ({ browser }) => answered(browser, () => browser.call('PUT', '/api/auth/leases/call', { ms: 60_000 })),
  draft: ({ browser }) =>
    answered(browser, () => browser.call('PUT', '/api/drafts/letter', { ciphertext: 'Y2lwaGVy', savedAt: 1 })),
  vaultKey: ({ browser }) => answered(browser, () => browser.get('/api/auth/vault-key')),
  look: ({ browser }) => answered(browser, () => browser.get('/api/auth/me')),
  lapse: async ({ pass }) => {
    pass(minutes(31));
    return nothing;
  },
  sweep: async ({ sweep }) => {
    await sweep();
    return nothing;
  },
} as const satisfies Record<string, (cast: Cast) => Promise<Outcome>>;

export type DeedName = keyof typeof deeds;
export const deedNames = Object.keys(deeds) as DeedName[];

/** Whoever does these asks in the name of the session, and gets nothing once it has ended. */
export const asksInItsName: ReadonlySet<DeedName> = new Set<DeedName>([
  'act',
  'extend',
  'rotate',
  'refreshBefore',
  'reauthenticate',
  'lease',
  'draft',
  'vaultKey',
  'look',
] as const);

/** How the session of the browser stands when it all begins. */
export const scenes = {
  fresh: async ({ browser, before }: Cast, signIn: () => Promise<void>, pass: Cast['pass']) => {
    before.token = browser.token;
    await browser.get('/api/auth/me');
    pass(minutes(1));
    await signIn();
    pass(minutes(2));
  },
  expiring: async ({ browser, before }: Cast, signIn: () => Promise<void>, pass: Cast['pass']) => {
    before.token = browser.token;
    await browser.get('/api/auth/me');
    pass(minutes(24));
    await signIn();
    pass(minutes(2));
  },
  lapsed: async ({ browser, before }: Cast, signIn: () => Promise<void>, pass: Cast['pass']) => {
    before.token = browser.token;
    await browser.get('/api/auth/me');
    pass(minutes(31));
    await signIn();
    pass(minutes(2));
  },
  /** Its successor was made, and nobody has used it. */
  rotated: async ({ browser, before }: Cast, signIn: () => Promise<void>, pass: Cast['pass']) => {
    before.token = browser.token;
    await browser.post('/api/auth/refresh');
    pass(minutes(1));
    await signIn();
    pass(minutes(2));
  },
  /** Its successor has been in use for longer than the grace. */
  retired: async ({ browser, before }: Cast, signIn: () => Promise<void>, pass: Cast['pass']) => {
    before.token = browser.token;
    await browser.post('/api/auth/refresh');
    await browser.get('/api/auth/me');
    pass(minutes(6));
    await signIn();
    pass(minutes(2));
  },
} as const;

export type SceneName = keyof typeof scenes;
export const sceneNames = Object.keys(scenes) as SceneName[];
