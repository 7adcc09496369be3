import { describe, expect, it } from 'vitest';
import { minutes, presets, seconds } from '../../../machines/index.ts';
import { passwords, type UserExport } from '../../../server/index.ts';
import { begun } from '../../../server/contract/history.ts';
import { expectNoTrace } from '../../support/server/refusal.ts';
import { sealedDraft } from '../../support/server/sealedDraft.ts';
import { createVerbWorld, kinds } from '../../support/server/verbs.ts';
import { createWorld, lapse, modes, t0, type Client, type World } from '../../support/server/world.ts';

const path = '/api/auth/me/export';
const at = (ms: number) => new Date(ms).toISOString();

/** Ada with a session that has ended, one that has lapsed and a live one, with work of her own; and Bob with as much. */
async function begin(log: 'memory' | 'sqlite' | 'postgres', mode: 'cookie' | 'bearer') {
  const world = await createWorld({ log });
  const [ended, lapsed, live, bob] = [world.client(mode), world.client(mode), world.client(mode), world.client(mode)];
  await ended.register('ada', 'correct horse', {}, { 'User-Agent': 'Firefox' });
  await ended.post('/api/auth/logout');
  world.pass(minutes(1));
  await lapsed.login();
  world.pass(lapse);
  await live.login();
  await bob.register('bobadilla', 'a better password');
  for (const [client, words] of [
    [live, 'Dear Ines'],
    [bob, 'Dear Okafor'],
  ] as const) {
    await sealedDraft(client, 'draft.letter', words, t0 + seconds(5));
    await client.post('/api/conversations', { title: `${words}, again` });
  }
  return { world, ended, lapsed, live, bob };
}

const exported = async (client: Client): Promise<UserExport> => {
  const answer = await client.get(path);
  expect(answer.status).toBe(200);
  return answer.body;
};

describe.each(kinds)('the file with everything of a user, kept in %s', (log) => {
  it.each(modes)(
    'GDPR art. 15 art. 20 has all that is kept of the user and nothing of others, %s mode',
    async (mode) => {
      const { world, ended, lapsed, live, bob } = await begin(log, mode);
      const now = world.now();
      const started = t0 + minutes(1);
      const common = { device: { userAgent: null, address: '192.0.2.1' }, method: ['pwd'] };
      const answer = await live.get(path);
      expect(answer.body).toEqual({
        format: 'curfew-user-export',
        version: 1,
        exportedAt: at(now),
        language: 'en',
        user: { id: live.user?.id, name: 'ada', role: null },
        settings: { limits: presets.standard },
        application: {
          settings: {
            theme: 'system',
            density: 'comfortable',
            language: 'en',
            notification: false,
            sound: false,
            warnBefore: null,
          },
          conversations: [{ title: 'Dear Ines, again', createdAt: at(now), messages: [] }],
          passkeys: [],
          identities: [],
        },
        sessions: [
          {
            ...common,
            id: live.id,
            current: true,
            state: 'active',
            startedAt: at(now),
            authenticatedAt: at(now),
            lastActivityAt: at(now),
            provedAt: at(now),
            inWords: ['Last signed in with a password.', 'Signed in.'],
          },
          {
            ...common,
            id: lapsed.id,
            current: false,
            state: 'lapsed',
            reason: 'idle',
            startedAt: at(started),
            authenticatedAt: at(started),
            lastActivityAt: at(started),
            lapsedAt: at(started + minutes(30)),
            provedAt: at(started),
            inWords: [
              'Last signed in with a password.',
              'Locked because nobody was active for 30 minutes. The password opens it again.',
            ],
          },
          {
            ...common,
            device: { userAgent: 'Firefox', address: '192.0.2.1' },
            id: ended.id || expect.any(String),
            current: false,
            state: 'ended',
            reason: 'signed_out',
            startedAt: at(t0),
            authenticatedAt: at(t0),
            lastActivityAt: at(t0),
            endedAt: at(t0),
            provedAt: at(t0),
            inWords: ['Last signed in with a password.', 'You signed out.'],
          },
        ],
        drafts: [
          { key: 'draft.letter', version: expect.any(String), savedAt: at(t0 + seconds(5)), content: 'Dear Ines' },
        ],
      });
      expect(answer.text).not.toMatch(/okafor|bobadilla/i);
      expect(answer.text).not.toContain(bob.user?.id);
      expect(answer.text).not.toContain(bob.id);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': 'application/json',
        'content-disposition': `attachment; filename="curfew-data-2026-11-24.json"`,
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'session-status': expect.stringMatching(/^active; /),
      });
      expect(world.lines.filter(({ msg }) => msg === 'export')).toEqual([
        { msg: 'export', session: live.id, user: live.user?.id },
      ]);
    },
  );

  it('has every session once, however many there are, and reads a page of them at a time', async () => {
    const world = await createWorld({ log });
    const ada = world.client('bearer');
    await ada.register();
    const ids = Array.from({ length: 1_100 }, (_, n) => `s${n}`);
    const user = ada.user?.id ?? '';
    await world.parts.log.append(ids.map((id, n) => begun(id, user, t0 - seconds(n % 50))));
    const pages: number[] = [];
    const pageOf = world.parts.log.pageOf.bind(world.parts.log);
    world.parts.log.pageOf = async (...given) => {
      const page = await pageOf(...given);
      pages.push(page.length);
      return page;
    };
    const { sessions } = await exported(ada);
    expect(sessions.map(({ id }) => id).toSorted()).toEqual([...ids, ada.id].toSorted());
    expect(Math.max(...pages)).toBeLessThanOrEqual(500);
  });

  it('knows who the user is as the sign-in told it, where there are no accounts', async () => {
    const { visitor } = await createVerbWorld(log);
    const ada = visitor('bearer');
    await ada.signIn({
      user: { id: 'ada', name: 'Ada L.', role: 'nurse' },
      method: ['hwk'],
      issuer: 'https://id.example',
    });
    const { user, sessions, ...rest } = await exported(ada);
    expect(user).toEqual({ id: 'ada', name: 'Ada L.', role: 'nurse' });
    expect(sessions).toMatchObject([
      {
        issuer: 'https://id.example',
        inWords: ['Last signed in with a hardware key, at https://id.example.', 'Signed in.'],
      },
    ]);
    expect(rest).not.toHaveProperty('application');
  });

  it('knows who the user is as accounts of one’s own say, and nothing else of what they say', async () => {
    const row = { id: 'ada', username: 'ada l', role: 'nurse', email: 'ada@example.org', hash: '$2b$12$hash' };
    const accounts = passwords({
      find: async () => row,
      byId: async () => row,
      verify: async () => true,
    });
    const { visitor } = await createVerbWorld(log, { accounts });
    const ada = visitor();
    await ada.login('ada l', 'whatever');
    const { text, body } = await ada.get(path);
    expect(body.user).toEqual({ id: 'ada', name: 'ada l', role: 'nurse' });
    expect(text).not.toMatch(/example\.org|\$2b/);
  });
});

