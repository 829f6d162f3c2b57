export { type CodeClasses, codeClasses } from './bulk/code-classes.ts';
export { groupSignatures, type SignatureCounts } from './bulk/group-signatures.ts';
export { type DrgCase, type Outcome, UNGROUPED } from './case.ts';
export { compileScheme } from './compile.ts';
export { diffSchemes, type SchemeDiff, type StepPlace } from './diff-schemes.ts';
export { type GroupCounts, type GroupFileOptions, groupFile } from './group-file.ts';
export { Grouper } from './grouper.ts';
export { lintScheme, type SchemeLint } from './lint/lint-scheme.ts';
export type { Program } from './program.ts';
export { type ReadScheme, readScheme } from './read-scheme.ts';
export type { Scheme } from './scheme.ts';
export { type SchemeSummary, type ShownCode, showCode, summariseScheme } from './show-scheme.ts';
export {
  cardOfScheme,
  findScheme,
  type Import,
  importScheme,
  listSchemes,
  type NamedScheme,
  openProgram,
  openScheme,
  type SchemeCard,
} from './store.ts';
