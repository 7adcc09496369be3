import { seconds, type Duration, type Policy } from '../machines/index.ts';

const shortestWarning: Duration = seconds(20);
/** Below it, a number of ms is likely to be one of seconds. */
const shortestIdle: Duration = seconds(10);

/** @returns what is said at the start of limits that are allowed and unlikely to be meant, a line each */
export const policyWarnings = ({ idleTimeout, warnBefore }: Policy): readonly string[] => [
  ...(idleTimeout < shortestIdle
    ? [`policy.idleTimeout is ${idleTimeout}; durations are in ms: seconds(${idleTimeout})?`]
    : []),
  ...(warnBefore < shortestWarning ? [`a warning of ${warnBefore} ms is shorter than the 20 s of WCAG 2.2.1`] : []),
];
