import { fromCallback, type EventObject } from 'xstate';
import { minutes, type TabEvent } from '../../../machines/index.ts';
import type { OnDemand } from '../device/onDemand.ts';
import type { Timer } from '../device/timer.ts';

/** What goes on for as long as a machine invokes it. @returns what stops it */
export type Run<Told, Input> = (actor: {
  readonly input: Input;
  /** Called with each event that the machine sends here. */
  readonly receive: (listener: (told: Told) => void) => void;
  readonly sendBack: (event: TabEvent) => void;
}) => () => void;

const tryAgainAfter = minutes(1);

/**
 * An actor of the tab machine that begins once it has been loaded, and then is told what it was told last. Where it cannot
 * be loaded, it is tried again each minute, and the tab asks the server how the session is.
 *
 * @param of what the actor does; asked for once
 */
export function actorLater<Module, Told extends EventObject, Input>(
  { later, timer }: { readonly later: OnDemand<Module>; readonly timer: Timer },
  of: (loaded: Module) => Run<Told, Input>,
) {
  let run: Run<Told, Input> | null = null;
  return fromCallback<Told, Input>(({ input, receive, sendBack }) => {
    let last: Told | null = null;
    let tell = (told: Told) => {
      last = told;
    };
    let isOver = false;
    let stop = () => {};
    receive((told) => tell(told));

    function begin(loaded: Module): void {
      if (isOver) return;
      run ??= of(loaded);
      const take = (listener: (told: Told) => void) => {
        tell = listener;
        if (last) listener(last);
      };
      stop = run({ input, receive: take, sendBack });
    }
    function failed(): void {
      if (isOver) return;
      stop = timer(load, tryAgainAfter);
      sendBack({ type: 'revalidation.asked' });
    }
    function load(): void {
      void later.load().then(begin, failed);
    }

    const loaded = later.read();
    if (loaded) begin(loaded);
    else load();
    return () => {
      isOver = true;
      stop();
    };
  });
}
