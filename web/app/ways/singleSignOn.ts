import { popup, redirect } from '../../client/index.ts';
import type { ProveElsewhere, SsoWay } from '../../react/index.ts';

const here = (): string => location.pathname + location.search + location.hash;

const begin = (url: string, query: Readonly<Record<string, string>>): string =>
  `${url}?${new URLSearchParams(query).toString()}`;

/** Signs in at a provider, in this window, and comes back to this page. */
export const byProvider =
  ({ url }: Pick<SsoWay, 'url'>, remember: boolean): ProveElsewhere =>
  (tab) => {
    const query = { returnTo: here(), ...(remember && { remember: 'true' }) };
    return redirect({ url: begin(url, query) })(tab);
  };

/** Proves anew at a provider who the user of this tab is, in a window of its own, so that nothing of the page goes. */
export const againByProvider =
  ({ url }: SsoWay): ProveElsewhere =>
  (tab) =>
    popup({ url: begin(url, { returnTo: here() }) })(tab);
