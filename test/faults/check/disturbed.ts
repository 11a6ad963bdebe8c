import type { History } from '../history.ts'

/** Whether the process stood still or was cut off at some moment of the time. */
export function wasDisturbed(
  { disturbances }: Pick<History, 'disturbances'>,
  process: string,
  { from, to }: { readonly from: number; readonly to: number },
): boolean {
  return disturbances.some((one) => one.process === process && one.from <= to && one.to >= from)
}
