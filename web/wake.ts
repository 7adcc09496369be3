/** Registers a listener; the answer takes it off again. */
export type Listen = (listener: () => void) => () => void;

/**
 * Every sign that a tab may have been asleep, hidden or cut off and is back: what was reckoned before has to be looked
 * at again.
 */
export const onWake: Listen = (listener) => {
  const shown = () => {
    if (document.visibilityState === 'visible') listener();
  };
  const stop = new AbortController();
  const { signal } = stop;
  document.addEventListener('visibilitychange', shown, { signal });
  document.addEventListener('resume', listener, { signal });
  for (const type of ['pageshow', 'focus', 'online']) window.addEventListener(type, listener, { signal });
  return () => stop.abort();
};

/** The moments after which nothing may run any more: what is not kept by then may be lost. */
export const onLeave: Listen = (listener) => {
  const hidden = () => {
    if (document.visibilityState === 'hidden') listener();
  };
  const stop = new AbortController();
  const { signal } = stop;
  document.addEventListener('visibilitychange', hidden, { signal });
  document.addEventListener('freeze', listener, { signal });
  window.addEventListener('pagehide', listener, { signal });
  return () => stop.abort();
};

/** Registers a listener for the network's coming and going; the answer takes it off again. */
export type ListenToNetwork = (listener: (isOnline: boolean) => void) => () => void;

/** What the browser thinks of the network: a hint when to try again, and no more. */
export const onNetwork: ListenToNetwork = (listener) => {
  const stop = new AbortController();
  const { signal } = stop;
  window.addEventListener('offline', () => listener(false), { signal });
  window.addEventListener('online', () => listener(true), { signal });
  return () => stop.abort();
};
