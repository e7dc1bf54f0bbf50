import { openApiDocument, routes } from '../api/index.ts';
import { agentCatalogueJsonSchema, workflowJsonSchema } from '../core/definition/index.ts';
import { diagnosticsPage } from './diagnostics-page.ts';
import { errorsPage } from './errors-page.ts';
import { eventsPage } from './events-page.ts';
import { languagePage } from './language-page.ts';
import { programVersion } from './program-version.ts';

const asText = (schema: object): string => `${JSON.stringify(schema, null, 2)}\n`;

/** What stands under docs/ and is written by `npm run -s docs`, by its path there. */
export const pages: Readonly<Record<string, () => string>> = {
  'workflow.schema.json': () => asText(workflowJsonSchema()),
  'agents.schema.json': () => asText(agentCatalogueJsonSchema()),
  'diagnostics.md': diagnosticsPage,
  'reference/language.md': languagePage,
  'reference/errors.md': errorsPage,
  'reference/events.md': eventsPage,
  'reference/openapi.json': () => asText(openApiDocument(routes, programVersion())),
};
