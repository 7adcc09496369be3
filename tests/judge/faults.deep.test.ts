import { afterAll, describe, expect, it } from 'vitest';
import { faults, slow, type Fault } from '../support/judge/faults.ts';
import { judge } from '../support/judge/judge.ts';
import { play } from '../support/judge/play.ts';
import { Program, tidy } from '../support/server/child.ts';
import { nodeOn } from '../support/server/nodes.ts';
import { behindSockets } from '../support/server/sockets.ts';
import { createWorld, type World } from '../support/server/world.ts';

afterAll(tidy);

const limit = 2;
const users = ['ada', 'bob'];

const behind = (parts: World['parts'], fault: Fault) => ({ ...parts, log: { ...parts.log, ...fault(parts.log) } });

/** Two servers on one store far away, the second of which may have an adapter with a fault. */
async function judged(fault: Fault, each: number) {
  const one = await createWorld({ log: 'memory', policy: { maxSessions: limit }, sessionCache: false });
  const other = await one.anotherNode();
  const nodes = await Promise.all(
    [behind(one.parts, slow), behind(behind(other.parts, slow), fault)].map((parts) => behindSockets(nodeOn(parts))),
  );
  const [sound] = nodes;
  if (!sound) throw new Error('there is no server');
  for (const user of users) expect((await new Program(sound).enter('register', user)).status).toBe(201);
  const { history, kept } = await play({ nodes, users, lanes: 6, each });
  for (const node of nodes) await node.close();
  return { history, verdict: judge(history, kept, limit) };
}

describe('a history of clients of two servers', () => {
  it('has nothing to judge where the adapters have no fault', async () => {
    const { history, verdict } = await judged(() => ({}), 60);
    expect(verdict).toEqual({ acceptedAfterEnd: [], aliveAfterEnded: [], overLimit: [], lost: [], damaged: [] });
    expect(history.filter(({ told }) => told === 'live').length).toBeGreaterThan(60);
    expect(history.filter(({ told }) => told === 'done').length).toBeGreaterThan(10);
  });

  it.each(Object.entries(faults))('shows an adapter that %s', async (_, fault) => {
    // It may be right for as long as nobody looks.
    const isShown = async () => Object.values((await judged(fault, 60)).verdict).some(({ length }) => length > 0);
    let tries = 0;
    while (!(await isShown())) expect((tries += 1)).toBeLessThan(10);
  });
});
