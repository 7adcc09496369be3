import type { Browser, Request } from 'playwright-core';
import type { Instant, Policy } from '../../../machines/index.ts';
import { t0 } from '../machines.ts';
import { after as leadsTo, answered } from '../model/deeds.ts';
import { password as right, requests, type Held, type RequestName } from '../model/requests.ts';
import { pendingIn } from '../model/pending.ts';
import type { SceneDeed } from '../model/offers.ts';
import { loadingShown, phaseOf, scenePolicy, type Scene } from '../model/scene.ts';
import { beginning } from '../model/scenes.ts';
import { createWorld } from '../server/world.ts';
import { elsewhere, type Network } from './network.ts';
import { moveMouse } from './mouse.ts';
import { watchTab } from './watchedTab.ts';

/** Whether somebody comes to their work who has not been there before, with nothing yet to hear by. */
const isShownAnew = (scene: Scene, deed: SceneDeed, then: Scene): boolean =>
  phaseOf(then).startsWith('signedIn') && (deed === 'reloads' || !phaseOf(scene).startsWith('signedIn'));

/** The application in a browser of its own, on a server of its own, and all clocks stand still until something is done. */
export async function playScene(
  browser: Browser,
  network: Network,
  root: string,
  policy: Partial<Policy> = scenePolicy,
) {
  const world = await createWorld({ policy, root, origin: network.url });
  network.serve((request, env) => world.app.fetch(request, env));
  await world.client('bearer').register('ada', right);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.clock.install({ time: t0 - 3_600_000 });
  await context.clock.pauseAt(t0);
  const other = await context.newPage();
  await other.goto(`${network.url}/healthz`);
  const tab = await watchTab(context);
  const page = await context.newPage();
  await page.goto(network.url);

  const press = (name: string) => page.getByRole('button', { name, exact: true }).first().dispatchEvent('click');
  const begins = page.locator('button', { hasText: 'New conversation' }).first();
  const submit = (form: string, fields: Record<string, string>) =>
    page
      .locator(form)
      .last()
      .evaluate((element: HTMLFormElement, values) => {
        for (const [name, value] of Object.entries(values))
          (element.elements.namedItem(name) as HTMLInputElement).value = value;
        element.requestSubmit();
      }, fields);
  const looksAgain = () => page.evaluate(() => void window.dispatchEvent(new Event('focus')));

  const goesTo = (path: string) =>
    page.evaluate((to) => {
      history.pushState(null, '', to);
      window.dispatchEvent(new PopStateEvent('popstate'));
    }, path);

  async function deletesWrongly() {
    await goesTo('/security');
    // React keeps what it shows while a page is loaded for a moment, by the clock that stands still here.
    await context.clock.runFor(loadingShown);
    await press('Delete my account');
    await submit('.app-confirm form', { password: 'wrong' });
    await page.locator('.app-confirm [role=alert]:not(:empty)').waitFor({ state: 'attached' });
    await press('Keep my account');
    await goesTo('/');
  }

  /** Another tab of the same browser: asks the server with the same cookie, and tells its neighbours. */
  const anotherTab = (path: string, body: object) =>
    other.evaluate(
      async ([to, json, mark]) => {
        const headers = { 'Content-Type': 'application/json', 'Session-Activity': 'background', [mark]: 'yes' };
        const before = await (await fetch('/api/auth/session-info', { headers })).json();
        const response = await fetch(to, { method: 'POST', headers, body: json });
        const after = response.status === 204 ? null : (await response.json()).session;
        const { id, version } = after ?? before.session;
        const channel = new BroadcastChannel('curfew');
        const told = after ? { kind: 'view', view: after } : { kind: 'signedOut', reason: 'signed_out' };
        channel.postMessage({ ...told, session: id, version });
        channel.close();
        return response.status;
      },
      [path, JSON.stringify(body), elsewhere] as const,
    );

  async function anotherDevice(id: string) {
    const client = world.client('bearer');
    await client.login('ada', right);
    await client.call('DELETE', `/api/auth/sessions/${id}`);
  }

  async function passes(ms: number) {
    if (ms === 0) return;
    network.hush();
    // The page and the server have the same clock: no answer tells the one of them what the other has not reached yet.
    await network.standsStill(async () => {
      world.pass(ms);
      await context.clock.fastForward(ms);
    });
    network.unhush();
  }

  let isReckoning = false;
  /** What the model makes of it, which is no doing of the system that is tested. */
  const reckoned = (reckon: () => Scene): Scene => {
    isReckoning = true;
    const then = reckon();
    isReckoning = false;
    return then;
  };

  async function does(deed: SceneDeed, scene: Scene, then: Scene): Promise<unknown> {
    const phase = phaseOf(scene);
    switch (deed) {
      case 'signs in':
        return submit('.app-entry form', { username: 'ada', password: right });
      case 'gives a wrong password to sign in':
        return submit('.app-entry form', { username: 'ada', password: 'wrong' });
      case 'stays':
        return press(phase === 'signedIn.warning.counting' ? 'Stay signed in' : 'Try again');
      case 'presses Escape':
        return page.locator('dialog').first().dispatchEvent('keydown', { key: 'Escape' });
      case 'proves who is here': {
        await submit('.curfew-locked form, dialog form', { password: right });
        if (!phase.startsWith('signedIn') || phaseOf(then) !== 'signedIn.active') return undefined;
        await tab.comesTo(then.tab.value, () => deed);
        return looksAgain();
      }
      case 'gives a wrong password':
        return submit('.curfew-locked form, dialog form', { password: 'wrong' });
      case 'gives a wrong password to delete the account':
        return deletesWrongly();
      case 'signs out':
        return press('Sign out');
      case 'deletes what is here and signs out':
        await press('Delete from this device');
        return press('Delete it');
      case 'chooses to sign in':
        return press(phase === 'ended' ? 'Sign in' : 'Not you? Sign in as someone else');
      case 'asks for something':
        return begins.dispatchEvent('click');
      case 'moves the mouse':
        await moveMouse(page);
        return context.clock.runFor(0);
      case 'reloads':
        return page.reload();
      case 'leaves and looks again':
        await page.evaluate(() => void document.dispatchEvent(new Event('freeze')));
        return looksAgain();
      case 'looks again':
        return looksAgain();
      case 'the network goes':
        return context.setOffline(true);
      case 'the network comes back':
        return context.setOffline(false);
      case 'the server goes':
        return network.goes();
      case 'the server comes back':
        return network.comesBack();
      case 'answers are held back':
        return network.holds();
      case 'answers arrive':
        await network.releases();
        await tab.comesTo(reckoned(() => answered(scene)).tab.value, () => deed);
        return network.unhush();
      case 'another tab extends':
        return anotherTab('/api/auth/refresh', { intent: 'extend' });
      case 'another tab proves who is here':
        await anotherTab('/api/auth/reauthenticate', { password: right });
        return looksAgain();
      case 'another tab signs out':
        // Its neighbours hear of it first from it, and then from the server.
        network.hush();
        await anotherTab('/api/auth/logout', {});
        await tab.comesTo(then.tab.value, () => deed);
        return network.unhush();
      case 'another device ends it':
        return anotherDevice(tab.state().context.view?.id ?? '');
      case 'the cookie is lost':
        return context.clearCookies();
      case 'answers take too long':
      case '1 ms before the next moment':
      case 'the next moment comes':
      case 'long after':
        return passes(then.now - scene.now);
    }
  }

  /** Looks again, until all that the tab asks because of it is answered. */
  async function looksAgainAndHears() {
    const asks: Request[] = [];
    const note = (request: Request) => {
      if (!request.url().endsWith('/stream')) asks.push(request);
    };
    page.on('request', note);
    await looksAgain();
    page.off('request', note);
    for (const ask of asks) await (await ask.response())?.finished();
    await tab.rests();
    await network.quiet();
  }

  let held: Held | null = null;
  /** Others do something with the session of this tab: they have a copy of its cookie, and it has theirs. */
  async function others(request: RequestName, at: Instant) {
    const name = '__Host-curfew';
    const client = world.client('cookie');
    client.token ??= (await context.cookies()).find((cookie) => cookie.name === name)?.value ?? null;
    held ??= { world, client, username: 'ada', id: tab.state().context.view?.id ?? '', tokens: [client.token ?? ''] };
    await passes(at - world.now());
    // Whatever the tab asked because of the time is answered before its cookie becomes another.
    await tab.rests();
    await network.quiet();
    const before = held.tokens.length;
    await requests[request].send(held);
    const value = held.tokens.at(-1);
    if (held.tokens.length > before && value) {
      const cookie = { name, value, secure: true, httpOnly: true, sameSite: 'Lax' as const };
      await context.addCookies([{ ...cookie, url: network.url.replace('http:', 'https:') }]);
    }
    // An answer that is on its way while the time passes would tell the page the time twice.
    await looksAgainAndHears();
  }

  let scene = beginning();
  const done: string[] = [];
  const story = () => [...done, '', ...tab.events.slice(-12)].join('\n');
  await tab.reaches(scene.tab, story);
  return {
    world,
    page,
    tab,
    others,
    story,
    scene: () => scene,
    isReckoning: () => isReckoning,
    async goes(deed: SceneDeed) {
      const then = reckoned(() => leadsTo(scene, deed));
      done.push(deed);
      await does(deed, scene, then).catch(async (cause: unknown) => {
        throw new Error(`${story()}\n\n${await page.locator('body').innerText()}`, { cause });
      });
      await tab.reaches(then.tab, story);
      // The application has shown what it has before anything else is done.
      const isWhole = then.hasCookie && then.isOnline && then.isUp && !then.isHeld;
      if (isWhole && phaseOf(then).startsWith('signedIn')) await begins.waitFor({ state: 'attached' });
      if (isWhole && isShownAnew(scene, deed, then)) await network.listens();
      if (!then.isHeld) await network.quiet();
      else if (pendingIn(then.tab).length > 0) await network.holdsSomething();
      await tab.reaches(then.tab, story);
      scene = then;
    },
    close: () => context.close(),
  };
}
