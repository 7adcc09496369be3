import {
  nearestDeadline,
  seconds,
  type SessionView,
  type WarningStage,
  type WarningTold,
} from '../../../machines/index.ts';
import type { Timer } from '../device/timer.ts';
import type { Listen } from '../device/lifecycle.ts';
import type { Run } from './actorLater.ts';

/** What the proof of a warning needs. */
export interface WarningReceiptsPorts {
  readonly timer: Timer;
  /** The warning that is on the screen, `null` when there is none. */
  readonly warning: () => { readonly view: SessionView; readonly stage: WarningStage } | null;
  readonly isShown: () => boolean;
  /** `POST /api/auth/warning`. @throws when it has not arrived. */
  readonly tell: (stage: WarningStage, visible: boolean) => Promise<unknown>;
}

/** Tells the server, once for every stage of a warning, that it was on the screen. */
export interface WarningReceipts {
  /** Looks whether there is something to tell; called whenever what is shown changed, and when the tab wakes. */
  readonly look: () => void;
  readonly stop: () => void;
}

/** How long a hidden tab leaves the word to one that is looked at, for the first word on a stage is the one that counts. */
const hiddenAfter = seconds(2);

/** Tells what was shown, and never again what has arrived; a failure is tried again only when the tab wakes. */
export function createWarningReceipts({ timer, warning, isShown, tell }: WarningReceiptsPorts): WarningReceipts {
  const told = new Set<string>();
  let cancel: (() => void) | null = null;

  function send(name: string, stage: WarningStage): void {
    told.add(name);
    tell(stage, isShown()).catch(() => told.delete(name));
  }

  function look(): void {
    const here = warning();
    if (here === null) {
      cancel?.();
      cancel = null;
      return;
    }
    const { view, stage } = here;
    const name = `${view.id} ${nearestDeadline(view)} ${stage}`;
    if (told.has(name)) return;
    if (isShown()) {
      cancel?.();
      cancel = null;
      send(name, stage);
    } else {
      cancel ??= timer(() => {
        cancel = null;
        const still = warning();
        if (still === null) return;
        if (still.stage === stage) send(name, stage);
        else look();
      }, hiddenAfter);
    }
  }

  return {
    look,
    stop() {
      cancel?.();
      cancel = null;
    },
  };
}

/** What the tab machine's receipts are made of. */
export interface WarningReceiptsActorPorts extends Omit<WarningReceiptsPorts, 'warning'> {
  readonly onWake: Listen;
}

/** The receipts as the tab machine invokes them while the warning shows; what was told once is remembered beyond that. */
export function runWarningReceipts(ports: WarningReceiptsActorPorts): Run<WarningTold, WarningTold> {
  let warning: ReturnType<WarningReceiptsPorts['warning']> = null;
  const receipts = createWarningReceipts({ ...ports, warning: () => warning });
  return ({ input, receive }) => {
    const show = ({ view, stage }: WarningTold) => {
      warning = view && { view, stage };
      receipts.look();
    };
    const stopWaking = ports.onWake(receipts.look);
    receive(show);
    show(input);
    return () => {
      warning = null;
      stopWaking();
      receipts.stop();
    };
  };
}
