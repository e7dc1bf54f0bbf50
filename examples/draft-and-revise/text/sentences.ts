/** The sentences of a paragraph, each with its full stop. */
export function sentencesOf(paragraph: string): readonly string[] {
  return paragraph.match(/[^.!?]+[.!?]+/g)?.map((sentence) => sentence.trim()) ?? (paragraph === '' ? [] : [paragraph]);
}

export function wordsOf(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}'’-]+/gu) ?? [];
}

/** Paragraphs of running text: no headings. */
export function paragraphsOf(text: string): readonly string[] {
  return text.split(/\n{2,}/).filter((block) => block !== '' && !block.startsWith('#'));
}

export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
