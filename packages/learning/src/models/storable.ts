import { redactText } from '@preceptor/core/plugin'
import { clip } from '../feedback/texts.ts'

const LONGEST = 1_000
const UNSTORABLE = /\0|\p{Surrogate}/gu

/** What others wrote about an answer, such as the error of a provider, without secrets and as it can be stored. */
export function storable(text: string): string {
  return clip(redactText(text).replaceAll(UNSTORABLE, '\uFFFD'), LONGEST)
}
