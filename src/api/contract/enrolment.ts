import { z } from 'zod';
import { listQuery, pageOf, textFilter } from './list.ts';

const text = z.string();
const number = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);
const reason = z.string().trim().min(2).max(500);

/** Addresses and bodies name a person by the number of the file, which says nothing of the person. */
const file = z.int().positive().max(Number.MAX_SAFE_INTEGER);
/** Two files of one person: `fromFile` keeps resolving, `intoFile` goes on. */
export const mergeBody = z.object({ fromFile: file, intoFile: file, reason });
export const mergeSchema = z
  .object({
    merge_id: z.int(),
    from_file: z.int(),
    into_file: z.int(),
    psn_name: text,
    moved: text.describe('rows that went over, and what stayed because both had it'),
    reason: text,
    proposed_by: text.nullable(),
    merged_by: text,
    merged_at: text,
    approval_id: text.nullable(),
  })
  .meta({ id: 'PersonMerge' });
export type PersonMerge = z.infer<typeof mergeSchema>;
const whole = z.coerce.number().int().optional();
export const mergeQuery = listQuery({ from_file: whole, into_file: whole });
export const mergePage = pageOf(mergeSchema);
const sides = z.array(text);
export const comparisonParams = z.object({ from: number, into: number });
export const carriedSchema = z.array(
  z.object({
    kind: text,
    rows: z.int(),
    stay: z.int().describe('both files have the same, or one that overlaps'),
  }),
);
export type Carried = z.infer<typeof carriedSchema>;
export const comparisonSchema = z.object({
  fromFile: z.int(),
  intoFile: z.int(),
  fields: z.array(
    z.object({
      field: text,
      title: z.object({ zh: text, en: text }),
      from: sides,
      into: sides,
      difference: z.enum(['same', 'one', 'differs']).describe('one: only one file says anything'),
    }),
  ),
  carried: carriedSchema,
  balanceFen: z.int(),
  digest: text,
  isRevealed: z.boolean(),
});
export type Comparison = z.infer<typeof comparisonSchema>;

/** A department whose files can be read. */
export const departmentsSchema = z.object({
  rows: z.array(
    z.object({
      department: text,
      title: z.object({ zh: text, en: text }),
      holds: text,
      expects: z.array(text),
      columns: z.array(z.object({ field: text, from: z.array(text), isNeeded: z.boolean() })),
    }),
  ),
});
export type Departments = z.infer<typeof departmentsSchema>;
export const departmentFileSchema = z
  .object({
    file_id: z.int(),
    department: text,
    holds: text,
    file_name: text,
    sha256: text,
    rows: z.int(),
    linked: z.int(),
    new_persons: z.int(),
    to_review: z.int().describe('rows that still wait'),
    unusable: z.int(),
    with_problems: z.int().describe('rows with a cell that could not be read'),
    landed_by: text,
    landed_at: text,
  })
  .meta({ id: 'DepartmentFile' });
export type DepartmentFile = z.infer<typeof departmentFileSchema>;
export const departmentFileQuery = listQuery({ department: textFilter, file_name: textFilter });
export const departmentFilePage = pageOf(departmentFileSchema);
export const landFileQuery = z.object({ department: z.string().min(1).max(64) });
/** The result of the job that lands files. */
export const landedSchema = z.object({
  files: z.array(
    z.object({
      fileId: z.int(),
      name: text,
      wasKnown: z.boolean().describe('the same file was landed before: nothing happened'),
      rows: z.int(),
      linked: z.int(),
      newPersons: z.int(),
      toReview: z.int(),
      unusable: z.int(),
    }),
  ),
});
export type Landed = z.infer<typeof landedSchema>;
export const departmentFileParams = z.object({ file: number });
export const departmentRowSchema = z
  .object({
    line: z.int(),
    psn_name: text,
    certno: text,
    brdy: text.nullable(),
    county: text,
    state: text,
    reason: text,
    file: z.int().nullable().describe('of the person it belongs to'),
    problems: text.describe('fields that could not be read'),
  })
  .meta({ id: 'DepartmentRow' });
export const departmentRowQuery = listQuery({ state: textFilter, reason: textFilter, county: textFilter });
export const departmentRowPage = pageOf(departmentRowSchema);

const reviewState = z.enum(['waiting', 'linked', 'new', 'rejected']);
/** A row that may be about a known person: somebody decides. */
export const reviewSchema = z
  .object({
    review_id: z.int(),
    source: text,
    line: z.int(),
    reason: text.describe('name-differs, same-name-and-birth, number-taken, similar, no-certificate'),
    state: reviewState,
    psn_name: text,
    county: text.nullable(),
    candidates: z.int(),
    best_weight100: z.int().nullable().describe('weight of the best candidate, hundredths of a bit'),
    file: z.int().nullable().describe('of the person it was decided to be about'),
    decided_by: text.nullable(),
    decided_at: text.nullable(),
    made_at: text,
  })
  .meta({ id: 'PersonReview' });
