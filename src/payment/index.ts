export {
  type AreaGroupOptions,
  type AreaGroups,
  areaGroups,
  type KeyHistory,
} from './catalogue/area-groups.ts';
export { buildAreaCatalogue } from './catalogue/build-area-catalogue.ts';
export { type CaseExplanation, explainCase } from './explain-case.ts';
export { renderCaseExplanation } from './explain-text.ts';
export { type Settlement, type SettleOptions, settlementWarnings, settleYear } from './settle-year.ts';
export { settlementIdentity, writeResults } from './write-results.ts';
