import { StoreUnavailable } from '../store/unavailable.ts';

/** Asks another object. @returns rejects with `StoreUnavailable` when it is away, has failed, or was ended meanwhile */
export async function reach<Result>(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StoreUnavailable(`another object cannot be reached: ${why}`, { cause });
  }
}
