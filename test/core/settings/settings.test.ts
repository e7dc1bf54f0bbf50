import { describe, expect, it } from 'vitest';
import { readSettings, settingNames, settingRows, usualSettings } from '../../../core/settings/index.ts';

describe('readSettings', () => {
  // Row B13: as the requirements write them.
  it.each([
    ['MAX_CONCURRENT_WORKFLOWS', 1000],
    ['WORKFLOW_TIMEOUT_HOURS', 24],
    ['AGENT_ALLOCATION_TIMEOUT_SECONDS', 300],
    ['CHECKPOINT_INTERVAL_MINUTES', 5],
    ['CIRCUIT_BREAKER_FAILURE_THRESHOLD', 5],
    ['SAGA_COMPENSATION_TIMEOUT_SECONDS', 600],
    ['EVENT_RETENTION_HOURS', 168],
    ['HEALTH_CHECK_INTERVAL_SECONDS', 30],
    ['HEARTBEAT_TIMEOUT_SECONDS', 90],
    ['GRACEFUL_SHUTDOWN_TIMEOUT_SECONDS', 120],
  ] as const)('gives %s its default, %i, and the value that it is set to', (name, usual) => {
    expect(readSettings({}).settings[name]).toBe(usual);
    expect(readSettings({ [name]: '' }).settings[name]).toBe(usual);
    expect(readSettings({ [name]: '7' })).toEqual({ settings: { ...usualSettings, [name]: 7 }, faults: [] });
  });

  it.each([
    ['many', 'is no number'],
    ['1.5', 'is no whole number'],
    ['0', 'is less than 1'],
    ['8761', 'is more than 8760'],
  ])('names WORKFLOW_TIMEOUT_HOURS=%s, and goes on', (value, why) => {
    const { settings, faults } = readSettings({ WORKFLOW_TIMEOUT_HOURS: value, EVENT_RETENTION_HOURS: '-1' });

    expect(faults).toEqual([`WORKFLOW_TIMEOUT_HOURS ${why}`, 'EVENT_RETENTION_HOURS is less than 1']);
    expect(settings).toEqual(usualSettings);
  });

  it('knows of each variable what it means, and whether something acts on it', () => {
    expect(settingNames.filter((name) => settingRows[name].meaning.length < 10)).toEqual([]);
    expect(settingNames.filter((name) => settingRows[name].acts)).toEqual([
      'MAX_CONCURRENT_WORKFLOWS',
      'WORKFLOW_TIMEOUT_HOURS',
      'CIRCUIT_BREAKER_FAILURE_THRESHOLD',
      'AGENT_ALLOCATION_TIMEOUT_SECONDS',
      'SAGA_COMPENSATION_TIMEOUT_SECONDS',
      'EVENT_RETENTION_HOURS',
    ]);
  });
});
