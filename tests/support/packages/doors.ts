/** What a door of the package needs, and what it loads of other packages. */
export interface Door {
  /** The oldest version of Node on which it loads; `null` for what loads on Cloudflare Workers alone. */
  readonly node: 20 | 24.7 | null;
  /** Loaded with it. */
  readonly atOnce: readonly string[];
  /** Loaded only when a function of it that needs them is called. */
  readonly onDemand: readonly string[];
}

/** Every door, and the command. What is not here is loaded by none, and is no dependency of the package. */
export const doors: Readonly<Record<string, Door>> = {
  'curfew/machines': { node: 20, atOnce: ['xstate'], onDemand: [] },
  'curfew/operations': { node: 24.7, atOnce: ['hono', 'prom-client'], onDemand: [] },
  'curfew/client': { node: 20, atOnce: ['idb-keyval', 'xstate'], onDemand: [] },
  'curfew/react': { node: 20, atOnce: ['@xstate/react', 'idb-keyval', 'react', 'react-dom', 'xstate'], onDemand: [] },
  'curfew/testing': { node: 20, atOnce: ['xstate'], onDemand: [] },
  'curfew/testing/store': { node: 20, atOnce: ['canonicalize', 'xstate'], onDemand: [] },
  'curfew/server': {
    node: 24.7,
    atOnce: ['canonicalize', 'hono', 'jose', 'p-limit', 'xstate', 'zod'],
    onDemand: ['@zxcvbn-ts/language-common', 'hash-wasm', 'prom-client'],
  },
  'curfew/node': {
    node: 24.7,
    atOnce: ['@hono/node-server', 'canonicalize', 'jose', 'p-limit', 'xstate', 'zod'],
    onDemand: ['hash-wasm', 'pg'],
  },
  'curfew/sqlite': { node: 24.7, atOnce: ['xstate', 'zod'], onDemand: [] },
  'curfew/memory': { node: 24.7, atOnce: ['xstate', 'zod'], onDemand: [] },
  'curfew/workers': {
    node: null,
    atOnce: ['@phi-ag/argon2', 'canonicalize', 'hono', 'jose', 'p-limit', 'xstate', 'zod'],
    onDemand: ['@zxcvbn-ts/language-common', 'hash-wasm'],
  },
  'curfew/postgres': { node: 24.7, atOnce: ['pg', 'xstate', 'zod'], onDemand: [] },
};

/** What the command `curfew` loads. */
export const command: Door = {
  node: 24.7,
  atOnce: [],
  onDemand: [
    '@zxcvbn-ts/language-common',
    'canonicalize',
    'hash-wasm',
    'hono',
    'jose',
    'p-limit',
    'pg',
    'xstate',
    'zod',
  ],
};
