import { didYouMean } from '../../diagnostics/index.ts';
import type { Finding } from '../../definition/index.ts';
import type { Reading } from '../../expressions/index.ts';
import { followReading, type Site } from '../known-readings.ts';
import type { RuleContext } from '../rule.ts';
import { describeTypes } from '../schema-parts.ts';

/** VAL231 and LINT908: what is read of an input or an output is there, as far as schemas say what is there. */
export function* readsFitSchemas(context: RuleContext): Generator<Finding> {
  for (const { place, path, source, offset, closed, check } of context.expressions) {
    // Of one that does not parse nothing is known but that.
    for (const reading of closed && check.problems.length === 0 ? check.readings : []) {
      const found = findingOf(
        reading,
        source,
        { region: place.reader.levels[0]?.region, placed: place.placed },
        context,
      );
      if (!found) continue;
      const { member, ...finding } = found;
      yield { ...finding, path, piece: { offset: offset + member.offset, length: member.length } };
    }
  }
}

type Member = Reading['members'][number];

function findingOf(
  reading: Reading,
  source: string,
  site: Site,
  context: RuleContext,
): (Omit<Finding, 'path'> & { readonly member: Member }) | undefined {
  const found = followReading(reading, site, context);
  const member = found && reading.members[found.at];
  if (!member || found.membership.kind === 'known' || member.isOptional) return undefined;
  const { kind, known } = found.membership;
  const before = reading.members[found.at - 1];
  const owner = before ? source.slice(before.offset, before.offset + before.length) : reading.root;
  const near = didYouMean(String(member.key), known);
  const hint = near === undefined ? listOf(known) : `did you mean \`${near}\`?`;
  if (kind === 'never') {
    const { types } = found.membership;
    const message = types
      ? `\`${owner}\` is ${describeTypes(types)} by its schema, and has no \`${member.key}\`.`
      : `By its schema, \`${owner}\` has no \`${member.key}\`.`;
    return { code: 'VAL231', message, hint, member };
  }
  if (near === undefined) return undefined;
  return { code: 'LINT908', message: `The schema of \`${owner}\` does not speak of \`${member.key}\`.`, hint, member };
}

/** Longer lists help nobody to find a name. */
const MOST_LISTED = 12;

function listOf(known: readonly string[]): string | undefined {
  return known.length > 0 && known.length <= MOST_LISTED ? `it has ${known.join(', ')}` : undefined;
}
