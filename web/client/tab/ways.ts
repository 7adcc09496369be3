import type { Instant } from '../../../machines/index.ts';
import type { Client } from '../http/client.types.ts';
import { Refused } from '../http/problem.ts';
import { isRecord } from '../http/wire.ts';
import { ownPath } from './awayForSignIn.ts';
import type { TabOptions } from './options.ts';
import type { PasswordWay, Way, Ways, WaysStore } from './ways.types.ts';

/** What the ways are asked with. */
export interface WaysPorts extends Required<Pick<TabOptions, 'sso'>>, Pick<TabOptions, 'passkey'> {
  readonly client: Client;
  /** The session this tab is about. */
  readonly known: () => { readonly id: string } | null;
  readonly now: () => Instant;
  /** Why a sign-in on another page did not work, from which the user was sent back here; a problem's code. */
  readonly cameBackWith: string | null;
}

/** What leads to another server takes no password. */
const isPassword = (way: unknown): way is PasswordWay =>
  isRecord(way) &&
  way['kind'] === 'password' &&
  (way['url'] === undefined || ownPath(way['url'], 'https://curfew.invalid') !== null);

const isWay = (way: unknown): way is Way =>
  isRecord(way) &&
  (isPassword(way) ||
    way['kind'] === 'passkey' ||
    (way['kind'] === 'sso' && typeof way['name'] === 'string' && typeof way['url'] === 'string'));

interface Answer {
  readonly ways: readonly unknown[];
  readonly user?: unknown;
}

const isAnswer = (body: unknown): body is Answer => isRecord(body) && Array.isArray(body['ways']);

const password: readonly Way[] = [{ kind: 'password' }];

/** The ways of one tab, and what its state says to them. */
export interface TabWays {
  readonly store: WaysStore;
  /** @returns the path of the application's own route for passwords; `null` where it is Curfew's */
  readonly passwordUrl: () => Promise<string | null>;
  /** The user is signed in: what did not work before is over. */
  readonly settle: () => void;
}

/** @returns the ways of a tab's user; nothing has been asked yet. */
export function createWays({ client, known, now, passkey, sso, cameBackWith }: WaysPorts): TabWays {
  const listeners = new Set<() => void>();
  const problem = cameBackWith === null ? null : new Refused(cameBackWith, now());
  let ways: Ways = { list: null, isUnknown: false, name: null, problem };
  let session: string | null = null;
  let asking: Promise<Ways> | null = null;

  const take = (next: Partial<Ways>): Ways => {
    const all = { ...ways, ...next };
    if (JSON.stringify(all) === JSON.stringify(ways)) return ways;
    ways = all;
    for (const listener of listeners) listener();
    return ways;
  };

  async function ask(asked: string | null): Promise<Ways> {
    const takeFor = (next: Partial<Ways>) => (asked === session ? take(next) : ways);
    try {
      const { ways: all, user } = await client.call('/ways', isAnswer, { quiet: true });
      const list = all.filter(isWay).filter(({ kind }) => kind !== 'passkey' || passkey !== undefined);
      const name = isRecord(user) && typeof user['name'] === 'string' ? user['name'] : null;
      return takeFor({ list, isUnknown: false, name });
    } catch (error) {
      // A server that does not know the question knows passwords only; what was answered before still holds.
      const isAnswered = (error instanceof Refused && error.code === 'not_found') || (ways.list && !ways.isUnknown);
      return takeFor({ list: ways.list ?? password, isUnknown: !isAnswered });
    } finally {
      if (asked === session) asking = null;
    }
  }

  const store: WaysStore = {
    read: () => ways,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    ask() {
      const here = known()?.id ?? null;
      if (here !== session) {
        asking = null;
        session = here;
        take({ list: null, isUnknown: false, name: null });
      }
      asking ??= ask(here);
      return asking;
    },
    proofFor(way) {
      if (way.kind === 'password') return null;
      return way.kind === 'passkey' ? (passkey?.(way) ?? null) : sso(way);
    },
  };
  return {
    store,
    async passwordUrl() {
      const isAsked = session === (known()?.id ?? null) && ways.list !== null;
      const { list } = isAsked ? ways : await store.ask();
      return list?.find(isPassword)?.url ?? null;
    },
    settle() {
      if (ways.problem) take({ problem: null });
    },
  };
}
