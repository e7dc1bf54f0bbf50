// The house as data: which rooms there are, who may import whom, and who may touch the world outside.
// The design's table stands in shared form in CONTRIBUTING.md; where a room differs, docs/decisions says why.

/** Rooms of core that say nothing about workflows: everybody in core may use them. */
const ground = [
  'core/json',
  'core/ids',
  'core/settings',
  'core/chance',
  'core/errors',
  'core/diagnostics',
  'core/schemas',
  'core/resilience',
];
const compiler = ['core/definition', 'core/expressions', 'core/validation', 'core/plan'];
const everyCoreRoom = [
  ...ground,
  ...compiler,
  'core/agents',
  'core/answers',
  'core/execution',
  'core/forecast',
  'core/saga-proof',
  'core/projections',
  'core/ports',
];

/** What each room may import. A folder that is not listed here does not belong to the house yet. */
export const mayImport: Readonly<Record<string, readonly string[]>> = {
  'core/json': [],
  'core/ids': [],
  // What operators set, the same for a stage and for a laptop.
  'core/settings': [],
  // Chance from a seed is a rule like any other: the same numbers every time.
  'core/chance': [],
  // A breaker knows calls and reports, and nothing of tasks.
  'core/resilience': ['core/json'],
  'core/diagnostics': ['core/json'],
  'core/errors': ['core/json'],
  'core/schemas': ['core/json'],
  'core/agents': ground,
  // Loaded by every worker and bundled into every agent's Lambda: types only, or their start would pay for it.
  'core/answers': ['core/agents'],
  'core/definition': [...ground, 'core/agents'],
  'core/expressions': [...ground, 'core/agents', 'core/definition'],
  'core/validation': [...ground, 'core/agents', 'core/definition', 'core/expressions'],
  'core/plan': [...ground, 'core/agents', 'core/definition', 'core/expressions', 'core/validation'],
  // Decisions read the plan and evaluate its expressions; definitions are behind them.
  'core/execution': [...ground, 'core/agents', 'core/expressions', 'core/plan'],
  // Plays executions by the rules that decide real ones; no decision asks it.
  'core/forecast': [...ground, 'core/agents', 'core/plan', 'core/execution'],
  // Reads what the plan leaves out, effects and their undoing; joins by the rule of executions. Nobody runs by it.
  'core/saga-proof': [...ground, 'core/agents', 'core/definition', 'core/expressions', 'core/plan', 'core/execution'],
  'core/projections': [...ground, 'core/agents', 'core/plan', 'core/execution'],
  'core/ports': [...ground, 'core/agents', 'core/plan', 'core/execution', 'core/projections'],
  statemachines: ['core/json', 'core/ids', 'core/plan', 'core/errors', 'core/diagnostics'],
  engine: everyCoreRoom,
  // Definition text → compiled workflow → published version, the same for laptop, API, compiler Lambda and synth.
  compiler: [...everyCoreRoom, 'statemachines'],
  'adapters/embedded': everyCoreRoom,
  'adapters/aws': everyCoreRoom,
  // Agents behind HTTP, called from the laptop and from AWS alike.
  'adapters/http': everyCoreRoom,
  api: [...everyCoreRoom, 'engine', 'compiler'],
  local: [...everyCoreRoom, 'engine', 'api', 'compiler', 'statemachines', 'adapters/embedded', 'adapters/http'],
  cli: [...everyCoreRoom, 'statemachines', 'compiler', 'api', 'local', 'simulation'],
  functions: [
    ...everyCoreRoom,
    'engine',
    'api',
    'compiler',
    'statemachines',
    'adapters/aws',
    'adapters/http',
    'sdk/agent',
    'sdk/lambda',
    'package.json',
  ],
  // The functions and the engine beside one another, in simulated time: what they stand on is the embedded adapters.
  simulation: [...everyCoreRoom, 'engine', 'compiler', 'statemachines', 'adapters/embedded', 'local', 'functions'],
  // What an agent's author imports.
  'sdk/agent': ['core/json', 'core/agents', 'core/answers', 'core/errors'],
  'sdk/lambda': ['core/json', 'core/agents', 'core/answers', 'core/errors', 'sdk/agent'],
  'sdk/http': ['core/json', 'core/agents', 'core/answers', 'core/errors', 'sdk/agent'],
  'sdk/testing': ['core/json', 'core/agents', 'core/answers', 'core/errors', 'sdk/agent'],
  // DEPLOY TIME. Handlers are named by path, never imported.
  // Of the adapters it takes what the stacks have to agree with: the table, the names of variables.
  lib: [...everyCoreRoom, 'compiler', 'statemachines', 'adapters/aws'],
  bin: ['lib'],
  examples: [
    'core/agents',
    'core/definition',
    'cli',
    'local',
    'lib',
    'sdk/agent',
    'sdk/lambda',
    'sdk/http',
    'sdk/testing',
  ],
  // Writes the generated references.
  docs: ['core/json', 'core/diagnostics', 'core/errors', 'core/definition', 'core/validation', 'core/execution', 'api'],
  bench: [...everyCoreRoom, 'engine', 'api', 'compiler', 'statemachines', 'adapters/embedded', 'local', 'cli'],
};

