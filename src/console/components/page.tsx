import { Alert, Button, Empty, Flex, Skeleton, Typography } from 'antd';
import { type ReactNode, useEffect } from 'react';
import { RequestRefused } from '../client.ts';
import { useText } from '../preferences.tsx';

/** The frame of a page: its title (also the browser tab's), what it is for in one line, its actions, its body. */
export function Page(props: {
  readonly title: string;
  readonly lead?: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  const { title, lead, actions, children } = props;
  useEffect(() => {
    document.title = `${title} · OpenYibao`;
  }, [title]);
  return (
    <Flex vertical gap={16}>
      <Flex justify="space-between" align="start" gap={16} wrap>
        <div>
          <Typography.Title level={1} style={{ fontSize: 22, margin: 0 }}>
            {title}
          </Typography.Title>
          {lead ? <Typography.Text type="secondary">{lead}</Typography.Text> : null}
        </div>
        {actions ? (
          <Flex gap={8} wrap className="no-print">
            {actions}
          </Flex>
        ) : null}
      </Flex>
      {children}
    </Flex>
  );
}

/** Shows what a query brought: skeleton, error with its remedy, empty state, or the answer. */
export function Answer<Data>(props: {
  readonly query: {
    readonly data: Data | undefined;
    readonly error: unknown;
    readonly isPending: boolean;
    readonly refetch?: () => unknown;
  };
  readonly empty?: (data: Data) => ReactNode | undefined;
  readonly children: (data: Data) => ReactNode;
}) {
  const { query, empty, children } = props;
  if (query.error) return <Refusal error={query.error} retry={query.refetch} />;
  if (query.isPending || query.data === undefined) return <Skeleton active paragraph={{ rows: 6 }} />;
  const nothing = empty?.(query.data);
  if (nothing) return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={nothing} />;
  return <>{children(query.data)}</>;
}

/** A refused request in words: what, where, what to do. */
export function Refusal(props: { readonly error: unknown; readonly retry?: (() => unknown) | undefined }) {
  const say = useText();
  const { error, retry } = props;
  const refused = error instanceof RequestRefused ? error : undefined;
  const problems = refused?.problems ?? [];
  // the title of the document is the message of its first problem
  const title =
    (problems.length > 1
      ? say({ zh: `有 ${problems.length} 处问题`, en: `${problems.length} problems` })
      : refused?.message) ??
    say({
      zh: '服务没有回应，请检查网络后重试。',
      en: 'The service did not answer; check the network and try again.',
    });
  return (
    <Alert
      type="error"
      showIcon
      title={title}
      description={
        problems.length > 1 ? (
          <ul style={{ margin: 0, paddingInlineStart: 20 }}>
            {problems.map((one) => (
              <li key={`${one.file}:${one.row}:${one.field}:${one.message}`}>
                {one.message}
                {one.remedy ? <Typography.Text type="secondary"> {one.remedy}</Typography.Text> : null}
              </li>
            ))}
          </ul>
        ) : (
          problems[0]?.remedy
        )
      }
      action={
        retry ? <Button onClick={() => retry()}>{say({ zh: '重试', en: 'Try again' })}</Button> : undefined
      }
    />
  );
}
