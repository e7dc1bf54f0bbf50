import type { Command } from 'commander';
import { activeProfile } from '../active-profile.ts';
import { awsFindings } from '../doctor/aws-findings.ts';
import { deploymentFindings } from '../doctor/deployment-findings.ts';
import { failed, type Finding } from '../doctor/finding.ts';
import { databaseFinding, nodeFinding } from '../doctor/machine-findings.ts';
import { databaseOf } from '../open-database.ts';
import { withPlaceOptions } from '../place.ts';
import { renderFindings } from '../render/finding-list.ts';
import { styleFor } from '../render/style.ts';
import type { Surroundings } from '../surroundings.ts';
import { exitCodes, type Verb } from '../verb.ts';

interface Options {
  readonly deploy?: boolean;
  readonly region?: string;
  readonly json?: boolean;
}

export const doctorVerb: Verb = {
  name: 'doctor',
  summary: 'look whether this machine and the deployment work, and say what to do',
  example: 'skein doctor --profile prod',
  declare: (command) =>
    withPlaceOptions(command)
      .option('--deploy', 'look also whether this machine can deploy')
      .option('--region <region>', 'where it would deploy to')
      .option('--json', 'print the findings as JSON'),

  async run(command, surroundings) {
    const { out, environment } = surroundings;
    const { deploy = false, region, json } = command.opts<Options>();
    const findings = [
      nodeFinding(process.versions.node),
      await databaseFinding(databaseOf(command, surroundings)),
      ...(await findingsOfProfile(command, surroundings)),
      ...(deploy ? awsFindings(region, surroundings) : []),
    ];
    const healthy = findings.every(({ status }) => status !== 'failed');
    if (json) out.write(`${JSON.stringify({ healthy, findings }, null, 2)}\n`);
    else out.write(`${renderFindings(findings, styleFor(out, environment)).join('\n')}\n`);
    return healthy ? exitCodes.ok : exitCodes.use;
  },
};

async function findingsOfProfile(command: Command, surroundings: Surroundings): Promise<readonly Finding[]> {
  try {
    const active = await activeProfile(command, surroundings);
    return active ? await deploymentFindings(active, surroundings) : [];
  } catch (error) {
    return [failed('profile', error)];
  }
}
