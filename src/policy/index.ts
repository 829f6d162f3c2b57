export {
  type AreaHeader,
  type AreaPolicies,
  type CodeSets,
  loadAreaHeader,
  policyChain,
  resolveArea,
  resolveAreaPolicy,
} from '#policy/area.ts';
export { parsePolicyDate, policyDateOfYear } from '#policy/dates.ts';
export { diffPolicies, type PolicyChange, type PolicyDiff, policyChangesWithin } from '#policy/diff.ts';
export { type Explanation, explainParameter } from '#policy/explain.ts';
export {
  type AssumedValue,
  checkUnit,
  parameterNamed,
  scenarioLayer,
  unreadProblem,
  valueOfText,
  type WrittenAt,
} from '#policy/hypothetical.ts';
export { type LayerName, type PolicyLayer, readValue as readParameterValue } from '#policy/layer.ts';
export {
  BENEFITS_PROFILE,
  loadPolicies,
  loadPolicyFile,
  type Policies,
  profilesOf,
  writtenArea,
} from '#policy/load.ts';
export {
  type Band,
  isParameterName,
  type OptionOf,
  PARAMETERS,
  type ParameterName,
  profileOf,
} from '#policy/parameters.ts';
export { policyHash } from '#policy/policy-hash.ts';
export { loadPolicyRows, policyRows } from '#policy/policy-rows.ts';
export { DIP_STEPS, type DipStepName } from '#policy/registry/dip-steps.ts';
export { citationText, renderDiff, renderExplanation } from '#policy/render.ts';
export {
  type ParameterSource,
  type Policy,
  type PolicyQuestion,
  type ResolvedValue,
  resolvePolicy,
  tablesInForce,
} from '#policy/resolve.ts';
export { type CitedText, citedText } from '#policy/statement.ts';
export { LAYER_TITLES, UNIT_TITLES, type Unit } from '#policy/titles.ts';
export { documentsInForce, renderDocuments } from '#policy/versions.ts';
export { parametersOfSql, watchedPolicy } from '#policy/watched.ts';
export {
  bilingualPart,
  choicePart,
  knownParts,
  listParts,
  mappingParts,
  type Part,
  readUtf8,
  readYaml,
  report as reportYaml,
  textPart,
  type YamlFile,
} from '#policy/yaml-file.ts';
