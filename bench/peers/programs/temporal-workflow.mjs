// Runs in Temporal's sandbox: promises end in the order of the history, so starting tasks by dependency is the same when it is replayed.
import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import { byDependency } from '../schedules.ts';

const options = { startToCloseTimeout: '1 minute' };
const activities = { activities: proxyActivities(options), local: proxyLocalActivities(options) };

export async function graph(tasks, mode) {
  await byDependency(tasks, ({ ms }) => activities[mode].work({ ms }));
}
