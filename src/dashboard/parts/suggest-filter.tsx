/** A filter that is typed, with suggestions; applied a moment after the last key. */
import { Autocomplete } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useState } from 'react';

const TYPED_MS = 300;

export function SuggestFilter({
  label,
  placeholder,
  value,
  of,
  byKey,
  onChange,
}: {
  label: string;
  placeholder: string;
  value: string;
  of: string[];
  /** The key / leads here. */
  byKey?: boolean;
  onChange: (value: string) => void;
}) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const apply = useDebouncedCallback(onChange, TYPED_MS);
  return (
    <Autocomplete
      data-filter={byKey}
      aria-label={label}
      placeholder={placeholder}
      size="xs"
      w={{ base: 'calc(50% - 6px)', xs: 190 }}
      value={typed}
      data={of}
      limit={12}
      onChange={(next) => {
        setTyped(next);
        apply(next.trim());
      }}
    />
  );
}
