import type { JsonObject, JsonValue } from '@preceptor/client'
import { createContext, useContext } from 'react'
import type { Path } from './definition-edit.ts'
import type { Problems } from './problems.ts'

/** What every field of the editor works on. */
export interface Editing {
  readonly definition: JsonObject
  readonly problems: Problems
  /** Makes another definition of the present one. */
  change(make: (definition: JsonObject) => JsonObject): void
  set(path: Path, value: JsonValue | undefined): void
  /** A field holds a text that is no JSON: nothing can be saved while one does. */
  setBroken(path: string, isBroken: boolean): void
}

export const EditContext = createContext<Editing | undefined>(undefined)

/** The definition that is edited. */
export function useEditing(): Editing {
  const editing = useContext(EditContext)
  if (editing === undefined) throw new Error('Nothing is edited here.')
  return editing
}
