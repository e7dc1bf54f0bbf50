/** What agents' surroundings use of the process; a test may stand in for each. */
export interface World {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Calls back once after so many milliseconds, unless the returned function is called before. */
  readonly after: (ms: number, call: () => void) => () => void;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** One line of the log. */
  readonly print: (line: string) => void;
}

/** The longest delay that a timer of Node can wait, in milliseconds (25 days): a longer one would fire at once. */
const LONGEST_DELAY = 2 ** 31 - 1;

export const realWorld: World = {
  now: () => Date.now(),
  after,
  fetch: (url, init) => fetch(url, init),
  environment: process.env,
  print: (line) => console.log(line),
};

function after(ms: number, call: () => void): () => void {
  let timer: NodeJS.Timeout;
  const arm = (left: number): void => {
    const wait = Math.min(Math.max(left, 0), LONGEST_DELAY);
    timer = setTimeout(() => (left > wait ? arm(left - wait) : call()), wait);
  };
  arm(ms);
  return () => clearTimeout(timer);
}
