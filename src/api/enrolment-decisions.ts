import type { Store } from '#engine/postgres/store.ts';
import {
  type DeemedFound,
  deem,
  findDeemed,
  findRefund,
  findRetirement,
  giveBack,
  type RefundFound,
  type RetirementFound,
  retire,
} from '#enrolment/index.ts';
import { deemedBody, refundBody, retirementBody } from './contract/enrolment-decision.ts';
import type { Context } from './route.ts';
import { personByFile, today } from './routes/persons.ts';

type Content = Readonly<Record<string, unknown>>;
type Needs = Pick<Context, 'store' | 'benefits'>;

/** Kinds of approvals about a person's enrolment. */
export const ENROLMENT_KINDS = ['refund', 'deemed', 'retirement'] as const;
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
    return { ...found, psn_no: psnNo };
  }
  const { file } = (kind === 'deemed' ? deemedBody : retirementBody).parse(given);
  const { psn_no: psnNo } = await personByFile(store, file);
  const { psnNo: _, ...found } =
    kind === 'deemed'
      ? await findDeemed(store, { ...deemedBody.parse(given), psnNo })
      : await findRetirement(store, { ...retirementBody.parse(given), psnNo }, benefits.policyOf);
  return { ...found, file, psn_no: psnNo };
}

/** What only one open approval may be about. */
export const enrolmentSubject = (kind: EnrolmentKind, content: Content): string =>
  kind === 'refund'
    ? `contribution/${content.contributionId}`
    : kind === 'deemed'
      ? `person/${content.file}/${content.monthFrom}-${content.monthTo}`
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
    onTaken: ({ id, content }) => carryOut(context, kind, content, { approvalId: id, on: today() }),
  };
}

async function carryOut(
  { store, benefits }: Needs,
  kind: EnrolmentKind,
  { psn_no, ...content }: Content,
  by: { readonly approvalId: string; readonly on: string },
): Promise<void> {
  const db: Store = store;
  const found: unknown = { ...content, psnNo: psn_no };
  if (kind === 'refund') await giveBack(db, found as RefundFound, benefits.policyOf, by);
  else if (kind === 'deemed') await deem(db, found as DeemedFound, by);
  else await retire(db, found as RetirementFound, benefits.policyOf, by);
}
