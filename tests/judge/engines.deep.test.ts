import { join } from 'node:path';
import { afterEach, describe, it } from 'vitest';
import { minutes } from '../../machines/index.ts';
import { end, judgeOn, killing, ownLimit, servers } from '../support/judge/engines.ts';
import { cut, emptyDatabase, ownServer } from '../support/postgres/fresh.ts';
import { folder, tidy } from '../support/server/child.ts';
import { nodeOn } from '../support/server/nodes.ts';
import { behindSockets } from '../support/server/sockets.ts';
import { isSoak } from '../support/soak/counters.ts';
import { createWorld } from '../support/server/world.ts';

afterEach(tidy);

const patience = { timeout: minutes(5) };
const each = isSoak ? 2_000 : 60;
const kills = isSoak ? 50 : 3;

describe('Promise 1, Promise 8, ASVS 7.4.1 what several clients are told by several servers', () => {
  it('holds together in memory', patience, async () => {
    const one = await createWorld({ log: 'memory', policy: { maxSessions: ownLimit } });
    const other = await one.anotherNode();
    const nodes = await Promise.all([one, other].map(({ parts }) => behindSockets(nodeOn(parts))));
    await judgeOn('memory', nodes, { each });
    for (const node of nodes) await node.close();
  });

  it('holds together on one file of SQLite', patience, async () => {
    const home = folder();
    const nodes = await servers([home, home]);
    await judgeOn('SQLite', nodes, { each });
    await end(nodes);
  });

  it('holds together on one file of SQLite, where servers are killed', patience, async () => {
    const homes = [folder(), folder()];
    const more = { CURFEW_DATABASE: `file:${join(folder(), 'curfew.db')}` };
    const nodes = await servers(homes, more);
    await judgeOn('SQLite, kill -9', nodes, { each, disturb: killing(nodes, homes, more, kills) });
    await end(nodes);
  });

  it('holds together on PostgreSQL', patience, async () => {
    const nodes = await servers([folder(), folder()], { CURFEW_DATABASE: await emptyDatabase() });
    await judgeOn('PostgreSQL', nodes, { each });
    await end(nodes);
  });

  it('holds together on PostgreSQL, where servers are killed', patience, async () => {
    const homes = [folder(), folder()];
    const more = { CURFEW_DATABASE: await emptyDatabase() };
    const nodes = await servers(homes, more);
    await judgeOn('PostgreSQL, kill -9', nodes, { each, disturb: killing(nodes, homes, more, kills) });
    await end(nodes);
  });

  it('holds together on PostgreSQL, where connections are cut and the database is stopped', patience, async () => {
    const database = await ownServer();
    const address = await emptyDatabase(database.url);
    const nodes = await servers([folder(), folder()], { CURFEW_DATABASE: address });
    const disturb = async () => {
      for (let time = 0; time < kills; time++) {
        await cut(address);
        for (let look = 0; look < 5; look++) await fetch(`${nodes[0]?.url}/readyz`);
      }
      await database.stop();
      await database.start();
    };
    await judgeOn('PostgreSQL, cut and stopped', nodes, { each, disturb });
    await end(nodes);
  });
});
