export {
  isMappingFile,
  type ListMapping,
  MAPPED_SIDES,
  type MappedSide,
  type MappingNames,
  NO_MAPPING,
  openListMapping,
  openMapping,
} from './area-mapping.ts';
export { diffCodeSets, type SetDiff, type SetKind } from './code-set.ts';
export { codesErrors } from './errors.ts';
export { type CodeMatch, lookupCodes, MATCH_KINDS, type MatchKind } from './lookup.ts';
export { type MapFileResult, mapFile, notMapped } from './map-file.ts';
export {
  createMapper,
  type Fan,
  MAPPING_STATUSES,
  type MappedCode,
  type Mapper,
  type MappingReport,
  type MappingStatus,
  mapCode,
  mapText,
  reportMapping,
  splitCodes,
} from './mapping.ts';
export {
  type CodesKind,
  findCodes,
  type ImportResult,
  importCodes,
  kindName,
  type LoadedSet,
  listCodes,
  loadMapping,
  loadSet,
  type MappingTable,
  readAloud,
  readMappingFile,
  removeCodes,
  type SetEntry,
  type StoredCodes,
} from './store.ts';
