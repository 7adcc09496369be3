import { popup, redirect } from '../../client/index.ts';
import type { ProveElsewhere, SsoWay } from '../../react/index.ts';

const here = (): string => location.pathname + location.search + location.hash;

/** How the credential of the tab travels: with `bearer` the page at the end of the sign-in posts what it was told. */
type Transport = 'cookie' | 'bearer';

const begin = (url: string, transport: Transport, remember = false): string =>
  `${url}?${new URLSearchParams({
    returnTo: here(),
    ...(remember && { remember: 'true' }),
    ...(transport === 'bearer' && { transport }),
  }).toString()}`;

/** Signs in at a provider, in this window, and comes back to this page. */
export const byProvider =
  ({ url }: Pick<SsoWay, 'url'>, transport: Transport, remember: boolean): ProveElsewhere =>
  (tab) =>
    redirect({ url: begin(url, transport, remember) })(tab);

/** Proves anew at a provider who the user of this tab is, in a window of its own, so that nothing of the page goes. */
export const againByProvider =
  (transport: Transport) =>
  ({ url }: SsoWay): ProveElsewhere =>
  (tab) =>
    popup({ url: begin(url, transport) })(tab);
