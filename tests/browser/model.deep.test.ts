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
import { policyWith, t0 } from '../support/machines.ts';
import { coverageRow, fewest, missing, watch } from '../support/model/coverage.ts';
import { isOffered, type SceneDeed } from '../support/model/offers.ts';
import { isAll } from '../support/model/paths.ts';
import { requestPaths, unreachableByRequests } from '../support/model/requests.ts';
import { scenePolicy } from '../support/model/scene.ts';
import { onePerEdge, scenePaths, unreachableInBrowser } from '../support/model/scenes.ts';
import { createNetwork, type Network } from '../support/browser/network.ts';
import { launchOptions } from '../support/browser/chromium.ts';
import { playScene } from '../support/browser/scenePlayer.ts';
import { childIn } from '../support/browser/watchedTab.ts';

const root = realpathSync(join(import.meta.dirname, '..', '..', 'dist', 'app'));

/** The application itself signs in, and says with it that a client is there. */
const unreachableHere = {
  ...unreachableByRequests,
  'active|client.heard|0': 'the sign-in of the tab has said it already',
};

type Stage = Awaited<ReturnType<typeof playScene>>;

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

/** Whether what the session machine does is the server's doing, and not what is reckoned here. */
let isCounted = false;
function uncounted<Value>(reckon: () => Value): Value {
  const before = isCounted;
  isCounted = false;
  const value = reckon();
  isCounted = before;
  return value;
}

/** The two sides of the wire, once nothing is between them: the server's log replayed, and what runs in the tab. */
async function sides({ world, page, tab, scene }: Stage) {
  const { view } = tab.state().context;
  const child = await childIn(page);
  if (view === null) return { server: null, tab: child };
  const log = await world.events(view.id);
  return uncounted(() => {
    const server = settle(replay(log), world.now()).state;
    // A tab that says it is over shows no session any more: it has none, or has lost what proves that it has.
    if (tab.state().value.session === 'ended')
      return { server: isLive(server.leaf) && scene().hasCookie ? 'open' : 'over', tab: 'over' };
    const told = (state: SessionState) => ({ leaf: state.leaf, ...deadlines(viewOf(view.id, state, world.now())) });
    return { server: told(server), tab: child && told({ leaf: leafOf(child.value), context: child.context }) };
  });
}

describe('the application in Chromium, on one path for every edge', () => {
  let browser: Browser;
  let network: Network;
  let stage: Stage | null = null;
  let tab: ReturnType<typeof watch>;
  let session: ReturnType<typeof watch>;

  beforeAll(async () => {
    [browser, network] = await Promise.all([chromium.launch(launchOptions()), createNetwork()]);
    tab = watch('tab', () => isCounted && stage?.tab.isFollowing() === true);
    session = watch('session', () => isCounted && stage?.isReckoning() === false);
  });
  afterAll(async () => {
    tab.stop();
    session.stop();
    console.log(coverageRow('Chromium', tabMachine, tab, unreachableInBrowser));
    console.log(coverageRow('Chromium', sessionMachine, session, unreachableHere));
    await browser?.close();
    await network?.stop();
  });

  it(
    'is where the machine is after every deed, and agrees with the server in the end',
    { timeout: (isAll ? 60 : 10) * 60_000 },
    async () => {
      const all = scenePaths();
      const chosen = isAll
        ? [...new Set([...onePerEdge(all), ...all.filter((_, index) => index % 257 === 0)])]
        : fewest(all);
      console.log(`${chosen.length} of ${all.length} paths`);
      for (const { deeds } of chosen) {
        stage = await playScene(browser, network, root);
        isCounted = true;
        for (const deed of deeds) await stage.goes(deed);
        for (const deed of closing) if (isOffered(stage.scene(), deed)) await stage.goes(deed);
        const { server, tab: here } = await sides(stage);
        expect(here, stage.story()).toEqual(server);
        isCounted = false;
        await stage.close();
      }
    },
  );

  it(
    'hears what others do with its session, and agrees with the server in the end',
    { timeout: (isAll ? 60 : 10) * 60_000 },
    async () => {
      const all = [scenePolicy, { ...scenePolicy, restoreFrom: ['idle'] as const }].flatMap((policy) => {
        return requestPaths(policyWith(policy)).map((path) => ({ policy, ...path }));
      });
      const few = fewest(all);
      console.log(`${few.length} of ${all.length} paths`);
      for (const { policy, deeds, moments } of few) {
        const played = await playScene(browser, network, root, policy);
        stage = played;
        isCounted = true;
        await played.goes('signs in');
        for (const [index, { type }] of deeds.entries()) await played.others(type, moments[index]?.now ?? t0);
        const differ = async () => {
          const { server, tab: here } = await sides(played);
          return JSON.stringify(here) === JSON.stringify(server) ? null : { server, here };
        };
        const story = deeds.map(({ type, place }) => `${place}: ${type}`).join('\n');
        await expect.poll(differ, { message: story }).toBeNull();
        isCounted = false;
        await played.close();
      }
    },
  );

  it('walks every state, every transition, and every guard both ways', () => {
    expect(missing(tabMachine, tab, unreachableInBrowser)).toEqual([]);
    expect(missing(sessionMachine, session, unreachableHere)).toEqual([]);
  });
});
