/** What tells a user of something while the tab is hidden. */
export interface UserAlert {
  readonly title: string;
  readonly text: string;
  readonly language: string;
  /** Of several tabs that tell of the same, the browser shows one notification. */
  readonly about: string;
  readonly notification: boolean;
  readonly sound: boolean;
}

/** Shows a notification where the browser lets it, until the signal aborts or the page goes. */
function notify({ title, text, language, about }: UserAlert, signal: AbortSignal): void {
  if (!('Notification' in globalThis) || Notification.permission !== 'granted') return;
  const options = { body: text, lang: language, tag: about, silent: true, requireInteraction: true };
  const shown = new Notification(title, options);
  const close = () => shown.close();
  shown.addEventListener('click', () => {
    window.focus();
    close();
  });
  signal.addEventListener('abort', close, { once: true });
  window.addEventListener('pagehide', close, { once: true, signal });
}

/** How long no other tab of this origin gives the same sound, in seconds. */
const alone = 2;

/** Two short notes, high and higher. @returns when other tabs may sound again */
async function play(signal: AbortSignal): Promise<void> {
  const done = Promise.withResolvers<void>();
  const context = new AudioContext();
  const volume = new GainNode(context, { gain: 0 });
  const tone = new OscillatorNode(context, { frequency: 660 });
  tone.connect(volume).connect(context.destination);
  const start = context.currentTime;
  tone.frequency.setValueAtTime(880, start + 0.2);
  volume.gain
    .setValueAtTime(0, start)
    .linearRampToValueAtTime(0.15, start + 0.02)
    .setValueAtTime(0.15, start + 0.4)
    .linearRampToValueAtTime(0, start + 0.5);
  tone.addEventListener('ended', () => done.resolve());
  // A browser that lets no page sound before it is touched would let it be heard once the user is back.
  signal.addEventListener('abort', () => done.resolve());
  tone.start();
  tone.stop(start + alone);
  await done.promise;
  await context.close();
}

/** Gives a short sound, in one tab of those that would at this moment. */
const sound = (signal: AbortSignal): Promise<void> =>
  navigator.locks.request('curfew.sound', { ifAvailable: true }, (lock) => (lock ? play(signal) : undefined));

/**
 * Tells a user of something by what is noticed beside the page. What a browser does not have, or does not let a page do, is
 * left out.
 *
 * @param signal aborts when it is not true any more: nothing of it is left then
 * @see {@link https://notifications.spec.whatwg.org/ Notifications API}, {@link https://www.w3.org/TR/webaudio/ Web Audio API}
 */
export async function alertUser(alert: UserAlert, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  try {
    if (alert.notification) notify(alert, signal);
  } catch {
    // Android shows notifications of a service worker alone.
  }
  try {
    if (alert.sound) await sound(signal);
  } catch {
    // It has no sound, or no locks.
  }
}
