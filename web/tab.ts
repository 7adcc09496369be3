import type { Tab } from './tab.types.ts';

/** Where the server is, and how this browser presents its credential. */
export interface TabOptions {
  readonly baseUrl?: string;
  readonly transport?: 'cookie' | 'bearer';
}

/** One tab, not started yet. */
export function createTab(options: TabOptions): Tab {
  throw new Error(`not there yet: ${JSON.stringify(options)}`);
}
