import * as gates from './gate-protocols.ts';
import type { Protocol } from './protocol.ts';
import * as tasks from './task-protocols.ts';

/** All that are explored, each with a page in docs/protocols. */
export const protocols: readonly Protocol[] = [tasks, gates].flatMap((file) =>
  Object.values(file).filter((it): it is Protocol => typeof it === 'object' && 'create' in it),
);

export function protocolNamed(name: string): Protocol {
  const protocol = protocols.find((it) => it.name === name);
  if (!protocol) throw new Error(`there is no protocol ${name}`);
  return protocol;
}
