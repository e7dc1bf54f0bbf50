import type { World } from '../../sdk/agent/index.ts';

interface Timer {
  readonly at: number;
  readonly call: () => void;
}

export interface Sent {
  readonly url: string;
  readonly body: string;
}

/** The surroundings of an agent, with a clock that moves when the test says so and a network that is a function. */
export interface AgentWorld extends World {
  readonly lines: readonly string[];
  readonly sent: readonly Sent[];
  /** Timers that are waited for. */
  readonly pending: () => number;
  /** Moves the clock and lets everything happen that is due, one after the other. */
  advance(ms: number): Promise<void>;
}

const taken = async (): Promise<Response> => new Response(null, { status: 202 });

export function agentWorld(answer: (sent: Sent) => Promise<Response> = taken): AgentWorld {
  let now = Date.UTC(2026, 10, 21);
  let timers: Timer[] = [];
  const lines: string[] = [];
  const sent: Sent[] = [];

  return {
    lines,
    sent,
    pending: () => timers.length,
    now: () => now,
    after(ms, call) {
      const timer = { at: now + ms, call };
      timers.push(timer);
      return () => void (timers = timers.filter((other) => other !== timer));
    },
    async fetch(url, { body }) {
      const request = { url, body: typeof body === 'string' ? body : '' };
      sent.push(request);
      return answer(request);
    },
    environment: {},
    print: (line) => void lines.push(line),
    async advance(ms) {
      const end = now + ms;
      for (;;) {
        await settled();
        const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        now = Math.max(now, next.at);
        timers = timers.filter((other) => other !== next);
        next.call();
      }
      now = end;
    },
  };
}

/** Lets promises that wait for nothing but each other go as far as they can. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
