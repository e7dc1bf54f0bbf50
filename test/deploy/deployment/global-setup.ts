import type { TestProject } from 'vitest/node';
import setUpEmulator from '../emulator/global-setup.ts';
import { bootstrap, deployStacks } from './deploy-stacks.ts';
import { startTokenIssuer, type Signer } from './token-issuer.ts';

/** A deployed stage, as test files are told of it. */
export interface DeployedStage {
  readonly name: string;
  /** Without the `/api/v1` of its routes. */
  readonly apiUrl: string;
  readonly signer: Signer;
}

declare module 'vitest' {
  interface ProvidedContext {
    deployed: DeployedStage;
  }
}

const STAGE = 'dev';

/** An endpoint of its own, with the real stacks on it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const tearDown = await setUpEmulator(project);
  const issuer = await startTokenIssuer();
  const stop = async (): Promise<void> => {
    await issuer.close();
    await tearDown();
  };
  try {
    const endpoint = project.getProvidedContext().endpoint;
    const started = performance.now();
    await bootstrap(endpoint);
    const bootstrapped = performance.now();
    const { signer } = issuer;
    const { issuer: name, audience, jwksUrl } = signer;
    const context = { stage: STAGE, emulator: endpoint, issuer: name, audience, jwksUrl };
    const outputs = await deployStacks({ endpoint, context });
    const deployed = performance.now();
    console.log(
      `Skein: bootstrapped in ${Math.round(bootstrapped - started)} ms, deployed in ${Math.round(deployed - bootstrapped)} ms`,
    );
    const apiUrl = outputs[`Skein-${STAGE}-Api`]?.['Url'] ?? '';
    project.provide('deployed', { name: STAGE, apiUrl, signer });
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}
