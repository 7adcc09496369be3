import { describe, expect, it } from 'vitest';
import { createActor, createMachine, forwardTo, fromCallback, type AnyActorLogic, type EventObject } from 'xstate';
import {
  hours,
  minutes,
  seconds,
  type StreamCommand,
  type ViewTold,
  type WarningStage,
  type WarningTold,
} from '../../../../machines/index.ts';
import { onDemand } from '../../../../web/client/device/onDemand.ts';
import { Refused } from '../../../../web/client/http/problem.ts';
import { runStream } from '../../../../web/client/http/stream.ts';
import { actorLater, type Run } from '../../../../web/client/tab/actorLater.ts';
import * as loaded from '../../../../web/client/tab/later.ts';
import { leasesOnDemand } from '../../../../web/client/tab/leasesOnDemand.ts';
import { runRenewal } from '../../../../web/client/tab/renewal.ts';
import { runWarningReceipts } from '../../../../web/client/tab/warningReceipts.ts';
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

/** A module that can be loaded now, or cannot. */
function loading<Module>(module: Module, isThere = true) {
  const network = { isThere, asked: 0 };
  const later = onDemand(async () => {
    network.asked += 1;
    if (!network.isThere) throw new Refused('network', t0);
    return module;
  });
  return { network, later };
}

describe('an actor that is loaded when the machine invokes it', () => {
  /** What was invoked, told and stopped, in this order. */
  function given({ isThere = true } = {}) {
    const time = createTime();
    const { later, network } = loading({}, isThere);
    const seen: string[] = [];
    const follow: Run<StreamCommand, { readonly session: string }> = ({ input, receive }) => {
      seen.push(input.session);
      receive(({ type }) => void seen.push(type));
      return () => void seen.push('stopped');
    };
    const logic = actorLater({ later, timer: time.timer }, () => follow);
    const asks: string[] = [];
    const begin = (session: string) => {
      const machine = createMachine({
        invoke: { id: 'follow', src: logic, input: { session } },
        on: {
          'revalidation.asked': { actions: () => void asks.push(session) },
          'stream.*': { actions: forwardTo('follow') },
        },
      });
      const actor = run(machine);
      return { stop: () => actor.stop(), tell: (type: StreamCommand['type']) => actor.send({ type }) };
    };
    return { time, network, seen, asks, begin };
  }

  it('is told what it was told last, and from then on all', async () => {
    const { seen, begin } = given();
    const { tell } = begin('s1');
    tell('stream.pause');
    tell('stream.resume');
    tell('stream.pause');
    expect(seen).toEqual([]);
    await quiet();
    tell('stream.resume');
    expect(seen).toEqual(['s1', 'stream.pause', 'stream.resume']);
  });

  it('begins at once when it has been loaded before', async () => {
    const { seen, network, begin } = given();
    begin('s1').stop();
    await quiet();
    begin('s2');
    expect(seen).toEqual(['s2']);
    expect(network.asked).toBe(1);
  });

  it('never begins when it was stopped before it had come', async () => {
    const { time, seen, begin } = given({ isThere: false });
    begin('s1').stop();
    await time.pass(minutes(5));
    expect([seen, time.pending()]).toEqual([[], []]);
  });

  it('is tried again each minute where it cannot be loaded, and the tab asks the server meanwhile', async () => {
    const { time, network, seen, asks, begin } = given({ isThere: false });
    const { tell, stop } = begin('s1');
    tell('stream.pause');
    await time.pass(minutes(2) + seconds(1));
    expect([seen, asks.length, network.asked]).toEqual([[], 3, 3]);
    network.isThere = true;
    await time.pass(minutes(1));
    expect(seen).toEqual(['s1', 'stream.pause']);
    stop();
    expect([seen.at(-1), time.pending()]).toEqual(['stopped', []]);
  });
});

describe('the stream that the machine invokes', () => {
  function given() {
    const time = createTime();
    const [wake, leave] = [happening(), happening()];
    const asked: AbortSignal[] = [];
    const page = { isShown: true };
    const follow = runStream({
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
    const logic = fromCallback<StreamCommand, { readonly session: string }>(follow);
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
    const renew = runRenewal({
      ...time,
      lastSeen: () => seen,
      onSeen: person.listen,
      refresh: async () => void asked.push(time.server() - t0),
    });
    const view = viewAt(t0, { idleTimeout: hours(3), tokenLifetime: minutes(30) });
    const actor = run(fromCallback<EventObject, ViewTold>(renew), { type: 'view.told', view });
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
    const tell = runWarningReceipts({ ...time, isShown: () => true, tell: async (stage) => void told.push(stage) });
    const logic = fromCallback<WarningTold, WarningTold>(tell);
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
  function given({ isThere = true } = {}) {
    const time = createTime();
    const sent: string[] = [];
    const { later, network } = loading(loaded, isThere);
    const leases = leasesOnDemand({
      ...time,
      later,
      put: async (kind, ms) => void sent.push(`${kind} for ${ms / 60_000}m`),
      delete: async (kind) => void sent.push(`${kind} done`),
    });
    const actor = run(leases.actor);
    actor.send({ type: 'view.told', view: viewAt(t0) });
    return { time, sent, network, leases, actor };
  }

  it('last as long as the session lives, through a moment in which the tab only asks', async () => {
    const { leases, actor } = given();
    const call = leases.take('call');
    await quiet();
    actor.send({ type: 'view.told', view: viewAt(t0 + minutes(26)) });
    expect(call.status()).toBe('held');
    actor.send({ type: 'view.told', view: viewAt(t0 + minutes(31)) });
    expect(call.status()).toBe('over');
  });

  it('are taken once what takes them has been loaded, and what each became is told', async () => {
    const { sent, leases } = given();
    const call = leases.take('call');
    const told: string[] = [];
    call.subscribe(() => told.push(call.status()));
    expect([call.status(), sent]).toEqual(['asking', []]);
    await quiet();
    expect([told, sent]).toEqual([['held'], ['call for 20m']]);
    call.release();
    await quiet();
    expect([call.status(), sent.at(-1)]).toEqual(['over', 'call done']);
  });

  it('are asked for again where it cannot be loaded, and their limit is counted from the beginning', async () => {
    const { time, sent, network, leases } = given({ isThere: false });
    const call = leases.take('call', { max: minutes(10) });
    await quiet();
    expect(call.status()).toBe('unreachable');
    await time.pass(minutes(3) - 1);
    network.isThere = true;
    await time.pass(1);
    expect([call.status(), sent]).toEqual(['held', ['call for 7m']]);
  });

  it('are not taken when they were released meanwhile', async () => {
    const { time, sent, network, leases } = given({ isThere: false });
    const [one, other] = [leases.take('call'), leases.take('upload')];
    one.release();
    await quiet();
    other.release();
    network.isThere = true;
    await time.pass(minutes(1));
    expect([one.status(), other.status(), sent, time.pending()]).toEqual(['over', 'over', [], []]);
  });
});
