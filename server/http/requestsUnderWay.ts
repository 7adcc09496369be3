import type { MiddlewareHandler } from 'hono';

/** Counts requests that are not answered yet. */
export interface RequestsUnderWay {
  readonly count: MiddlewareHandler;
  /** Resolves as soon as there are none. */
  readonly none: () => Promise<void>;
}

/** Knows whether requests are being answered. An event stream counts as answered once it has begun. */
export function requestsUnderWay(): RequestsUnderWay {
  let underWay = 0;
  const waiting: (() => void)[] = [];
  return {
    async count(_c, next) {
      underWay += 1;
      try {
        await next();
      } finally {
        underWay -= 1;
        if (underWay === 0) waiting.splice(0).forEach((resolve) => resolve());
      }
    },
    none: () =>
      new Promise((resolve) => {
        if (underWay === 0) resolve();
        else waiting.push(resolve);
      }),
  };
}
