import { expect } from 'vitest';
import { Program, serve, stopped, type Server } from '../server/child.ts';
import { counted } from '../soak/counters.ts';
import { judge } from './judge.ts';
import { play } from './play.ts';

/** How many sessions a user may have on the servers that are started here. */
export const ownLimit = 3;

interface Judging {
  /** How often each client asks. */
  readonly each?: number;
  /** How many sessions a user may have. */
  readonly limit?: number;
  readonly disturb?: () => Promise<unknown>;
}

const users = ['ada', 'bob', 'eve'];

/** Has several clients use servers at once, and judges what they were told. Counted for the table of the deep run. */
export async function judgeOn(
  engine: string,
  nodes: readonly Pick<Server, 'url'>[],
  { each = 60, limit = ownLimit, disturb }: Judging = {},
): Promise<void> {
  const [first] = nodes;
  if (!first) throw new Error('there is no server');
  for (const user of users) expect((await new Program(first).enter('register', user)).status).toBe(201);
  const { history, kept } = await play({ nodes, users, lanes: 6, each, ...(disturb && { disturb }) });
  const verdict = judge(history, kept, limit);
  const told = (what: string) => history.filter(({ told: answer }) => answer === what).length;
  counted(`judged: ${engine}`, {
    answers: history.length,
    unanswered: told('unknown'),
    'ends acknowledged': told('done'),
    'accepted after the end': verdict.acceptedAfterEnd.length,
    'alive after it was seen ended': verdict.aliveAfterEnded.length,
    'more sessions than allowed': verdict.overLimit.length,
    'acknowledged and lost': verdict.lost.length,
    'damaged logs': verdict.damaged.length,
  });
  expect(verdict).toEqual({ acceptedAfterEnd: [], aliveAfterEnded: [], overLimit: [], lost: [], damaged: [] });
  // Enough was let in and ended for the rest to say something.
  expect(told('live')).toBeGreaterThan(each);
  expect(told('done')).toBeGreaterThan(each / 10);
}

const env = { CURFEW_MAX_SESSIONS: String(ownLimit), CURFEW_SECRET: 'a secret of at least thirty-two bytes' };

/** Starts servers that share a secret and a database, each with a folder of its own or one for all. */
export const servers = (homes: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Server[]> =>
  Promise.all(homes.map((home) => serve(home, { ...env, ...more })));

/** Kills one of the servers again and again in the middle of what it does, and starts it anew in its place. */
export const killing =
  (nodes: Server[], homes: readonly string[], more: Readonly<Record<string, string>>, times: number) => async () => {
    for (let time = 0; time < times; time++) {
      const index = time % nodes.length;
      const node = nodes[index];
      const home = homes[index];
      if (!node || home === undefined) throw new Error('there is no such server');
      // In the middle: some answers of another client have come since.
      for (let look = 0; look < 5; look++) await fetch(`${nodes[(index + 1) % nodes.length]?.url}/readyz`);
      node.kill('SIGKILL');
      await node.gone;
      nodes[index] = await serve(home, { ...env, ...more });
    }
  };

export const end = async (nodes: readonly Server[]): Promise<void> =>
  void (await Promise.all(nodes.map((node) => stopped(node))));
