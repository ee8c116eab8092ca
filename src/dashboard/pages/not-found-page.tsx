import { Anchor } from '@mantine/core';
import { Link } from 'wouter';
import { Empty } from '../parts/states.tsx';
import { commonWords } from '../words/common.ts';
import { useWords } from '../words/language.tsx';

export function NotFoundPage() {
  const t = useWords(commonWords);
  return (
    <Empty title={t.notFound}>
      {t.notFoundHint}{' '}
      <Anchor component={Link} href="/" underline="always">
        {t.toOverview}
      </Anchor>
    </Empty>
  );
}
