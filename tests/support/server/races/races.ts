import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { counted, isSoak } from '../../soak/counters.ts';
import { isDeep } from '../../effort.ts';
import type { Adapter } from '../nodes.ts';
import { deedNames, sceneNames } from './deeds.ts';
import { bySchedule } from './directors.ts';
import { explore } from './explorer.ts';
import { judgeOn, told, type Violations } from './oracle.ts';
import { alike as servingAlike, stageOn, type Build, type Choose, type Copying, type Played } from './play.ts';

/** Orders of each two things, and in how many of the states; stories of three things, and of three on one server. */
const shares = {
  memory: isDeep ? { orders: 2, scenes: 5, stories: 60 } : { orders: 1, scenes: 5, stories: 20 },
  sqlite: { orders: 1, scenes: 5, stories: 60 },
  postgres: { orders: 1, scenes: 1, stories: 20 },
};
const whole = { orders: 20, scenes: 5, stories: 500 };

const runs = {
  memory: 'at once, memory',
  sqlite: 'at once, SQLite',
  postgres: 'at once, PostgreSQL',
} as const;

const scene = fc.constantFrom(...sceneNames);
const things = fc.array(fc.constantFrom(...deedNames), { minLength: 3, maxLength: 3 });

/** Servers that are not all the same. */
export interface Mixed {
  readonly run: string;
  readonly build: Build;
}

/** What is first of two things in one state is second in the next, and so comes to another server. */
const mixedShares = {
  memory: { orders: 1, scenes: 1, stories: 10 },
  sqlite: { orders: 1, scenes: 5, stories: 60 },
  postgres: { orders: 1, scenes: 1, stories: 10 },
};

/** Everything that can happen to one session at once, on a store of a kind. */
export const races = (log: Adapter, mixed?: Mixed) =>
  describe('what happens to one session at once', () => {
    let judge = judgeOn(stageOn('memory'));
    const total: Violations & { schedules: number } = {
      schedules: 0,
      acceptedAfterEnd: 0,
      doubleRotations: 0,
      lostUpdates: 0,
      limitViolations: 0,
      unexplained: 0,
    };

    /** @throws with the whole story when something was seen that must not be. */
    async function look(played: Played): Promise<void> {
      const violations = await judge(played);
      total.schedules += 1;
      for (const [name, seen] of Object.entries(violations)) total[name as keyof Violations] += seen;
      if (Object.values(violations).some((seen) => seen > 0))
        throw new Error(`${JSON.stringify(violations)}\n${told(played)}`);
    }

    const share = isSoak ? whole : (mixed ? mixedShares : shares)[log];
    const pairs = deedNames.flatMap((one, index) => deedNames.slice(index).map((other) => [one, other] as const));

    // One after another, too, what is asked of a server of another build is answered as that build does.
    beforeEach(() => {
      judge = judgeOn(stageOn('memory'), ...(mixed ? [stageOn(log, mixed.build)] : []));
    });

    const servers = (copying: Copying) => stageOn(log, mixed?.build ?? servingAlike(log, copying));
    const both = () => [servers('no copies'), servers('copies')] as const;
    const withOrWithout = fc.constantFrom(0 as const, 1 as const);

    it.each(sceneNames)(
      'Promise 1, ASVS 7.4.1 ended is ended, whatever two things come at once in whatever order of their steps (%s)',
      { timeout: 3_600_000 },
      async (place) => {
        const stages = both();
        const here = sceneNames.indexOf(place);
        for (const [index, pair] of pairs.entries()) {
          const turn = (index + here) % sceneNames.length;
          if (turn >= share.scenes) continue;
          const names = mixed && (turn + here) % 2 === 1 ? pair.toReversed() : pair;
          let left = share.orders;
          let seed = 1;
          const pick = (options: number) => (seed = (seed * 48_271) % 2_147_483_647) % options;
          const stage = stages[index % 2 === 0 ? 0 : 1];
          for await (const played of explore((choose) => stage.play(place, names, choose), pick)) {
            await look(played);
            left -= 1;
            if (left === 0) break;
          }
        }
      },
    );

    const inOrder = (chosen: readonly number[]): Choose => {
      let step = 0;
      return ({ length }) => (chosen[step++] ?? 0) % length;
    };

    it('Promise 1, ASVS 7.4.1 ended is ended when three come at once', { timeout: 3_600_000 }, async () => {
      const stages = both();
      const choices = fc.array(fc.nat({ max: 5 }), { maxLength: 40 });
      const story = fc.asyncProperty(withOrWithout, scene, things, choices, async (copying, place, names, chosen) =>
        look(await stages[copying].play(place, names, inOrder(chosen))),
      );
      await fc.assert(story, { numRuns: share.stories, includeErrorInReport: true });
    });

    /** What today's servers alone do, and what comes to one alone. */
    const alike = () => {
      it('the first use of a token that comes just before the lapse is written as of then, and not behind it', async () => {
        const played = await servers('no copies').play('rotated', ['look', 'refreshBefore', 'lapse'], inOrder([0, 2]));
        // So the token before it has had its time.
        expect(played.answers.map(({ status, code }) => [status, code])).toEqual([
          [200, null],
          [401, 'session_ended compromised'],
          [0, null],
        ]);
        const own = played.logs.find(({ id }) => id === played.id);
        expect(own?.entries.map(({ type }) => type).slice(-4)).toEqual([
          'token.confirmed',
          'clock.reached',
          'clock.reached',
          'token.reused',
        ]);
        await look(played);
      });

      it('and when they come to one server, where they also wait for each other', { timeout: 3_600_000 }, async () => {
        const stages = both();
        const story = fc.asyncProperty(
          fc.scheduler(),
          withOrWithout,
          scene,
          things,
          async (scheduler, copying, place, names) =>
            look(await stages[copying].playTogether(place, names, bySchedule(scheduler))),
        );
        await fc.assert(story, { numRuns: share.stories, includeErrorInReport: true });
      });
    };

    if (!mixed) alike();

    it('and over sockets, really at once', { timeout: 3_600_000 }, async () => {
      const stages = both();
      const story = fc.asyncProperty(withOrWithout, scene, things, async (copying, place, names) =>
        look(await stages[copying].playOverSockets(place, names)),
      );
      await fc.assert(story, { numRuns: share.stories, includeErrorInReport: true });
      for (const stage of stages) await stage.close();
    });

    it('which was looked at in many orders', () => {
      const { schedules, acceptedAfterEnd, doubleRotations, lostUpdates, limitViolations, unexplained } = total;
      counted(mixed?.run ?? runs[log], {
        'orders explored': schedules,
        'accepted after the end': acceptedAfterEnd,
        'double rotations': doubleRotations,
        'lost updates': lostUpdates,
        'limit violations': limitViolations,
        'answers no order explains': unexplained,
      });
      expect(schedules).toBeGreaterThan(isSoak ? 10_000 : pairs.length);
    });
  });
