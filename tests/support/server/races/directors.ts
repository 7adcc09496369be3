import type fc from 'fast-check';
import type { Outcome } from './deeds.ts';
import type { Span, Step } from './explorer.ts';
import type { Direct } from './play.ts';

/** Lets a scheduler decide whose step is next, on a server where some also wait for others' turns. */
export const bySchedule =
  (scheduler: fc.Scheduler): Direct =>
  async (happening) => {
    const steps: Step[] = [];
    const begun = happening.map(() => -1);
    const answered = happening.map(() => Infinity);
    const all = happening.map(async (deed, who) => {
      const outcome: Outcome = await deed(async (call) => {
        await scheduler.schedule(Promise.resolve(), `${who} ${call.port}.${call.name}`);
        const isFirst = begun[who] === -1;
        if (isFirst) begun[who] = steps.length;
        steps.push({ who, call, isFirst });
      });
      answered[who] = steps.length - 1;
      return outcome;
    });
    const answers = await scheduler.waitFor(Promise.all(all));
    const spans = happening.map((_, who): Span => ({ begun: begun[who] ?? 0, answered: answered[who] ?? Infinity }));
    return { steps, answers, spans };
  };
