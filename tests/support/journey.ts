import type { Instant } from '../../machines/index.ts';
import type { Message, Pipe } from '../../web/client/tab/channel.ts';
import type { Records, StoredRecord } from '../../web/client/work/records.ts';
import type { Browser } from '../../web/client/tab/browser.ts';
import { createTabIn } from '../../web/client/tab/tab.ts';
import type { TabOptions } from '../../web/client/tab/options.ts';
import type { Phase, Tab } from '../../web/client/tab/tab.types.ts';
import type { KeyValue } from '../../web/client/http/tokens.ts';
import { createWorld, origin, type World, type WorldOptions } from './server/world.ts';

/** Storage of a browser or of a tab, in memory. */
export const storage = () => {
  const items = new Map<string, string>();
  return {
    items,
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  };
};

/** Records of one device, by home, as IndexedDB would keep them. */
function createDisk() {
  const switches = { refuses: false };
  const homes = new Map<string, Map<string, StoredRecord>>();
  const handles = new Map<string, Set<{ isClosed: boolean }>>();
  const open = (home: string): Records => {
    const handle = { isClosed: false };
    const beside = handles.get(home) ?? new Set();
    handles.set(home, beside.add(handle));
    const records = () => {
      const there = (handle.isClosed ? null : homes.get(home)) ?? new Map<string, StoredRecord>();
      if (!handle.isClosed) homes.set(home, there);
      return there;
    };
    return {
      get: async (name) => records().get(name) ?? null,
      list: async () => [...records()].map(([name, record]) => ({ name, record })),
      names: async () => [...records().keys()],
      async put(name, record, seen) {
        if (handle.isClosed || switches.refuses) return { outcome: 'refused' };
        const there = records().get(name);
        if (there && there.revision !== seen) return { outcome: 'overtaken', record: there };
        if (record) records().set(name, structuredClone(record));
        else records().delete(name);
        return { outcome: 'kept' };
      },
      async delete() {
        for (const each of beside) each.isClosed = true;
        homes.delete(home);
      },
      close() {
        handle.isClosed = true;
      },
    };
  };
  return { open, homes, switches };
}

/** A browser with its jar, its disk and its tabs, and the server, all on one clock that only the test moves. */
export interface Stage {
  readonly world: World;
  /** Opens a tab. @param off how far the device's clock is off, in ms */
  readonly open: (as?: {
    readonly off?: number;
    readonly isShown?: boolean;
    readonly session?: KeyValue;
    readonly options?: TabOptions;
    /** Default true. */
    readonly hasCookies?: boolean;
  }) => TabOnStage;
  readonly pass: (duration: number) => Promise<void>;
  /** Asks the server with this browser's cookie, as a page of its own that is no tab would. */
  readonly post: (path: string, body: object) => Promise<Response>;
  /** What a page of this browser tells the tabs. */
  readonly tell: (message: Message) => void;
  /** The device sleeps: time goes on, but no timer rings until it wakes. */
  readonly sleep: (duration: number) => Promise<void>;
  /** `holds` says which answers wait, and for what; `holdsRequest` which requests do before the server has them. */
  readonly network: {
    isDown: boolean;
    holds: (request: Request) => Promise<void> | null;
    holdsRequest: (request: Request) => Promise<void> | null;
    /** What stands before the server and answers in its place. */
    answers: (request: Request) => Response | Promise<Response> | null;
  };
  readonly disk: ReturnType<typeof createDisk>;
  readonly jar: { cookie: string | null };
  /** What the browser's own storage has. */
  readonly local: ReadonlyMap<string, string>;
  /** The files that it has saved. */
  readonly saved: readonly File[];
}

export interface TabOnStage {
  readonly tab: Tab;
  readonly until: (phase: Phase) => Promise<void>;
  readonly wake: () => void;
  readonly close: () => void;
}

/** Lets everything that can go on go on, until something is true; the cipher has threads of its own to wait for. */
export async function settled(isTrue: () => boolean, what: string): Promise<void> {
  for (let turn = 0; turn < 20_000; turn++) {
    if (isTrue()) return;
    await crypto.subtle.digest('SHA-256', new Uint8Array(1));
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`it never came to this: ${what}`);
}

