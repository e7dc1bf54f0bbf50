import type { LocalAgentType } from '../../../core/agents/index.ts';
import { createInProcessAgentRuntime } from '../../../local/agents/index.ts';
import { agentRuntimeContract, type Asked } from '../../contract/agent-runtime.contract.ts';
import { openMailbox } from '../../makers/agent-calls.ts';

const lint: LocalAgentType = { name: 'lint', runtime: 'local', module: '/agents/lint.ts', capabilities: [] };

agentRuntimeContract('createInProcessAgentRuntime', () => {
  const asked: Partial<Asked>[] = [];
  const runtime = createInProcessAgentRuntime({
    answers: openMailbox(),
    functions: new Map([
      [
        lint.module,
        (task, { execution, agent, attempt, idempotencyKey, slot }) => {
          asked.push({ task, execution, agent, attempt, idempotencyKey, ...(slot && { slot }) });
          return new Promise(() => undefined);
        },
      ],
    ]),
  });
  return {
    runtime,
    agentType: lint,
    unreachable: { ...lint, module: '/agents/gone.ts' },
    asked: async () => {
      await Promise.resolve();
      return asked;
    },
  };
});
