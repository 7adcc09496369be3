import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  currentGeneration,
  isLive,
  minutes,
  replay,
  sessionMachine,
  settle,
  type SessionState,
} from '../../machines/index.ts';
import { policyWith, t0 } from '../support/machines.ts';
import { createWorld } from '../support/server/world.ts';
import { coverageRow, fewest, missing, watch } from '../support/model/coverage.ts';
import { isAll, portionOf } from '../support/model/paths.ts';
import { password, requestPaths, requests, unreachableByRequests, type Held } from '../support/model/requests.ts';

/** What of a session its holder can see or feel, in instants since its beginning. */
const shown = ({ leaf, context }: SessionState) => ({
  leaf,
  generation: isLive(leaf) ? currentGeneration(context).generation : null,
  lastActivityAt: context.lastActivityAt - context.startedAt,
  authenticatedAt: context.authenticatedAt - context.startedAt,
  lapsedAt: context.lapsedAt && context.lapsedAt - context.startedAt,
  endedAt: context.endedAt && context.endedAt - context.startedAt,
});

const absolute = { absoluteTimeout: minutes(45), tokenLifetime: minutes(45) };
const policies = [
  ['an absolute limit that can be resumed from', policyWith(absolute)],
  ['an absolute limit for good', policyWith({ ...absolute, restoreFrom: ['idle'] })],
] as const;

const logs = ['memory', 'sqlite', 'postgres'] as const;

/** All that there is, every thirteenth, or a few that walk everything; every step takes a database server longer. */
const chosen = (all: ReturnType<typeof requestPaths>, log: (typeof logs)[number]) => {
  if (log === 'postgres' && !isAll) return fewest(all);
  return log !== 'postgres' && isAll ? all : portionOf(all, 13);
};

describe.each(logs)('the server on a log in %s, on one path for every edge', (log) => {
  let isAsked = false;
  let walked: ReturnType<typeof watch>;
  beforeAll(() => {
    walked = watch('session', () => isAsked);
  });
  afterAll(() => {
    walked.stop();
    console.log(coverageRow(`the server (${log})`, sessionMachine, walked, unreachableByRequests));
  });

  it.each(policies)('of %s', { timeout: 3_600_000 }, async (_, policy) => {
    const all = requestPaths(policy);
    const paths = chosen(all, log);
    console.log(`${paths.length} of ${all.length} paths`);
    const world = await createWorld({ policy, log });
    for (const [index, { deeds, moments }] of paths.entries()) {
      const client = world.client('cookie');
      const username = `ada${index}`;
      await client.register(username, password);
      const held: Held = { world, client, username, id: client.id, tokens: [client.token ?? ''] };
      const beginning = world.now();
      for (const [at, deed] of deeds.entries()) {
        const expected = moments[at];
        if (!expected) throw new Error('a path has a moment for every deed');
        world.pass(expected.now - t0 + beginning - world.now());
        isAsked = true;
        await requests[deed.type].send(held);
        isAsked = false;
        const live = settle(replay(await world.events(held.id)), world.now()).state;
        expect(
          shown(live),
          deeds
            .slice(0, at + 1)
            .map(({ type, place }) => `${place}: ${type}`)
            .join('\n'),
        ).toEqual(shown(expected.state));
      }
    }
  });

  it('walks every state, every transition, and every guard both ways that a request can reach', () => {
    expect(missing(sessionMachine, walked, unreachableByRequests)).toEqual([]);
  });
});