describe('the file with everything of a user', () => {
  it('ASVS 7.5.1 needs a recent proof of who they are', async () => {
    const { client, pass } = await createWorld();
    const ada = client();
    await ada.register();
    pass(minutes(10));
    expect((await ada.get(path)).status).toBe(200);
    pass(1);
    const refused = await ada.get(path);
    expect(refused.status).toBe(403);
    expect(refused.body).toMatchObject({ code: 'reauthentication_required' });
    expect(refused.headers.has('Content-Disposition')).toBe(false);
    await ada.post('/api/auth/reauthenticate', { password: 'correct horse' });
    expect((await ada.get(path)).status).toBe(200);
  });

  it('Promise 3: keeps no session alive, and reading it writes nothing', async () => {
    const world = await createWorld();
    const ada = world.client();
    await ada.register('ada', 'correct horse', {}, { 'Session-Activity': 'user' });
    const phone = world.client('bearer');
    await phone.login();
    world.pass(minutes(5));
    await expectNoTrace(world, ada, () => ada.get(path, { 'Session-Activity': 'user' }));
    world.pass(minutes(24));
    expect((await ada.get('/api/auth/session-info')).body.session.lastActivityAt).toBe(t0);
  });

  it('Promise 2: says when a session has timed out, whoever has noticed it', async () => {
    const world = await createWorld({ policy: { freshAuth: minutes(60), idleTimeout: minutes(40) } });
    const [ada, phone] = [world.client('bearer'), world.client('bearer')];
    await phone.register();
    world.pass(minutes(20));
    await ada.login();
    world.pass(minutes(21));
    expect((await exported(ada)).sessions[1]).toMatchObject({ state: 'lapsed', lapsedAt: at(t0 + minutes(40)) });
    expect((await world.parts.log.load(phone.id))?.state.leaf).toBe('active.fresh');
  });

  it('says of a session that ended together with all others that it has, before its log does', async () => {
    const { curfew, visitor } = await createVerbWorld('sqlite');
    const [ada, phone] = [visitor('bearer'), visitor('bearer')];
    await phone.signIn();
    await ada.signIn();
    await curfew.revoke('all', { reason: 'leak', except: ada.id });
    const { sessions } = await exported(ada);
    expect(sessions.find(({ id }) => id === phone.id)).toMatchObject({ state: 'ended', reason: 'revoked' });
  });

  it('has drafts that were encrypted with an older key, and as they are kept those that no key opens', async () => {
    const { client } = await createWorld();
    const ada = client('bearer');
    await ada.register();
    await sealedDraft(ada, 'draft.old', 'written under the old password', t0);
    await ada.post('/api/auth/password', { password: 'correct horse', newPassword: 'battery staple' });
    await sealedDraft(ada, 'draft.new', 'written under the new one', t0 + 1);
    const latest = 2 ** 53 - 1;
    await ada.call('PUT', '/api/drafts/own', { ciphertext: 'Y2lwaGVy', savedAt: latest, expiresAt: latest });
    const { drafts } = await exported(ada);
    expect(drafts.map(({ key, content }) => [key, content])).toEqual([
      ['own', null],
      ['draft.new', 'written under the new one'],
      ['draft.old', 'written under the old password'],
    ]);
    expect(drafts[0]).toMatchObject({ ciphertext: 'Y2lwaGVy', savedAt: at(8.64e15), expiresAt: at(8.64e15) });
  });

  it('has the role of an administrator, and the name of the cookie in its own', async () => {
    const world = await createWorld({ cookieName: 'notes' });
    const ada = world.client();
    await ada.register();
    await world.users.setRole(ada.user?.id ?? '', 'administrator');
    const { body, headers } = await ada.get(path);
    expect(body.user.role).toBe('administrator');
    expect(headers.get('Content-Disposition')).toContain('filename="notes-data-');
  });

  it('is asked for without its content by HEAD, which asks nobody else', async () => {
    const asked: string[] = [];
    const world = await createWorld({ exportUserData: (user) => ({ asked: asked.push(user) }) });
    const ada = world.client();
    await ada.register();
    const { status, text, headers } = await ada.call('HEAD', path);
    expect([status, text, asked]).toEqual([200, '', []]);
    expect(headers.get('Content-Disposition')).toContain('attachment');
    expect(world.lines.map(({ msg }) => msg)).not.toContain('export');
  });
});

