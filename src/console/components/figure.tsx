import { Card, Flex, Typography } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'react-router';

/** One figure with its unit, what it means, and the way to the rows behind it. */
export function Figure(props: {
  readonly title: string;
  readonly value: string;
  readonly unit?: string;
  readonly to?: string;
  readonly note?: ReactNode;
  readonly tone?: 'gain' | 'loss' | undefined;
}) {
  const { title, value, unit, to, note, tone } = props;
  const text = (
    <span className={tone} style={{ fontSize: 20, fontWeight: 600 }}>
      {value}
      {unit ? <span style={{ fontSize: 13, fontWeight: 400, marginInlineStart: 4 }}>{unit}</span> : null}
    </span>
  );
  return (
    <Card size="small" style={{ minWidth: 150, flex: '1 1 150px' }}>
      <Flex vertical gap={2}>
        <Typography.Text type="secondary">{title}</Typography.Text>
        {to ? (
          <Link
            to={to}
            style={{ color: 'inherit', textDecoration: 'underline dotted', textUnderlineOffset: 4 }}
          >
            {text}
          </Link>
        ) : (
          text
        )}
        {note ? (
          <Typography.Text type="secondary" style={{ fontSize: 12 }}>
            {note}
          </Typography.Text>
        ) : null}
      </Flex>
    </Card>
  );
}

/** Figures side by side, wrapping on narrow screens. */
export function Figures({ children }: { readonly children: ReactNode }) {
  return (
    <Flex gap={12} wrap>
      {children}
    </Flex>
  );
}
