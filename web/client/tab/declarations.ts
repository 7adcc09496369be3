import type { SessionView } from '../../../machines/index.ts';
import type { AlarmPorts } from '../device/timer.ts';
import type { Client } from '../http/client.ts';
import { createLeases, type TakeLease } from './lease.ts';
import type { TabState } from './tab.types.ts';
import { createWarningReceipts } from './warningReceipts.ts';
import { isNothing } from '../http/wire.ts';

/** What a tab's declarations need. */
export interface DeclarationPorts extends AlarmPorts {
  readonly client: Client;
  readonly isShown: () => boolean;
  readonly state: () => TabState;
  /** The live session, `null` when there is none. */
  readonly live: () => SessionView | null;
}

/** What a tab declares to the server beside its requests: that a warning was shown, and what goes on without a hand. */
export interface Declarations {
  readonly lease: TakeLease;
  readonly look: () => void;
  readonly stop: () => void;
}

/** The declarations of one tab. Whatever becomes of them, the session is as the server says. */
export function createDeclarations({ client, isShown, state, live, ...ports }: DeclarationPorts): Declarations {
  const warned = createWarningReceipts({
    timer: ports.timer,
    warning() {
      const { phase, view, stage } = state();
      return phase === 'warning' && view ? { view, stage } : null;
    },
    isShown,
    tell: (stage, visible) =>
      client.call('/warning', isNothing, { method: 'POST', json: { stage, visible }, quiet: true }),
  });
  const leases = createLeases({
    ...ports,
    view: live,
    put: client.putLease,
    async remove(kind) {
      await client.call(`/leases/${kind}`, isNothing, { method: 'DELETE', quiet: true });
      // The idle clock begins anew, and that answer does not say so.
      await client.sessionInfo(true);
    },
  });
  return {
    lease: leases.take,
    look() {
      warned.look();
      leases.look();
    },
    stop() {
      warned.stop();
      leases.stop();
    },
  };
}
