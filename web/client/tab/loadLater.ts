import type { Instant } from '../../../machines/index.ts';
import { onDemand, type OnDemand } from '../device/onDemand.ts';
import { Refused } from '../http/problem.ts';
import type * as loaded from './later.ts';

/** What is loaded once a tab has started. Where it cannot be, it is as if the server could not be reached. */
export type Later = OnDemand<typeof loaded>;

/** @param now the server's clock */
export const createLater = (now: () => Instant): Later =>
  onDemand(() =>
    import('./later.ts').catch(() => {
      throw new Refused('network', now());
    }),
  );
