import { describe, expect, it } from 'vitest';
import { createActor, type AnyActorLogic } from 'xstate';
import { hours, minutes, type WarningStage } from '../../../../machines/index.ts';
import { leasesWithActor } from '../../../../web/client/tab/lease.ts';
import { renewalActor } from '../../../../web/client/tab/renewal.ts';
import { streamActor } from '../../../../web/client/http/stream.ts';
import { warningReceiptsActor } from '../../../../web/client/tab/warningReceipts.ts';
import { createTime, quiet, t0, viewAt } from '../../../support/tab.ts';

/** Something that happens to the page, by hand. */
function happening() {
  const listeners = new Set<() => void>();
  return {
    listen: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    happens: () => listeners.forEach((listener) => listener()),
    listeners,
  };
}

const run = (logic: AnyActorLogic, input?: object) => createActor(logic, { input }).start();

describe('the stream that the machine invokes', () => {
  function given() {
    const time = createTime();
    const [wake, leave] = [happening(), happening()];
    const asked: AbortSignal[] = [];
    const page = { isShown: true };
    const logic = streamActor({
      timer: time.timer,
      locks: undefined,
      isShown: () => page.isShown,
      onWake: wake.listen,
      onLeave: leave.listen,
      onView: () => {},
      async listen(signal) {
        asked.push(signal);
        return new Response(
          new ReadableStream({ start: (end) => signal.addEventListener('abort', () => end.close()) }),
        );
      },
    });
    const actor = run(logic, { session: 's1' });
    const isOpen = () => asked.at(-1)?.aborted === false;
    return { actor, asked, isOpen, page, wake, leave, time };
  }

  it('is open while the page is looked at', () => {
    const { isOpen, page, wake, leave } = given();
    expect(isOpen()).toBe(true);
    page.isShown = false;
    leave.happens();
    expect(isOpen()).toBe(false);
    wake.happens();
    expect(isOpen()).toBe(false);
    page.isShown = true;
    wake.happens();
    expect(isOpen()).toBe(true);
  });

  it('is closed while it is paused, whatever happens to the page', () => {
    const { actor, isOpen, wake } = given();
    actor.send({ type: 'stream.pause' });
    wake.happens();
    expect(isOpen()).toBe(false);
    actor.send({ type: 'stream.resume' });
    expect(isOpen()).toBe(true);
  });

  it('is closed with its actor, and then nothing listens any more', async () => {
    const { actor, isOpen, wake, leave, time } = given();
    actor.stop();
    expect(isOpen()).toBe(false);
    await quiet();
    expect([wake.listeners.size, leave.listeners.size, time.pending()]).toEqual([0, 0, []]);
  });
});

describe('the renewal that the machine invokes', () => {
  it('renews with the first sign of a person after the token was due, and never once it is stopped', async () => {
    const time = createTime();
    const person = happening();
    const asked: number[] = [];
    let seen: number | null = null;
    const logic = renewalActor({
      ...time,
      lastSeen: () => seen,
      onSeen: person.listen,
      refresh: async () => void asked.push(time.server() - t0),
    });
    const view = viewAt(t0, { idleTimeout: hours(3), tokenLifetime: minutes(30) });
    const actor = run(logic, { type: 'view.told', view });
    await time.pass(minutes(27));
    expect(asked).toEqual([]);
    seen = time.server();
    person.happens();
    await quiet();
    expect(asked).toEqual([minutes(27)]);
    actor.stop();
    person.happens();
    await time.pass(minutes(30));
    expect([asked.length, person.listeners.size, time.pending()]).toEqual([1, 0, []]);
  });
});

describe('the receipts that the machine invokes', () => {
  it('are told for each stage once, also when the same warning comes back', async () => {
    const time = createTime();
    const told: WarningStage[] = [];
    const logic = warningReceiptsActor({ ...time, isShown: () => true, tell: async (stage) => void told.push(stage) });
    const view = viewAt(t0 + minutes(25));
    const first = run(logic, { type: 'warning.told', view, stage: 'toast' });
    first.send({ type: 'warning.told', view, stage: 'dialog' });
    first.stop();
    const second = run(logic, { type: 'warning.told', view, stage: 'dialog' });
    await quiet();
    expect(told).toEqual(['toast', 'dialog']);
    second.stop();
  });
});

describe('the leases that the machine invokes', () => {
  it('last as long as the session lives, through a moment in which the tab only asks', async () => {
    const time = createTime();
    const leases = leasesWithActor({ ...time, put: async () => {}, delete: async () => {} });
    const actor = run(leases.actor);
    actor.send({ type: 'view.told', view: viewAt(t0) });
    const call = leases.take('call');
    await quiet();
    actor.send({ type: 'view.told', view: viewAt(t0 + minutes(26)) });
    expect(call.status()).toBe('held');
    actor.send({ type: 'view.told', view: viewAt(t0 + minutes(31)) });
    expect(call.status()).toBe('over');
  });
});
