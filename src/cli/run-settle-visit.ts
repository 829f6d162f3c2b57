import { NO_PERSON, NO_POLICY } from '#benefits/errors.ts';
import {
  type Accumulators,
  accumulatorsOfYear,
  allowanceJson,
  allowanceText,
  alternativesOf,
  type BenefitPolicy,
  benefitLayers,
  benefitPolicy,
  cellOf,
  contextOf,
  explainSteps,
  maternityAllowance,
  noAccumulators,
  readCatalogue,
  readPerson,
  readVisits,
  renderSettlement,
  settlementJson,
  settleVisit,
  visitDates,
} from '#benefits/index.ts';
import type { SettleVisitOptions } from '#cli/settle-visit.ts';
import { YibaoError } from '#kernel/errors.ts';
import type { Language } from '#kernel/locale.ts';
import {
  BENEFITS_PROFILE,
  loadPolicies,
  loadPolicyFile,
  mappingParts,
  type PolicyLayer,
  parsePolicyDate,
  readUtf8,
  readYaml,
  resolveArea,
  type YamlFile,
} from '#policy/index.ts';

/** Settles the visits of a file in their order and prints each with its steps, or all as JSON. */
export function runSettleVisit(options: SettleVisitOptions, language: Language): void {
  const layers = layersOf(options);
  const knownAt = options.knownAt === undefined ? undefined : parsePolicyDate(options.knownAt);
  const visitYaml = soundYaml(options.visit);
  const dates = visitDates(visitYaml);
  throwProblems(visitYaml);
  const policies = new Map<string, BenefitPolicy>();
  const policyOf = (date: string): BenefitPolicy => {
    const policy = policies.get(date) ?? benefitPolicy(layers, date, knownAt);
    policies.set(date, policy);
    return policy;
  };
  const first = policyOf(dates[0] ?? '2025-01-01');
  const tolerance = cellOf(first, 'lines.amount_tolerance', {}).number;
  const visits = readVisits(visitYaml, first.declared, tolerance, options.catalogue !== undefined);
  const year = Number((dates[0] ?? '2025-01-01').slice(0, 4));
  const { person, accumulators: start } = personOf(options, visitYaml, first, dates[0] ?? '2025-01-01');
  const catalogue =
    options.catalogue === undefined
      ? undefined
      : readCatalogue(readUtf8(options.catalogue), options.catalogue);

  let accumulators: Accumulators = start ?? noAccumulators(year);
  const printed: Record<string, unknown>[] = [];
  for (const visit of visits) {
    const policy = policyOf(visit.date);
    const before = accumulatorsOfYear(accumulators, Number(visit.date.slice(0, 4)));
    const input = { policy, person, visit, accumulators: before, catalogue };
    const result = inFiles(options, () => settleVisit(input));
    accumulators = result.accumulators;
    const { settlement } = result;
    const steps = explainSteps(settlement, { policy, person, visit, before });
    const alternatives = alternativesOf(input, settlement);
    const { allowance: facts, delivery } = visit;
    const about = contextOf(person, visit, settlement.identity, undefined);
    const allowance =
      facts && delivery !== undefined ? maternityAllowance(policy, { ...facts, delivery }, about) : undefined;
    if (options.json) {
      const json = settlementJson(settlement, steps, alternatives);
      printed.push(allowance ? { ...json, allowance: allowanceJson(allowance) } : json);
      continue;
    }
    const more = alternatives.map(({ text }) => `  ${text[language]}\n`).join('');
    process.stdout.write(`${printed.length > 0 ? '\n' : ''}${renderSettlement(settlement, steps, language)}`);
    if (allowance) process.stdout.write(`\n${allowanceText(allowance)[language]}\n`);
    if (more) process.stdout.write(`\n${language === 'zh' ? '比较' : 'compare'}\n${more}`);
    printed.push({});
  }
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ settlements: printed, accumulators }, null, 2)}\n`);
  }
}

/**
 * Settles, and says of an error that knows no file which one to mend: the policy where it says nothing on that day, else the
 * visits.
 */
function inFiles<Result>({ policy = [], visit }: SettleVisitOptions, settle: () => Result): Result {
  try {
    return settle();
  } catch (error) {
    if (!(error instanceof YibaoError)) throw error;
    const located = error.problems.map((problem) => {
      if (problem.definition.code === 'benefits.no-value')
        return { ...problem, file: policy.at(-1) ?? problem.file };
      return { ...problem, file: problem.file ?? visit };
    });
    throw new YibaoError(located);
  }
}

function layersOf({ policy = [], area }: SettleVisitOptions): PolicyLayer[] {
  if (policy.length === 0 && area === undefined) throw new YibaoError({ definition: NO_POLICY });
  const policies = loadPolicies();
  const outer =
    area === undefined
      ? benefitLayers('000000', policies)
      : resolveArea(area, policies, BENEFITS_PROFILE).layers;
  return [...outer, ...policy.map((file) => loadPolicyFile(file, policies.documents))];
}

function personOf(options: SettleVisitOptions, visitYaml: YamlFile, policy: BenefitPolicy, firstDay: string) {
  const own = options.person === undefined ? undefined : soundYaml(options.person);
  const yaml = own ?? visitYaml;
  const part = own?.root ?? mappingParts(visitYaml, visitYaml.root).find(({ key }) => key === 'person');
  const read = part && readPerson(yaml, part, policy.declared, Number(firstDay.slice(0, 4)), firstDay);
  const problems = own ? [...visitYaml.problems, ...own.problems] : visitYaml.problems;
  if (problems.length > 0) throw new YibaoError(problems);
  if (!read) throw new YibaoError({ definition: NO_PERSON, file: options.visit, field: 'person' });
  return read;
}

function soundYaml(file: string): YamlFile {
  const yaml = readYaml(file);
  throwProblems(yaml);
  return yaml;
}

function throwProblems({ problems }: YamlFile): void {
  if (problems.length > 0) throw new YibaoError(problems);
}
