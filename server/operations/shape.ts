/** A JSON Schema. */
export type Shape = Readonly<Record<string, unknown>>;

/** Any text. */
export const text: Shape = { type: 'string' };
/** A whole number, or an instant. */
export const whole: Shape = { type: 'integer', minimum: 0 };
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
