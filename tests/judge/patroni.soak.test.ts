import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { minutes } from '../../machines/index.ts';
import { end, judgeOn, servers } from '../support/judge/engines.ts';
import { administer } from '../support/postgres/fresh.ts';
import { programs, startCluster } from '../support/postgres/patroni.ts';
import { folder, tidy } from '../support/server/child.ts';
import { counted } from '../support/soak/counters.ts';

const kills = 5;
const database = 'curfew';

afterEach(tidy);

describe('Promise 1, Promise 8, ASVS 7.4.1 what several clients are told by several servers', () => {
  it(
    'holds together where Patroni makes another the primary, for its machine was killed',
    { timeout: minutes(20) },
    async () => {
      const absent = Object.entries(programs).filter(([, path]) => !existsSync(path));
      expect(absent, 'packages of Debian that are to be installed').toEqual([]);
      const cluster = await startCluster(3);
      try {
        await cluster.primary();
        await administer(`create database ${database}`, cluster.url);
        const address = Object.assign(new URL(cluster.url), { pathname: database }).href;
        const nodes = await servers([folder(), folder()], { CURFEW_DATABASE: address, CURFEW_REPLICATION: 'required' });
        const isReady = async (node: { readonly url: string }) => (await fetch(`${node.url}/readyz`)).ok;
        const areReady = async () => {
          while (!(await Promise.all(nodes.map(isReady))).every(Boolean));
        };
        const primaries: string[] = [];
        const disturb = async () => {
          for (let time = 0; time < kills; time += 1) {
            const primary = await cluster.primary();
            await areReady();
            // In the middle of what is written.
            for (let look = 0; look < 300; look += 1) await fetch(`${nodes[0]?.url}/readyz`);
            await primary.kill();
            primaries.push(primary.name);
            // Another takes its place before it comes back.
            await cluster.primary();
            await areReady();
            primary.start();
          }
          await cluster.primary();
          await areReady();
        };
        await judgeOn('PostgreSQL by Patroni, primary’s machine killed -9', nodes, { each: 60, disturb });
        counted('PostgreSQL by Patroni, primary’s machine killed -9', { killed: primaries.join(' ') });
        await end(nodes);
      } finally {
        await cluster.erase();
      }
    },
  );
});
