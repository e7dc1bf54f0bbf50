import { checkLength } from '../documents/check-length.ts';
import { checkLinks } from '../documents/check-links.ts';
import { checkStructure } from '../documents/check-structure.ts';
import { documentsOf, type Batches } from '../documents/document.ts';

interface Input {
  readonly check: 'links' | 'structure' | 'length';
  readonly folder: string;
  readonly batches: Batches;
}

/** One question about all documents. */
export default function check({ input: { check, folder, batches } }: { readonly input: Input }) {
  const documents = documentsOf(batches);
  switch (check) {
    case 'links':
      return checkLinks(folder, documents);
    case 'structure':
      return checkStructure(documents);
    case 'length':
      return checkLength(documents);
  }
}
