import { isReason, type Instant, type Reason, type TabProblem } from '../../../machines/index.ts';
import { isRecord } from './wire.ts';

/** What the server refused, or `network` when it could not be reached; a value, and an error where one must be thrown. */
export class Refused extends Error implements TabProblem {
  override readonly name = 'Refused';
  readonly code: string;
  readonly at: Instant;
  readonly detail?: string;
  readonly retryAfter?: number;
  /** Why the session is over, where it is. */
  readonly reason: Reason | null;

  constructor(code: string, at: Instant, members: Readonly<Record<string, unknown>> = {}) {
    super(code);
    this.code = code;
    this.at = at;
    const { detail, retryAfter, reason } = members;
    if (typeof detail === 'string') this.detail = detail;
    if (typeof retryAfter === 'number') this.retryAfter = retryAfter;
    this.reason = isReason(reason) ? reason : null;
  }
}

/** The problem in a response that is not OK; reads the body of a copy, so that the caller still can. */
export async function refusalIn(response: Response, at: Instant): Promise<Refused> {
  const type = response.headers.get('content-type') ?? '';
  const body: unknown = type.includes('json')
    ? await response
        .clone()
        .json()
        .catch(() => null)
    : null;
  const members = isRecord(body) ? body : {};
  const code = typeof members['code'] === 'string' ? members['code'] : `http_${response.status}`;
  const wait = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new Refused(code, at, { ...members, ...(Number.isFinite(wait) && { retryAfter: wait * 1000 }) });
}
