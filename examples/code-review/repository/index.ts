// A repository as the analysers see it: a list of files, their text, who imports whom.
// Takes: a path. Gives: the inventory, files one by one, syntax trees, import cycles.
// Never: runs or loads anything of the repository, writes to it.
export { buildImportGraph, readImports, type ImportGraph } from './import-graph.ts';
export { findImportCycles } from './import-cycles.ts';
export { commentsOf, descendants, lineOf, parseScript, type Comment } from './parse-script.ts';
export { isCode, isDeclaration, isScript, lockfileNames, type SourceFile } from './source-file.ts';
export { InvalidInput, inventorySchema, resolvePath, takeInventory, type Inventory } from './take-inventory.ts';
export { describeFiles, visitFiles, type Visit } from './visit-files.ts';
