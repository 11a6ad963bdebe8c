import { GovernanceError } from '@preceptor/client'
import { BUILT_IN_FORMATS } from './built-in-formats.ts'
import type { Format } from './format.ts'

/** The forms that answers may have. */
export interface Formats {
  /** In the order of registration, the built-in ones first. */
  readonly names: readonly string[]
  /** @throws GovernanceError `OPTION_INVALID` for a name that is not registered. */
  formatNamed(name: string): Format
}

/**
 * Makes the register of formats: `code`, `documentation`, `analysis`, `conversation`, `mixed`, and the own ones, which replace a built-in
 * one of the same name.
 *
 * @throws GovernanceError `OPTION_INVALID` for an own format without a name, and for two of one name.
 */
export function createFormats({ own = [] }: { readonly own?: readonly Format[] } = {}): Formats {
  const names = own.map(({ name }) => name)
  const wrong = names.find((name, index) => name.trim() === '' || names.indexOf(name) !== index)
  if (wrong !== undefined) {
    throw new GovernanceError('OPTION_INVALID', {
      message: `The format "${wrong}" is registered twice, or has no name.`,
    })
  }
  const formats = new Map([...BUILT_IN_FORMATS, ...own].map((format) => [format.name, format]))
  return {
    names: [...formats.keys()],
    formatNamed(name) {
      const format = formats.get(name)
      if (format !== undefined) return format
      const message = `The format "${name}" is not registered; there are ${[...formats.keys()].join(', ')}.`
      throw new GovernanceError('OPTION_INVALID', { message })
    },
  }
}
