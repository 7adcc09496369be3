import { join } from 'node:path';
import { Hono } from 'hono';
import { onTestFinished } from 'vitest';
import type { Duration, Instant } from '../../../machines/index.ts';
import { createCurfew, type Curfew, type CurfewOptions, type SessionEnv, type SignIn } from '../../../server/index.ts';
import { memory } from '../../../server/memory/index.ts';
import { postgres } from '../../../server/postgres/index.ts';
import { sqlite } from '../../../server/sqlite/index.ts';
import type { LogEntry } from '../../../server/store/eventLog.ts';
import type { OpenStore, StoreAdapter } from '../../../server/store/adapter.ts';
import { freshDatabase } from '../postgres/fresh.ts';
import { folder } from './folder.ts';
import { Client, secret, t0, type Answer } from './world.ts';

export const kinds = ['memory', 'sqlite', 'postgres'] as const;
export type Kind = (typeof kinds)[number];

async function storeOf(kind: Kind): Promise<StoreAdapter> {
  if (kind === 'memory') return memory();
  return kind === 'sqlite' ? sqlite(join(folder(), 'curfew.db')) : postgres(await freshDatabase());
}

/** A browser of an application that signs people in itself. */
export class Visitor extends Client {
  #now: () => Instant;

  constructor(app: ConstructorParameters<typeof Client>[0], now: () => Instant, transport: 'cookie' | 'bearer') {
    super(app, transport);
    this.#now = now;
  }

  /** Brings a proof, by default one of this instant by a password. */
  signIn(given: Partial<SignIn> = {}, headers: Record<string, string> = {}): Promise<Answer> {
    const proof = { user: 'ada', method: ['pwd'], authenticatedAt: this.#now(), transport: this.transport, ...given };
    return this.post('/sign-in', proof, headers);
  }

  /** Asks for something that needs a live session. */
  ask(): Promise<Answer> {
    return this.get('/api/hello');
  }
}

/** An application with no accounts of Curfew's, on a clock that only the test moves. */
export interface VerbWorld {
  readonly curfew: Curfew;
  readonly store: OpenStore;
  readonly now: () => Instant;
  readonly pass: (duration: Duration) => void;
  readonly visitor: (transport?: 'cookie' | 'bearer') => Visitor;
  readonly events: (session: string) => Promise<readonly LogEntry[]>;
  readonly lines: readonly object[];
}

/** Remembers what a store opens. */
function watched(adapter: StoreAdapter): { adapter: StoreAdapter; opened: () => OpenStore } {
  let store: OpenStore | null = null;
  return {
    adapter: {
      async open(given) {
        store = await adapter.open(given);
        return store;
      },
    },
    opened() {
      if (!store) throw new Error('the store was not opened');
      return store;
    },
  };
}

/** Makes the application, and closes it after the test. */
export async function createVerbWorld(kind: Kind, options: Partial<CurfewOptions> = {}): Promise<VerbWorld> {
  let now = t0;
  const lines: object[] = [];
  const { adapter, opened } = watched(options.store ?? (await storeOf(kind)));
  const curfew = await createCurfew({
    secret,
    accounts: false,
    clock: () => now,
    write: (line) => lines.push(line),
    ...options,
    store: adapter,
  });
  onTestFinished(() => curfew.close());
  const app = new Hono<SessionEnv>()
    .all('/sign-in', async (c) => {
      const { headers: _, ...result } = await curfew.signIn(c, await c.req.json());
      return c.json(result, result.ok ? 200 : result.status);
    })
    .all('/sign-out', async (c) => {
      const { headers: _, ...result } = await curfew.signOut(c);
      return c.json(result, result.ok ? 200 : result.status);
    })
    .use('/api/*', curfew.protect())
    .get('/api/hello', (c) => c.json(c.var.session))
    .route('/', curfew.routes);
  return {
    curfew,
    store: opened(),
    now: () => now,
    pass: (duration) => void (now += duration),
    visitor: (transport = 'cookie') => new Visitor(app, () => now, transport),
    events: (session) => opened().log.read(session, 0, 1_000),
    lines,
  };
}
