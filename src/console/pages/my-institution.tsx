import { useSession } from '../session.tsx';
import { OfSettledYear } from '../year.tsx';
import { InstitutionOf } from './institutions.tsx';

/** The first page of a hospital: its own year, what waits for it, its statements. */
export function MyInstitutionPage() {
  const { institutionCode } = useSession();
  return (
    <OfSettledYear>
      {(year) => <InstitutionOf year={year} code={institutionCode ?? ''} isOwn />}
    </OfSettledYear>
  );
}
