import { minutes, nearestDeadline, nextStageAt, type Duration, type Instant } from '../../../machines/index.ts';
import { pendingIn } from './pending.ts';
import { isOpen, isOver, loadingShown, patience, phaseOf, stageOf, viewIn, type Scene } from './scene.ts';

/** What the person, other tabs and devices, the network and the time do in a scene. */
export const deeds = [
  'signs in',
  'gives a wrong password to sign in',
  'stays',
  'presses Escape',
  'proves who is here',
  'gives a wrong password',
  'gives a wrong password to delete the account',
  'signs out',
  'deletes what is here and signs out',
  'chooses to sign in',
  'asks for something',
  'moves the mouse',
  'reloads',
  'leaves and looks again',
  'looks again',
  'the network goes',
  'the network comes back',
  'the server goes',
  'the server comes back',
  'answers are held back',
  'answers arrive',
  'answers take too long',
  'another tab extends',
  'another tab proves who is here',
  'another tab signs out',
  'another device ends it',
  'the cookie is lost',
  '1 ms before the next moment',
  'the next moment comes',
  'long after',
] as const;
export type SceneDeed = (typeof deeds)[number];

/** The next moment at which the tab does something by itself. */
export function nextMoment({ tab: { context }, now }: Scene): Instant | null {
  const { view, retryAt } = context;
  const isLiveView = view?.state === 'active' || view?.state === 'expiring';
  const stage = view && (isLiveView ? nextStageAt(view, now) : (view.restorableUntil ?? null));
  const instants = [stage, retryAt].filter((at) => at !== null && at > now);
  return instants.length > 0 ? Math.min(...instants.map(Number)) : null;
}

/** Whether the tab does something by itself within this time. */
const isNear = (scene: Scene, within: Duration): boolean => (nextMoment(scene) ?? Infinity) <= scene.now + within;

/** Whether the warning waits for an answer, of the one kind or the other. */
const asksTo = (scene: Scene, answer: 'extend' | 'prove'): boolean =>
  ['signedIn.warning.counting', 'signedIn.warning.failed'].includes(phaseOf(scene)) &&
  scene.tab.context.view?.canExtend === (answer === 'extend');

const canProve = (scene: Scene): boolean =>
  ['lapsed.locked', 'lapsed.unconfirmed'].includes(phaseOf(scene)) ||
  (asksTo(scene, 'prove') && stageOf(scene) === 'dialog');

const isActivity = (scene: Scene) =>
  phaseOf(scene) === 'signedIn.active' &&
  scene.server !== null &&
  scene.now - scene.server.context.lastActivityAt >= minutes(1);

/** Whether a deed can be done in a scene: whether the screen offers it, and whether it would be news. */
export function isOffered(scene: Scene, deed: SceneDeed): boolean {
  const phase = phaseOf(scene);
  const isThere = scene.isOnline && scene.isUp;
  const isFree = isThere && !scene.isHeld;
  const isPending = pendingIn(scene.tab).length > 0;
  const isKnown = scene.hasCookie && scene.server !== null && !isOver(scene.server);
  const isShown = phase.startsWith('signedIn');
  switch (deed) {
    case 'signs in':
    case 'gives a wrong password to sign in':
      return phase === 'signedOut';
    case 'stays':
      return ['starting.unreachable', 'lapsed.unconfirmed'].includes(phase) || asksTo(scene, 'extend');
    case 'presses Escape':
      return phase === 'signedIn.warning.failed' && stageOf(scene) === 'dialog' && asksTo(scene, 'extend');
    case 'proves who is here':
    case 'gives a wrong password':
      return canProve(scene);
    case 'signs out':
      return isShown;
    case 'deletes what is here and signs out':
      return phase === 'lapsed.locked' || phase === 'lapsed.unconfirmed';
    case 'chooses to sign in':
      return phase === 'lapsed.locked' || phase === 'lapsed.unconfirmed' || phase === 'ended';
    case 'asks for something':
      return isShown && isThere && scene.isHeld && !isPending && scene.asking === 'no';
    case 'moves the mouse':
      return phase === 'lapsed.unconfirmed' || (isFree && isActivity(scene) && isOpen(scene));
    case 'reloads':
      return scene.isOnline && !scene.isHeld;
    case 'gives a wrong password to delete the account':
      return phase === 'signedIn.active' && isFree && isOpen(scene) && !isNear(scene, loadingShown);
    case 'leaves and looks again':
      return phase === 'signedIn.active' && isFree;
    case 'looks again':
      return isFree || (isThere && phase === 'lapsed.checking');
    case 'answers are held back':
      return isFree && scene.server !== null && phase !== 'signedOut' && phase !== 'ended';
    case 'the network goes':
      return isFree;
    case 'the server goes':
      // A stream that was opened with the cookie may still tell something once the server is back.
      return isFree && (scene.hasCookie || !isShown);
    case 'the network comes back':
      return !scene.isOnline;
    case 'the server comes back':
      return !scene.isUp;
    case 'answers arrive':
      return scene.isHeld;
    case 'answers take too long':
      return scene.isHeld && isPending && !isNear(scene, patience);
    case 'another tab extends':
      return isThere && isOpen(scene) && viewIn(scene)?.canExtend === true;
    case 'another tab proves who is here':
    case 'another tab signs out':
    case 'another device ends it':
      return isThere && isKnown;
    case 'the cookie is lost':
      return isFree && scene.hasCookie;
    case '1 ms before the next moment':
      return isShown && isFree && nextMoment(scene) !== null;
    case 'the next moment comes':
      return !isPending && nextMoment(scene) !== null;
    case 'long after':
      return !isPending && scene.server !== null;
  }
}

/** Two scenes that nothing can tell apart. */
export function keyOf(scene: Scene): string {
  const { view, retryAt } = scene.tab.context;
  const { server } = scene;
  return JSON.stringify([
    scene.tab.value,
    server && [server.leaf, viewIn(scene)?.canExtend],
    view && [view.state, view.canExtend, view.version === server?.context.version],
    view && [nearestDeadline(view) - scene.now === 1, view.absoluteDeadline - view.idleDeadline < minutes(5)],
    stageOf(scene),
    isActivity(scene),
    retryAt !== null,
    [scene.hasCookie, scene.isOnline, scene.isUp, scene.isHeld, scene.isSigned, scene.isLeaving, scene.asking],
  ]);
}
