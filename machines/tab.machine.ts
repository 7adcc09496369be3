import { assign, fromCallback, fromPromise, raise, sendTo, setup, type EventObject } from 'xstate';
import { contextOf } from './seed.ts';
import { sessionMachine } from './session.machine.ts';
import { nextStageAt, stageAt } from './tab.stages.ts';
import type { Credentials, SignedIn, TabContext, TabEvent, TabProblem } from './tab.types.ts';
import type { Instant } from './time.ts';
import type { SessionView } from './view.ts';

const unprovided = () => Promise.reject(new Error('the browser provides this'));

const problemOf = (error: unknown): TabProblem => {
  const isProblem = typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string';
  if (!isProblem) return { code: 'network' };
  const retryAfter = 'retryAfter' in error && typeof error.retryAfter === 'number' ? error.retryAfter : null;
  return { code: `${error.code}`, ...(retryAfter !== null && { retryAfter }) };
};

const isNewer = (context: TabContext, view: SessionView): boolean =>
  context.view === null || (context.view.id === view.id && view.version > context.view.version);

const isLiveView = (view: SessionView | null): boolean => view?.state === 'active' || view?.state === 'expiring';
