/** What an argument has to be. */
export interface Rule {
  readonly isRight: (value: unknown) => boolean;
  /** In words, behind "must be". */
  readonly allowed: string;
  readonly isRequired?: true;
  /** What is wrong with it in particular, as a line behind the verb's name; `null` where `allowed` says it all. */
  readonly faultOf?: (value: unknown) => string | null;
}

/** What a verb takes, by name. */
export type Rules<Arguments> = { readonly [Name in keyof Required<Arguments>]: Rule };

const longestShown = 100;

/** Of the ids of users and sessions, in characters. */
export const longestId = 200;

export const shown = (value: unknown): string => {
  const text = typeof value === 'function' ? 'a function' : (JSON.stringify(value) ?? String(value));
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
};

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A text of some length that every database keeps as it is. */
export const isText = (value: unknown, longest: number): value is string =>
  typeof value === 'string' && value.trim() !== '' && value.length <= longest && value.isWellFormed();

/** What the id of a user has to be, in words. */
export const idInWords = `a text of 1 to ${longestId} characters (String(user.id))`;

/** The id of a user, which has to be given. */
export const userId: Rule = {
  isRight: (value) => isText(value, longestId),
  allowed: idInWords,
  isRequired: true,
};

/** Whether something has no members but these. */
export const hasOnly = (value: object, ...names: readonly string[]): boolean =>
  Object.keys(value).every((name) => names.includes(name));

/**
 * Checks what a verb was given; `undefined` counts as not given.
 *
 * @throws TypeError with one line that names the verb and the argument
 */
export function checkArguments<Arguments>(verb: string, given: unknown, rules: Rules<Arguments>): void {
  if (!isObject(given)) throw new TypeError(`${verb}: the arguments must be an object, and are ${shown(given)}`);
  const names: readonly [string, Rule][] = Object.entries<Rule>(rules);
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(rules, name));
  if (unknown !== undefined)
    throw new TypeError(
      `${verb}: there is no argument ${unknown}; there are ${names.map(([name]) => name).join(', ')}`,
    );
  for (const [name, { isRight, allowed, isRequired, faultOf }] of names) {
    const value = given[name];
    if (value === undefined ? !isRequired : isRight(value)) continue;
    throw new TypeError(`${verb}: ${faultOf?.(value) ?? `${name} must be ${allowed}, and is ${shown(value)}`}`);
  }
}
