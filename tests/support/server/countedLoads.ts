import type { StoreAdapter } from '../../../server/index.ts';

/** A store that counts how often sessions are loaded from it. */
export function countedLoads(adapter: StoreAdapter) {
  let loads = 0;
  const store: StoreAdapter = {
    async open(given) {
      const opened = await adapter.open(given);
      const load: typeof opened.log.load = (id) => {
        loads += 1;
        return opened.log.load(id);
      };
      return { ...opened, log: { ...opened.log, load } };
    },
  };
  return {
    store,
    /** Since it was asked before. */
    loads: () => {
      const before = loads;
      loads = 0;
      return before;
    },
  };
}
