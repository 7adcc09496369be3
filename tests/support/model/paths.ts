import { fromTransition, type TransitionSnapshot } from 'xstate';
import { TestModel } from 'xstate/graph';
import {
  canExtend,
  currentGeneration,
  days,
  nearestLimit,
  nextDeadline,
  phaseOf,
  seconds,
  standingOf,
  type Instant,
  type SessionState,
} from '../../../machines/index.ts';
import { isDeep } from '../effort.ts';

/** Where on the time line something happens: relative to the next deadline, so that there are few places. */
export const places = ['now', 'a minute later', 'just before', 'at', 'just after', 'long after'] as const;
export type Place = (typeof places)[number];

/** A session at an instant: what a path walks over. */
export interface Moment {
  readonly state: SessionState;
  readonly now: Instant;
}

/** Something that is done at a place of the time line. */
export interface Deed<Name extends string = string> {
  readonly type: Name;
  readonly place: Place;
}

export interface Path<Name extends string> {
  readonly deeds: readonly Deed<Name>[];
  readonly moments: readonly Moment[];
}

/** When a place is; the deadline of a session that has none is the moment its next alarm is worth an entry. */
export function instantOf(place: Place, { state, now }: Moment): Instant {
  const due = nextDeadline(state);
  if (due === Infinity) {
    const after: Record<Place, Instant> = {
      now,
      'a minute later': now + seconds(61),
      'just before': now + seconds(10) - 1,
      at: now + seconds(10),
      'just after': now + seconds(60),
      'long after': now + seconds(70),
    };
    return after[place];
  }
  const instants: Record<Place, Instant> = {
    now,
    'a minute later': now + seconds(61),
    'just before': Math.max(now, due - 1),
    at: Math.max(now, due),
    'just after': Math.max(now, due + 1),
    'long after': Math.max(now, due) + days(40),
  };
  return instants[place];
}

/** Two moments that nothing the model does can tell apart are the same place of the graph. */
function keyOf({ state: { leaf, context }, now }: Moment): string {
  const { generation, confirmedAt } = currentGeneration(context);
  const back = (count: number) => standingOf(context, generation - count, now);
  const deadFor = now - (context.endedAt ?? context.lapsedAt ?? now);
  const used = [context.usedAfterEnd.count > 0, deadFor >= seconds(10)];
  switch (phaseOf(leaf)) {
    case 'active':
    case 'expiring':
      return JSON.stringify([
        leaf,
        nearestLimit(context),
        canExtend(context),
        leaf === 'active.fresh' && now - context.lastActivityAt >= seconds(60),
        [confirmedAt === null, back(1), back(2) === 'stale'],
        leaf === 'active.fresh' ? Object.keys(context.leases) : context.warned,
      ]);
    case 'lapsed':
      return JSON.stringify([leaf, back(1), back(2) === 'stale', ...used]);
    case 'ended':
      return JSON.stringify([leaf, ...used]);
  }
}

/**
 * One path for every edge of the graph that the deeds span from a beginning: the shortest way to where the edge starts,
 * and then the edge.
 */
export function pathsPerEdge<Name extends string>(
  begin: Moment,
  names: readonly Name[],
  does: (moment: Moment, deed: Deed<Name>) => Moment,
): readonly Path<Name>[] {
  const deeds = names.flatMap((type) => places.map((place): Deed<Name> => ({ type, place })));
  const logic = fromTransition((moment: Moment, deed: Deed<Name>) => does(moment, deed), begin);
  const model = new TestModel<TransitionSnapshot<Moment>, Deed<Name>, undefined>(logic as never, {
    events: deeds,
    serializeState: (snapshot) => keyOf(snapshot.context),
    serializeEvent: ({ type, place }) => `${type} ${place}`,
  });
  const ways = new Map(
    model.getShortestPaths({ allowDuplicatePaths: true }).map((way) => [keyOf(way.state.context), way]),
  );
  return Object.entries(model.getAdjacencyMap()).flatMap(([key, { transitions }]) => {
    const way = (ways.get(key)?.steps ?? []).map(({ event }) => event).filter(({ place }) => place !== undefined);
    const edges: readonly { readonly event: Deed<Name> }[] = Object.values(transitions);
    return edges.map(({ event }) => {
      const whole = [...way, event];
      return {
        deeds: whole,
        // Most paths are not played, so these are made when they are asked for.
        get moments() {
          let moment = begin;
          return whole.map((deed) => (moment = does(moment, deed)));
        },
      };
    });
  });
}

/** Whether all paths are wanted, however long it takes. */
export const isAll = process.env['CURFEW_MODEL'] === 'all';

/** Every so-manieth. */
export const portionOf = <Each>(paths: readonly Each[], every: number): readonly Each[] =>
  paths.filter((_, index) => index % every === 0);

/**
 * Every so-manieth path: a part that still walks everything. `npm run test:deep` walks more of them than `npm test`, and
 * all where all are wanted.
 */
export const portion = <Each>(paths: readonly Each[], every: { quick: number; deep: number }): readonly Each[] =>
  isAll ? paths : portionOf(paths, isDeep ? every.deep : every.quick);
