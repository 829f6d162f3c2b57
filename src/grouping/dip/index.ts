export { type CaseFileResult, groupCaseFile } from './cases/group-case-file.ts';
export { answerSignatures, caseOfSignature } from './cases/group-signatures.ts';
export { type FileCase, readCaseFile } from './cases/read-case-file.ts';
export {
  importCatalogue,
  listCatalogues,
  openCatalogue,
  type StoredCatalogue,
} from './catalogue/catalogue-store.ts';
export { catalogueText, entryCells } from './catalogue/catalogue-text.ts';
export { diffCatalogues, type GroupChange } from './catalogue/diff-catalogues.ts';
export { classOfEntry, type DirectoryPlace, directoryPlace } from './catalogue/directory.ts';
export { catalogueErrors } from './catalogue/errors.ts';
export {
  type CatalogueEntry,
  CatalogueIndex,
  type GroupCatalogue,
  type GroupKind,
  type TreatmentClass,
} from './catalogue/group-catalogue.ts';
export { type KindCodes, ROW_KINDS } from './catalogue/read-catalogue.ts';
export { areaCatalogue } from './catalogue-method.ts';
export { type Grouping, groupCase, readsTheBill } from './group-case.ts';
export { groupingProfile } from './grouping-profile.ts';
export {
  explanationLine,
  IGNORED_TITLES,
  KIND_TITLES,
  REASON_TITLES,
  stepText,
  verdictText,
} from './grouping-text.ts';
export { REFERENCE_STEPS, referenceCatalogue } from './reference-steps.ts';
export type { DipCase } from './steps/dip-case.ts';
export type { GroupingProfile } from './steps/grouping-state.ts';
