import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { emptyDatabase } from '../../support/postgres/fresh.ts';
import { folder } from '../../support/server/folder.ts';
import type { Node } from '../../support/server/nodes.ts';
import { hands, heldNode, policy, type Build } from '../../support/server/races/play.ts';
import { Client, cost, createWorld, secret, t0, type World } from '../../support/server/world.ts';
import { held } from './held.ts';
import { firstHouse, type FirstDatabase } from './house.ts';

const databases = {
  sqlite: async (): Promise<FirstDatabase> => ({ kind: 'sqlite', path: join(folder(), 'curfew.db') }),
  postgres: async (): Promise<FirstDatabase> => ({ kind: 'postgres', address: await emptyDatabase() }),
};

/**
 * Servers of the first build and of today's in turn, on one database that the first build has made, as while one is
 * replaced by the other: a server of the first build that is running goes on when today's brings its schema up to date.
 */
export const besideFirst =
  (kind: keyof typeof databases): Build =>
  async (count) => {
    const { openNode } = await firstHouse();
    const database = await databases[kind]();
    let world: World | null = null;

    async function first(): Promise<Node> {
      const { routes, sweep, close } = await openNode({
        database,
        secret,
        policy,
        cost,
        clock: () => world?.now() ?? t0,
        wake: () => () => {},
        write: () => {},
        hold: (parts) => held(parts, hands),
      });
      onTestFinished(close);
      return { app: routes, sweep, client: (transport = 'cookie') => new Client(routes, transport) };
    }

    const nodes: Node[] = [];
    while (nodes.length < count) nodes.push(await first());
    const place = database.kind === 'sqlite' ? database.path : database.address;
    const today = (world = await createWorld({ log: kind, policy, place }));
    for (let index = 1; index < count; index += 2)
      nodes[index] = heldNode(index === 1 ? today : await today.anotherNode());
    return { world, nodes };
  };
