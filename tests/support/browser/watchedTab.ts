import type { BrowserContext, Page } from 'playwright-core';
import { transition, type EventObject } from 'xstate';
import { tabMachine } from '../../../machines/index.ts';
import { pendingIn, type TabSnapshot } from '../model/pending.ts';
import { loaded } from '../model/scene.ts';

type Told =
  | { readonly kind: 'begun' }
  | { readonly kind: 'taken'; readonly event: EventObject; readonly value: unknown; readonly context: unknown };

/** Runs in the page before anything else: XState's own hook for developer tools hands out the tab's actor. */
function listen() {
  const page = globalThis as any;
  const tell = (told: object) => page.tell(JSON.stringify(told));
  page['__xstate__'] = {
    services: new Set(),
    unregister() {},
    onRegister: () => ({ unsubscribe() {} }),
    register(actor: any) {
      page.watchedTab = actor;
      tell({ kind: 'begun' });
      actor.system.inspect({
        next(told: any) {
          if (told.type !== '@xstate.snapshot' || told.actorRef !== actor || told.event.type === 'xstate.init') return;
          const { event, snapshot } = told;
          tell({ kind: 'taken', event, value: snapshot.value, context: snapshot.context });
        },
      });
    },
  };
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** Whether a tab tries again by itself there; elsewhere the next try means nothing. */
const triesAgain = (value: unknown): boolean => /"(failed|unreachable|unconfirmed)"/.test(JSON.stringify(value));

/**
 * Follows the tab of a page: every event it takes is given to the same machine here, which has to come to the same state,
 * so that what is walked there is walked here as well.
 */
export async function watchTab(context: BrowserContext) {
  let state: TabSnapshot = loaded();
  let torn: string | null = null;
  let isFollowing = false;
  const events: string[] = [];
  const waiting = new Set<() => void>();
  await context.exposeBinding('tell', (_, json: string) => {
    const told = JSON.parse(json) as Told;
    if (told.kind === 'begun') state = loaded();
    if (told.kind === 'taken') {
      const { event, value, context: seen } = told;
      events.push(event.type);
      isFollowing = true;
      [state] = transition(tabMachine, state, event as never);
      isFollowing = false;
      if (!same([value, seen], [state.value, state.context]))
        torn ??= `after ${event.type}: ${JSON.stringify([value, seen])} is not ${JSON.stringify([state.value, state.context])}`;
    }
    for (const call of waiting) call();
  });
  await context.addInitScript(listen);
  const until = (isSo: () => boolean, complaint: () => string): Promise<void> =>
    new Promise((resolve, reject) => {
      const finish = (error?: Error) => {
        clearTimeout(tooLong);
        waiting.delete(look);
        if (error) reject(error);
        else resolve();
      };
      const look = () => {
        if (torn !== null) finish(new Error(torn));
        else if (isSo()) finish();
      };
      const tooLong = setTimeout(() => finish(new Error(complaint())), 15_000);
      waiting.add(look);
      look();
    });
  return {
    events,
    state: () => state,
    isFollowing: () => isFollowing,
    /** Until the tab is there. Whoever is never there is told where it was instead. */
    comesTo: (value: unknown, story: () => string) =>
      until(
        () => same(state.value, value),
        () => `${JSON.stringify(state.value)} never became ${JSON.stringify(value)}\n${story()}`,
      ),
    /** Until the tab is there, and tries again by itself where it would. */
    reaches: ({ value, context: { retryAt } }: TabSnapshot, story: () => string) =>
      until(
        () =>
          same(state.value, value) && (!triesAgain(value) || (state.context.retryAt === null) === (retryAt === null)),
        () => {
          const told = [state.value, state.context.retryAt, value, retryAt].map((part) => JSON.stringify(part));
          return `${told[0]}, next try at ${told[1]}, never became ${told[2]}, next try at ${told[3]}\n${story()}`;
        },
      ),
    /** Until the tab asks for nothing any more. */
    rests: () =>
      until(
        () => pendingIn(state).length === 0,
        () => `${JSON.stringify(state.value)} never came to rest`,
      ),
  };
}

export type Watched = Awaited<ReturnType<typeof watchTab>>;

/** The session machine that runs in the page's tab; `null` when none does. */
export const childIn = (page: Page): Promise<{ value: never; context: never } | null> =>
  page.evaluate(() => {
    const child = (globalThis as any).watchedTab.getSnapshot().children.session?.getSnapshot();
    return child ? JSON.parse(JSON.stringify({ value: child.value, context: child.context })) : null;
  });
