import type { Document, Problem } from './document.ts';

/** A page has one title, at its top, and no level is left out. */
export function checkStructure(documents: readonly Document[]): readonly Problem[] {
  return documents.flatMap(({ path, headings }) => {
    const titles = headings.filter(({ level }) => level === 1);
    const [first] = headings;
    return [
      ...(titles.length === 0 ? [{ path, problem: 'has no title' }] : []),
      ...titles.slice(1).map(({ line, text }) => ({ path, line, problem: `has a second title: ${text}` })),
      ...(first && titles.length > 0 && first.level !== 1
        ? [{ path, line: first.line, problem: `begins with a heading below its title: ${first.text}` }]
        : []),
      ...headings.flatMap(({ level, line, text }, index) => {
        const before = headings[index - 1];
        const skips = before !== undefined && level > before.level + 1;
        return skips ? [{ path, line, problem: `goes from level ${before.level} to level ${level}: ${text}` }] : [];
      }),
    ];
  });
}
