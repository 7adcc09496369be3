import { afterEach, describe, expect, it } from 'vitest';
import { minutes } from '../../machines/index.ts';
import { end, judgeOn, servers } from '../support/judge/engines.ts';
import { administer, ownServer } from '../support/postgres/fresh.ts';
import type { Standby } from '../support/postgres/server.ts';
import { folder, Program, tidy } from '../support/server/child.ts';
import { isSoak } from '../support/soak/counters.ts';
import { until } from '../support/until.ts';

afterEach(tidy);

const failovers = isSoak ? 20 : 5;
const database = 'curfew';

const at = ({ url }: Pick<Standby, 'url'>): string => Object.assign(new URL(url), { pathname: database }).href;

/** Has commits wait for the standbys that follow. */
async function waitFor(standbys: '*' | '', server: Pick<Standby, 'url'>): Promise<void> {
  await administer(`alter system set synchronous_standby_names = '${standbys}'`, at(server));
  await administer('select pg_reload_conf()', at(server));
  const isSynchronous = "select 1 from pg_stat_replication where sync_state = 'sync'";
  if (standbys === '*') await until(async () => (await administer(isSynchronous, at(server))).length > 0);
}

describe('Promise 1, Promise 8, ASVS 7.4.1 what several clients are told by several servers', () => {
  it(
    'holds together on PostgreSQL, where the primary is killed and its standby takes its place, again and again',
    { timeout: minutes(10) },
    async () => {
      let primary: Standby = await ownServer();
      await administer(`create database ${database}`, primary.url);
      let standby = await primary.standby();
      await waitFor('*', primary);
      const { host, port } = new URL(primary.url);
      const address = at(primary).replace(host, `${host},${new URL(standby.url).host}`);
      const nodes = await servers([folder(), folder()], {
        CURFEW_DATABASE: `${address}?target_session_attrs=read-write`,
        CURFEW_REPLICATION: 'required',
      });
      const ports = [Number(port), Number(new URL(standby.url).port)];
      for (const node of nodes.slice(0, 1)) expect((await new Program(node).enter('register', 'zoe')).status).toBe(201);
      // What is answered is committed on the primary of now, whatever a node has believed a moment ago.
      const areReady = async () => {
        const answers = await Promise.all(nodes.map((node) => new Program(node).enter('login', 'zoe')));
        return answers.every(({ status }) => status === 200);
      };

      const disturb = async () => {
        for (let time = 0; time < failovers; time += 1) {
          await until(areReady);
          // In the middle of what is written.
          for (let look = 0; look < 80; look += 1) await fetch(`${nodes[0]?.url}/readyz`);
          await primary.kill();
          const before = ports[time % 2];
          await administer('select pg_promote()', at(standby));
          // Until another follows, for nothing would be acknowledged.
          await waitFor('', standby);
          [primary, standby] = [standby, await standby.standby(before)];
          await waitFor('*', primary);
        }
        await until(areReady);
      };
      await judgeOn(`PostgreSQL, ${failovers} failovers`, nodes, { each: 60, disturb });
      await end(nodes);
    },
  );
});
