import type { Activity } from './activity.ts';
import type { TabState } from './tab.types.ts';
import type { TokenStore } from '../http/tokens.ts';
import type { Work } from '../work/work.types.ts';

/** What changes with the phase. */
export interface Entering {
  readonly work: Work;
  readonly activity: Activity;
  readonly tokens: TokenStore | null;
}

/** What is done once when the tab shows something else. */
export function enter({ phase, reason }: TabState, { work, activity, tokens }: Entering): void {
  if (phase === 'warning') void work.flush();
  if (phase === 'locked' || phase === 'unconfirmed') work.forget();
  if (phase === 'ended') {
    if (reason === 'signed_out') tokens?.erase();
    work.leave();
  }
  if (phase === 'signedOut') {
    activity.reset();
    work.leave();
  }
}
