// First: it refuses a Node that is too old.
import '../store/nodeVersion.ts';
import { sqlite } from '../sqlite/index.ts';
import type { StoreAdapter } from '../store/adapter.ts';

/** Keeps everything in the memory of this process, for tests and for trying things out: it is gone with the process. */
export const memory = (): StoreAdapter => sqlite(':memory:');
