export { type AreaBudgets, areaBudgets } from './budget/area-budgets.ts';
export { budgetData, budgetFiles, renderBudgets } from './budget/render.ts';
export { clearingDeadline } from './clearing/indicators.ts';
export { type CaseExplanation, explainCase } from './explain-case.ts';
export { renderCaseExplanation } from './explain-text.ts';
export { explainPartCase, explainParts } from './parts/explain-parts.ts';
export { renderPartCase, renderParts } from './parts/parts-text.ts';
export { type Settlement, type SettleOptions, settlementWarnings, settleYear } from './settle-year.ts';
export { settlementIdentity, writeResults } from './write-results.ts';
