import {
  minutes,
  nearestDeadline,
  seconds,
  type Duration,
  type Instant,
  type SessionView,
  type ViewTold,
} from '../../../machines/index.ts';
import { createAlarm, type AlarmPorts } from '../device/timer.ts';
import type { Listen } from '../device/lifecycle.ts';

/** What keeps a token fresh. */
export interface RenewalPorts extends AlarmPorts {
  /** The session this tab is about, `null` when there is none. */
  readonly view: () => SessionView | null;
  /** When a user last did something that counts. */
  readonly lastSeen: () => Instant | null;
  readonly refresh: () => Promise<unknown>;
}

/** Renews the token in good time, without a word. */
export interface Renewal {
  /** Looks whether it is time; called whenever the session changed or the user did something. */
  readonly look: () => void;
  readonly stop: () => void;
}

const tryAgainAfter = seconds(10);

/** How long before its end a token is renewed: five minutes, or the last sixth of a short one. */
const renewBefore = ({ policy }: SessionView): Duration => Math.min(minutes(5), policy.tokenLifetime / 6);

/** A token that lasts as long as the session may is as good as any new one. */
const isLast = (view: SessionView): boolean => view.tokenExpiresAt > view.absoluteDeadline - seconds(1);

/**
 * Renews a token that ends soon when a user did something since it was made. The token of a user who is away is
 * left to run out: renewing keeps no user signed in, and a user who comes back gets a new one with the first request.
 */
export function createRenewal({ view, lastSeen, refresh, ...ports }: RenewalPorts): Renewal {
  let isRunning = false;
  let notBefore: Instant = -Infinity;
  const alarm = createAlarm(ports, () => look());

  async function renew(): Promise<void> {
    isRunning = true;
    // Whatever comes of it: a failure is shown, and the next request renews the token if this cannot.
    await refresh().catch(() => {});
    isRunning = false;
    const here = view();
    if (here === null) return;
    notBefore = ports.clock.now() + Math.min(tryAgainAfter, renewBefore(here));
    look();
  }

  function look(): void {
    const here = view();
    const now = ports.clock.now();
    if (
      here === null ||
      here.state === 'lapsed' ||
      here.state === 'ended' ||
      isLast(here) ||
      now >= nearestDeadline(here)
    ) {
      alarm.set(null);
      return;
    }
    const due = Math.max(here.tokenExpiresAt - renewBefore(here), notBefore);
    if (now < due) alarm.set(due);
    else if (!isRunning && (lastSeen() ?? -Infinity) > here.tokenExpiresAt - here.policy.tokenLifetime) void renew();
  }

  return { look, stop: () => alarm.stop() };
}

/** What the tab machine's renewal is made of. */
export interface RenewalActorPorts extends Omit<RenewalPorts, 'view'> {
  /** Tells of every sign of a user that counts. */
  readonly onSeen: Listen;
}

/** The renewal as the tab machine invokes it, anew for each view. @returns what stops it */
export const runRenewal =
  (ports: RenewalActorPorts) =>
  ({ input }: { readonly input: ViewTold }) => {
    let { view } = input;
    const renewal = createRenewal({ ...ports, view: () => view });
    const stopSeeing = ports.onSeen(renewal.look);
    renewal.look();
    return () => {
      view = null;
      stopSeeing();
      renewal.stop();
    };
  };
