import {
  createPolicy,
  isPresetName,
  presets,
  type Duration,
  type Policy,
  type PolicyFault,
} from '../../machines/index.ts';
import { formatDuration } from './duration.ts';
import { durationOf, oneOf, wholeOf, InvalidVariable, type Environment } from './environment.ts';

/** The variables that set one duration of the policy. */
export const durations = {
  CURFEW_IDLE_TIMEOUT: 'idleTimeout',
  CURFEW_WARN_BEFORE: 'warnBefore',
  CURFEW_ABSOLUTE_TIMEOUT: 'absoluteTimeout',
  CURFEW_RESTORE_WINDOW: 'restoreWindow',
  CURFEW_TOKEN_LIFETIME: 'tokenLifetime',
  CURFEW_ACTIVITY_RESOLUTION: 'activityResolution',
  CURFEW_ROTATION_GRACE: 'rotationGrace',
  CURFEW_FRESH_AUTH: 'freshAuth',
  CURFEW_MAX_LEASE: 'maxLease',
} as const satisfies Record<string, keyof Policy>;

const undeclared = ['user', 'until-declared', 'background'] as const satisfies readonly Policy['undeclaredActivity'][];

function durationsOf(env: Environment): Partial<Record<(typeof durations)[keyof typeof durations], Duration>> {
  const given = Object.entries(durations).map(([variable, field]) => [field, durationOf(env, variable)] as const);
  return Object.fromEntries(given.filter(([, duration]) => duration !== undefined));
}

const variableOf = ({ field }: PolicyFault): string => {
  const found = Object.entries(durations).find(([, each]) => each === field)?.[0];
  return found ?? (field === 'remembered' ? 'CURFEW_REMEMBERED_IDLE' : 'CURFEW_POLICY');
};

/** Two limits that do not go together: the variable to blame is the one that was set. */
const pairs: readonly { readonly less: string; readonly more: string }[] = [
  { less: 'CURFEW_IDLE_TIMEOUT', more: 'CURFEW_ABSOLUTE_TIMEOUT' },
  { less: 'CURFEW_WARN_BEFORE', more: 'CURFEW_IDLE_TIMEOUT' },
  { less: 'CURFEW_REMEMBERED_IDLE', more: 'CURFEW_REMEMBERED_ABSOLUTE' },
  { less: 'CURFEW_WARN_BEFORE', more: 'CURFEW_REMEMBERED_IDLE' },
];

function checkPairs(env: Environment, policy: Policy): void {
  const values: Readonly<Record<string, Duration | undefined>> = {
    ...Object.fromEntries(Object.entries(durations).map(([variable, field]) => [variable, policy[field]])),
    CURFEW_REMEMBERED_IDLE: policy.remembered?.idleTimeout,
    CURFEW_REMEMBERED_ABSOLUTE: policy.remembered?.absoluteTimeout,
  };
  for (const { less, more } of pairs) {
    const [small, large] = [values[less], values[more]];
    if (small === undefined || large === undefined || small < large) continue;
    const [name, other, than] = env[less] === undefined ? [more, less, 'more'] : [less, more, 'less'];
    const value = formatDuration(name === less ? small : large);
    throw new InvalidVariable(
      name,
      env[name] ?? value,
      `a duration ${than} than ${other}, which is ${env[other] ?? formatDuration(name === less ? large : small)}`,
    );
  }
}

function rememberedOf(env: Environment, base: Policy): Policy['remembered'] {
  const idleTimeout = durationOf(env, 'CURFEW_REMEMBERED_IDLE');
  const absoluteTimeout = durationOf(env, 'CURFEW_REMEMBERED_ABSOLUTE');
  const given = idleTimeout === undefined ? 'CURFEW_REMEMBERED_ABSOLUTE' : 'CURFEW_REMEMBERED_IDLE';
  if (!base.remembered) {
    if (idleTimeout === undefined && absoluteTimeout === undefined) return null;
    throw new InvalidVariable(given, env[given], 'this policy forbids remembered sessions');
  }
  return {
    idleTimeout: idleTimeout ?? base.remembered.idleTimeout,
    absoluteTimeout: absoluteTimeout ?? base.remembered.absoluteTimeout,
  };
}

/**
 * The policy that the environment asks for: a preset with what is set otherwise.
 *
 * @throws `Wrong`
 */
export function policyOf(env: Environment): Policy {
  const name = env['CURFEW_POLICY'] ?? 'standard';
  if (!isPresetName(name)) throw new InvalidVariable('CURFEW_POLICY', name, Object.keys(presets).join(', '));
  const base: Policy = presets[name];
  const wanted: Policy = {
    ...base,
    ...durationsOf(env),
    maxSessions: wholeOf(env, 'CURFEW_MAX_SESSIONS', 1, 10_000, base.maxSessions),
    onLimit: oneOf(env, 'CURFEW_ON_LIMIT', ['end-oldest', 'deny'], base.onLimit),
    undeclaredActivity: oneOf(env, 'CURFEW_UNDECLARED_ACTIVITY', undeclared, base.undeclaredActivity),
    remembered: rememberedOf(env, base),
  };
  checkPairs(env, wanted);
  const result = createPolicy(wanted);
  if (result.ok) return result.policy;
  const [fault] = result.faults;
  if (!fault) throw new Error('a refused policy has a fault');
  const variable = variableOf(fault);
  throw new InvalidVariable(
    variable,
    env[variable] ?? `${JSON.stringify(fault.value)} ms`,
    `${fault.field} must be ${fault.allowed}`,
  );
}
