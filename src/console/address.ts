import { useSearchParams } from 'react-router';

/** What the reader chose, kept in the address so that a view can be sent to a colleague; undefined takes it out. */
export function useInAddress(): readonly [
  (name: string) => string | undefined,
  (changes: Readonly<Record<string, string | undefined>>) => void,
] {
  const [search, setSearch] = useSearchParams();
  return [
    (name) => search.get(name) ?? undefined,
    (changes) =>
      setSearch(
        (before) => {
          const next = new URLSearchParams(before);
          for (const [name, value] of Object.entries(changes)) {
            if (value === undefined || value === '') next.delete(name);
            else next.set(name, value);
          }
          return next;
        },
        { replace: true },
      ),
  ];
}
