import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isSeq, parseDocument, YAMLMap } from 'yaml';
import { type ErrorDefinition, type Problem, YibaoError } from '#kernel/errors.ts';
import {
  loadAreaHeader,
  loadPolicies,
  PARAMETERS,
  type ParameterName,
  type Policy,
  parameterNamed,
  parsePolicyDate,
  policyChain,
  policyDateOfYear,
  resolvePolicy,
  valueOfText,
} from '#policy/index.ts';

/** What a policy draft would change of an area, and on what authority. */
export type PolicyDraft = {
  readonly areaId: string;
  /** the first payment year that is meant */
  readonly year: number;
  readonly sets: readonly { readonly parameter: string; readonly value: string }[];
  /** title of the document */
  readonly document: string;
  readonly article: string;
  /** YYYY-MM-DD */
  readonly effectiveFrom: string;
};

export const draftErrors = {
  tooLate: {
    code: 'policy-draft.too-late',
    exit: 3,
    message: {
      zh: '{value} 生效的政策管不到 {year} 年度：年度按 1 月 1 日在执行的政策结算',
      en: 'a policy in force from {value} does not reach {year}: a year is settled under the policy in force on its 1 January',
    },
    remedy: { zh: '生效日期不晚于该年 1 月 1 日', en: 'give a date no later than 1 January of the year' },
  },
  repeated: {
    code: 'policy-draft.repeated',
    exit: 3,
    message: { zh: '参数 {field} 改了两次', en: 'parameter {field} is changed twice' },
    remedy: { zh: '只留一个值', en: 'keep one value' },
  },
  notTaken: {
    code: 'policy-draft.not-taken',
    exit: 4,
    message: {
      zh: '{field} 定为“{value}”后，{year} 年度仍按“{found}”结算',
      en: 'with {field} set to "{value}", {year} would still be settled under "{found}"',
    },
    remedy: {
      zh: '该参数已有更晚的值，或取决于另一个选择；先改那里',
      en: 'a later value is there already, or it hangs on another choice: change that first',
    },
  },
} satisfies Record<string, ErrorDefinition>;

const AREA_FILE = 'area.yaml';

/** What a draft changes, each with the value before, as it stood when the draft was made. */
export type DraftChange = {
  readonly parameter: string;
  readonly unit: string;
  readonly before: string | null;
  readonly after: string;
};

/**
 * Checks a draft against the area as it is now: names, values, date, and that the year would be settled under them.
 * @throws YibaoError with all its problems
 */
export function checkDraft(dataFolder: string, draft: PolicyDraft): readonly DraftChange[] {
  const names = draftNames(draft);
  const folder = areaFolder(dataFolder, draft.areaId);
  const before = policyOf(join(folder, AREA_FILE), draft.year);
  const partial = join(folder, `${AREA_FILE}.draft-${process.pid}`);
  try {
    writeFileSync(
      partial,
      withDraft(readFileSync(join(folder, AREA_FILE), 'utf8'), draft, names, 'draft', null),
    );
    checkTaken(policyOf(partial, draft.year), draft, names);
  } finally {
    rmSync(partial, { force: true });
  }
  return draft.sets.map(({ parameter }, index) => ({
    parameter,
    unit: PARAMETERS[names[index]!.name].unit,
    before: before.values[names[index]!.name]?.value.text ?? null,
    after: names[index]!.text,
  }));
}

/**
 * Writes the values of a draft into the area's own layer, dated, with document and article. The file is replaced, so that
 * the runs that read the old one keep it.
 * @param id of the document in the file
 * @throws YibaoError when the file as it would be cannot be read or the year would not be settled under the values
 */
export function publishDraft(dataFolder: string, draft: PolicyDraft, id: string, recorded: string): void {
  const names = draftNames(draft);
  const file = join(areaFolder(dataFolder, draft.areaId), AREA_FILE);
  const partial = `${file}.partial`;
  writeFileSync(partial, withDraft(readFileSync(file, 'utf8'), draft, names, id, recorded));
  try {
    checkTaken(policyOf(partial, draft.year), draft, names);
    renameSync(partial, file);
  } finally {
    rmSync(partial, { force: true });
  }
}

