import { keep, recall } from './ownStorage.ts';
import { isSettings, type Settings } from './shapes.ts';

const key = 'curfew.look';

/** How the application looks to a user who has chosen nothing, and when no user is signed in. */
export const plainLook: Settings = {
  theme: 'system',
  density: 'comfortable',
  language: 'en',
  notification: false,
  sound: false,
  warnBefore: null,
};

let shown = plainLook;
const listeners = new Set<() => void>();

function show(settings: Settings): void {
  const { theme, density } = settings;
  const { dataset } = document.documentElement;
  dataset['density'] = density;
  if (theme === 'system') delete dataset['theme'];
  else dataset['theme'] = theme;
  // The browser's own frame around an installed application: without a choice as the device is, which is how the page says it.
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]')) {
    const own = meta.dataset['theme'];
    const chosen = theme === own ? 'all' : 'not all';
    meta.media = theme === 'system' ? `(prefers-color-scheme: ${own})` : chosen;
  }
  shown = settings;
  for (const listener of listeners) listener();
}

/** Looks as the user likes it, and goes on doing so while their work is hidden or the page is loaded again. */
export function takeOn(settings: Settings): void {
  keep(key, JSON.stringify(settings));
  show(settings);
}

/** Looks as it did before the page was loaded, so that nothing flashes until the settings are there. */
export function recallLook(): void {
  try {
    const kept: unknown = JSON.parse(recall(key) ?? 'null');
    if (isSettings(kept)) show(kept);
  } catch {
    forgetLook();
  }
}

/** Leaves nothing of how the last person liked it. */
export function forgetLook(): void {
  keep(key, null);
  show(plainLook);
}

/** How it looks now. */
export const lookNow = (): Settings => shown;

/** Calls a listener after each change of the look. @returns a function that stops the calls. */
export function onLook(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
