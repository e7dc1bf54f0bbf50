/** One of the two streams of text that a command writes. */
export interface Outlet {
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Width and height in characters; 80 by 24 when it is no terminal. */
  readonly columns: number;
  readonly rows: number;
}

/** Lines of a terminal that are drawn over and over. */
export interface Screen {
  show(lines: readonly string[]): void;
  /** Leaves the last lines where they are. */
  close(): void;
}

/** Another program, as a command starts it. */
export interface ProgramCall {
  readonly file: string;
  readonly args: readonly string[];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** It takes over the terminal: it may ask, and nothing of what it prints is heard. */
  readonly takesTerminal?: boolean;
  /** Hears each line that it prints, of both streams. */
  readonly onLine?: (line: string) => void;
}

export interface ProgramEnd {
  /** 127 when there is no such program, as shells say; null when a signal has ended it. */
  readonly code: number | null;
  /** What it printed to its standard output. */
  readonly out: string;
}

/** Everything of the process that a command may touch, so that a test can be a terminal. */
export interface Surroundings {
  /** Absolute path that relative ones start from. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly out: Outlet;
  readonly err: Outlet;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Where `out` is a terminal: a part of it that can be redrawn. */
  readonly openScreen: () => Promise<Screen>;
  /** Calls back about `perSecond` times a second until the returned function is called. */
  readonly onTick: (perSecond: number, tick: () => void) => () => void;
  /** Calls back when the user presses Ctrl-C, instead of ending the process, until the returned function is called. */
  readonly onInterrupt: (interrupt: () => void) => () => void;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly runProgram: (call: ProgramCall) => Promise<ProgramEnd>;
  /** A text that nobody else has: by it a repeated request is recognised. */
  readonly newKey: () => string;
}
