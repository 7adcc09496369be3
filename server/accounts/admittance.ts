/** What a try counts against, and how many of its tries may still fail. */
export interface Place {
  readonly key: string;
  readonly room: () => number;
}

/** Lets tries of one key run side by side only as far as all of them could fail without exceeding what is allowed. */
export interface Admittance {
  /**
   * Waits until every place has room for one more try, and takes it.
   *
   * @returns how to leave again, or `null` when a place has no room at all.
   */
  enter(places: readonly Place[]): Promise<(() => void) | null>;
}

interface Inside {
  count: number;
  readonly waiting: (() => void)[];
}

/** Keeps the tries of this process apart, so that a burst gets no further than the same tries one after another. */
export function admittance(): Admittance {
  const inside = new Map<string, Inside>();

  function take(key: string): void {
    const tries = inside.get(key) ?? { count: 0, waiting: [] };
    tries.count += 1;
    inside.set(key, tries);
  }

  function leave(key: string): void {
    const tries = inside.get(key);
    if (!tries) return;
    tries.count -= 1;
    if (tries.count === 0) inside.delete(key);
    for (const wake of tries.waiting.splice(0)) wake();
  }

  /** The tries to wait for, because all the room there is would be gone if they failed. */
  const ahead = (places: readonly Place[]) =>
    places.flatMap(({ key, room }) => {
      const tries = inside.get(key);
      return tries && room() <= tries.count ? [tries] : [];
    })[0];

  return {
    async enter(places) {
      for (;;) {
        if (places.some(({ room }) => room() <= 0)) return null;
        const tries = ahead(places);
        if (!tries) break;
        await new Promise<void>((wake) => void tries.waiting.push(wake));
      }
      for (const { key } of places) take(key);
      return () => {
        for (const { key } of places) leave(key);
      };
    },
  };
}
