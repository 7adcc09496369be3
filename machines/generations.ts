import type { Generation, SessionContext } from './session.context.ts';
import { absoluteDeadline } from './deadlines.ts';
import type { Instant } from './time.ts';

/**
 * What a generation is worth at an instant: the `current` one; an older one still in its `grace`; one that is
 * `superseded` by a re-authentication; one whose grace is over (`stale`: refreshing with it is reuse); or one that this
 * session never made (`unknown`).
 *
 * @see RFC 9700 §4.14.2
 */
export type Standing = 'current' | 'grace' | 'superseded' | 'stale' | 'unknown';

/** The generation that was made last. */
export const currentGeneration = (context: SessionContext): Generation =>
  context.generations.at(-1) ?? context.generations[0];

const find = (context: SessionContext, generation: number): Generation | undefined =>
  context.generations.find((known) => known.generation === generation);

const inGrace = (context: SessionContext, successor: Generation | undefined, at: Instant): boolean =>
  successor !== undefined &&
  (successor.confirmedAt === null || at < successor.confirmedAt + context.policy.rotationGrace);

/** @returns what the generation is worth; see {@link Standing}. */
export function standingOf(context: SessionContext, generation: number, at: Instant): Standing {
  const current = currentGeneration(context).generation;
  if (!Number.isInteger(generation) || generation < 0 || generation > current) return 'unknown';
  if (generation === current) return 'current';
  if (generation < context.barrier) return 'superseded';
  return inGrace(context, find(context, generation + 1), at) ? 'grace' : 'stale';
}

/** The generation that a refresh with this one is answered with, once it has been made. */
export const successorOf = (context: SessionContext, generation: number): Generation | undefined =>
  find(context, generation + 1);

/** `exp` of a generation's token, in whole seconds as JWT has it: never past the absolute limit. */
export const tokenExpiresAt = (context: SessionContext, generation: Generation): Instant =>
  Math.floor(Math.min(generation.issuedAt + context.policy.tokenLifetime, absoluteDeadline(context)) / 1000) * 1000;

/** The generations after one more rotation, without those that nobody may come back for. */
export function rotate(context: SessionContext, at: Instant): SessionContext['generations'] {
  const next = { generation: currentGeneration(context).generation + 1, issuedAt: at, confirmedAt: null };
  return [...context.generations.filter((known) => inGrace(context, known, at)), next];
}

/** The generations after the current one was first used. */
export const confirm = (context: SessionContext, at: Instant): SessionContext['generations'] => [
  ...context.generations.slice(0, -1),
  { ...currentGeneration(context), confirmedAt: at },
];
