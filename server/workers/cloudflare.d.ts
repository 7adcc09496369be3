// What is used of the platform, so that the rest of the sources needs no types of it.

declare module 'cloudflare:workers' {
  // Here no other module can be imported by its path.
  // oxlint-disable-next-line typescript/consistent-type-imports
  type ObjectState = import('./platform.ts').ObjectState;
  export abstract class DurableObject<Env> {
    protected readonly ctx: ObjectState;
    protected readonly env: Env;
    constructor(ctx: ObjectState, env: Env);
  }
}

// The bundler of an application for Workers makes a compiled module of it.
declare module '@phi-ag/argon2/argon2.wasm' {
  const module: WebAssembly.Module;
  export default module;
}

declare namespace WebAssembly {
  interface Module {
    readonly [Symbol.toStringTag]: 'WebAssembly.Module';
  }
  interface Memory {
    readonly buffer: ArrayBuffer;
  }
  class Instance {
    constructor(module: Module);
    readonly exports: object;
  }
}

/** The two ends of a WebSocket: for a worker, and for an object. */
declare class WebSocketPair {
  // Here no module can be imported by its path.
  // oxlint-disable-next-line typescript/consistent-type-imports
  readonly 0: import('./platform.ts').WorkerSocket;
  // oxlint-disable-next-line typescript/consistent-type-imports
  readonly 1: import('./platform.ts').ObjectSocket;
}

/** A message, and what answers it without waking the object. */
declare class WebSocketRequestResponsePair {
  readonly request: string;
  readonly response: string;
  constructor(request: string, response: string);
}
