import { RequestProblem } from './problem.ts';

/** The form that an Accept header likes best, the first of those that it likes the same. Throws RequestProblem (406). */
export function negotiate<Form extends string>(accept: string | undefined, forms: readonly [Form, ...Form[]]): Form {
  const ranges = (accept ?? '*/*').split(',').map(rangeOf);
  const liked = forms.map((form) => ({ form, quality: qualityOf(form, ranges) }));
  const best = liked.reduce((most, it) => (it.quality > most.quality ? it : most));
  if (best.quality > 0) return best.form;
  throw new RequestProblem({
    status: 406,
    code: 'not_acceptable',
    detail: 'There is no form of this that the Accept header takes.',
    hint: `There are: ${forms.join(', ')}.`,
  });
}

interface Range {
  readonly range: string;
  readonly quality: number;
}

function rangeOf(text: string): Range {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((it) => it.startsWith('q='))?.slice(2);
  return { range, quality: quality === undefined ? 1 : Number(quality) || 0 };
}

/** Of the ranges that hold a form, the narrowest counts. */
function qualityOf(form: string, ranges: readonly Range[]): number {
  const wider = [form, `${form.slice(0, form.indexOf('/'))}/*`, '*/*'];
  for (const range of wider) {
    const found = ranges.find((it) => it.range === range);
    if (found) return found.quality;
  }
  return 0;
}
