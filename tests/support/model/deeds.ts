import type { EventObject } from 'xstate';
import { days, isLive, nearestDeadline, reasonOf, type Instant } from '../../../machines/index.ts';
import { nextMoment, type SceneDeed } from './offers.ts';
import {
  asking,
  extended,
  failed,
  generationOf,
  hears,
  isCounting,
  left,
  loaded,
  onServer,
  patience,
  phaseOf,
  proved,
  sent,
  settled,
  streamed,
  type Scene,
} from './scene.ts';

/** The request of the application that was on its way is answered. */
function answeredApplication(scene: Scene): Scene {
  const { asking: request, server } = scene;
  const done: Scene = { ...scene, asking: 'no' };
  if (request === 'unsigned') return settled(sent(done, { type: 'credential.lost' }));
  if (request === 'no' || !server || isLive(server.leaf)) return done;
  const alarmed = onServer(done, { type: 'session.usedAfterEnd', at: done.now });
  return settled(sent(alarmed, { type: 'server.refused', reason: reasonOf(server) } as EventObject));
}

/** Everything that was asked is answered; the stream has not told anything yet. */
export const answered = (scene: Scene): Scene => answeredApplication(settled(onServer({ ...scene, isHeld: false })));

/** A tab that was asleep or cut off asks how its session is, where that matters. */
function lookedAgain(before: Scene, meanwhile: readonly EventObject[] = []): Scene {
  const { scene, revalidates } = asking(before, { type: 'revalidation.asked' });
  const woken = settled(meanwhile.reduce(sent, scene));
  if (!revalidates || !scene.isOnline || !scene.isUp || scene.isHeld) return woken;
  const known = onServer(woken);
  return known.hasCookie ? hears(known) : settled(sent(known, { type: 'credential.lost' }));
}

function passed(scene: Scene, to: Instant): Scene {
  const next = nextMoment(scene);
  const later = onServer({ ...scene, now: to });
  if (next === null || to < next) return later;
  return streamed(settled(sent(later, { type: 'clock.reached', at: to } as EventObject)));
}

const withPassword = (scene: Scene, type: string, password: Scene['asked']): Scene =>
  settled(
    sent({ ...scene, asked: password }, {
      type,
      password,
      username: 'ada',
      remember: false,
      register: false,
    } as EventObject),
  );

/** A re-authentication closes the stream of before; whoever looks again has a new one. */
function provedHere(scene: Scene, asked: Scene['asked']): Scene {
  const then = withPassword(scene, 'reauthentication.asked', asked);
  const closes = asked === 'right' && phaseOf(scene).startsWith('signedIn') && phaseOf(then) === 'signedIn.active';
  return closes ? lookedAgain(then) : then;
}

function movedMouse(scene: Scene): Scene {
  const at = scene.now;
  if (phaseOf(scene) !== 'signedIn.active' || !scene.server) {
    const { view } = scene.tab.context;
    const isUp = (view?.state === 'active' || view?.state === 'expiring') && at >= nearestDeadline(view);
    return isUp ? settled(sent(scene, { type: 'clock.reached', at } as EventObject)) : scene;
  }
  const generation = generationOf(scene.server);
  return streamed(onServer(scene, { type: 'activity.seen', at, seenAt: at, generation }));
}

/** What becomes of a scene when something is done in it. */
export function after(scene: Scene, deed: SceneDeed): Scene {
  const at = scene.now;
  const next = nextMoment(scene) ?? at;
  switch (deed) {
    case 'signs in':
      return withPassword(scene, 'signIn.asked', 'right');
    case 'gives a wrong password to sign in':
      return withPassword(scene, 'signIn.asked', 'wrong');
    case 'stays':
      return settled(sent(scene, { type: isCounting(scene) ? 'extend.asked' : 'retry.asked' }));
    case 'presses Escape':
      return settled(sent(scene, { type: 'extend.asked' }));
    case 'proves who is here':
      return provedHere(scene, 'right');
    case 'gives a wrong password':
      return provedHere(scene, 'wrong');
    case 'gives a wrong password to delete the account':
      return sent(sent(scene, { type: 'deletion.began' }), { type: 'deletion.failed' });
    case 'signs out':
      return settled(sent(scene, { type: 'signOut.asked', forgetDevice: false } as EventObject));
    case 'deletes what is here and signs out':
      return settled(sent(scene, { type: 'signOut.asked', forgetDevice: true } as EventObject));
    case 'chooses to sign in':
      return settled(sent(scene, { type: 'signIn.chosen' }));
    case 'asks for something': {
      const request = scene.hasCookie ? ('signed' as const) : ('unsigned' as const);
      return scene.isHeld
        ? { ...scene, asking: request }
        : answeredApplication({ ...onServer(scene), asking: request });
    }
    case 'moves the mouse':
      return movedMouse(scene);
    case 'reloads':
      return streamed(settled({ ...scene, tab: loaded() }));
    case 'leaves and looks again':
      return lookedAgain(sent(scene, { type: 'tab.left' }));
    case 'looks again':
      return lookedAgain(scene);
    case 'the network goes':
      return sent({ ...scene, isOnline: false }, { type: 'network.lost' });
    case 'the network comes back':
      return lookedAgain({ ...scene, isOnline: true }, [{ type: 'network.found' }]);
    case 'the server goes':
      return { ...scene, isUp: false };
    case 'the server comes back':
      return streamed({ ...scene, isUp: true });
    case 'answers are held back':
      return { ...scene, isHeld: true };
    case 'answers arrive':
      return streamed(answered(scene));
    case 'answers take too long':
      return failed({ ...scene, now: at + patience });
    case 'another tab extends':
      return hears(extended(scene));
    case 'another tab proves who is here':
      return lookedAgain(hears(proved(scene)));
    case 'another tab signs out': {
      const isHeard = scene.tab.context.view !== null;
      const gone: Scene = { ...left(scene), isSigned: phaseOf(scene) === 'starting.asking' };
      return isHeard ? settled(sent(gone, { type: 'server.refused', reason: 'signed_out' } as EventObject)) : gone;
    }
    case 'another device ends it':
      return streamed(onServer(scene, { type: 'session.revoked', at, by: 'u1', reason: 'other device' }));
    case 'the cookie is lost':
      return { ...scene, hasCookie: false };
    case '1 ms before the next moment':
      return passed(scene, next - 1);
    case 'the next moment comes':
      return passed(scene, next);
    case 'long after':
      return passed(scene, Math.max(at, next) + days(3));
  }
}
