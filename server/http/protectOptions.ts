import type { Duration } from '../../machines/index.ts';
import { isLikeRequest } from './kindOfRequest.ts';

/** What `protect` asks of a request. */
export interface ProtectOptions {
  /**
   * Lets everybody through: `session` is `null` for a request without a credential, and for one whose session is not live
   * any more. Default `false`.
   */
  readonly optional?: boolean | undefined;
  /**
   * How old the proof of the session may be, in ms, such as `minutes(10)`: an older one is a 403
   * `reauthentication_required`. It counts from when the person last proved who they are. Default any age.
   *
   * @see ASVS 5.0 7.5.1
   */
  readonly recent?: Duration | undefined;
}

/** How a session is not needed. */
export interface Optional extends ProtectOptions {
  readonly optional: true;
}

const names = ['optional', 'recent'];

/**
 * Checks what is asked of requests.
 *
 * @param verb whose options they are
 * @param maker what makes the middleware, and may have been mounted in its place
 * @throws TypeError with one line that names the option
 */
export function checkProtectOptions(verb: string, given: ProtectOptions, maker?: string): void {
  if (typeof given !== 'object' || given === null) throw new TypeError(`${verb}: the options must be an object`);
  if (maker !== undefined && isLikeRequest(given))
    throw new TypeError(`${verb}: the options are a request: did you mean ${maker}()?`);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new TypeError(`${verb}: there is no option ${unknown}; there are ${names.join(', ')}`);
  const { optional, recent } = given;
  if (optional !== undefined && typeof optional !== 'boolean')
    throw new TypeError(`${verb}: optional must be true or false`);
  if (recent !== undefined && !(typeof recent === 'number' && Number.isFinite(recent) && recent > 0))
    throw new TypeError(`${verb}: recent must be a duration in ms above 0, such as minutes(10)`);
  if (optional === true && recent !== undefined)
    throw new TypeError(`${verb}: optional and recent exclude each other: a recent proof needs a session`);
}