/** A world in which the application adds something, and Ada, who is signed in. */
async function adding(exportUserData: NonNullable<Parameters<typeof createWorld>[0]>['exportUserData']) {
  const world: World = await createWorld({ ...(exportUserData && { exportUserData }) });
  const ada = world.client();
  await ada.register();
  return { world, ada };
}

const circular: { self?: object } = {};
circular.self = circular;
const secretly = 'the content of a diary';

describe('what an application adds to the file', () => {
  it('stands under application, whatever JSON can say', async () => {
    const given: unknown[] = [];
    const { ada } = await adding(async (user, { signal }) => {
      given.push(user, signal.aborted);
      return { 'a "name"': [1, null, { date: new Date(t0), left: undefined }], __proto__: null };
    });
    expect((await exported(ada)).application).toEqual({ 'a "name"': [1, null, { date: at(t0) }] });
    expect(given).toEqual([ada.user?.id, false]);
  });

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new RangeError(secretly);
      },
    ],
    ['rejects', () => Promise.reject(new RangeError(secretly))],
    ['returns nothing', () => undefined],
    ['returns null', () => null],
    ['returns a text', () => secretly],
    ['returns a list', () => [secretly]],
    ['returns a function', () => () => secretly],
    ['returns what says of itself that it is a text', () => ({ toJSON: () => secretly })],
    ['returns a circle', () => ({ secretly, circular })],
    ['returns a large integer', () => ({ secretly, n: 1n })],
    ['returns a number that is none', () => ({ secretly, n: NaN })],
    ['returns a function inside', () => ({ secretly, f() {} })],
    ['returns a map inside', () => ({ secretly, m: new Map([[1, secretly]]) })],
    [
      'throws while it is read',
      () => ({
        get secretly() {
          throw new Error(secretly);
        },
      }),
    ],
  ])('is an answer of 503 and one line without its content when it %s', async (_, returns) => {
    const { world, ada } = await adding(returns as never);
    const { status, body, headers } = await ada.get(path);
    expect([status, body.code]).toEqual([503, 'unavailable']);
    expect(headers.has('Content-Disposition')).toBe(false);
    expect(headers.get('Content-Type')).toBe('application/problem+json');
    const lines = world.lines.filter(({ msg }) => msg === 'failure' || msg === 'export');
    expect(lines).toEqual([
      { msg: 'failure', level: 'error', code: 'unavailable', error: expect.stringContaining('exportUserData') },
    ]);
    expect(JSON.stringify(world.lines)).not.toContain(secretly);
  });

  it('is not asked of somebody who may not have the file', async () => {
    const asked: string[] = [];
    const { world, ada } = await adding((user) => ({ asked: asked.push(user) }));
    await world.client().get(path);
    world.pass(minutes(11));
    await ada.get(path);
    world.pass(lapse);
    await ada.get(path);
    expect(asked).toEqual([]);
  });
});
