import type { MiddlewareHandler } from 'hono';

/** Counts requests that are not answered yet. */
export interface RequestsUnderWay {
  readonly count: MiddlewareHandler;
  /** One more has begun; to be followed by `leave` in any case. */
  readonly enter: () => void;
  readonly leave: () => void;
  /** Resolves as soon as there are none. */
  readonly none: () => Promise<void>;
}

/** Knows whether requests are being answered. An event stream counts as answered once it has begun. */
export function requestsUnderWay(): RequestsUnderWay {
  let underWay = 0;
  const waiting: (() => void)[] = [];
  const enter = () => void (underWay += 1);
  const leave = () => {
    underWay -= 1;
    if (underWay === 0 && waiting.length > 0) waiting.splice(0).forEach((resolve) => resolve());
  };
  return {
    enter,
    leave,
    async count(_c, next) {
      enter();
      try {
        await next();
      } finally {
        leave();
      }
    },
    none: () =>
      new Promise((resolve) => {
        if (underWay === 0) resolve();
        else waiting.push(resolve);
      }),
  };
}
