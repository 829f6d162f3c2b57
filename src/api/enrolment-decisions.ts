import { sql } from 'kysely';
import type { Store } from '#engine/postgres/store.ts';
import {
  compareFiles,
  compareLocked,
  countRetirement,
  type DeemedFound,
  deem,
  enrolmentErrors,
  findDeemed,
  findRefund,
  findRetirement,
  giveBack,
  mergePersons,
  type RefundFound,
  type RetirementFound,
  retire,
} from '#enrolment/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import { mergeBody } from './contract/enrolment.ts';
import { deemedBody, refundBody, retirementBody } from './contract/enrolment-decision.ts';
import type { Context } from './route.ts';
import { numberOf } from './routes/enrolment.ts';
import { personByFile, today } from './routes/persons.ts';

type Content = Readonly<Record<string, unknown>>;
type Needs = Pick<Context, 'store' | 'benefits'>;

/** Kinds of approvals about a person's enrolment. */
export const ENROLMENT_KINDS = ['refund', 'deemed', 'retirement', 'merge'] as const;
export type EnrolmentKind = (typeof ENROLMENT_KINDS)[number];
export const isEnrolmentKind = (kind: string): kind is EnrolmentKind =>
  ENROLMENT_KINDS.some((each) => each === kind);

/** What is approved: the form, and what it comes to by the person's file. @throws YibaoError where it is nothing */
export async function enrolmentContent(
  { store, benefits }: Needs,
  kind: EnrolmentKind,
  given: unknown,
): Promise<Content> {
  if (kind === 'refund') {
    const { psnNo, ...found } = await findRefund(store, refundBody.parse(given), benefits.policyOf);
    const { rows } = await sql<{
      file: number;
    }>`SELECT file_number AS file FROM person WHERE psn_no = ${psnNo}`.execute(store);
    return { ...found, file: rows[0]!.file, psn_no: psnNo };
  }
  if (kind === 'merge') {
    const body = mergeBody.parse(given);
    const [from, into] = [
      await numberOf(store, body.fromFile, 'fromFile'),
      await numberOf(store, body.intoFile, 'intoFile'),
    ];
    const { carried, balanceFen, digest } = await compareFiles(store, from, into);
    return { ...body, carried, balanceFen, digest, psn_no: into };
  }
  const { file } = (kind === 'deemed' ? deemedBody : retirementBody).parse(given);
  const { psn_no: psnNo } = await personByFile(store, file);
  const { psnNo: _, ...found } =
    kind === 'deemed'
      ? await findDeemed(store, { ...deemedBody.parse(given), psnNo })
      : await findRetirement(store, { ...retirementBody.parse(given), psnNo }, benefits.policyOf);
  return { ...found, file, psn_no: psnNo };
}

/** What a decision would come to; a retirement also where years are still missing, so that it can be seen how many. */
export async function enrolmentPreview(
  needs: Needs,
  kind: EnrolmentKind,
  given: unknown,
): Promise<{ readonly content: Content; readonly isComplete: boolean }> {
  if (kind !== 'retirement') return { content: await enrolmentContent(needs, kind, given), isComplete: true };
  const { file, ...form } = retirementBody.parse(given);
  const { psn_no: psnNo } = await personByFile(needs.store, file);
  const { psnNo: _, ...found } = await countRetirement(
    needs.store,
    { ...form, psnNo },
    needs.benefits.policyOf,
  );
  const isPaid = form.payUp === undefined ? found.payUpFen === 0 : form.payUp.fen === found.payUpFen;
  const isMissing = Math.max(found.missingYears, found.missingLocalYears) > 0;
  return {
    content: { ...found, file, psn_no: psnNo },
    isComplete: isPaid || (!isMissing && form.payUp === undefined),
  };
}

/** What only one open approval may be about. */
export const enrolmentSubject = (kind: EnrolmentKind, content: Content): string =>
  kind === 'refund'
    ? `contribution/${content.contributionId}`
    : kind === 'deemed'
      ? `person/${content.file}/${content.monthFrom}-${content.monthTo}`
      : kind === 'merge'
        ? `merge/${Math.min(Number(content.fromFile), Number(content.intoFile))}/${Math.max(Number(content.fromFile), Number(content.intoFile))}`
        : `person/${content.file}`;

/** Entered anew, or carried out when it is approved, in the transaction of the step. */
export async function enrolmentStep(
  context: Context,
  kind: EnrolmentKind,
  action: string,
  given: Content | undefined,
): Promise<{
  readonly content?: Content;
  readonly onTaken?: (approval: { readonly id: string; readonly content: Content }) => Promise<void>;
}> {
  if (given !== undefined) return { content: await enrolmentContent(context, kind, given) };
  if (action !== 'approve') return {};
  return {
    onTaken: ({ id, content }) =>
      carryOut(context, kind, content, { approvalId: id, on: today(), login: context.login }),
  };
}

async function carryOut(
  { store, benefits }: Needs,
  kind: EnrolmentKind,
  { psn_no, ...content }: Content,
  by: { readonly approvalId: string; readonly on: string; readonly login: string },
): Promise<void> {
  const db: Store = store;
  if (kind === 'merge') return carryOutMerge(db, content, by);
  const found: unknown = { ...content, psnNo: psn_no };
  if (kind === 'refund') await giveBack(db, found as RefundFound, benefits.policyOf, by);
  else if (kind === 'deemed') await deem(db, found as DeemedFound, by);
  else await retire(db, found as RetirementFound, benefits.policyOf, by);
}

/** Merges as it was approved; where by now a file says otherwise who the person is, somebody looks again. */
async function carryOutMerge(
  db: Store,
  { fromFile, intoFile, reason, digest }: Content,
  { approvalId, login }: { readonly approvalId: string; readonly login: string },
): Promise<void> {
  const from = await numberOf(db, Number(fromFile), 'fromFile');
  const into = await numberOf(db, Number(intoFile), 'intoFile');
  const now = await compareLocked(db, from, into);
  if (now.digest !== digest) {
    throw new YibaoError({
      definition: enrolmentErrors.factsChanged,
      field: 'fromFile',
      value: `${fromFile}, ${intoFile}`,
    });
  }
  await mergePersons(db, from, into, Temporal.Now.instant(), { login, reason: String(reason), approvalId });
}
