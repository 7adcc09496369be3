import type { Policy } from './policy.ts';
import { days, hours, minutes, seconds } from './time.ts';

const standard: Policy = {
  idleTimeout: minutes(30),
  absoluteTimeout: hours(12),
  warnBefore: minutes(5),
  restoreWindow: hours(24),
  restoreFrom: ['idle', 'absolute'],
  tokenLifetime: minutes(30),
  activityResolution: seconds(60),
  rotationGrace: seconds(30),
  freshAuth: minutes(10),
  maxLease: hours(2),
  maxSessions: 10,
  onLimit: 'end-oldest',
  undeclaredActivity: 'until-declared',
  remembered: { idleTimeout: days(14), absoluteTimeout: days(30) },
};

const strict: Policy = {
  ...standard,
  restoreFrom: ['idle'],
  maxLease: 0,
  undeclaredActivity: 'background',
  remembered: null,
};

/** Policies to start from, each named for the text it follows. Every one warns at least 20 s ahead (WCAG 2.2.1). */
export const presets = {
  /** Everyday applications: idle 30 min, absolute 12 h, warning 5 min. @see OWASP Session Management Cheat Sheet */
  standard,
  /** High-value applications: idle 5 min, absolute 4 h, warning 1 min. @see OWASP Session Management Cheat Sheet */
  'owasp-high': {
    ...strict,
    idleTimeout: minutes(5),
    absoluteTimeout: hours(4),
    warnBefore: minutes(1),
    tokenLifetime: minutes(5),
    freshAuth: minutes(5),
  },
  /** Idle 1 h, absolute 24 h, warning 5 min. @see NIST SP 800-63B-4 §2.2.3 */
  'nist-aal2': { ...strict, idleTimeout: hours(1), absoluteTimeout: hours(24) },
  /** Idle 15 min, absolute 12 h, warning 2 min. @see NIST SP 800-63B-4 §2.3.3 */
  'nist-aal3': {
    ...strict,
    idleTimeout: minutes(15),
    absoluteTimeout: hours(12),
    warnBefore: minutes(2),
    tokenLifetime: minutes(15),
  },
  /** Idle 15 min, warning 2 min. @see PCI DSS 4.0.1 8.2.8 */
  pci: { ...strict, idleTimeout: minutes(15), warnBefore: minutes(2), tokenLifetime: minutes(15) },
} as const satisfies Record<string, Policy>;

/** The name of a preset. */
export type PresetName = keyof typeof presets;

/** Whether a word names a preset. */
export const isPresetName = (name: string): name is PresetName => Object.hasOwn(presets, name);
