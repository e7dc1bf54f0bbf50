/** One of the two streams of text that a command writes. */
export interface Outlet {
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Width and height in characters; 80 by 24 when it is no terminal. */
  readonly columns: number;
  readonly rows: number;
}

/** Everything of the process that a command may touch, so that a test can be a terminal. */
export interface Surroundings {
  /** Absolute path that relative ones start from. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly out: Outlet;
  readonly err: Outlet;
  /** Epoch milliseconds. */
  now(): number;
  /** Calls back about `perSecond` times a second until the returned function is called. */
  onTick(perSecond: number, tick: () => void): () => void;
  /** Calls back when the user presses Ctrl-C, instead of ending the process, until the returned function is called. */
  onInterrupt(interrupt: () => void): () => void;
}
