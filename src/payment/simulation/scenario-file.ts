import { isMap } from 'yaml';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import {
  bilingualPart,
  checkUnit,
  isParameterName,
  knownParts,
  mappingParts,
  type Part,
  readParameterValue,
  readYaml,
  reportYaml,
  textPart,
  type YamlFile,
} from '#policy/index.ts';
import { schemeOfName } from './budget-change.ts';
import { simulationErrors } from './errors.ts';
import { readSet, repeatedSets, type Scenario, type ScenarioSet } from './scenario.ts';

/**
 * Reads a file of scenarios: `scenarios`, by name, each with `title` (zh, en), `description` and `set`, the values by
 * parameter as in a policy file. Format: docs/guides/simulate.md.
 * @throws YibaoError with all problems of the file, each with its line
 */
export function readScenarioFile(path: string): readonly Scenario[] {
  const yaml = readYaml(path);
  if (yaml.problems.length > 0) throw new YibaoError(yaml.problems);
  const { scenarios } = knownParts(yaml, yaml.root, ['scenarios'], []);
  const read = scenarios ? mappingParts(yaml, scenarios).map((part) => readScenario(yaml, part)) : [];
  if (yaml.problems.length > 0) throw new YibaoError(yaml.problems);
  if (read.length === 0) {
    throw new YibaoError({ definition: simulationErrors.emptyFile, file: yaml.file, row: yaml.root.line });
  }
  return read;
}

function readScenario(yaml: YamlFile, part: Part): Scenario {
  const keys = knownParts(yaml, part, ['set'], ['title', 'description']);
  const sets = (keys.set ? mappingParts(yaml, keys.set) : []).flatMap((each) => readSetPart(yaml, each));
  if (keys.set && isMap(keys.set.node) && keys.set.node.items.length === 0) {
    reportYaml(yaml, simulationErrors.emptyScenario, keys.set, { parameters: { scenario: part.key } });
  }
  yaml.problems.push(...repeatedSets(part.key, sets));
  return {
    id: part.key,
    title: bilingualPart(yaml, keys.title) ?? { zh: part.key, en: part.key },
    description: bilingualPart(yaml, keys.description),
    sets,
  };
}

/** `parameter: value`, or `parameter: {unit, value}`. */
function readSetPart(yaml: YamlFile, part: Part): ScenarioSet[] {
  const place = { file: yaml.file, row: part.line };
  const keys = isMap(part.node) ? knownParts(yaml, part, ['value'], ['unit']) : { value: part };
  const unit = 'unit' in keys ? textPart(yaml, keys.unit) : undefined;
  const problem = (found: Problem): ScenarioSet[] => {
    yaml.problems.push(found);
    return [];
  };
  const name = part.key;
  if (!keys.value) return [];
  if (!isParameterName(name)) {
    if (unit !== undefined && unit !== 'yuan' && schemeOfName(name) !== undefined) {
      return problem({ definition: simulationErrors.wrongBudgetUnit, ...place, field: 'unit', value: unit });
    }
    const text = textPart(yaml, { ...keys.value, key: name });
    if (text === undefined) return [];
    const set = readSet(name, text, place);
    return 'definition' in set ? problem(set) : [set];
  }
  const wrongUnit = unit === undefined ? undefined : checkUnit(name, unit, place);
  if (wrongUnit) yaml.problems.push(wrongUnit);
  const value = readParameterValue(yaml, keys.value, name);
  if (value === null) {
    const set = readSet(name, 'null', place);
    return 'definition' in set ? problem(set) : [set];
  }
  return value === undefined ? [] : [{ ...place, name, text: value.text, parameter: name, value }];
}

/** All scenarios of a call; no two may have one name. */
export function checkScenarios(scenarios: readonly Scenario[]): void {
  if (scenarios.length === 0) throw new YibaoError({ definition: simulationErrors.noScenario });
  const repeated = scenarios.filter(
    ({ id }, index) => scenarios.findIndex((other) => other.id === id) < index,
  );
  if (repeated.length === 0) return;
  throw new YibaoError(
    repeated.map(({ id, sets }) => ({
      definition: simulationErrors.repeatedScenario,
      file: sets[0]?.file,
      row: sets[0]?.row,
      value: id,
    })),
  );
}
