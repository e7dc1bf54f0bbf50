import type { Block } from '../../core/plan/index.ts';

export const task = (id: string): Block => ({ kind: 'task', task: id });
export const series = (...blocks: Block[]): Block => ({ kind: 'series', blocks });
export const parallel = (...blocks: Block[]): Block => ({ kind: 'parallel', blocks });
