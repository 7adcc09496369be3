import type { ObjectId, ObjectNamespace } from './platform.ts';

/** 256 bits, base64url: the object that has made the id. */
const userForm = /^([\w-]{43})[\w-]{22,}$/;
const sessionForm = /^[0-9a-v]{7}[\w-]{10}-([\w-]{43})[\w-]{22,}$/;

/** The object that a user is kept in, as the ids that it makes begin. */
export const placeOf = (id: ObjectId): string => Buffer.from(id.toString(), 'hex').toString('base64url');

/** Where a user is kept, by their id alone; `null` for an id of another form. */
export const placeOfUser = (id: string): string | null => userForm.exec(id)?.[1] ?? null;

/** Where the user of a session is kept, by its id alone; `null` for an id of another form. */
export const placeOfSession = (id: string): string | null => sessionForm.exec(id)?.[1] ?? null;

/** @returns `null` where no object of the namespace has that place. */
export function objectAt<Instance>(
  namespace: ObjectNamespace<Instance>,
  place: string | null,
): ReturnType<ObjectNamespace<Instance>['get']> | null {
  if (place === null) return null;
  try {
    return namespace.get(namespace.idFromString(Buffer.from(place, 'base64url').toString('hex')));
  } catch {
    return null;
  }
}
