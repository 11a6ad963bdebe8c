import { GovernanceError, type Page, type PageQuery, type RecordQuery } from '@preceptor/client'
import { type CommandCall, type Flag, textOf } from '../command.ts'
import { table } from '../table.ts'

/** The flags of every list. */
export const PAGE_FLAGS: Readonly<Record<string, Flag>> = {
  limit: { value: '<number>', summary: '1 to 100; default 50' },
  cursor: { value: '<cursor>', summary: 'where the page before ended' },
}

/**
 * Which page a command line asks for.
 *
 * @throws GovernanceError `OPTION_INVALID`
 */
export function pageQueryOf(call: Pick<CommandCall, 'flags'>): PageQuery {
  const [limit, cursor] = [textOf(call, 'limit'), textOf(call, 'cursor')]
  return {
    ...(limit === undefined ? {} : { limit: wholeNumber('limit', limit, { from: 1, to: 100 }) }),
    ...(cursor === undefined ? {} : { cursor }),
  }
}

/**
 * Which records a command line asks for, by the flags `agent` and `state`.
 *
 * @throws GovernanceError `OPTION_INVALID`
 */
export function recordQueryOf(call: Pick<CommandCall, 'flags'>): RecordQuery {
  const [agent, state] = [textOf(call, 'agent'), textOf(call, 'state')]
  return {
    ...pageQueryOf(call),
    ...(agent === undefined ? {} : { agent }),
    ...(state === undefined ? {} : { state }),
  }
}

/** @throws GovernanceError `OPTION_INVALID` */
export function wholeNumber(
  name: string,
  value: string,
  { from, to }: { readonly from: number; readonly to: number },
): number {
  if (/^\d{1,15}$/.test(value) && Number(value) >= from && Number(value) <= to) return Number(value)
  throw new GovernanceError('OPTION_INVALID', {
    message: `Option --${name}: ${JSON.stringify(value.slice(0, 40))} is no whole number from ${from} to ${to}.`,
  })
}

/** Prints one page. */
export function printPage<T>(
  call: CommandCall,
  page: Page<T>,
  shown: { readonly noun: string; readonly headings: readonly string[]; readonly row: (item: T) => readonly string[] },
): Promise<void> {
  const { noun, headings, row } = shown
  const rows = page.items.length === 0 ? `no ${noun}` : table(headings, page.items.map(row))
  const more = page.next === null ? '' : `\nmore: --cursor ${page.next}`
  return call.print({ text: `${rows}${more}`, json: page })
}
