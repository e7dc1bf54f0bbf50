import { describe, expect, it } from 'vitest';
import type { ApiBench } from './bench.ts';
import { publishWaiting, waiting } from './workflows.ts';

const yaml = (name: string): string =>
  `workflow:\n  name: ${name}\n  version: "1"\n  tasks:\n    - id: hold\n      wait: { seconds: 1 }\n`;

export function definitions(bench: () => ApiBench): void {
  describe('POST /api/v1/workflows', () => {
    it('publishes a definition, and says what its agents need', async () => {
      const { ask, name } = bench();
      const workflow = name('publish');

      const { status, headers, body } = await ask('POST /api/v1/workflows', { body: waiting(workflow) });

      expect(status).toBe(201);
      expect(headers.get('location')).toMatch(new RegExp(`/api/v1/workflows/${workflow}$`));
      expect(body).toEqual({
        workflow_id: workflow,
        version: '1',
        status: 'validated',
        validation_report: { valid: true, diagnostics: [] },
        estimated_resources: expect.objectContaining({ instances: 0, total: { cores: 0, memory_bytes: 0 } }) as object,
      });
    });

    it.each(['application/yaml', 'text/yaml; charset=utf-8', 'text/plain'])('takes YAML as %s', async (type) => {
      const { ask, name } = bench();
      const workflow = name('yaml');

      const { status, body } = await ask('POST /api/v1/workflows', { body: yaml(workflow), type });

      expect(status).toBe(201);
      expect(body).toMatchObject({ workflow_id: workflow });
    });

    it('takes JSON without the key around it', async () => {
      const { ask, name } = bench();
      const { workflow } = waiting(name('bare')) as { workflow: object };

      const { status, body } = await ask('POST /api/v1/workflows', { body: workflow });

      expect(status).toBe(201);
      expect(body).toMatchObject({ status: 'validated' });
    });

    it('answers 200 to the same content again, and 409 to another under the same version', async () => {
      const { ask, name } = bench();
      const workflow = name('twice');
      await ask('POST /api/v1/workflows', { body: waiting(workflow) });

      const again = await ask('POST /api/v1/workflows', { body: waiting(workflow) });
      const other = await ask('POST /api/v1/workflows', { body: waiting(workflow, { timeout: '1h' }) });

      expect([again.status, other.status]).toEqual([200, 409]);
      expect(other.body).toMatchObject({ code: 'version_exists' });
    });

    it('answers 422 with every finding and its place to an invalid definition', async () => {
      const { ask, name } = bench();
      const text = `${yaml(name('cycle'))}      depends_on: [hold, nobody]\n`;

      const { status, body } = await ask('POST /api/v1/workflows', { body: text, type: 'application/yaml' });

      expect(status).toBe(422);
      const { code, diagnostics } = body as { code: string; diagnostics: { range?: object }[] };
      expect(code).toBe('definition_invalid');
      expect(diagnostics.length).toBeGreaterThan(1);
      expect(diagnostics.every(({ range }) => range)).toBe(true);
    });

    it.each(['{"workflow":', '[]', '"text"', '', '{"workflow":{"__proto__":{"name":"x"}}}'])(
      'answers 422 to a definition like %s',
      async (body) => {
        const { ask } = bench();

        const { status } = await ask('POST /api/v1/workflows', { body });

        expect(status).toBe(422);
      },
    );

    it('answers 400 to an orchestration pattern that is not executed', async () => {
      const { ask, name } = bench();

      const { status, body } = await ask('POST /api/v1/workflows', {
        body: waiting(name('swarm'), { orchestration_pattern: 'swarm' }),
      });

      expect(status).toBe(400);
      expect(body).toMatchObject({ code: 'pattern_not_supported' });
    });

    it('answers 415 to what is neither YAML nor JSON', async () => {
      const { ask } = bench();

      const answers = ['', '/validate', '/plan', '/diff'].map((verb) =>
        ask(`POST /api/v1/workflows${verb}`, { body: '<workflow/>', type: 'application/xml' }),
      );

      expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([415, 415, 415, 415]);
    });

    it('answers 507 to more agents than there may be', async () => {
      const { ask, name } = bench();
      const type = name('crowd');
      await ask(`POST /api/v1/agents/${type}/register`, { body: { runtime: 'human' } });

      const { status, body } = await ask('POST /api/v1/workflows', {
        body: waiting(name('many'), {
          agents: { crowd: { type, count: 20_000 } },
          tasks: [{ id: 'ask', agent: 'crowd' }],
        }),
      });

      expect(status).toBe(507);
      expect(body).toMatchObject({
        code: 'insufficient_resources',
        details: { resource: 'instances', needed: 20_000 },
      });
    });

    it('answers a repeated request with its first answer, and another one with the key with 422', async () => {
      const { ask, name } = bench();
      const [workflow, key] = [name('once'), name('key')];
      const headers = { 'idempotency-key': key };
      const first = await ask('POST /api/v1/workflows', { body: waiting(workflow), headers });

      const again = await ask('POST /api/v1/workflows', { body: waiting(workflow), headers });
      const other = await ask('POST /api/v1/workflows', { body: waiting(name('other')), headers });

      expect([first.status, again.status, other.status]).toEqual([201, 201, 422]);
      expect(again.text).toBe(first.text);
      expect(again.headers.get('location')).toBe(first.headers.get('location'));
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      expect(other.body).toMatchObject({ code: 'key_reused' });
    });
  });

  describe('POST /api/v1/workflows/validate', () => {
    it('says what is wrong, and stores nothing', async () => {
      const { ask, name } = bench();
      const workflow = name('swarm');
      const body = waiting(workflow, { orchestration_pattern: 'swarm' });

      const forRun = await ask('POST /api/v1/workflows/validate', { body });
      const asText = await ask('POST /api/v1/workflows/validate?for_run=false', { body });
      const { status } = await ask(`GET /api/v1/workflows/${workflow}`);

      expect(forRun.body).toMatchObject({ valid: false, diagnostics: [{ severity: 'error' }] });
      expect(asText.body).toMatchObject({ valid: true, diagnostics: [{ severity: 'warning' }] });
      expect(status).toBe(404);
    });

    it('says whether a saga undoes what its tasks do', async () => {
      const { ask, name } = bench();
      const body = waiting(name('saga'), {
        tasks: [{ id: 'tell', emit: { event: 'told' } }],
        fault_tolerance: { saga_pattern: { compensation_enabled: true } },
      });

      const { body: report } = await ask('POST /api/v1/workflows/validate?for_run=false', { body });

      expect(report).toMatchObject({
        valid: true,
        saga: {
          verdict: 'gaps',
          effects: 1,
          gaps: [{ kind: 'event', task: 'tell', path: ['workflow', 'tasks', 0, 'emit'] }],
        },
      });
    });

    it('answers 400 to a query that it does not know', async () => {
      const { ask, name } = bench();

      const { status, body } = await ask('POST /api/v1/workflows/validate?for_run=maybe', { body: waiting(name('v')) });

      expect(status).toBe(400);
      expect(body).toMatchObject({ code: 'query_invalid', errors: [{ pointer: '/for_run' }] });
    });
  });

  describe('POST /api/v1/workflows/plan', () => {
    it('shows the plan with its limits, time, money and critical path', async () => {
      const { ask, name } = bench();

      const { status, body } = await ask('POST /api/v1/workflows/plan', { body: waiting(name('plan')) });

      expect(status).toBe(200);
      expect(body).toMatchObject({
        plan: { tasks: [{ id: 'hold', kind: 'wait' }] },
        critical_path: { tasks: ['hold'], length: 1 },
        transitions: { best: expect.any(Number) as number },
        depth: 0,
        iam: {
          machine: ['begin', 'dispatch', 'conclude'].map((name) => ({
            action: 'lambda:InvokeFunction',
            resource: `function:${name}`,
          })),
          agents: [],
        },
      });
    });

    it('refuses as a publish does', async () => {
      const { ask, name } = bench();
      const swarm = waiting(name('swarm'), { orchestration_pattern: 'swarm' });

      const answers = [swarm, {}].flatMap((body) =>
        ['plan', 'diff'].map((verb) => ask(`POST /api/v1/workflows/${verb}`, { body })),
      );

      expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([400, 400, 422, 422]);
    });
  });

  describe('POST /api/v1/workflows/diff', () => {
    it('says what a definition would change', async () => {
      const { ask } = bench();
      const workflow = await publishWaiting(bench());
      const tasks = [
        { id: 'hold', wait: { seconds: 5 } },
        { id: 'tell', emit: { event: 'told' }, depends_on: ['hold'] },
      ];

      const { body } = await ask('POST /api/v1/workflows/diff', {
        body: waiting(workflow, { version: '2', tasks, timeout: '2h' }),
      });

      expect(body).toEqual({
        workflow_id: workflow,
        from: '1',
        to: '2',
        identical: false,
        tasks: { added: ['tell'], removed: [], changed: [{ name: 'hold', keys: ['wait'] }] },
        agents: { added: [], removed: [], changed: [] },
        settings: ['timeout'],
      });
    });

    it('answers 404 where there is nothing to compare with', async () => {
      const { ask, name } = bench();
      const workflow = await publishWaiting(bench());

      const unknown = await ask('POST /api/v1/workflows/diff', { body: waiting(name('new')) });
      const version = await ask('POST /api/v1/workflows/diff?against=9', { body: waiting(workflow) });

      expect([unknown.status, version.status]).toEqual([404, 404]);
      expect([unknown.body, version.body]).toMatchObject([
        { code: 'workflow_not_found' },
        { code: 'version_not_found' },
      ]);
    });
  });

  describe('GET /api/v1/workflows', () => {
    it('lists all by name, page by page', async () => {
      const { ask } = bench();
      const published = [await publishWaiting(bench()), await publishWaiting(bench())];
      const found: string[] = [];

      let cursor = '';
      do {
        const { body } = await ask(`GET /api/v1/workflows?limit=2${cursor}`);
        const page = body as { workflows: { workflow_id: string }[]; next_cursor?: string };
        found.push(...page.workflows.map(({ workflow_id }) => workflow_id));
        cursor = page.next_cursor === undefined ? '' : `&cursor=${page.next_cursor}`;
      } while (cursor !== '');

      expect(found).toEqual([...new Set(found)].sort());
      expect(found).toEqual(expect.arrayContaining(published));
    });

    it.each(['limit=0', 'limit=501', 'limit=x', 'cursor=abc', `cursor=${'a'.repeat(1001)}`])(
      'answers 400 to %s',
      async (query) => {
        const { ask } = bench();

        expect((await ask(`GET /api/v1/workflows?${query}`)).status).toBe(400);
      },
    );
  });

  describe('GET /api/v1/workflows/{id}', () => {
    it('tells what the workflow does, its machine or its graph, as it is asked', async () => {
      const { ask } = bench();
      const workflow = await publishWaiting(bench());
      const inForm = (accept: string) => ask(`GET /api/v1/workflows/${workflow}`, { headers: { accept } });

      const described = await inForm('*/*');
      const machine = await inForm('application/vnd.skein.asl+json');
      const graph = await inForm('text/vnd.mermaid, application/json;q=0.5');
      const none = await inForm('image/png');

      expect(described.body).toMatchObject({
        workflow_id: workflow,
        version: '1',
        tasks: [{ id: 'hold', kind: 'wait' }],
      });
      expect(JSON.parse(machine.text)).toMatchObject({ StartAt: expect.any(String) as string });
      expect(graph.text).toMatch(/^(graph|flowchart) /);
      expect(none.status).toBe(406);
    });

    it('answers 304 to who has it already, in this form', async () => {
      const { ask } = bench();
      const workflow = await publishWaiting(bench());
      const etag = (await ask(`GET /api/v1/workflows/${workflow}`)).headers.get('etag') ?? '';

      const ifNoneMatch = (tag: string, accept = '*/*') =>
        ask(`GET /api/v1/workflows/${workflow}`, { headers: { 'if-none-match': tag, accept } });

      expect((await ifNoneMatch(etag)).status).toBe(304);
      expect((await ifNoneMatch(`"other", W/${etag}`)).status).toBe(304);
      expect((await ifNoneMatch('"other"')).status).toBe(200);
      expect((await ifNoneMatch(etag, 'text/vnd.mermaid')).status).toBe(200);
    });

    it('gives the version that is asked for, else the latest', async () => {
      const { ask } = bench();
      const workflow = await publishWaiting(bench());
      await ask('POST /api/v1/workflows', { body: waiting(workflow, { version: '2' }) });
      const versionAt = async (query: string) => (await ask(`GET /api/v1/workflows/${workflow}${query}`)).body;

      expect(await versionAt('')).toMatchObject({ version: '2' });
      expect(await versionAt('?version=1')).toMatchObject({ version: '1' });
      expect(await versionAt('?version=3')).toMatchObject({ status: 404, code: 'version_not_found' });
      expect((await ask(`GET /api/v1/workflows/${workflow}?version=${'1'.repeat(201)}`)).status).toBe(400);
    });
  });

  describe('GET /api/v1/workflows/{id}/versions', () => {
    it('lists them, oldest first, page by page', async () => {
      const { ask, name } = bench();
      const workflow = await publishWaiting(bench());
      await ask('POST /api/v1/workflows', { body: waiting(workflow, { version: '0.5' }) });

      const first = await ask(`GET /api/v1/workflows/${workflow}/versions?limit=1`);
      const { next_cursor: cursor = '' } = first.body as { next_cursor?: string };
      const second = await ask(`GET /api/v1/workflows/${workflow}/versions?limit=1&cursor=${cursor}`);

      expect(first.body).toMatchObject({ versions: [{ version: '1' }] });
      expect(second.body).toMatchObject({ versions: [{ version: '0.5' }] });
      expect(second.body).not.toHaveProperty('next_cursor');
      expect((await ask(`GET /api/v1/workflows/${name('none')}/versions`)).status).toBe(404);
      expect((await ask(`GET /api/v1/workflows/${workflow}/versions?cursor=x`)).status).toBe(400);
    });
  });
}
