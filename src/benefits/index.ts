export {
  accumulatorsOfYear,
  type CumulativeType,
  cumulativeTypes,
  noAccumulators,
  sumOfSettlements,
  withChanges,
} from '#benefits/accumulators.ts';
export { type Alternative, alternativesOf } from '#benefits/alternatives.ts';
export { type Catalogue, type CatalogueRow, catalogueOf, factsOf } from '#benefits/catalogue.ts';
export { type ExplainedStep, explainSteps, renderSettlement } from '#benefits/explain.ts';
export { brokenIdentities } from '#benefits/identities.ts';
export { readCatalogue } from '#benefits/input/read-catalogue.ts';
export { readPerson } from '#benefits/input/read-person.ts';
export { readVisits, visitDates } from '#benefits/input/read-visits.ts';
export {
  type BenefitPolicy,
  benefitLayers,
  benefitPolicy,
  cellOf,
  entryOf,
  layersOfFile,
} from '#benefits/policy.ts';
export { settleInOrder } from '#benefits/replay.ts';
export { reverseSettlement } from '#benefits/reverse.ts';
export { type SettleInput, type SettleResult, settleVisit } from '#benefits/settle.ts';
export { settlementJson } from '#benefits/settlement-json.ts';
export type * from '#benefits/types.ts';
