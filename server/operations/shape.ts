/** A JSON Schema. */
export type Shape = Readonly<Record<string, unknown>>;

/** Any text. */
export const text: Shape = { type: 'string' };
/** A whole number, or an instant. */
export const whole: Shape = { type: 'integer', minimum: 0 };
/** An instant as RFC 3339 has it, in what is read without this server. */
export const timestamp: Shape = { type: 'string', format: 'date-time' };
/** Yes or no. */
export const flag: Shape = { type: 'boolean' };
/** Any number of something. */
export const list = (items: Shape): Shape => ({ type: 'array', items });
/** One of some words. */
export const oneOf = (...values: readonly string[]): Shape => ({ type: 'string', enum: values });
/** A shape that has a name of its own. */
export const of = (name: string): Shape => ({ $ref: `#/components/schemas/${name}` });
/** An object; of members that are not said to be optional it has every one. Default all are. */
export const object = (
  properties: Readonly<Record<string, Shape>>,
  optional: readonly string[] = Object.keys(properties),
) => {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, ...(required.length > 0 && { required }) };
};
/** An object of any members. */
export const anything: Shape = { type: 'object', additionalProperties: true };
/** A shape, or nothing. */
export const orNull = (shape: Shape): Shape =>
  typeof shape['type'] === 'string'
    ? { ...shape, type: [shape['type'], 'null'] }
    : { anyOf: [shape, { type: 'null' }] };

/** What a route answers: a member whose name ends with `?` may be left out. */
export function answer(members: Readonly<Record<string, Shape>>) {
  const named = Object.entries(members).map(([name, shape]) => [name.replace(/\?$/, ''), shape] as const);
  const optional = Object.keys(members).flatMap((name) => (name.endsWith('?') ? [name.slice(0, -1)] : []));
  return object(Object.fromEntries(named), optional);
}
