import { moodyAgent } from './mood.ts';

/** In a worker: it may end its process, and it does not hear when it is told to stop. */
export default moodyAgent({
  crash: () => process.exit(1),
  hang: () => new Promise(() => undefined),
});
