import { describe, expect, it } from 'vitest';
import { plain } from '../../../cli/render/style.ts';
import { renderVersions } from '../../../cli/render/version-list.ts';
import { midnight } from '../../makers/event-log.ts';

describe('renderVersions', () => {
  it('shows name, version and moment of each, aligned, in the order given', () => {
    const digest = 'a'.repeat(64);
    const versions = [
      { name: 'deep-scan', version: '2.0', digest, publishedAt: midnight },
      { name: 'audit', version: '10.0.1', digest, publishedAt: midnight + 61_999 },
    ];

    expect(renderVersions(versions, plain)).toEqual([
      'workflow   version  published',
      'deep-scan  2.0      2026-11-21 00:00:00',
      'audit      10.0.1   2026-11-21 00:01:01',
    ]);
  });
});
