import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { administer, cut, emptyDatabase, ownServer } from '../../support/postgres/fresh.ts';
import type { PostgresServer } from '../../support/postgres/server.ts';
import { counted, isSoak } from '../../support/soak/counters.ts';
import { hasFileLimits } from '../../support/needs.ts';
import { folder, Program, serve, stopped, tidy, unspeakable, type Server } from '../../support/server/child.ts';
import { crashes, figuresOf, type CrashCounts } from '../../support/server/crashes.ts';

let postgres: PostgresServer;
let address: string;
beforeAll(async () => {
  postgres = await ownServer();
  address = await emptyDatabase(postgres.url);
});
afterAll(tidy);

const secret = 'a secret of thirty-two bytes or more';
unspeakable.add(secret);
const environment = (database = address) => ({ CURFEW_DATABASE: database, CURFEW_SECRET: secret });

function expectNothingLost(counts: CrashCounts): void {
  expect(counts).toMatchObject({ lostEvents: 0, halfEvents: 0, lostWrites: 0 });
  expect(counts.acknowledgedEvents).toBeGreaterThan(counts.kills * 10);
}

const long = 900_000;

/** Waits for a write: what `/readyz` has told is good for a second, and this may be the second after it. */
async function untilWriting(server: Server): Promise<void> {
  while ((await new Program(server).enter('register', randomBytes(8).toString('hex'))).status !== 201);
}

describe('Promise 8: under load, nothing that was acknowledged is lost, nothing is half, and the story goes on', () => {
  it(
    'when a node is killed',
    async () => {
      const counts = await crashes({ home: folder(), env: environment(), kills: isSoak ? 50 : 2 });
      counted('kill -9 of the node, PostgreSQL', figuresOf(counts));
      expectNothingLost(counts);
    },
    long,
  );

  /** The node itself is left alone: it has to find its way back. */
  const disturbed = (disturb: () => Promise<void>) => async (server: Server) => {
    await disturb();
    await untilWriting(server);
    return server;
  };

  it(
    'when the database is stopped at once and started again',
    async () => {
      const crash = disturbed(async () => {
        await postgres.stop();
        await postgres.start();
      });
      const env = environment(await emptyDatabase(postgres.url));
      const counts = await crashes({ home: folder(), env, crash, kills: isSoak ? 20 : 2 });
      counted('the database stopped and started, PostgreSQL', figuresOf(counts));
      expectNothingLost(counts);
    },
    long,
  );

  it(
    'when every connection is cut, in the middle of whatever it was doing',
    async () => {
      const database = await emptyDatabase(postgres.url);
      const crash = disturbed(async () => {
        while ((await cut(database)).length === 0);
      });
      const counts = await crashes({ home: folder(), env: environment(database), crash, kills: isSoak ? 20 : 2 });
      counted('connections cut, PostgreSQL', figuresOf(counts));
      expectNothingLost(counts);
    },
    long,
  );
});

describe('a node without a database it can write to', () => {
  /** A node on a database of its own, and somebody who is signed in. */
  async function started() {
    const database = await emptyDatabase(postgres.url);
    const server = await serve(folder(), environment(database));
    const ada = new Program(server);
    expect((await ada.enter('register')).status).toBe(201);
    // Of random bytes, as ciphertext is: nothing makes them smaller.
    const draft = (key: string, size = 12) =>
      ada.call('PUT', `/api/drafts/${key}`, { ciphertext: randomBytes(size).toString('base64url'), savedAt: 1 });
    expect((await draft('first')).status).toBe(201);
    return { database, server, ada, draft };
  }

  it(
    'ASVS 16.5.2 answers 503 while it is read-only, reads on, and writes again when it may',
    async () => {
      const { database, server, ada, draft } = await started();
      const readOnly = async (state: 'on' | 'off') => {
        const name = new URL(database).pathname.slice(1);
        await administer(`alter database ${name} set default_transaction_read_only = ${state}`, postgres.url);
        await cut(database);
      };
      await readOnly('on');
      while ((await ada.get('/readyz')).status !== 503);
      while ((await ada.get('/api/drafts/first')).status !== 200);
      expect(await draft('second')).toMatchObject({ status: 503, body: { code: 'unavailable' } });
      expect((await ada.enter('login')).status).toBe(503);
      expect((await ada.get('/api/drafts/first')).status).toBe(200);
      expect((await ada.get('/api/drafts/second')).status).toBe(404);

      await readOnly('off');
      while ((await ada.get('/readyz')).status !== 200);
      expect((await draft('second')).status).toBe(201);
      await stopped(server);
    },
    long,
  );

  it(
    'ASVS 16.5.2 answers 503 while it is gone, closes streams that cannot know any more, and goes on by itself',
    async () => {
      const { server, ada, draft } = await started();
      const closed = ada.get('/api/auth/stream');
      await postgres.stop();
      expect(await ada.get('/readyz')).toMatchObject({ status: 503 });
      expect(await ada.get('/api/auth/me')).toMatchObject({ status: 503, body: { code: 'unavailable' } });
      expect(await draft('second')).toMatchObject({ status: 503 });
      expect((await closed).text).not.toContain('"state":"ended"');
      expect((await ada.get('/healthz')).status).toBe(200);

      await postgres.start();
      while ((await ada.get('/readyz')).status !== 200);
      expect((await ada.get('/api/auth/me')).status).toBe(200);
      expect((await draft('second')).status).toBe(201);
      await stopped(server);
    },
    long,
  );

  if (hasFileLimits)
    it(
      'ASVS 16.5.2 answers 503 while it is full, with nothing half written, and goes on when there is room',
      async () => {
        const { server, ada, draft } = await started();
        const restarted = async (before: readonly string[]) => {
          await postgres.stop();
          await postgres.start(before);
          await untilWriting(server);
        };
        await restarted(['prlimit', '--fsize=3000000:unlimited']);
        const kept: string[] = [];
        let reply = await draft('big 0', 525_000);
        while (reply.status < 300) {
          kept.push(`big ${kept.length}`);
          reply = await draft(`big ${kept.length}`, 525_000);
        }
        expect(reply).toMatchObject({ status: 503, body: { code: 'unavailable' } });
        expect(kept.length).toBeGreaterThan(0);
        expect((await ada.get('/api/auth/me')).status).toBe(200);

        await restarted([]);
        const { body } = await ada.get('/api/drafts');
        const keys = body.drafts.map(({ key }: { key: string }) => key);
        expect(keys.toSorted()).toEqual(['first', ...kept].toSorted());
        expect((await draft(`big ${kept.length}`, 525_000)).status).toBe(201);
        await stopped(server);
      },
      long,
    );
});
