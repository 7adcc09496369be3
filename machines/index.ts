export * from './time.ts';
export { durationInWords, timeAgoInWords } from './durationInWords.ts';
export {
  createPolicy,
  policyFor,
  type Limit,
  type OnLimit,
  type Policy,
  type PolicyFault,
  type PolicyResult,
  type RememberedLimits,
  type Undeclared,
} from './policy.ts';
export { tighten } from './tighten.ts';
export { isPresetName, presets, type PresetName } from './presets.ts';
export {
  isSessionEvent,
  isSessionStarted,
  sessionEvents,
  type Authentication,
  type LoggedEvent,
  type Reauthenticated,
  type SessionEvent,
  type SessionEventType,
  type SessionStarted,
  type WarningStage,
} from './events.ts';
export { authenticationOf } from './authentication.ts';
export { isMethodList, methodsInWords, methodsOf, registeredMethods, type AuthenticationMethod } from './methods.ts';
export type { Generation, Proof, SessionContext, SessionInput } from './session.context.ts';
export {
  absoluteDeadline,
  canExtend,
  idleDeadline,
  lapsesAt,
  nearestLimit,
  restorableUntil,
  seenAt,
  warnAt,
} from './deadlines.ts';
export { admitsProof, isFreshlyAuthenticated, proofOf, resumesFrom } from './proof.ts';
export { isWithoutEffect } from './recorded.ts';
export { navigationsCount, undeclaredCounts } from './undeclared.ts';
export { currentGeneration, standingOf, successorOf, tokenExpiresAt, type Standing } from './generations.ts';
export { isLeaf, isLive, leafOf, leaves, phaseOf, valueOf, type Leaf, type SessionPhase } from './leaf.ts';
export { rules, sessionMachine } from './session.machine.ts';
export { nextDeadline, settle, start, step, stepAll, type Entry, type SessionState, type Step } from './driver.ts';
export type { Refusal } from './refusal.ts';
export { replay } from './replay.ts';
export {
  isLiveView,
  isReason,
  nearestDeadline,
  reasonOf,
  viewOf,
  type LiveView,
  type Reason,
  type SessionView,
} from './view.ts';
export { reasonInWords, reasonsInEnglish, type LimitsInWords, type ReasonMessages } from './reasonInWords.ts';
export { standingInWords, standingOfOther, type StandingSession } from './standingInWords.ts';
export { dialogAt, dialogBefore, nextStageAt, stageAt } from './tab.stages.ts';
export { saysLost, saysOver } from './tab.context.ts';
export { tabMachine } from './tab.machine.ts';
export type { Checked, StreamCommand, ViewTold, WarningTold } from './tab.setup.ts';
export {
  isOtherProof,
  type Credentials,
  type OtherProof,
  type Prove,
  type Reproof,
  type ServerAnswered,
  type TabContext,
  type TabEvent,
  type TabProblem,
  type User,
} from './tab.types.ts';
export { chartOf, stateIdOf, transitionIdOf, type Chart, type ChartState, type ChartTransition } from './chart.ts';
