import { isLive, standingOf, type Instant, type SessionState } from '../../machines/index.ts';

/** Whether a token of this generation is still accepted: a re-authentication may have come in between. */
export const isAccepted = (state: SessionState, generation: number, at: Instant): boolean => {
  const standing = standingOf(state.context, generation, at);
  return isLive(state.leaf) && (standing === 'current' || standing === 'grace');
};
