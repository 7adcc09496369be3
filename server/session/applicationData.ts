/**
 * Returns what the application keeps of a user, as an object that JSON can say, for the file with all of their own data.
 *
 * @param user the user's id
 * @param given.signal aborts when nobody waits for it any more: the session has ended, the client has gone, or the server
 *   stops
 */
export type ExportUserData = (user: string, given: { readonly signal: AbortSignal }) => object | Promise<object>;

/** What the application keeps of a user cannot be had: it failed, or it is not what JSON can say. */
export class UserDataUnavailable extends Error {
  override readonly name = 'UserDataUnavailable';
}

/** Refuses what would be left out, or be lost, without a word. */
function sayable(_: string, value: unknown): unknown {
  const isLost =
    typeof value === 'function' || typeof value === 'symbol' || value instanceof Map || value instanceof Set;
  if (isLost || (typeof value === 'number' && !Number.isFinite(value))) throw new TypeError('JSON cannot say it');
  return value;
}

function asJson(data: unknown): string {
  const json: unknown = JSON.stringify(data, sayable);
  if (typeof json !== 'string' || !json.startsWith('{')) throw new TypeError('it is not an object');
  return json;
}

async function unlessAborted<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop);
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/**
 * Asks the application, and waits no longer than until the signal aborts.
 *
 * @returns its JSON; rejects with `UserDataUnavailable`, which says nothing of what the application has said: personal
 *   data may be in it.
 */
export async function applicationData(ask: ExportUserData, user: string, signal: AbortSignal): Promise<string> {
  try {
    // In a function of its own, for it may throw at once.
    const work = (async () => ask(user, { signal }))();
    return asJson(await unlessAborted(signal, work));
  } catch (error) {
    const kind = error instanceof Error ? error.name : typeof error;
    throw new UserDataUnavailable(`the option exportUserData must return an object that JSON can say: ${kind}`);
  }
}
