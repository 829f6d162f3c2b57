export {
  type AreaGroupOptions,
  type AreaGroups,
  areaGroups,
  type KeyHistory,
} from './catalogue/area-groups.ts';
export { buildAreaCatalogue } from './catalogue/build-area-catalogue.ts';
export { type CatalogueEffect, compareCatalogues } from './catalogue/compare-catalogues.ts';
export { type CaseExplanation, explainCase } from './explain-case.ts';
export { renderCaseExplanation } from './explain-text.ts';
export { pointsPolicy } from './points/score-case.ts';
export { type CasePreview, previewCase } from './preview-case.ts';
export { areaGrouping, paymentBasis, settledCase } from './preview-list.ts';
export { PREVIEW_TEXTS, previewText } from './preview-text.ts';
export { type Settlement, type SettleOptions, settlementWarnings, settleYear } from './settle-year.ts';
export { settlementIdentity, writeResults } from './write-results.ts';
