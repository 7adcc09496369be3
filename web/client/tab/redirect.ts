import { sessionStore } from '../device/storage.ts';
import { ownPath, setReturn } from './awayForSignIn.ts';
import { ownStorage } from './ownNames.ts';
import type { ProveElsewhere } from './proof.types.ts';
import { startAddress } from './startAddress.ts';

/** Where the user signs in, and where they are sent back to. */
export interface RedirectOptions {
  /**
   * The page that begins the sign-in. Its query is kept, and says what it is for: `session` is added with the id of the
   * session that is to go on, so that your server asks the provider for a proof of now (`prompt=login`) and gives that id
   * to `signIn`; at the front door there is none. `prompt=select_account` is added for a user who has said at the locked
   * screen that they are somebody else.
   */
  readonly url: string;
  /** A path of this page's own origin. Default: where the user is. */
  readonly returnTo?: string;
}

/**
 * Signs in on another page, in this window. The user's work is saved first; where that is not possible the page stays, and
 * the proof is refused as `not_saved`. `finishSignIn` sends the user back, and route, texts, caret and scroll are there.
 *
 * @throws `TypeError` when `returnTo` is not a path of this page's own origin
 */
export function redirect({ url, returnTo }: RedirectOptions): ProveElsewhere {
  const { origin, pathname, search, hash } = location;
  const back = ownPath(returnTo ?? pathname + search + hash, origin);
  if (back === null)
    throw new TypeError(`returnTo must be a path of this site, such as /letters/3, and is ${returnTo}`);
  return async (tab) => {
    const { flush, signal, ownName } = tab;
    await flush();
    if (signal.aborted) return;
    setReturn(ownStorage(sessionStore(), ownName), back);
    location.assign(startAddress(url, tab, location.href));
    // The page is on its way. It is shown again as it was when the user comes back by the browser's own button.
    await new Promise<void>((resolve, reject) => {
      signal.addEventListener('abort', () => resolve());
      const onShow = ({ persisted }: PageTransitionEvent) =>
        persisted && reject(new DOMException('the user came back', 'AbortError'));
      addEventListener('pageshow', onShow, { signal });
    });
  };
}
