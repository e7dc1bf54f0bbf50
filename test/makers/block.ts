import type { Block } from '../../core/plan/index.ts';

export const task = <Task>(id: Task): Block<Task> => ({ kind: 'task', task: id });
export const series = <Task>(...blocks: Block<Task>[]): Block<Task> => ({ kind: 'series', blocks });
export const parallel = <Task>(...blocks: Block<Task>[]): Block<Task> => ({ kind: 'parallel', blocks });
