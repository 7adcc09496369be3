import type { Call } from './gated.ts';

/** The next thing that one of several at once is about to do. */
export interface Step {
  readonly who: number;
  readonly call: Call;
  /** Until now it has done nothing that anybody could notice. */
  readonly isFirst: boolean;
}

/** When something began and when its answer was given, in steps. */
export interface Span {
  readonly begun: number;
  readonly answered: number;
}

/** What came of one order of steps. */
export interface Course<Answer> {
  readonly steps: readonly Step[];
  readonly answers: readonly Answer[];
  readonly spans: readonly Span[];
}

/** Something that happens; it waits at the gate before each of its steps. */
export type Deed<Answer> = (gate: (call: Call) => Promise<void>) => Promise<Answer>;

interface Actor<Answer> {
  waiting: { readonly call: Call; readonly go: () => void } | null;
  answer: { readonly value: Answer } | { readonly error: Error } | null;
  begun: number;
  answered: number;
  /** Resolves when it waits again or is over. */
  rest: Promise<void>;
}

function start<Answer>(deed: Deed<Answer>): Actor<Answer> {
  let rests = () => {};
  const actor: Actor<Answer> = { waiting: null, answer: null, begun: -1, answered: Infinity, rest: Promise.resolve() };
  const moves = () => (actor.rest = new Promise<void>((resolve) => (rests = resolve)));
  void moves();
  const gate = (call: Call) =>
    new Promise<void>((resolve) => {
      actor.waiting = {
        call,
        go() {
          actor.waiting = null;
          void moves();
          resolve();
        },
      };
      rests();
    });
  void deed(gate)
    .then(
      (value) => (actor.answer = { value }),
      (error: unknown) => (actor.answer = { error: error instanceof Error ? error : new Error(String(error)) }),
    )
    .finally(() => rests());
  return actor;
}

/**
 * Lets things happen at once, one step at a time, in the order that is chosen.
 *
 * @param choose which of those that wait goes on, by its place in the list
 */
export async function play<Answer>(
  deeds: readonly Deed<Answer>[],
  choose: (waiting: readonly Step[]) => number,
): Promise<Course<Answer>> {
  const actors = deeds.map(start);
  const steps: Step[] = [];
  for (;;) {
    await Promise.all(actors.map(({ rest }) => rest));
    for (const actor of actors) if (actor.answer && actor.answered === Infinity) actor.answered = steps.length - 1;
    const waiting = actors.flatMap(({ waiting: at, begun }, who) =>
      at ? [{ who, call: at.call, isFirst: begun === -1 }] : [],
    );
    if (waiting.length === 0) break;
    const step = waiting[choose(waiting)];
    const actor = step && actors[step.who];
    if (!step || !actor)
      throw new Error(`nobody was chosen of ${JSON.stringify(waiting)} after ${JSON.stringify(steps)}`);
    if (step.isFirst) actor.begun = steps.length;
    steps.push(step);
    actor.waiting?.go();
  }
  return {
    steps,
    answers: actors.map(({ answer }) => {
      if (answer && 'value' in answer) return answer.value;
      throw answer?.error ?? new Error('it never ended');
    }),
    spans: actors.map(({ begun, answered }) => ({ begun, answered })),
  };
}

/** Whether two steps can change places without anybody noticing. */
const independent = (a: Step, b: Step): boolean =>
  a.who !== b.who && !a.isFirst && !b.isFirst && (a.call.port !== b.call.port || (a.call.isRead && b.call.isRead));

interface Fork {
  readonly waiting: readonly Step[];
  /** Those whose turn here would lead to what has been seen already. */
  readonly asleep: readonly Step[];
  readonly tried: Step[];
  chosen: Step;
}

const isIn = (steps: readonly Step[], { who }: Step): boolean => steps.some((step) => step.who === who);

/**
 * Plays all orders of steps that anybody could tell apart (sleep sets), each once.
 *
 * @param playOnce plays from the beginning, in the order that is chosen
 * @param pick which of so many to begin with, where there is a choice
 * @see Godefroid, Partial-Order Methods for the Verification of Concurrent Systems, 1996
 */
export async function* explore<Played>(
  playOnce: (choose: (waiting: readonly Step[]) => number) => Promise<Played>,
  pick: (options: number) => number = () => 0,
): AsyncGenerator<Played> {
  const forks: Fork[] = [];
  for (;;) {
    let depth = 0;
    let isKnown = false;
    const played = await playOnce((waiting) => {
      const last = forks[depth - 1];
      if (!isKnown && depth === forks.length) {
        const asleep = last ? [...last.asleep, ...last.tried].filter((step) => independent(step, last.chosen)) : [];
        const awake = waiting.filter((step) => !isIn(asleep, step));
        const chosen = awake[pick(awake.length)];
        if (chosen) forks.push({ waiting, asleep, tried: [], chosen });
        else isKnown = true;
      }
      // What only leads to something known is played to its end, for nothing can be stopped in the middle.
      if (isKnown) return 0;
      const { chosen } = forks[depth++] as Fork;
      return waiting.findIndex(({ who }) => who === chosen.who);
    });
    if (!isKnown) yield played;

    for (;;) {
      const fork = forks.at(-1);
      if (!fork) return;
      fork.tried.push(fork.chosen);
      const next = fork.waiting.find((step) => !isIn(fork.asleep, step) && !isIn(fork.tried, step));
      if (next) {
        fork.chosen = next;
        break;
      }
      forks.pop();
    }
  }
}
