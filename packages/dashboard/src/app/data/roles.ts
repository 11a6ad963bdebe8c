import type { Role } from '@preceptor/client'
import { useSignedIn } from './session-context.ts'

/** What the signed-in person may do, as far as a page shows or hides it; the server decides. */
export interface Powers {
  /** Decides, supervises, trains. */
  readonly supervises: boolean
  /** Administers the workspace. */
  readonly administers: boolean
}

/** What the roles of the signed-in person allow. */
export function usePowers(): Powers {
  const { identity } = useSignedIn()
  const { roles } = identity.principal
  const has = (role: Role): boolean => roles.includes(role)
  return { supervises: has('supervisor') || has('admin'), administers: has('admin') }
}
