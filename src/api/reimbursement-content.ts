import type { z } from 'zod';
import type { Store, StoreTransaction } from '#engine/postgres/store.ts';
import {
  findReimbursed,
  type Reimbursement,
  settleReimbursement,
  tryReimbursement,
  undoReimbursement,
} from '#visits/index.ts';
import type { AreaChange } from '#workflow/index.ts';
import { itemChangeBody } from './contract/item.ts';
import { reimbursementBody, type TrialBody } from './contract/reimbursement.ts';
import type { Context } from './route.ts';
import { personByFile } from './routes/persons.ts';

type ItemsChange = AreaChange & { readonly kind: 'items'; readonly insuredArea: string };
type Content = Readonly<Record<string, unknown>>;
type Work = {
  readonly content?: Content;
  readonly onTaken?: (approval: { readonly id: string; readonly content: Content }) => Promise<void>;
};

/** The form as the rules know it: by the number of the person. @throws YibaoError api.not-found for no such file */
export async function formOf(store: Store, body: z.output<typeof reimbursementBody>): Promise<Reimbursement> {
  const { file, ...form } = body;
  const { psn_no } = await personByFile(store, file);
  return { ...form, psn_no };
}

/** What an approver is shown of a settlement that was tried out. */
export function trialOf(answer: Content): TrialBody {
  const { setlinfo, setldetail } = answer as {
    setlinfo: Record<string, string>;
    setldetail: Record<string, string>[];
  };
  return {
    medfee_sumamt: setlinfo.medfee_sumamt!,
    fund_pay_sumamt: setlinfo.fund_pay_sumamt!,
    psn_part_amt: setlinfo.psn_part_amt!,
    funds: setldetail.map(({ fund_pay_type, fund_pay_type_name, fund_payamt }) => ({
      fund_pay_type: fund_pay_type!,
      name: fund_pay_type_name!,
      fund_payamt: fund_payamt!,
    })),
  };
}

/**
 * What is approved of a reimbursement: the invoice, and what it came to when it was entered. What is paid is worked out when it is
 * approved, after whatever was settled meanwhile.
 */
export async function reimbursementContent(
  { store, benefits }: Pick<Context, 'store' | 'benefits'>,
  given: unknown,
): Promise<Content> {
  const body = reimbursementBody.parse(given);
  const form = await formOf(store, body);
  const answer = await tryReimbursement(
    { db: store as StoreTransaction, now: Temporal.Now.instant() },
    benefits,
    form,
  );
  return { ...form, file: body.file, trial: trialOf(answer) };
}

/** The steps of a reimbursement: entered anew, settled when it is approved, undone. */
export async function reimbursementStep(
  context: Context,
  action: string,
  given: Content | undefined,
): Promise<Work> {
  const { store, benefits } = context;
  const db = store as StoreTransaction;
  if (given !== undefined && action === 'prepare')
    return { content: await reimbursementContent(context, given) };
  const act = (id: string) => ({ db, now: Temporal.Now.instant(), key: id });
  if (action === 'approve') {
    return {
      onTaken: async ({ id, content }) => {
        const { setlId } = await settleReimbursement(act(id), benefits, content as unknown as Reimbursement);
        context.note({ setl_id: setlId });
      },
    };
  }
  if (action === 'reverse') {
    return {
      onTaken: async ({ id }) => {
        const undoneBy = await undoReimbursement(act(id), await findReimbursed(db, id));
        context.note({ undone_by: undoneBy });
      },
    };
  }
  return {};
}

/** Rows to be added to a list of items, which can be added as it is now. */
export function itemsContent({ benefits }: Pick<Context, 'benefits'>, given: unknown): Content {
  const { area_code, document, article, rows } = itemChangeBody.parse(given);
  const written = rows.map((row) => ({ ...row, document, article }));
  benefits.checkItems(area_code, written);
  return { area_code, document, article, rows: written };
}

/** The steps of rows of a list: written anew, or written into the file once their publication is kept. */
export function itemsStep(
  context: Context,
  approval: { readonly content: Content },
  action: string,
  given: Content | undefined,
): Work & { readonly areaChange?: ItemsChange } {
  if (given !== undefined && action === 'prepare') return { content: itemsContent(context, given) };
  if (action !== 'publish') return {};
  const { area_code, rows } = approval.content as { area_code: string; rows: Record<string, string>[] };
  context.note({ area_code, rows: rows.length });
  return { areaChange: { insuredArea: area_code, kind: 'items', change: { rows } } };
}
