import { readFileSync } from 'node:fs';

/** A file that a guide writes out whole: a fenced block whose first line names it in a comment, `# name.yaml` or `// name.mjs`. */
export interface GuideFile {
  readonly name: string;
  readonly text: string;
}

/** A command that a guide shows, `$ skein …`, and what it prints there. A line `…` stands for any number of lines. */
export interface GuideCommand {
  readonly args: readonly string[];
  readonly shown: string;
}

export interface Guide {
  readonly files: readonly GuideFile[];
  readonly commands: readonly GuideCommand[];
}

export function readGuide(path: string): Guide {
  const blocks = [...readFileSync(path, 'utf8').matchAll(/^```\w*\n([^]*?)^```$/gm)].map(([, block = '']) => block);
  return {
    files: blocks.flatMap((text) => {
      const name = /^(?:#|\/\/) (\S+\.(?:yaml|mjs|ts))\n/.exec(text)?.[1];
      return name === undefined ? [] : [{ name, text }];
    }),
    commands: blocks.flatMap((text) => {
      const [, line, shown] = /^\$ skein (.*)\n([^]*)$/.exec(text) ?? [];
      return line === undefined || shown === undefined ? [] : [{ args: line.split(' '), shown }];
    }),
  };
}

/** What a guide shows when it is right: the text as it is, if its parts between `…` stand in the output, in this order. */
export function asShown(shown: string, output: string): string {
  const [first = '', ...rest] = shown.split(/^…\n/m);
  const last = rest.pop();
  if (last === undefined) return output;
  let at = first.length;
  for (const part of rest) {
    const found = output.indexOf(part, at);
    if (found === -1) return output;
    at = found + part.length;
  }
  const isRight = output.startsWith(first) && output.endsWith(last) && output.length - last.length >= at;
  return isRight ? shown : output;
}
