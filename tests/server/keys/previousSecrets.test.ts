import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CurfewOptions } from '../../../server/index.ts';
import type { TokenAlgorithm } from '../../../server/keys/signingKeys.ts';
import { postgres } from '../../../server/postgres/index.ts';
import { sqlite } from '../../../server/sqlite/index.ts';
import { freshDatabase } from '../../support/postgres/fresh.ts';
import { folder } from '../../support/server/folder.ts';
import { createVerbWorld, type Visitor } from '../../support/server/verbs.ts';
import { modes } from '../../support/server/world.ts';

const [before, now] = ['the secret of before, of thirty-two bytes', 'the secret of now, of thirty-two bytes'] as const;

const databases: [string, () => Promise<CurfewOptions['store']>][] = [
  ['SQLite', async () => sqlite(join(folder(), 'curfew.db'))],
  ['PostgreSQL', async () => postgres(await freshDatabase())],
];
const algorithms: TokenAlgorithm[] = ['HS256', 'EdDSA'];

/** One database, and the servers that are started on it one after another, each with secrets of its own. */
async function restarts(open: () => Promise<CurfewOptions['store']>, algorithm: TokenAlgorithm = 'HS256') {
  const store = await open();
  let running: Awaited<ReturnType<typeof createVerbWorld>> | null = null;
  return async (secret: string, ...previousSecrets: string[]) => {
    await running?.curfew.close();
    running = await createVerbWorld('sqlite', { store, algorithm, secret, previousSecrets });
    const { visitor, curfew } = running;
    return {
      curfew,
      visitor,
      /** The same browser, before the server that runs now. */
      again: ({ transport, token }: Visitor) => Object.assign(visitor(transport), { token }),
    };
  };
}

const answerOf = async (visitor: Visitor) => {
  const { status, body } = await visitor.ask();
  return status === 200 ? body.user : body;
};
const refused = { status: 401, code: 'invalid_token' };

describe.each(databases)('a secret that was replaced, on %s', (_, open) => {
  test.each(algorithms)('signs nothing more, and its %s tokens are good while it is listed', async (algorithm) => {
    const start = await restarts(open, algorithm);
    const first = await start(before);
    const [ada, bob] = [first.visitor('bearer'), first.visitor()];
    await ada.signIn();
    await bob.signIn({ user: 'bob' });

    const second = await start(now, before);
    const old = [second.again(ada), second.again(bob)] as const;
    expect(await Promise.all(old.map(answerOf))).toEqual(['ada', 'bob']);
    const eve = second.visitor('bearer');
    await eve.signIn({ user: 'eve' });
    const renewed = second.again(ada);
    expect((await renewed.post('/api/auth/refresh', {})).status).toBe(200);

    const third = await start(now);
    expect(await answerOf(third.again(eve))).toBe('eve');
    expect(await answerOf(third.again(renewed))).toBe('ada');
    for (const each of old) expect(await answerOf(third.again(each))).toMatchObject(refused);
  });

  test.each(modes)(
    'ASVS 7.4.1 and leaked: all are ended, its %s tokens are refused with the reason at once, and as forged without it',
    async (mode) => {
      const start = await restarts(open);
      const first = await start(before);
      const ada = first.visitor(mode);
      await ada.signIn();

      const second = await start(now, before);
      const [old, spared] = [second.again(ada), second.visitor(mode)];
      await spared.signIn({ user: 'bob' });
      expect(await answerOf(old)).toBe('ada');
      expect(await second.curfew.revoke('all', { reason: 'the secret leaked', except: spared.id })).toEqual({
        ended: 1,
      });
      const ended = { status: 401, code: 'session_ended', reason: 'revoked' };
      expect(await answerOf(old)).toMatchObject(ended);
      expect(await answerOf(spared)).toBe('bob');
      expect((await old.post('/api/auth/refresh', {})).body).toMatchObject(ended);

      const third = await start(now);
      expect(await answerOf(third.again(ada))).toMatchObject(refused);
      expect((await third.again(ada).post('/api/auth/refresh', {})).body).toMatchObject(refused);
      expect(await answerOf(third.again(spared))).toBe('bob');
    },
  );
});
