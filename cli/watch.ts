import type { Surroundings } from './surroundings.ts';

/** What is so at one moment. */
export interface Look {
  /** For programs; whether something has changed is told by it. */
  readonly value: object;
  /** For people. */
  readonly lines: readonly string[];
}

/** One look, as a command prints it. */
export function printLook(
  out: Surroundings['out'],
  { value, lines }: Look,
  { json }: { readonly json: boolean },
): void {
  out.write(json ? `${JSON.stringify(value, null, 2)}\n` : `${lines.join('\n')}\n`);
}

const LOOKS_PER_SECOND = 1;

/**
 * Looks once a second until Ctrl-C. A terminal is redrawn; elsewhere what has changed is printed, and for programs it is a line of JSON each
 * time. Rejects with what a look throws.
 */
export async function watch(
  { out, openScreen, onTick, onInterrupt }: Pick<Surroundings, 'out' | 'openScreen' | 'onTick' | 'onInterrupt'>,
  look: () => Promise<Look>,
  { json }: { readonly json: boolean },
): Promise<void> {
  const screen = out.isTerminal && !json ? await openScreen() : undefined;
  const over = Promise.withResolvers<'interrupted'>();
  let last: string | undefined;
  const show = async (): Promise<void> => {
    const { value, lines } = await look();
    const text = JSON.stringify(value);
    if (screen) screen.show(lines);
    else if (text !== last) out.write(json ? `${text}\n` : `${lines.join('\n')}\n\n`);
    last = text;
  };
  let isLooking = false;
  const tick = (): void => {
    // The look before may take longer than a second.
    if (isLooking) return;
    isLooking = true;
    show()
      .catch(over.reject)
      .finally(() => (isLooking = false));
  };
  const deaf = onInterrupt(() => over.resolve('interrupted'));
  tick();
  const still = onTick(LOOKS_PER_SECOND, tick);
  try {
    await over.promise;
  } finally {
    still();
    deaf();
    screen?.close();
  }
}
