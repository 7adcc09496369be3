import type { ObjectId, ObjectNamespace } from './platform.ts';

/** How many characters say where a user is kept: 256 bits, base64url. */
const length = 43;

const form = /^[\w-]{65,}$/;

/** The object that a user is kept in, as the ids that it makes begin. */
export const placeOf = (id: ObjectId): string => Buffer.from(id.toString(), 'hex').toString('base64url');

/**
 * Where the user of an id is kept, by the id alone.
 *
 * @returns `null` for an id that no object of the namespace has made.
 */
export function objectOf<Instance>(
  namespace: ObjectNamespace<Instance>,
  id: string,
): ReturnType<ObjectNamespace<Instance>['get']> | null {
  if (!form.test(id)) return null;
  try {
    return namespace.get(namespace.idFromString(Buffer.from(id.slice(0, length), 'base64url').toString('hex')));
  } catch {
    return null;
  }
}
