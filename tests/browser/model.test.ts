import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  isLive,
  leafOf,
  replay,
  sessionMachine,
  settle,
  tabMachine,
  viewOf,
  type SessionState,
  type SessionView,
} from '../../machines/index.ts';
import { coverageRow, missing, watch, type Unreachable } from '../model/coverage.ts';
import { isOffered, type SceneDeed } from '../model/offers.ts';
import { fewest, onePerEdge, scenePaths, unreachableInBrowser } from '../model/scenes.ts';
import { createBetween, type Between } from './between.ts';
import { launchOptions } from './chromium.ts';
import { play } from './play.ts';
import { childIn } from './watched.ts';

const root = realpathSync(join(import.meta.dirname, '..', '..', 'dist', 'app'));
const unreachable: Unreachable = {};

type Stage = Awaited<ReturnType<typeof play>>;

/** Everything gets through again, in the order in which it would. */
const closing: readonly SceneDeed[] = [
  'answers arrive',
  'the server comes back',
  'the network comes back',
  'looks again',
];

const deadlines = ({ warnAt, idleDeadline, absoluteDeadline, restorableUntil, canExtend }: SessionView) => ({
  warnAt,
  idleDeadline,
  absoluteDeadline,
  restorableUntil,
  canExtend,
});

/** The two sides of the wire, once nothing is between them: the server's log replayed, and what runs in the tab. */
async function sides({ world, page, tab, scene }: Stage) {
  const { value, context } = tab.state();
  const { view } = context;
  const child = await childIn(page);
  if (view === null) return { server: null, tab: child };
  const server = settle(replay(await world.events(view.id)), world.now()).state;
  // A tab that says it is over shows no session any more: it has none, or has lost what proves that it has.
  if (value.session === 'ended')
    return { server: isLive(server.leaf) && scene().hasCookie ? 'open' : 'over', tab: 'over' };
  const told = (state: SessionState) => ({ leaf: state.leaf, ...deadlines(viewOf(view.id, state, world.now())) });
  return { server: told(server), tab: child && told({ leaf: leafOf(child.value), context: child.context }) };
}

describe('the application in Chromium, on one path for every edge', () => {
  let browser: Browser;
  let between: Between;
  let stage: Stage | null = null;
  let tab: ReturnType<typeof watch>;
  let session: ReturnType<typeof watch>;

  beforeAll(async () => {
    [browser, between] = await Promise.all([chromium.launch(launchOptions()), createBetween()]);
  });
  afterAll(async () => {
    await browser?.close();
    await between?.stop();
  });

  it(
    'is where the machine is after every deed, and agrees with the server in the end',
    { timeout: 1_200_000 },
    async () => {
      const all = scenePaths();
      const chosen = process.env['CURFEW_MODEL'] === 'all' ? onePerEdge(all) : fewest(all);
      console.log(`${chosen.length} of ${all.length} paths`);
      tab = watch('tab', () => stage?.tab.isFollowing() === true);
      session = watch('session', () => stage !== null && !stage.isReckoning());
      for (const { deeds } of chosen) {
        stage = await play(browser, between, root);
        for (const deed of deeds) await stage.goes(deed);
        for (const deed of closing) if (isOffered(stage.scene(), deed)) await stage.goes(deed);
        const played = stage;
        stage = null;
        const { server, tab: here } = await sides(played);
        expect(here, played.story()).toEqual(server);
        await played.close();
      }
      tab.stop();
      session.stop();
      console.log(coverageRow('Chromium', tabMachine, tab, unreachableInBrowser));
      console.log(coverageRow('Chromium', sessionMachine, session, unreachable));
    },
  );

  it('walks every state, every transition, and every guard both ways', () => {
    expect(missing(tabMachine, tab, unreachableInBrowser)).toEqual([]);
  });
});
