import { Descriptions, Flex } from 'antd';
import { Link } from 'react-router';
import type { ApprovalDetail } from '#api/contract/approval.ts';
import { nameOf, UNIT_NAME } from '../names.ts';
import { useText } from '../preferences.tsx';

type Change = {
  readonly parameter: string;
  readonly unit: string;
  readonly before: string | null;
  readonly after: string;
};

/** What a policy draft changes, on what authority, and the way to its effect. */
export function PolicyContent({ content }: { readonly content: ApprovalDetail['content'] }) {
  const say = useText();
  const changes = (content.changes ?? []) as Change[];
  const set = Object.fromEntries(changes.map(({ parameter, after }) => [parameter, after]));
  return (
    <Flex vertical gap={12}>
      <Descriptions
        size="small"
        column={1}
        bordered
        items={[
          { key: 'document', label: say({ zh: '文件', en: 'Document' }), children: String(content.document) },
          { key: 'article', label: say({ zh: '条款', en: 'Article' }), children: String(content.article) },
          {
            key: 'from',
            label: say({ zh: '生效', en: 'In force from' }),
            children: String(content.effectiveFrom),
          },
          { key: 'year', label: say({ zh: '付费年度', en: 'Payment year' }), children: String(content.year) },
        ]}
      />
      <table className="stretch">
        <thead>
          <tr>
            <th style={{ textAlign: 'start' }}>{say({ zh: '参数', en: 'Parameter' })}</th>
            <th className="number">{say({ zh: '现行', en: 'As it is' })}</th>
            <th className="number">{say({ zh: '草案', en: 'Draft' })}</th>
            <th style={{ textAlign: 'start' }}>{say({ zh: '单位', en: 'Unit' })}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map((one) => (
            <tr key={one.parameter}>
              <td>
                <code>{one.parameter}</code>
              </td>
              <td className="number">{one.before ?? '–'}</td>
              <td className="number">
                <b>{one.after}</b>
              </td>
              <td>{say(nameOf(UNIT_NAME, one.unit))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Link
        to={`/simulation?s=${encodeURIComponent(JSON.stringify([say({ zh: '草案', en: 'draft' }), set]))}`}
      >
        {say({ zh: '看试算的影响', en: 'See its simulated effect' })}
      </Link>
    </Flex>
  );
}
