import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { recordedWith, restoredDatabase, versions, type Credential } from '../../golden/schemas/schemas.ts';
import { administer } from '../../support/postgres/fresh.ts';
import { lookedIn } from '../../support/server/keptAudit.ts';
import { environment, launch, run, tidy } from '../../support/server/child.ts';
import { createWorld, type Client, type World } from '../../support/server/world.ts';

afterAll(tidy);

const newest = Math.max(...versions);

/** The schema version of a database, and how to set it. */
const stored = {
  sqlite: {
    read(path: string) {
      const database = new DatabaseSync(path);
      const version = Number(database.prepare('pragma user_version').get()?.['user_version']);
      database.close();
      return version;
    },
    write(path: string, version: number) {
      const database = new DatabaseSync(path);
      database.exec(`pragma user_version = ${version}`);
      database.close();
    },
  },
  postgres: {
    read: async (address: string) =>
      Number((await administer('select version from curfew_schema', address))[0]?.['version']),
    write: async (address: string, version: number) =>
      void (await administer(`update curfew_schema set version = ${version}`, address)),
  },
};

describe.each(['sqlite', 'postgres'] as const)('%s', (kind) => {
  describe.each(versions)('a database of schema %i', (version) => {
    const { secret, credentials } = recordedWith(version, kind);
    const [active, remembered, lapsed, ended] = credentials as [Credential, Credential, Credential, Credential];
    let place: string;
    let before: number;
    let world: World;
    beforeEach(async () => {
      place = await restoredDatabase(version, kind);
      before = await stored[kind].read(place);
      world = await createWorld({ log: kind, place, secret });
    });

    const browserOf = ({ token }: Credential): Client => Object.assign(world.client(), { token });

    test('is brought up to date where it is, and signs nobody out', async () => {
      expect(before).toBe(version);
      expect(await stored[kind].read(place)).toBeGreaterThanOrEqual(newest);
      for (const each of [active, remembered]) {
        const browser = browserOf(each);
        expect((await browser.post('/api/auth/refresh', {})).status).toBe(200);
        expect((await browser.get('/api/auth/me')).body.user).toMatchObject({ id: each.user, username: each.username });
        expect((await browser.get('/api/auth/vault-key')).body.vaultKey.id).toBe(each.vaultKey);
        expect(browser.id).toBe(each.session);
      }
      const browser = browserOf(lapsed);
      expect(await browser.get('/api/auth/me')).toMatchObject({
        status: 401,
        body: { code: 'session_lapsed', reason: 'idle', restorable: true },
      });
      const { password } = lapsed;
      expect((await browser.post('/api/auth/reauthenticate', { password })).body.session.id).toBe(lapsed.session);
      expect(await browserOf(ended).get('/api/auth/me')).toMatchObject({ status: 401, body: { reason: 'signed_out' } });
      expect((await world.client().login(active.username, active.password)).status).toBe(200);
    });

    test('has everything that was kept in it', async () => {
      const browser = browserOf(active);
      expect((await browser.get('/api/drafts/letter')).body).toMatchObject({ ciphertext: 'Y2lwaGVy' });
      expect((await browser.get('/api/settings')).body.settings).toMatchObject({ theme: 'dark', density: 'compact' });
      const [conversation] = (await browser.get('/api/conversations')).body.conversations;
      expect(conversation.title).toBe('An old conversation');
      const { messages } = (await browser.get(`/api/conversations/${conversation.id}`)).body;
      expect(messages).toMatchObject([{ body: 'Grüße 👩🏽‍🚀' }]);
      const { events } = (await browser.get(`/api/auth/sessions/${active.session}/events`)).body;
      const types: string[] = events.map(({ type }: { type: string }) => type);
      // Before schema 4 nobody asked who was heard.
      expect(types.filter((type) => type !== 'client.heard').slice(0, 4)).toEqual([
        'session.started',
        'token.rotated',
        'token.confirmed',
        'activity.seen',
      ]);
    });

    test('verifies, before and after it is written to', async () => {
      const sessions = { sessions: 5, purged: 0 };
      const untouched = await lookedIn(world.parts.auditReader);
      expect(untouched).toMatchObject({ found: [], verified: sessions });
      expect((await browserOf(active).post('/api/auth/logout', {})).status).toBe(204);
      const after = await lookedIn(world.parts.auditReader);
      expect(after).toMatchObject({ found: [], verified: { ...sessions, entries: untouched.verified.entries + 1 } });
    });

    test('is verified by `npm run audit` once a server has opened it', async () => {
      const audit = run(['server/cli/audit.ts', 'verify'], {
        CURFEW_SECRET: secret,
        CURFEW_DATABASE: kind === 'sqlite' ? `file:${place}` : place,
      });
      expect(await audit.gone).toEqual({ code: 0, signal: null });
      expect(audit.out()).toMatch(/^5 sessions, \d+ entries, 0 purged: nothing is wrong\n$/);
    });
  });

  test('there is a recording of every earlier schema', async () => {
    const place = await restoredDatabase(newest, kind);
    await createWorld({ log: kind, place, secret: recordedWith(newest, kind).secret });
    const earlier = (await stored[kind].read(place)) - 1;
    expect(versions).toEqual(expect.arrayContaining(Array.from({ length: earlier }, (_, index) => index + 1)));
  });

  test('a database of a later version stops `npm start` with one line, and nothing is changed', async () => {
    const place = await restoredDatabase(newest, kind);
    await createWorld({ log: kind, place, secret: recordedWith(newest, kind).secret });
    const known = await stored[kind].read(place);
    await stored[kind].write(place, known + 1);
    const home = kind === 'sqlite' ? dirname(place) : '';
    const server = launch(home, {
      ...environment(home),
      ...(kind === 'postgres' && { CURFEW_DATABASE: place }),
      CURFEW_SECRET: recordedWith(newest, kind).secret,
    });
    expect(await server.gone).toEqual({ code: 1, signal: null });
    const shown = kind === 'sqlite' ? join(home, 'curfew.db') : place.replace(/:[^:@]*@/, '@');
    expect(server.err()).toBe(
      `curfew: the database ${shown} was written by a newer version (schema ${known + 1}, this version knows ${known}); nothing was changed\n`,
    );
    expect(server.out()).toBe('');
    expect(await stored[kind].read(place)).toBe(known + 1);
  });
});
