// Judges mutants, each twice, in a process of its own, which may be short of memory:
//   node --max-old-space-size=256 test/hostile/mutation-process.ts 0 10000
// prints what went wrong as lines of JSON, and a summary at the end.
import { digestOfText } from '../../core/json/index.ts';
import { mutantOf, type Mutant } from '../makers/mutations.ts';
import { judgeDefinition } from '../makers/verdict.ts';
import type { MutationSummary, WrongMutant } from './judged-mutants.ts';
import { mutationSources } from './mutation-sources.ts';

const [from = 0, to = 10_000] = process.argv.slice(2).map(Number);
const sources = mutationSources();
const outcomes: Record<string, number> = {};
const digests: string[] = [];
let slowest = { seed: from, cpu: 0 };

/** Its digest; undefined when something was thrown. */
function judge(seed: number, mutant: Mutant): string | undefined {
  const before = process.cpuUsage();
  try {
    const { value } = judgeDefinition(mutant.text);
    const { user, system } = process.cpuUsage(before);
    const cpu = (user + system) / 1_000;
    if (cpu > slowest.cpu) slowest = { seed, cpu };
    outcomes[value.outcome] = (outcomes[value.outcome] ?? 0) + 1;
    return value.digest;
  } catch (error) {
    say({ seed, ...mutant, why: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    return undefined;
  }
}

function say(line: WrongMutant | MutationSummary | { begins: number }): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

// Each is judged again after the next one: what the next one leaves behind must not change the verdict.
let last: { seed: number; mutant: Mutant; digest: string | undefined } | undefined;
for (let seed = from; seed <= to; seed += 1) {
  say({ begins: seed });
  const mutant = seed < to ? mutantOf(seed, sources) : undefined;
  const digest = mutant && judge(seed, mutant);
  if (last?.digest !== undefined && judge(last.seed, last.mutant) !== last.digest)
    say({ seed: last.seed, ...last.mutant, why: 'judged twice, it has two verdicts' });
  if (mutant && digest !== undefined) digests.push(digest);
  last = mutant && { seed, mutant, digest };
}
say({ mutants: to - from, outcomes, slowest, digest: digestOfText(digests.join()) });
