export { type AreaBudgets, areaBudgets } from './budget/area-budgets.ts';
export { budgetData, budgetFiles, renderBudgets } from './budget/render.ts';
export {
  type AreaGroupOptions,
  type AreaGroups,
  areaGroups,
  type KeyHistory,
} from './catalogue/area-groups.ts';
export { buildAreaCatalogue } from './catalogue/build-area-catalogue.ts';
export { type CatalogueEffect, compareCatalogues } from './catalogue/compare-catalogues.ts';
export { clearingDeadline } from './clearing/indicators.ts';
export type { Section } from './explain/sections.ts';
export { type CaseExplanation, explainCase } from './explain-case.ts';
export { explainList, type ListExplanation, listText } from './explain-list.ts';
export { renderCaseExplanation } from './explain-text.ts';
export { type ListGroup, openListGrouper } from './group-list.ts';
export { explainPartCase, explainParts } from './parts/explain-parts.ts';
export { renderPartCase, renderParts } from './parts/parts-text.ts';
export { findCliffCases } from './points/cliff-cases.ts';
export { type CaseAdjuster, caseAdjuster } from './preview-adjust.ts';
export { type CasePreview, type PaymentBasis, plainPayment, previewCase } from './preview-case.ts';
export {
  areaGrouping,
  classOfInstitution,
  type PlaceOfPayment,
  paymentBasis,
  settledCase,
} from './preview-list.ts';
export { PREVIEW_TEXTS, previewText } from './preview-text.ts';
export {
  ALL_LISTS,
  reopenSettlement,
  type Settlement,
  type SettleOptions,
  settlementWarnings,
  settleYear,
} from './settle-year.ts';
export { type Base, type BaseOptions, baseViews, defaultBaseFile, openBase } from './simulation/base.ts';
export type { Scenario, StatedChange } from './simulation/scenario.ts';
export { scenariosOfOptions } from './simulation/scenario.ts';
export { checkScenarios, readScenarioFile } from './simulation/scenario-file.ts';
export { openScenario, type SettledScenario, Simulation } from './simulation/simulate.ts';
export { settlementIdentity, writeResults } from './write-results.ts';