export async function createStage(options: WorldOptions = {}): Promise<Stage> {
  const world = await createWorld(options);
  const timers = new Set<{ at: Instant; run: () => void }>();
  const pipes = new Set<{ listen: (data: unknown) => void }>();
  const network: Stage['network'] = { isDown: false, holds: () => null, holdsRequest: () => null, answers: () => null };
  const jar: { cookie: string | null } = { cookie: null };
  const disk = createDisk();
  const local = storage();
  const saved: File[] = [];
  let ids = 0;
  let asking = 0;

  /** Until nothing that was asked is without an answer, and what the answers bring with them has gone on. */
  async function quiet(): Promise<void> {
    let turn = 0;
    do {
      await new Promise((resolve) => setImmediate(resolve));
      turn = asking > 0 ? 0 : turn + 1;
    } while (turn < 60);
  }

  const fetchHere: typeof fetch = (input, init) => {
    asking += 1;
    return answerTo(input, init).finally(() => (asking -= 1));
  };

  /** Waits, as long as whoever asked does. */
  async function wait(held: Promise<void>, { signal }: Request): Promise<void> {
    asking -= 1;
    const givenUp = Promise.withResolvers<never>();
    const onAbort = () => givenUp.reject(signal.reason);
    signal.addEventListener('abort', onAbort);
    try {
      await Promise.race([held, givenUp.promise]);
    } finally {
      signal.removeEventListener('abort', onAbort);
      asking += 1;
    }
  }

  const answerTo: typeof fetch = async (input, init) => {
    if (network.isDown) throw new TypeError('Failed to fetch');
    const request = new Request(input, init);
    request.headers.set('Sec-Fetch-Site', 'same-origin');
    const early = network.holdsRequest(request);
    if (early) await wait(early, request);
    if (jar.cookie) request.headers.set('Cookie', `__Host-curfew=${jar.cookie}`);
    const response = await (network.answers(request) ?? world.app.request(request));
    const set = /__Host-curfew=([^;]*)/.exec(response.headers.get('Set-Cookie') ?? '')?.[1];
    if (set !== undefined) jar.cookie = set || null;
    const late = network.holds(request);
    if (late) await wait(late, request);
    return response;
  };

  function openPipe(): Pipe {
    const listeners: ((event: { data: unknown }) => void)[] = [];
    const end = { listen: (data: unknown) => listeners.forEach((listener) => listener({ data })) };
    pipes.add(end);
    return {
      postMessage: (message) => pipes.forEach((other) => other !== end && other.listen(structuredClone(message))),
      addEventListener: (_, listener) => void listeners.push(listener),
      close: () => void pipes.delete(end),
    };
  }

  async function pass(duration: number): Promise<void> {
    const end = world.now() + duration;
    await quiet();
    for (;;) {
      const due = [...timers].toSorted((a, b) => a.at - b.at)[0];
      if (!due || due.at > end) break;
      timers.delete(due);
      if (due.at > world.now()) world.pass(due.at - world.now());
      due.run();
      await quiet();
    }
    if (end > world.now()) world.pass(end - world.now());
    await quiet();
  }

  return {
    world,
    network,
    post: (path, body) =>
      fetchHere(origin + path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      }),
    tell: (message) => pipes.forEach(({ listen }) => listen(message)),
    disk,
    jar,
    local: local.items,
    saved,
    pass,
    async sleep(duration) {
      world.pass(duration);
      await quiet();
    },
    open({ off = 0, isShown = false, session = storage(), options: tabOptions = {}, hasCookies = true } = {}) {
      const wakers = new Set<() => void>();
      const browser: Browser = {
        canRun: true,
        address: `${origin}/`,
        fetch: fetchHere,
        device: { wall: () => world.now() + off, steady: () => world.now() },
        timer(run, after) {
          const timer = { at: world.now() + Math.max(0, after), run };
          timers.add(timer);
          return () => void timers.delete(timer);
        },
        local,
        session,
        window: null,
        openRecords: disk.open,
        openPipe,
        locks: undefined,
        onWake(listener) {
          wakers.add(listener);
          return () => void wakers.delete(listener);
        },
        onLeave: () => () => {},
        onStored: () => () => {},
        onNetwork: () => () => {},
        isShown: () => isShown,
        saveFile: (file) => void saved.push(file),
        newId: () => `an-id-of-at-least-128-bits-${ids++}`,
        isStorageDenied: false,
        hasCookies: () => hasCookies,
      };
      const tab = createTabIn({ baseUrl: origin, ...tabOptions }, browser);
      const release = tab.hold();
      return {
        tab,
        until: (phase) => settled(() => tab.state().phase === phase, `${phase}, it is ${tab.state().phase}`),
        wake: () => wakers.forEach((waker) => waker()),
        close: release,
      };
    },
  };
}
