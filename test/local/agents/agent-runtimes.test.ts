import { describe, expect, it } from 'vitest';
import type { AgentType } from '../../../core/agents/index.ts';
import type { AgentRuntime } from '../../../core/ports/index.ts';
import { createAgentRuntimes } from '../../../local/agents/index.ts';
import { agentCall } from '../../makers/agent-calls.ts';

const local: AgentType = { name: 'a', runtime: 'local', capabilities: [], module: '/a.ts' };
const http: AgentType = { name: 'b', runtime: 'http', capabilities: [], url: 'http://b.test' };
const lambda: AgentType = { name: 'c', runtime: 'lambda', functionArn: 'c', capabilities: [] };

/** A runtime that writes down what it is asked to do. */
function recording(name: string, log: string[]): AgentRuntime {
  return {
    call: async (call) => void log.push(`${name} calls ${call.agentType.name}`),
    cancel: async (handle) => void log.push(`${name} cancels ${handle}`),
    capacity: () => ({ limit: name, size: 1, free: 1 }),
    outlivesEngine: () => name === 'http',
  };
}

function openBench() {
  const log: string[] = [];
  return { log, runtime: createAgentRuntimes({ local: recording('local', log), http: recording('http', log) }) };
}

describe('createAgentRuntimes', () => {
  it('gives each call to the runtime of its kind', async () => {
    const { runtime, log } = openBench();

    await runtime.call(agentCall(local));
    await runtime.call(agentCall(http));

    expect(log).toEqual(['local calls a', 'http calls b']);
  });

  it('tells all of them to stop, because a handle does not say whose it is', async () => {
    const { runtime, log } = openBench();

    await runtime.cancel(agentCall(local).handle, 'stop');

    expect(log).toEqual(['local cancels hdl_1', 'http cancels hdl_1']);
  });

  it('answers for capacity and survival by kind', () => {
    const { runtime } = openBench();

    expect([local, http, lambda].map((type) => runtime.capacity(type)?.limit)).toEqual(['local', 'http', undefined]);
    expect([local, http, lambda].map((type) => runtime.outlivesEngine(type))).toEqual([false, true, false]);
  });

  it('refuses a kind that this machine does not have', async () => {
    const { runtime } = openBench();

    await expect(runtime.call(agentCall(lambda))).rejects.toThrow(
      expect.objectContaining({ code: 'runtime_not_embedded' }),
    );
  });
});
