import { describe, expect, it } from 'vitest';
import { openShell } from '../makers/shell.ts';

const silent = 'workflow: { name: silent, version: "1", tasks: [{ id: rest, wait: { seconds: 1 } }] }';

describe('settingsOf', () => {
  it('gives definitions that say nothing the timeout of this machine', async () => {
    using shell = openShell({ environment: { WORKFLOW_TIMEOUT_HOURS: '2' } });
    shell.write({ 'workflow.yaml': silent, 'agents.yaml': 'agent_types: {}' });

    const { out } = await shell.skein('plan', 'workflow.yaml', '--json');

    expect(JSON.parse(out)).toMatchObject({ plan: { timeout: 7_200 } });
  });

  it('refuses what is no setting, by its name', async () => {
    using shell = openShell({ environment: { WORKFLOW_TIMEOUT_HOURS: 'soon' } });
    shell.write({ 'workflow.yaml': silent, 'agents.yaml': 'agent_types: {}' });

    const { exitCode, err } = await shell.skein('plan', 'workflow.yaml');

    expect(exitCode).not.toBe(0);
    expect(err).toContain('WORKFLOW_TIMEOUT_HOURS is no number');
  });
});