const areaFolder = (dataFolder: string, areaId: string): string => join(dataFolder, 'areas', areaId);

type Named = { readonly name: ParameterName; readonly text: string };

function draftNames(draft: PolicyDraft): readonly Named[] {
  const problems: Problem[] = [];
  if (Temporal.PlainDate.compare(parsePolicyDate(draft.effectiveFrom), policyDateOfYear(draft.year)) > 0) {
    problems.push({
      definition: draftErrors.tooLate,
      field: 'effectiveFrom',
      value: draft.effectiveFrom,
      parameters: { year: draft.year },
    });
  }
  const names = draft.sets.flatMap(({ parameter, value }, index): Named[] => {
    if (draft.sets.findIndex((other) => other.parameter === parameter) < index) {
      problems.push({ definition: draftErrors.repeated, field: parameter, value });
    }
    const name = parameterNamed(parameter, {});
    const read = typeof name === 'string' ? valueOfText(name, value, {}) : name;
    if ('definition' in read) problems.push(read);
    return 'definition' in read ? [] : [{ name: name as ParameterName, text: read.text }];
  });
  if (problems.length > 0) throw new YibaoError(problems);
  return names;
}

function policyOf(file: string, year: number): Policy {
  const policies = loadPolicies();
  const header = loadAreaHeader(file, policies);
  return resolvePolicy({
    layers: [...policyChain(policies, header.code, header.profile), header.layer],
    asOf: policyDateOfYear(year),
  });
}

function checkTaken(policy: Policy, draft: PolicyDraft, names: readonly Named[]): void {
  const problems = names.flatMap(({ name, text }): Problem[] => {
    const found = policy.values[name]?.value.text;
    if (found === text) return [];
    const parameters = { year: draft.year, found: found ?? '–' };
    return [{ definition: draftErrors.notTaken, field: name, value: text, parameters }];
  });
  if (problems.length > 0) throw new YibaoError(problems);
}

/** The text of `area.yaml` with the values of the draft; comments and everything else stay as they are. */
function withDraft(
  text: string,
  draft: PolicyDraft,
  names: readonly Named[],
  id: string,
  recorded: string | null,
): string {
  const document = parseDocument(text);
  document.setIn(['documents', id], draft.document);
  for (const { name, text: value } of names) {
    const path = ['overrides', name];
    const values = [...path, 'values'];
    const old = document.getIn(path);
    if (old !== undefined && !document.hasIn(values)) {
      // written short, with the source of the file: the same value written out
      const source = ['from', 'article', 'basis'].flatMap((key) => {
        const said = document.getIn(['source', key]);
        return said === undefined ? [] : [[key, said]];
      });
      const starts = String(document.getIn(['source', 'starts']));
      document.setIn(path, document.createNode({ unit: PARAMETERS[name].unit, values: { [starts]: [] } }));
      document.setIn(
        [...values, starts, 0],
        document.createNode({ value: old, ...Object.fromEntries(source) }),
      );
    }
    if (!document.hasIn(values)) {
      document.setIn(path, document.createNode({ unit: PARAMETERS[name].unit, values: {} }));
    }
    const dated = document.getIn(values);
    if (!isMap(dated)) throw new TypeError(`${AREA_FILE}: ${name}`);
    const row = {
      value,
      from: id,
      article: draft.article,
      ...(recorded === null ? { recorded: '2100-12-31' } : { recorded }),
    };
    const list = dated.get(draft.effectiveFrom);
    if (isSeq(list)) {
      // a second draft published on the same day takes the place of the first
      const index = list.items.findIndex(
        (item) => item instanceof YAMLMap && String(item.get('recorded')) === row.recorded,
      );
      if (index >= 0) list.set(index, document.createNode(row));
      else list.add(document.createNode(row));
    } else dated.set(draft.effectiveFrom, document.createNode([row]));
  }
  return document.toString({ lineWidth: 0 });
}
