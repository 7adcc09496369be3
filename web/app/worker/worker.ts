import { addRoute, matchPrecache, precache, type PrecacheEntry } from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';
import { NetworkOnly } from 'workbox-strategies';
import { isPage } from '../pages.ts';

declare const self: ServiceWorkerGlobalScope;
/** The files of the build that the application starts from; the build puts them in. */
declare const shell: PrecacheEntry[];

// The one thing that is ever stored. No answer of the server's is: not a page of it, not a word of the API.
precache(shell);

// A page comes from the server whenever it can be reached, with the headers that it has today.
registerRoute(
  ({ request, url, sameOrigin }) => request.mode === 'navigate' && sameOrigin && isPage(url),
  new NetworkOnly({
    networkTimeoutSeconds: 10,
    plugins: [{ handlerDidError: () => matchPrecache('/index.html') }],
  }),
);

// Their names contain a hash of their content. Whatever is not among them, `/api` first of all, is left to the browser.
addRoute({ directoryIndex: '', cleanURLs: false });

// A newer one waits until no tab uses this one any more, so it takes nobody's page away; the first has nothing to wait for.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
