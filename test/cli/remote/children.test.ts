import { describe, expect, it } from 'vitest';
import { openShell } from '../../makers/shell.ts';

const workflow = (name: string, ...children: readonly string[]): string => {
  const tasks = ['rest', ...children].map((id) =>
    id === 'rest' ? `{ id: rest, wait: { seconds: 1 } }` : `{ id: ${id}, workflow: { name: ${id} } }`,
  );
  return `workflow: { name: ${name}, version: "1", tasks: [${tasks.join(', ')}] }`;
};

/** A deployment that publishes everything but the workflows of these names. */
function openAt(...refused: readonly string[]) {
  const sent: string[] = [];
  const shell = openShell({
    environment: { SKEIN_CONFIG: 'skein.json', SKEIN_PROFILE: 'prod', TOKEN: 'token' },
    process: {
      fetch: async (_url, { method, body }) => {
        if (method !== 'POST') return Response.json({ digest: 'd', published_at: '2026-11-22T00:00:00Z' });
        const name = /name: (\w+)/.exec(typeof body === 'string' ? body : '')?.[1] ?? '';
        sent.push(name);
        if (!refused.includes(name)) return Response.json({ workflow_id: name, version: '1' }, { status: 201 });
        const range = { start: { line: 1, column: 1, offset: 0 }, end: { line: 1, column: 2, offset: 1 } };
        const finding = {
          file: 'definition',
          code: 'VAL999',
          severity: 'error',
          message: 'no',
          path: 'workflow',
          title: 't',
          range,
        };
        const problem = { status: 422, code: 'definition_invalid', detail: 'It has errors.', diagnostics: [finding] };
        return Response.json(problem, { status: 422 });
      },
    },
  });
  shell.write({
    'skein.json': '{"profiles":{"prod":{"url":"https://skein.test","token_env":"TOKEN"}}}',
    'top.yaml': workflow('top', 'middle', 'elsewhere'),
    'middle.yaml': workflow('middle', 'leaf', 'top'),
    'leaf.yaml': workflow('leaf'),
  });
  return { shell, sent, [Symbol.dispose]: () => shell[Symbol.dispose]() };
}

describe('publishing in a deployment', () => {
  it('sends the workflows beside the file first, each once, and nothing that is not there', async () => {
    using at = openAt();

    const { exitCode, out } = await at.shell.skein('publish', 'top.yaml');

    expect(exitCode).toBe(0);
    expect(at.sent).toEqual(['leaf', 'middle', 'top']);
    expect(out).toContain('top');
  });

  it('stops at one that is refused, and names its file', async () => {
    using at = openAt('middle');

    const { exitCode, out, err } = await at.shell.skein('publish', 'top.yaml');

    expect(exitCode).not.toBe(0);
    expect(at.sent).toEqual(['leaf', 'middle']);
    expect(out + err).toContain('middle.yaml');
  });
});
