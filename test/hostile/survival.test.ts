import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { isJsonObject, type Json, type JsonObject } from '../../core/json/index.ts';
import type { CompiledWorkflow } from '../../compiler/index.ts';
import { createMemoryStores, openOwnedStores, type Stores } from '../../local/index.ts';
import { runWithEchoes } from '../makers/echo-run.ts';
import { hostileJson, hostileLiteral, hostileText } from '../makers/hostile-json.ts';
import { compileText } from '../../simulation/index.ts';
import { temporaryDirectory } from '../makers/temporary-directory.ts';

const VALUES = Number(process.env['SKEIN_SURVIVORS'] ?? 10_000);
/** Values of one execution. */
const PASSENGERS = 40;

/** What a stranger may write, and where. */
interface Journey {
  readonly values: readonly Json[];
  /** Stands in the definition. */
  readonly literal: Json;
  readonly text: string;
  readonly description: string;
  readonly version: string;
  readonly tenant: string;
  /** Legal, and the names of things in JavaScript and in the machine. */
  readonly id: string;
  readonly asYaml: boolean;
}

const journey: fc.Arbitrary<Journey> = fc.record({
  values: fc.array(hostileJson, { minLength: PASSENGERS, maxLength: PASSENGERS }),
  literal: hostileLiteral,
  text: hostileText,
  description: hostileText,
  version: hostileText.filter((text) => text !== ''),
  tenant: hostileText,
  id: fc.constantFrom(
    'echo',
    'constructor',
    'toString',
    'valueOf',
    'begin',
    'work',
    'States',
    'Next',
    'then',
    'x-y',
    'in',
  ),
  asYaml: fc.boolean(),
});

const agentTypes = { echo: {} };
const child = compileText(
  stringify({
    workflow: {
      name: 'child',
      version: '1',
      agents: { solo: { type: 'echo' } },
      tasks: [{ id: 'inner', agent: 'solo', input: '${ input }' }],
      output: '${ tasks.inner.output }',
    },
  }),
  agentTypes,
);

/** So that `${` in a text of the definition stands for itself. */
function escaped(value: Json): Json {
  if (typeof value === 'string') return value.replaceAll('${', () => '$${');
  if (Array.isArray(value)) return value.map(escaped);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, escaped(member)]));
}

function documentOf({ literal, description, version, id }: Journey): JsonObject {
  return {
    workflow: {
      name: 'journey',
      version,
      description,
      tags: [description, version].filter((tag) => tag !== ''),
      agents: { solo: { type: 'echo' } },
      tasks: [
        {
          id,
          agent: 'solo',
          input: { values: '${ input.values }', literal: escaped(literal), text: '<${ input.text }>' },
        },
        {
          id: 'each',
          agent: 'solo',
          input: { item: '${ item }' },
          for_each: { items: '${ input.values }', max_items: PASSENGERS, max_concurrency: PASSENGERS },
        },
        {
          id: 'refine',
          loop: {
            max_iterations: 2,
            tasks: [
              {
                id: 'body',
                agent: 'solo',
                input: '${ loop.index == 0 ? dyn(input.values) : dyn(loop.previous.body.output) }',
              },
            ],
          },
        },
        { id: 'hear', wait: { event: 'told', timeout: 60 } },
        {
          id: 'tell',
          depends_on: [id],
          emit: { event: 'told', data: { values: `\${ tasks["${id}"].output.values }`, literal: escaped(literal) } },
        },
        {
          id: 'start',
          workflow: { name: 'child', version: '1', input: { values: '${ input.values }', literal: escaped(literal) } },
        },
      ],
      output: {
        echo: `\${ tasks["${id}"].output }`,
        each: '${ tasks.each.output }',
        refine: '${ tasks.refine.output.body }',
        heard: '${ tasks.hear.output.data }',
        child: '${ tasks.start.output }',
        literal: escaped(literal),
      },
    },
  };
}

function compile(of: Journey): CompiledWorkflow {
  const document = documentOf(of);
  return compileText(of.asYaml ? stringify(document) : JSON.stringify(document), agentTypes, [child]);
}

/** What every road must have at its end. */
function arrivals({ values, literal, text }: Journey): JsonObject {
  return {
    echo: { values, literal, text: `<${text}>` },
    each: values.map((item) => ({ item })),
    refine: values,
    heard: { values, literal },
    child: { values, literal },
    literal,
  };
}

/** Texts of a machine in which JSONata might see an expression, wherever they stand. */
function expressionsOf(machine: Json): string[] {
  if (typeof machine === 'string') return machine.includes('{%') || machine.includes('%}') ? [machine] : [];
  return Object.entries(machine ?? {}).flatMap(([key, member]) => [
    ...expressionsOf(key),
    ...expressionsOf(member as Json),
  ]);
}

/** `{% "…" %}`: an expression that is a constant text. */
function constantOf(expression: string): string | undefined {
  const literal = /^\{% ("(?:[^"\\%]|\\.)*") %\}$/.exec(expression)?.[1];
  return literal === undefined ? undefined : (JSON.parse(literal) as string);
}

const harmless: Journey = {
  values: [],
  literal: null,
  text: 'text',
  description: 'description',
  version: '1',
  tenant: 'tenant',
  id: 'echo',
  asYaml: true,
};

async function travel(of: Journey, stores: Stores) {
  const input = { values: of.values, text: of.text };
  return runWithEchoes({ compiled: compile(of), children: [child], input, tenant: of.tenant, stores });
}

describe('what strangers write', () => {
  it(
    `is the same at the end of every road through a machine, ${VALUES} values of it`,
    async () => {
      const own = new Set(expressionsOf((await travel(harmless, createMemoryStores('secret'))).machine));
      const property = fc.asyncProperty(journey, async (of) => {
        const { status, output, machine } = await travel(of, createMemoryStores('secret'));

        expect(status).toBe('succeeded');
        expect(JSON.stringify(output)).toBe(JSON.stringify(arrivals(of)));
        const foreign = expressionsOf(machine).filter((expression) => !own.has(expression));
        expect(foreign.map(constantOf).filter((text) => text !== of.tenant && text !== of.version)).toEqual([]);
      });

      await fc.assert(property, { numRuns: Math.ceil(VALUES / PASSENGERS), endOnFailure: false });
    },
    60_000 + VALUES * 30,
  );

  it('is the same in a database', async () => {
    const property = fc.asyncProperty(journey, async (of) => {
      const stores = await openOwnedStores(`${temporaryDirectory()}/skein.db`, () => 'secret');

      const { output } = await travel(of, stores);

      stores.close();
      expect(JSON.stringify(output)).toBe(JSON.stringify(arrivals(of)));
    });

    await fc.assert(property, { numRuns: 5 });
  });
});
