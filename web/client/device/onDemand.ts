/** A module that is loaded when it is first needed. */
export interface OnDemand<Module> {
  /** @returns what has been loaded; `null` before */
  readonly read: () => Module | null;
  /** @throws what `get` throws where it cannot be loaded; the next call tries again */
  readonly load: () => Promise<Module>;
}

/** @returns a module that has not been loaded yet. */
export function onDemand<Module>(get: () => Promise<Module>): OnDemand<Module> {
  let loaded: Module | null = null;
  return {
    read: () => loaded,
    load: async () => (loaded ??= await get()),
  };
}
