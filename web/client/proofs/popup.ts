import { sessionStore } from '../device/storage.ts';
import { inWindow, setReturn } from '../tab/awayForSignIn.ts';
import { ownStorage } from '../tab/ownNames.ts';
import type { ProveElsewhere } from '../tab/proof.types.ts';
import { startAddress } from '../tab/startAddress.ts';
import { redirect, type RedirectOptions } from '../tab/redirect.ts';

/** The window, where the user signs in, and where they are sent back to when there can be no window. */
export interface PopupOptions extends RedirectOptions {
  /** Size and place, as `window.open` takes them. Default `popup,width=480,height=720`. */
  readonly features?: string;
}

/**
 * Signs in in a window of its own, and leaves this page as it is. That it worked is learnt from the server and from the
 * page that calls `finishSignIn`, and never from the window itself, which a provider may cut off. Where the browser opens
 * no window, the user is sent there in this one, as `redirect` does it.
 *
 * @throws `TypeError` when `returnTo` is not a path of this page's own origin
 * @see HTML Cross-Origin-Opener-Policy
 */
export function popup({ features = 'popup,width=480,height=720', ...where }: PopupOptions): ProveElsewhere {
  const inThisWindow = redirect(where);
  return async (tab) => {
    const session = ownStorage(sessionStore(), tab.ownName);
    // The new window gets a copy of this one's storage, and knows by it what it is: its name does not outlast the provider.
    setReturn(session, inWindow);
    const opened = window.open(startAddress(where.url, tab, location.href), tab.ownName('curfew-sign-in'), features);
    setReturn(session, null);
    if (opened === null) return inThisWindow(tab);
    try {
      await tab.signedIn();
    } finally {
      opened.close();
    }
    return undefined;
  };
}