/** Packages that only some rooms may know. `*` at the end stands for the rest of the name. */
export const packagesOnlyIn: Readonly<Record<string, readonly string[]>> = {
  // call-model is an agent: it has a composition root of its own.
  '@aws-sdk/*': ['adapters/aws', 'functions/compose.ts', 'functions/call-model'],
  'aws-cdk-lib*': ['lib', 'bin'],
  constructs: ['lib', 'bin'],
  'cdk-nag': ['bin'],
  '@marcbachmann/cel-js': ['core/expressions'],
  ajv: ['core/schemas'],
  'ajv/*': ['core/schemas'],
  yaml: ['core/definition', 'simulation/scenario.ts'],
  'graphology*': ['core/plan'],
  jsonata: ['local/interpreter', 'statemachines'],
  'node:sqlite': ['adapters/embedded'],
  'node:worker_threads': ['local/agents'],
  hono: ['api', 'local'],
  'hono/aws-lambda': ['api', 'functions/api'],
  '@hono/node-server': ['local'],
  // Tokens: who checks them, who signs its own, and who fetches an issuer's keys.
  jose: ['api', 'local', 'functions'],
  commander: ['cli'],
  'log-update': ['cli'],
  '@middy/*': ['sdk/lambda', 'functions'],
  'node:fs': ['adapters/embedded', 'local', 'cli', 'docs', 'lib'],
  'node:fs/promises': ['adapters/embedded', 'local', 'cli'],
  'node:child_process': ['cli', 'local/agents'],
  'node:timers*': ['adapters/embedded', 'adapters/aws'],
};

/** Where the world may come in. Everything else is handed a Clock, Ids or Timers. */
export const impureOnlyIn = {
  environment: [
    'cli/main.ts',
    'sdk/agent/world.ts',
    'adapters/aws/environment.ts',
    'functions/compose.ts',
    'functions/call-model/handler.ts',
    'bin',
  ],
  clock: ['adapters/embedded', 'adapters/aws/lambda-world.ts', 'cli/main.ts', 'sdk/agent/world.ts'],
  randomness: ['adapters/embedded', 'cli/main.ts', 'adapters/aws'],
  timer: [
    'adapters/embedded',
    'adapters/aws/dynamo-table.ts',
    'adapters/aws/lambda-world.ts',
    'local/schedule.ts',
    'cli/main.ts',
    'sdk/agent/world.ts',
  ],
  network: ['adapters/embedded', 'adapters/aws/cloudformation-answers.ts', 'cli/main.ts', 'sdk/agent'],
} as const;

/** Files that are started, by a shell or by an example that spells out a command; they export nothing. */
export const programs = ['cli/main.ts', 'cli/skein.js'];

/** Folders whose code shows or measures the house; the rules about the world outside are not theirs. */
export const outsideTheHouse = ['test', 'bench', 'examples'];

/** Files at the root of the checkout. */
export const rootFiles = ['vitest.config.ts', 'vitest.deploy.config.ts'];
