import { fromPromise, type CallbackActorLogic, type EventObject } from 'xstate';
import {
  tabMachine,
  type Checked,
  type Credentials,
  type OtherProof,
  type Reason,
  type Reproof,
  type ServerAnswered,
  type StreamCommand,
  type ViewTold,
  type WarningTold,
} from '../../../machines/index.ts';
import type { Activity } from './activity.ts';
import { actorLater } from './actorLater.ts';
import { alarmActor } from '../device/timer.ts';
import { createCheck, type CheckPorts } from './check.ts';
import type { Entering, EnteringPorts, TellAnswer } from './entering.ts';
import type { Leaving } from './leaving.ts';
import type * as loaded from './later.ts';
import type { Later } from './loadLater.ts';
import type { StreamActorPorts } from '../http/stream.ts';
import type { WarningReceiptsActorPorts } from './warningReceipts.ts';

/** What the effects of the tab machine are made of. */
export interface EffectPorts
  extends
    Pick<EnteringPorts, 'client' | 'work' | 'tokens'>,
    Omit<CheckPorts, 'leaving' | 'entering'>,
    Omit<StreamActorPorts, 'listen'>,
    Pick<WarningReceiptsActorPorts, 'tell'> {
  readonly clock: Parameters<typeof alarmActor>[0]['clock'];
  readonly activity: Activity;
  readonly leases: CallbackActorLogic<ViewTold>;
  readonly later: Later;
  readonly leaving: Leaving;
  readonly entering: Entering;
  /** Gives up a proof whose answer is not waited for any more. */
  readonly cancelProof: () => void;
  readonly send: (event: ServerAnswered) => void;
}

/** What goes on for as long as the machine invokes it. */
const actorsOf = (ports: EffectPorts) => ({
  alarm: alarmActor(ports),
  leases: ports.leases,
  renewal: actorLater<typeof loaded, EventObject, ViewTold>(ports, ({ runRenewal }) =>
    runRenewal({
      ...ports,
      lastSeen: ports.activity.last,
      onSeen: ports.activity.onSeen,
      refresh: () => ports.client.refresh('rotate'),
    }),
  ),
  stream: actorLater<typeof loaded, StreamCommand, { readonly session: string }>(ports, ({ runStream }) =>
    runStream({ ...ports, listen: ports.client.listen }),
  ),
  warningReceipts: actorLater<typeof loaded, WarningTold, WarningTold>(ports, ({ runWarningReceipts }) =>
    runWarningReceipts(ports),
  ),
});

/** What the machine asks for, and waits for. */
function promisesOf(ports: EffectPorts) {
  const { client, leaving, entering } = ports;
  const check = createCheck({ ...ports, leaving, entering });
  /** An answer that arrives after its actor was stopped is told like any other. */
  const teller =
    (signal: AbortSignal): TellAnswer =>
    (view, user) =>
      ports.send({ type: 'server.answered', view, isAsked: !signal.aborted, ...(user !== undefined && { user }) });

  return {
    resume: fromPromise<void>(({ signal }) => entering.resume(teller(signal), signal)),
    signIn: fromPromise<void, Credentials | OtherProof>(({ input, signal }) => {
      signal.addEventListener('abort', ports.cancelProof);
      return entering.signIn(input, teller(signal));
    }),
    extend: fromPromise<void>(async ({ signal }) => {
      const view = await client.refresh('extend');
      ports.activity.reset();
      teller(signal)(view);
    }),
    check: fromPromise<Checked, { reason: Reason | null }>(({ input: { reason }, signal }) =>
      check({ reason, signal, tell: teller(signal) }),
    ),
    reauthenticate: fromPromise<void, Reproof>(({ input, signal }) => {
      signal.addEventListener('abort', ports.cancelProof);
      return entering.reauthenticate(input, teller(signal));
    }),
    restore: fromPromise<void>(({ signal }) => entering.restore(teller(signal))),
    signOut: fromPromise<void, { forgetDevice: boolean }>(({ input }) => leaving.signOut(input)),
  };
}

/** The tab machine with what the browser does in its name. */
export function provideEffects(ports: EffectPorts) {
  const { client, work, tokens, activity } = ports;
  return tabMachine.provide({
    actors: { ...actorsOf(ports), ...promisesOf(ports) },
    actions: {
      flush: () => void work.flush(),
      revalidate: () => void client.sessionInfo().catch(() => {}),
      clearTexts: () => work.clearSaved(),
      clearWork: () => work.clear(),
      clearActivity: () => activity.reset(),
      deleteToken({ context }) {
        if (context.reason === 'signed_out') tokens?.delete();
      },
    },
  });
}