export type PersonReview = z.infer<typeof reviewSchema>;
export const reviewQuery = listQuery({
  state: reviewState.optional(),
  reason: textFilter,
  source: textFilter,
});
export const reviewPage = pageOf(reviewSchema);
export const reviewParams = z.object({ review: number });
const compared = z.object({
  field: text,
  title: z.object({ zh: text, en: text }),
  ofRow: text,
  ofPerson: text,
  level: text.nullable().describe('null: one of the two does not say it'),
  weight100: z.int(),
});
export const reviewDetailSchema = z
  .object({
    review: reviewSchema,
    isRevealed: z.boolean(),
    decision_reason: text.nullable(),
    /** the row as it was understood */
    row: z.array(z.object({ field: text, value: text })),
    candidates: z.array(
      z.object({ file: z.int(), psn_name: text, sum100: z.int(), fields: z.array(compared) }),
    ),
    reviewFrom100: z.int().describe('candidates reach at least this weight'),
  })
  .meta({ id: 'PersonReviewDetail' });
export type PersonReviewDetail = z.infer<typeof reviewDetailSchema>;
export const decideReviewBody = z
  .object({ decision: z.enum(['link', 'new', 'reject']), file: file.optional(), reason })
  .refine(({ decision, file: given }) => (decision === 'link') === (given !== undefined), {
    path: ['file'],
    message: 'file is given with link and with nothing else',
  });
export const decidedSchema = z.object({ file: z.int().nullable() });

/** Who is called on, and why. */
export const workListKind = z.enum([
  'not-enrolled',
  'same-scheme-twice',
  'employee-and-resident',
  'enrolled-elsewhere',
  'dead-but-enrolled',
  'two-files',
]);
export const workItemSchema = z
  .object({
    item_id: z.int(),
    kind: workListKind,
    file: z.int(),
    psn_name: text,
    county: text,
    organisation: text.describe('who is asked to call: school, employer, street'),
    reason: text,
    detail: text,
    other_file: z.int().nullable().describe('of two files: the other one'),
    state: text,
    found_on: text,
    changed_at: text,
  })
  .meta({ id: 'WorkItem' });
export type WorkItem = z.infer<typeof workItemSchema>;
export const workItemQuery = listQuery({
  kind: workListKind.optional(),
  state: textFilter,
  county: textFilter,
  organisation: textFilter,
});
export const workItemPage = pageOf(workItemSchema);
export const funnelSchema = z
  .object({
    kind: workListKind,
    county: text,
    found: z.int(),
    contacted: z.int().describe('ever'),
    open: z.int(),
    enrolled: z.int(),
    resolved: z.int(),
    refused: z.int(),
    wrong_data: z.int(),
  })
  .meta({ id: 'WorkListFunnel' });
export type WorkListFunnel = z.infer<typeof funnelSchema>;
export const funnelQuery = listQuery({ kind: workListKind.optional(), county: textFilter });
export const funnelPage = pageOf(funnelSchema);
export const findBody = z.object({ asOf: z.iso.date() });
export const foundSchema = z.object({
  rows: z.array(
    z.object({
      kind: workListKind,
      found: z.int(),
      settled: z.int().describe('were found before and are no more'),
    }),
  ),
});
export type Found = z.infer<typeof foundSchema>;
export const workItemParams = z.object({ item: number });
export const workItemDetail = z
  .object({
    item: workItemSchema,
    isRevealed: z.boolean(),
    person: z.object({
      psn_name: text,
      certificates: z.array(z.object({ psn_cert_type: text, certno: text })),
      contacts: z.array(z.object({ kind: text, value: text })),
    }),
    steps: z.array(
      z.object({
        number: z.int(),
        action: text,
        title: z.object({ zh: text, en: text }),
        from_state: text,
        to_state: text,
        login: text,
        note: text,
        at: text,
      }),
    ),
    /** what may be done next */
    actions: z.array(
      z.object({ action: text, title: z.object({ zh: text, en: text }), to: text, needsNote: z.boolean() }),
    ),
  })
  .meta({ id: 'WorkItemDetail' });
export type WorkItemDetail = z.infer<typeof workItemDetail>;
export const workStepBody = z.object({
  action: z.string().min(1).max(40),
  note: z.string().trim().max(500).default(''),
});
