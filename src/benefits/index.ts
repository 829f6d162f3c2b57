export {
  accumulatorsOfYear,
  type CumulativeType,
  cumulativeTypes,
  INCENTIVE_USED,
  noAccumulators,
  sumOfSettlements,
  withChanges,
} from '#benefits/accumulators.ts';
export { type Alternative, alternativesOf } from '#benefits/alternatives.ts';
export { type Catalogue, type CatalogueRow, catalogueOf, factsOf } from '#benefits/catalogue.ts';
export * from '#benefits/codes.ts';
export { contextOf } from '#benefits/context.ts';
export { continuityAfter, type YearPassed } from '#benefits/continuity.ts';
export {
  type EmployeeContribution,
  employeeContribution,
  missingYears,
  type ResidentContribution,
  residentContribution,
} from '#benefits/contribution.ts';
export {
  collectionWindow,
  countedMonths,
  type EmployeeSpan,
  employeeSpans,
  type MonthPaid,
  type ResidentYear,
  type RetirementYears,
  residentYear,
  retirementYears,
  type YearPaid,
} from '#benefits/enrolment-rules.ts';
export { epidemicAdvance } from '#benefits/epidemic.ts';
export {
  type ExplainedStep,
  eligibilityText,
  explainSteps,
  reasonsOf,
  renderSettlement,
  summaryOf,
} from '#benefits/explain.ts';
export { brokenIdentities, FUND_COLUMNS } from '#benefits/identities.ts';
export { continuityIncentive, type Incentive, type IncentiveFacts } from '#benefits/incentive.ts';
export {
  CATALOGUE_COLUMNS,
  type CatalogueColumn,
  type ListedCode,
  readCatalogue,
  readListedCodes,
} from '#benefits/input/read-catalogue.ts';
export { readPerson } from '#benefits/input/read-person.ts';
export { readVisits, visitDates } from '#benefits/input/read-visits.ts';
export { type LongTermCarePayment, payLongTermCare } from '#benefits/long-term-care.ts';
export {
  allowanceJson,
  allowanceText,
  type MaternityAllowance,
  maternityAllowance,
} from '#benefits/maternity.ts';
export { firstDayOf, monthAfter, monthsOf } from '#benefits/months.ts';
export { FUND_NAMES, stepTitle } from '#benefits/names.ts';
export { CALCULATION_STEPS, calculationStepOf } from '#benefits/order.ts';
export {
  type BenefitPolicy,
  benefitLayers,
  benefitPolicy,
  cellOf,
  entryOf,
  layersOfFile,
} from '#benefits/policy.ts';
export { type Refund, type RefundFacts, refundOf } from '#benefits/refund.ts';
export { settleInOrder } from '#benefits/replay.ts';
export {
  RETIREMENT_GROUNDS,
  type RetirementAge,
  type RetirementGround,
  retirementAge,
} from '#benefits/retirement-age.ts';
export { reverseSettlement } from '#benefits/reverse.ts';
export { type SettleInput, type SettleResult, settleVisit } from '#benefits/settle.ts';
export { settlementJson } from '#benefits/settlement-json.ts';
export { fenOfPrice } from '#benefits/split-line.ts';
export { splitAtUpload, type UploadedLine } from '#benefits/split-upload.ts';
export { YEAR_KINDS, type YearKind } from '#benefits/titles.ts';
export type * from '#benefits/types.ts';
export { TOTAL_FIELDS } from '#benefits/types.ts';
export {
  type InsuredBefore,
  type JoinedSpan,
  joinedSpan,
  transferWait,
  type WaitingFacts,
  type WaitingPeriod,
  waitingPeriod,
} from '#benefits/waiting-period.ts';
