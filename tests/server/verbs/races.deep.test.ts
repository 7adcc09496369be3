import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { StoreAdapter } from '../../../server/index.ts';
import { memory } from '../../../server/memory/index.ts';
import { openDatabase, sqlite } from '../../../server/sqlite/index.ts';
import { postgres } from '../../../server/postgres/index.ts';
import { freshDatabase } from '../../support/postgres/fresh.ts';
import { createVerbWorld, type VerbWorld } from '../../support/server/verbs.ts';
import { origin } from '../../support/server/world.ts';

/** Two nodes on one database; in memory there is one. With how many turns of the event loop a step of a sign-in takes. */
const stores: [string, number, () => Promise<readonly [StoreAdapter, StoreAdapter | null]>][] = [
  ['memory', 1, async () => [memory(), null]],
  [
    'SQLite',
    1,
    async () => {
      const database = openDatabase(':memory:');
      return [sqlite(database), sqlite(database)];
    },
  ],
  [
    'PostgreSQL',
    60,
    async () => {
      const address = await freshDatabase();
      return [postgres(address), postgres(address)];
    },
  ],
];

const issuer = 'https://id.example';

/** What ends everything of a user: on another node than the sign-in, at the same moment. */
const endings: [string, (world: VerbWorld, user: string) => Promise<unknown>][] = [
  ['revoke({ user })', ({ curfew }, user) => curfew.revoke({ user }, { reason: 'race' })],
  ["revoke('all')", ({ curfew }) => curfew.revoke('all', { reason: 'race' })],
  ['erase', ({ curfew }, user) => curfew.erase({ user })],
  [
    'a back-channel logout',
    ({ curfew, now }, user) => {
      const body = new URLSearchParams({ logout_token: 'verified elsewhere' });
      const [iat, exp] = [now() / 1000, now() / 1000 + 120];
      const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
      return curfew.backChannelLogout(new Request(`${origin}/out`, { method: 'POST', body }), {
        verify: () => ({ iss: issuer, sid: `sid of ${user}`, jti: user, iat, exp, events }),
      });
    },
  ],
];

const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn++) await nextTurn();
};

const rounds = 40;

describe.each(stores)('on %s', (_, pace, open) => {
  describe.each(endings)('%s against sign-ins under way', (__, end) => {
    test.each(['new', 'lapsed', 'live'] as const)('accepts none afterwards: %s', async (before) => {
      const [one, two] = await open();
      const world = await createVerbWorld('memory', { store: one });
      const other = two ? await createVerbWorld('memory', { store: two }) : world;
      let accepted = 0;
      let admitted = 0;
      for (let round = 0; round < rounds; round++) {
        const user = `user ${round}`;
        const visitor = world.visitor();
        const proof = { user, reference: { issuer, sid: `sid of ${user}` } };
        if (before !== 'new') await visitor.signIn(proof);
        // Both nodes are on one clock; a proof is made before the end, and brought while it takes place.
        const duration = before === 'lapsed' ? 31 * 60_000 : 1_000;
        world.pass(duration);
        if (other !== world) other.pass(duration);
        const [signedIn] = await Promise.all([
          turns(round % 3).then(() => visitor.signIn(proof)),
          turns((Math.floor(round / 3) % 12) * pace).then(() => end(other, user)),
        ]);
        if (signedIn.status === 200) admitted += 1;
        if ((await visitor.ask()).status === 200) accepted += 1;
        const live = await world.curfew.sessions({ user });
        accepted += live.filter(({ state }) => state === 'active').length;
      }
      console.log(
        `sign-ins under way ${rounds}, admitted before the end ${admitted}, accepted after the end ${accepted}`,
      );
      expect(accepted).toBe(0);
    });
  });
});
