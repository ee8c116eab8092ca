/** Ctrl+K: a page, a dataset, or a task or execution by the beginning of its id. */
import { ActionIcon, Code, Group, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, spotlight } from '@mantine/spotlight';
import { type KeyboardEvent, useState } from 'react';
import { useLocation } from 'wouter';
import { useDatasets } from '../api/queries.ts';
import { SEARCHED_FROM, useSearch } from '../api/search.ts';
import { PAGES } from '../pages.ts';
import { Icon } from '../parts/icons.tsx';
import { StatusBadge } from '../parts/status-badge.tsx';
import { useLanguage, useWords } from '../words/language.tsx';
import { paletteWords } from '../words/palette.ts';
import { shellWords } from '../words/shell.ts';

const DATASETS_SHOWN = 8;
/** A pause in typing, in ms, after which the API is asked. */
const TYPED_MS = 200;

/** The dialog has a name, which its field shows already. */
const NAME_ONLY = { header: { display: 'none' } };

export function Palette() {
  const t = useWords(paletteWords);
  const [query, setQuery] = useState('');
  return (
    <>
      <ActionIcon variant="subtle" color="gray" aria-label={t.open} title={t.open} onClick={spotlight.open}>
        <Icon name="search" />
      </ActionIcon>
      <Spotlight.Root
        query={query}
        onQueryChange={setQuery}
        title={t.open}
        styles={NAME_ONLY}
        scrollable
        tagsToIgnore={[]}
      >
        <Spotlight.Search
          aria-label={t.open}
          placeholder={t.placeholder}
          leftSection={<Icon name="search" />}
          onKeyDown={takeFirst}
        />
        <Spotlight.ActionsList>
          <Hits text={query.trim()} />
        </Spotlight.ActionsList>
      </Spotlight.Root>
    </>
  );
}

/** Spotlight chooses the first as one types; what an answer brought comes later, and Enter is to take it too. */
function takeFirst({ key, currentTarget }: KeyboardEvent<HTMLElement>): void {
  const list = currentTarget.closest('[role=dialog]');
  if (key !== 'Enter' || list?.querySelector('[data-selected]')) return;
  list?.querySelector('[data-action]')?.setAttribute('data-selected', 'true');
}

function Hits({ text }: { text: string }) {
  const t = useWords(paletteWords);
  const shell = useWords(shellWords);
  const { language } = useLanguage();
  const [, go] = useLocation();
  const { data: catalogue } = useDatasets();
  const [asked] = useDebouncedValue(text, TYPED_MS);
  const search = useSearch(asked);

  const has = (...names: string[]) => names.some((name) => name.toLowerCase().includes(text.toLowerCase()));
  const pages = PAGES.filter(({ name }) => has(name, shell.pages[name]));
  const named = text === '' ? [] : (catalogue?.datasets ?? []);
  const datasets = named.filter(({ name, title }) => has(name, title.en, title.zh)).slice(0, DATASETS_SHOWN);
  const isWanted = text.length >= SEARCHED_FROM;
  // the answer may still be that to what was typed before, and Enter would take it
  const found = isWanted ? (search.data?.found ?? []).filter(({ id }) => id.startsWith(text)) : [];
  const isSearching = isWanted && (asked !== text || search.isFetching);
  const isEmpty = pages.length + datasets.length + found.length === 0;
  return (
    <>
      {found.length > 0 && (
        <Spotlight.ActionsGroup label={t.byId}>
          {found.map(({ kind, id, label, status }) => (
            <Spotlight.Action key={id} onClick={() => go(`/${kind}s/${id}`)}>
              <Group gap="sm" wrap="nowrap" w="100%">
                <Text size="sm">{t[kind]}</Text>
                <Code>{id}</Code>
                <Text size="sm" c="dimmed" truncate flex={1}>
                  {label}
                </Text>
                <StatusBadge status={status} />
              </Group>
            </Spotlight.Action>
          ))}
        </Spotlight.ActionsGroup>
      )}
      {datasets.length > 0 && (
        <Spotlight.ActionsGroup label={t.datasets}>
          {datasets.map(({ name, title }) => (
            <Spotlight.Action
              key={name}
              label={name}
              description={title[language]}
              leftSection={<Icon name="datasets" />}
              onClick={() => go(`/datasets/${name}`)}
            />
          ))}
        </Spotlight.ActionsGroup>
      )}
      {pages.length > 0 && (
        <Spotlight.ActionsGroup label={t.pages}>
          {pages.map(({ name, path }) => (
            <Spotlight.Action
              key={name}
              label={shell.pages[name]}
              leftSection={<Icon name={name} />}
              onClick={() => go(path)}
            />
          ))}
        </Spotlight.ActionsGroup>
      )}
      {isEmpty && <Spotlight.Empty>{isSearching ? t.searching : t.none}</Spotlight.Empty>}
      {isWanted && search.data?.history === false && (
        <Text size="xs" c="dimmed" p="xs">
          {t.noHistory}
        </Text>
      )}
    </>
  );
}
