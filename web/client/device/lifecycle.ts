/** Registers a listener. @returns what removes it */
export type Listen = (listener: () => void) => () => void;

type Listeners = Readonly<Record<string, () => void>>;

/** Registers listeners by the events they wait for. @returns what removes them */
function listen(ofDocument: Listeners, ofWindow: Listeners): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  for (const [type, listener] of Object.entries(ofDocument)) document.addEventListener(type, listener, { signal });
  for (const [type, listener] of Object.entries(ofWindow)) window.addEventListener(type, listener, { signal });
  return () => stop.abort();
}

const when = (state: DocumentVisibilityState, listener: () => void) => () => {
  if (document.visibilityState === state) listener();
};

/**
 * Every sign that a tab may have been asleep, hidden or cut off and is back: what was reckoned before has to be looked
 * at again.
 */
export const onWake: Listen = (listener) =>
  listen(
    { visibilitychange: when('visible', listener), resume: listener },
    { pageshow: listener, focus: listener, online: listener },
  );

/** The moments after which nothing may run any more: what is not kept by then may be lost. */
export const onLeave: Listen = (listener) =>
  listen({ visibilitychange: when('hidden', listener), freeze: listener }, { pagehide: listener });

/** Another page of this origin has stored something. What it has said of that may have come before. */
export const onStored: Listen = (listener) => listen({}, { storage: listener });

/** Registers a listener for the network's coming and going; it hears at once where there is none. @returns what removes it */
export type ListenToNetwork = (listener: (isOnline: boolean) => void) => () => void;

/** What the browser thinks of the network: a hint when to try again, and no more. */
export const onNetwork: ListenToNetwork = (listener) => {
  // A page that was kept for it opens without a network, and is told of no loss.
  if (!navigator.onLine) listener(false);
  return listen({}, { offline: () => listener(false), online: () => listener(true) });
};
