import { fileURLToPath } from 'node:url';
import { join, resolve } from 'node:path';
import type { TaskDocument } from '../../simulation/index.ts';
import type { Shell } from '../makers/shell.ts';
import { aTask, aWorkflow } from '../makers/small-scenario.ts';

/** A workflow that is run and killed over and over. `prepare` writes its files and answers the arguments of `skein run`. */
export interface Killable {
  readonly name: string;
  prepare(shell: Shell): readonly string[];
}

/** Works for some milliseconds, as long each time; fails as often as it is told to. */
const worker = `import { setTimeout as delay } from 'node:timers/promises';
export default async ({ id, input }, { attempt }) => {
  await delay(10 + (id.length * 7) % 30);
  if (attempt <= (input?.failures ?? 0)) throw new Error('not yet');
  return { id, given: input ?? null };
};
`;

const patient = { max_attempts: 4, interval: 0.05, backoff_rate: 1, max_delay: 1, jitter: 'none' } as const;

const child = aWorkflow('child', [aTask('look'), aTask('tell', { depends_on: ['look'] })]);

const tasksOf: Readonly<Record<string, readonly TaskDocument[]>> = {
  chain: [
    aTask('a'),
    ...['ab', 'abc', 'abcd', 'abcde'].map((id) =>
      aTask(id, { depends_on: [id.slice(0, -1)], input: { before: `\${ tasks.${id.slice(0, -1)}.output.id }` } }),
    ),
  ],
  retries: [
    aTask('stubborn', { input: { failures: 2 }, retry_policy: patient }),
    aTask('beside', { input: { failures: 1 }, retry_policy: patient }),
    aTask('after', { depends_on: ['stubborn', 'beside'], input: { failures: 1 }, retry_policy: patient }),
  ],
  gates: [
    aTask('collect'),
    aTask('news'),
    aTask('polish', { depends_on: ['collect'] }),
    aTask('check', { agent: 'trio', parallel: true, depends_on: ['collect', 'news'] }),
    aTask('report', { depends_on: ['polish', 'check'] }),
  ],
  rounds: [
    aTask('draft'),
    {
      id: 'refine',
      depends_on: ['draft'],
      loop: {
        max_iterations: 3,
        until: '${ loop.index == 2 }',
        tasks: [aTask('revise'), aTask('assess', { agent: 'trio', parallel: true, depends_on: ['revise'] })],
      },
    },
  ],
  sweep: [
    aTask('list'),
    aTask('sweep', {
      depends_on: ['list'],
      for_each: { items: ['a', 'b', 'c', 'd', 'e', 'f', 'g'], max_concurrency: 2, batch: 2 },
      input: { items: '${ item }' },
    }),
    { id: 'quality', group: { max_parallel: 1, tasks: [aTask('lint'), aTask('scan')] } },
  ],
  waits: [
    aTask('first'),
    { id: 'rest', depends_on: ['first'], wait: { seconds: 0.15 } },
    { id: 'tell', depends_on: ['rest'], emit: { event: 'told', data: { who: 'bob' } } },
    { id: 'hear', wait: { event: 'told', match: { who: ['bob'] }, timeout: 60 } },
    aTask('last', { depends_on: ['hear'], input: { who: '${ tasks.hear.output.data.who }' } }),
  ],
  parent: [
    aTask('before'),
    { id: 'sub', depends_on: ['before'], workflow: { name: 'child', version: '1' } },
    aTask('after', { depends_on: ['sub'] }),
  ],
};

const small = Object.entries(tasksOf).map(([name, tasks]): Killable => {
  const workflow = JSON.stringify(aWorkflow(name, tasks));
  const agents = 'agent_types: { worker: { runtime: local, module: ./worker.mjs } }\n';
  return {
    name,
    prepare: (shell) => {
      const files = { 'agents.yaml': agents, 'worker.mjs': worker };
      shell.write({ ...files, 'workflow.yaml': workflow, 'child.yaml': JSON.stringify(child) });
      return ['workflow.yaml'];
    },
  };
});

const examples = fileURLToPath(new URL('../../examples/', import.meta.url));

/** `inputs`: by name, paths that begin at the directory of the shell. */
function anExample(name: string, inputs: Readonly<Record<string, string>>, files = {}): Killable {
  return {
    name,
    prepare: (shell) => {
      shell.write(files);
      const given = Object.entries(inputs).flatMap(([key, path]) => [
        '--input',
        `${key}=${resolve(shell.directory, path)}`,
      ]);
      return [join(examples, name, `${name}.yaml`), ...given];
    },
  };
}

const notes = {
  'notes/one.md': '# One\n\nA word on [two](two.md).\n',
  'notes/two.md': '# Two\n\n## More\n\nAnother word.\n',
  'notes/three.md': '# Three\n\nNothing links [here](four.md).\n',
};

const data = (path: string): string => join(examples, path);

export const killables: readonly Killable[] = [
  ...small,
  anExample('data-pipeline', {
    orders: data('data-pipeline/data/orders.csv'),
    targets: data('data-pipeline/data/targets.csv'),
    folder: 'out',
  }),
  anExample('document-sweep', { folder: 'notes', results: 'out' }, notes),
  anExample('draft-and-revise', { notes: data('draft-and-revise/data/notes.md'), folder: 'out' }),
];
